/**
 * outbox: what is to be delivered, and who has it in hand, in Redis.
 */
import type { Redis } from 'ioredis';
import { decodeRecord } from '../encode.ts';
import type { LeasedOutbox, OutboxRecord } from '../records.ts';
import type { Settlement, Store } from '../store.ts';
import { listOf, MAIL, mailKey as key, operate } from './connect.ts';
import { clockInput, outboxInput } from './mail-input.ts';

type Outbox = Pick<Store, 'leaseOutbox' | 'renewOutbox' | 'settleOutbox' | 'nextDue'>;

export function outboxOn(redis: Redis): Outbox {
  return {
    leaseOutbox: (request) => leaseOutbox(redis, request),
    async renewOutbox(lease, until) {
      await operate(redis, 'renewOutbox', MAIL, { lease, until });
    },
    async settleOutbox(id, lease, settlement) {
      return (await operate(redis, 'settleOutbox', MAIL, { id, lease, ...settledInput(settlement) })) === 1;
    },
    async nextDue() {
      const [, score] = await redis.zrangebyscore(key('outbox'), '-inf', '+inf', 'WITHSCORES', 'LIMIT', 0, 1);
      return score === undefined ? undefined : Number(score);
    },
  };
}

async function leaseOutbox(
  redis: Redis,
  request: Parameters<Store['leaseOutbox']>[0],
): Promise<readonly LeasedOutbox[]> {
  const answer = await operate(redis, 'leaseOutbox', MAIL, request);
  const rows = listOf(answer) as readonly (readonly [record: string, attempt: number])[];
  return rows.map(([record, attempt]) => ({ ...decodeRecord<OutboxRecord>(record), attempt, lease: request.lease }));
}

function settledInput(settlement: Settlement): object {
  switch (settlement.kind) {
    case 'failed':
      return { ...settlement, notices: settlement.notices.map(outboxInput) };
    case 'delivered':
      return { ...settlement, clocks: settlement.clocks.map(clockInput) };
    case 'deferred':
      return settlement;
  }
}
