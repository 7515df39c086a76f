/**
 * mail: messages, bodies, threads, cases, the outbox and the sandbox mailboxes in Redis. All keys carry the tag of the mail family.
 */
import type { Redis } from 'ioredis';
import type { CaseId, MessageId } from '../../core/ids.ts';
import type { Sealed } from '../../core/sealed.ts';
import { decodeRecord, encodeRecord } from '../encode.ts';
import type {
  BypassRecord,
  CaseRecord,
  InboxRecord,
  LeasedOutbox,
  MessageRecord,
  OutboxRecord,
  Page,
  PageRequest,
  ThreadRecord,
} from '../records.ts';
import type { Settlement, Store } from '../store.ts';
import { MAIL, operate } from './connect.ts';
import { acceptanceInput, outboxInput, settlementInput } from './mail-input.ts';
import { pageOfIds } from './pages.ts';

type Mail = Omit<
  Store,
  keyof ReturnType<typeof import('./directory.ts').directoryOn> | 'ping' | typeof Symbol.asyncDispose
>;
type MessageFilter = Parameters<Store['listMessages']>[0];

const key = (...parts: readonly string[]): string => [MAIL, ...parts].join(':');

export function mailOn(redis: Redis): Mail {
  return {
    async acceptMail(acceptance) {
      await operate(
        redis,
        'acceptMail',
        MAIL,
        acceptanceInput(acceptance),
        acceptance.bodies.map((body) => body.bytes),
      );
    },
    findMessage: (id) => findMessage(redis, id),
    listMessages: (filter, page) => listMessages(redis, filter, page),
    async readBody(id, kind) {
      const bytes = await redis.getBuffer(key('body', id, kind));
      return bytes === null ? undefined : (new Uint8Array(bytes) as Sealed);
    },
    async findThreads(orderId) {
      const texts = await redis.lrange(key('threads', orderId), 0, -1);
      return texts.map((text) => decodeRecord<ThreadRecord>(text));
    },
    async recordBounce(id, notices) {
      return (await operate(redis, 'recordBounce', MAIL, { id, notices: notices.map(outboxInput) })) === 1;
    },
    async recordBypass(bypass) {
      await operate(redis, 'recordBypass', MAIL, { record: encodeRecord(bypass) });
    },
    async listBypasses(page) {
      const { ids, next } = await pageOfIds(redis, key('bypasses'), page);
      return { rows: ids.map((text) => decodeRecord<BypassRecord>(text)), next };
    },
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
    async dueCases(now, limit) {
      return await casesOf(redis, await redis.zrangebyscore(key('cases', 'due'), '-inf', now, 'LIMIT', 0, limit));
    },
    leaseOutbox: (request) => leaseOutbox(redis, request),
    async settleOutbox(id, lease, settlement) {
      return (await operate(redis, 'settleOutbox', MAIL, { id, lease, ...settledInput(settlement) })) === 1;
    },
    async nextDue() {
      const [, score] = await redis.zrangebyscore(key('outbox'), '-inf', '+inf', 'WITHSCORES', 'LIMIT', 0, 1);
      return score === undefined ? undefined : Number(score);
    },
    async fileInbox(mail) {
      await operate(redis, 'fileInbox', MAIL, { inbox: mail.inbox, record: encodeRecord(mail) });
    },
    async listInbox(inbox, limit) {
      const texts = await redis.lrange(key('inbox', inbox), 0, limit - 1);
      return texts.map((text) => decodeRecord<InboxRecord>(text));
    },
    async findInbox(inbox, id) {
      const texts = await redis.lrange(key('inbox', inbox), 0, -1);
      return texts.map((text) => decodeRecord<InboxRecord>(text)).find((mail) => mail.id === id);
    },
  };
}

async function findMessage(redis: Redis, id: MessageId): Promise<MessageRecord | undefined> {
  const [record, status] = await redis.hmget(key('message', id), 'record', 'status');
  if (record === null || record === undefined) return undefined;
  return { ...decodeRecord<MessageRecord>(record), status: statusOf(status) };
}

function statusOf(text: string | null | undefined): MessageRecord['status'] {
  return (text ?? 'queued') as MessageRecord['status'];
}

/** The narrowest index is walked; what else is asked for is looked at row by row. */
async function listMessages(redis: Redis, filter: MessageFilter, page: PageRequest): Promise<Page<MessageRecord>> {
  const index = indexFor(filter);
  const rows: MessageRecord[] = [];
  let after = page.after;
  for (;;) {
    const { ids, next } = await pageOfIds(redis, index, { limit: page.limit, after });
    const found = await Promise.all(ids.map((id) => findMessage(redis, id as MessageId)));
    const fit = found.filter((message) => message !== undefined).filter((message) => fits(message, filter));
    if (rows.length === 0 && fit.length === found.length) return { rows: fit, next };
    for (const message of fit) {
      rows.push(message);
      if (rows.length < page.limit) continue;
      const score = await redis.zscore(index, message.id);
      return { rows, next: score ?? undefined };
    }
    if (next === undefined) return { rows, next: undefined };
    after = next;
  }
}

function indexFor({ orderId, sellerId, status }: MessageFilter): string {
  if (orderId !== undefined) return key('messages', 'order', orderId);
  if (sellerId !== undefined) return key('messages', 'seller', sellerId);
  return status === undefined ? key('messages') : key('messages', 'status', status);
}

function fits(message: MessageRecord, { orderId, sellerId, status }: MessageFilter): boolean {
  return (
    (orderId === undefined || message.orderId === orderId) &&
    (sellerId === undefined || message.sellerId === sellerId) &&
    (status === undefined || message.status === status)
  );
}

async function casesOf(redis: Redis, ids: readonly string[]): Promise<readonly CaseRecord[]> {
  const found = await Promise.all(ids.map((id) => findCase(redis, id as CaseId)));
  return found.filter((entry) => entry !== undefined);
}

async function findCase(redis: Redis, id: CaseId): Promise<CaseRecord | undefined> {
  const [record, status, decision] = await redis.hmget(key('case', id), 'record', 'status', 'decision');
  if (record === null || record === undefined) return undefined;
  const found = decodeRecord<CaseRecord>(record);
  return {
    ...found,
    status: status === 'open' ? 'open' : 'decided',
    decision: decision === null || decision === undefined ? undefined : decodeRecord(decision),
  };
}

async function leaseOutbox(
  redis: Redis,
  request: Parameters<Store['leaseOutbox']>[0],
): Promise<readonly LeasedOutbox[]> {
  const answer = await operate(redis, 'leaseOutbox', MAIL, request);
  const rows: readonly (readonly [record: string, attempt: number])[] = Array.isArray(answer) ? answer : [];
  return rows.map(([record, attempt]) => ({ ...decodeRecord<OutboxRecord>(record), attempt, lease: request.lease }));
}

function settledInput(settlement: Settlement): object {
  return settlement.kind === 'failed' ? { ...settlement, notices: settlement.notices.map(outboxInput) } : settlement;
}
