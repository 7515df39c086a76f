/**
 * cases: what is held and was decided, in Redis.
 */
import type { Redis } from 'ioredis';
import type { CaseId } from '../../core/ids.ts';
import type { Instant } from '../../core/time.ts';
import { decodeRecord } from '../encode.ts';
import type { CaseRecord } from '../records.ts';
import type { Store } from '../store.ts';
import { MAIL, mailKey as key, operate } from './connect.ts';
import { settlementInput } from './mail-input.ts';
import { pageOfIds } from './pages.ts';

type Cases = Pick<Store, 'findCase' | 'listCases' | 'decideCase' | 'confirmCase' | 'isAccepted' | 'dueCases'>;

export function casesOn(redis: Redis): Cases {
  return {
    findCase: (id) => findCase(redis, id),
    async listCases(filter, page) {
      const index = filter.status === undefined ? key('cases') : key('cases', filter.status);
      const { ids, next } = await pageOfIds(redis, index, page);
      return { rows: await casesOf(redis, ids), next };
    },
    async decideCase(settlement) {
      const answer = await operate(
        redis,
        'decideCase',
        MAIL,
        settlementInput(settlement),
        settlement.bodies.map((body) => body.bytes),
      );
      return answer === 'decided' || answer === 'alreadyDecided' ? answer : 'unknown';
    },
    async confirmCase(confirmation) {
      const answer = await operate(redis, 'confirmCase', MAIL, confirmation);
      return answer === 'confirmed' || answer === 'alreadyDecided' ? answer : 'unknown';
    },
    async isAccepted(orderId, author) {
      return (await redis.hexists(key('accepted', orderId), author)) === 1;
    },
    async dueCases(now, limit) {
      return await casesOf(redis, await redis.zrangebyscore(key('cases', 'due'), '-inf', now, 'LIMIT', 0, limit));
    },
  };
}

async function casesOf(redis: Redis, ids: readonly string[]): Promise<readonly CaseRecord[]> {
  const found = await Promise.all(ids.map((id) => findCase(redis, id as CaseId)));
  return found.filter((entry) => entry !== undefined);
}

async function findCase(redis: Redis, id: CaseId): Promise<CaseRecord | undefined> {
  const fields = ['record', 'status', 'decision', 'confirmedAt', 'deadline'] as const;
  const [record, status, decision, confirmedAt, deadline] = await redis.hmget(key('case', id), ...fields);
  if (record === null || record === undefined) return undefined;
  const found = decodeRecord<CaseRecord>(record);
  return {
    ...found,
    status: status === 'open' ? 'open' : 'decided',
    // Both stand beside the record from the day on which the buyer confirmed it.
    confirmedAt: instantOf(confirmedAt),
    deadline: instantOf(deadline) ?? found.deadline,
    decision: decision === null || decision === undefined ? undefined : decodeRecord(decision),
  };
}

function instantOf(text: string | null | undefined): Instant | undefined {
  return text === null || text === undefined ? undefined : Number(text);
}
