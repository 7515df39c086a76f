/**
 * cases: what is held and was decided, in Redis.
 */
import type { Redis } from 'ioredis';
import type { CaseId, OrderId } from '../../core/ids.ts';
import type { Fingerprint } from '../../core/sealed.ts';
import type { Instant } from '../../core/time.ts';
import { decodeRecord } from '../encode.ts';
import type { AcceptedAuthor, CaseRecord } from '../records.ts';
import type { Store } from '../store.ts';
import { MAIL, mailKey as key, operate } from './connect.ts';
import { acceptsInput, settlementInput } from './mail-input.ts';
import { pageOfIds } from './pages.ts';

type Cases = Pick<
  Store,
  | 'findCase'
  | 'listCases'
  | 'decideCase'
  | 'confirmCase'
  | 'findWaiting'
  | 'listAccepted'
  | 'removeAccepted'
  | 'isAccepted'
  | 'dueCases'
>;

const WAITING_AT_MOST = 100;

/** A bare time in what a Veilpost wrote that kept no more. */
function acceptedOf(orderId: OrderId, author: Fingerprint, text: string): AcceptedAuthor {
  const kept = decodeRecord<AcceptedAuthor | number>(text);
  if (typeof kept === 'number') return { orderId, author, masked: undefined, at: kept };
  return { orderId, author, masked: kept.masked, at: kept.at };
}

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
      const answer = await operate(redis, 'confirmCase', MAIL, {
        ...confirmation,
        accepts: acceptsInput(confirmation.accepts),
      });
      return answer === 'confirmed' || answer === 'alreadyDecided' ? answer : 'unknown';
    },
    async findWaiting(orderId, asks) {
      const waiting = key('waiting', orderId, asks);
      const ids = await redis.zrangebyscore(waiting, '-inf', '+inf', 'LIMIT', 0, WAITING_AT_MOST);
      return await casesOf(redis, ids);
    },
    async listAccepted(orderId) {
      const found = Object.entries(await redis.hgetall(key('accepted', orderId)));
      return found
        .map(([author, text]) => acceptedOf(orderId, author as Fingerprint, text))
        .toSorted((one, other) => one.at - other.at || (one.author < other.author ? -1 : 1));
    },
    async removeAccepted(orderId, author) {
      return (await redis.hdel(key('accepted', orderId), author)) === 1;
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
