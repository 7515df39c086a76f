/**
 * mail: messages, bodies, threads and bypasses in Redis. Like cases, outbox and mailboxes they carry the tag of the mail family.
 */
import type { Redis } from 'ioredis';
import type { MessageId } from '../../core/ids.ts';
import type { Sealed } from '../../core/sealed.ts';
import { decodeRecord, encodeRecord } from '../encode.ts';
import type { BypassRecord, MessageRecord, Page, PageRequest, Sighting, ThreadRecord } from '../records.ts';
import type { Store } from '../store.ts';
import { MAIL, mailKey as key, operate } from './connect.ts';
import { acceptanceInput, outboxInput } from './mail-input.ts';
import { pageOfIds } from './pages.ts';

type Mail = Pick<
  Store,
  | 'acceptMail'
  | 'findSightings'
  | 'findMessage'
  | 'listMessages'
  | 'readBody'
  | 'findThreads'
  | 'countTallies'
  | 'recordBounce'
  | 'recordBypass'
  | 'listBypasses'
>;
type MessageFilter = Parameters<Store['listMessages']>[0];

export function mailOn(redis: Redis): Mail {
  return {
    async acceptMail(acceptance) {
      const answer = await operate(
        redis,
        'acceptMail',
        MAIL,
        acceptanceInput(acceptance),
        acceptance.bodies.map((body) => body.bytes),
      );
      if (answer === 'day' || answer === 'minute') return { outcome: 'full', meter: answer };
      return { outcome: answer === 'seen' ? 'seen' : 'kept' };
    },
    async findSightings(mark, now) {
      const texts = await redis.hvals(key('sighting', mark));
      const known = texts.map((text) => decodeRecord<Sighting>(text)).filter(({ endsAt }) => endsAt > now);
      return known.map(({ alias, isConfirmed, messageId }) => ({ alias, isConfirmed, messageId }));
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
    countTallies: (request) => countTallies(redis, request),
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
  };
}

async function countTallies(
  redis: Redis,
  { orderId, from, sign, text, since }: Parameters<Store['countTallies']>[0],
): Promise<number> {
  const counted = key('tally', orderId, from, sign);
  if (text === undefined) return await redis.zcount(counted, `(${since}`, '+inf');
  const members = await redis.zrangebyscore(counted, `(${since}`, '+inf');
  return members.filter((member) => member.endsWith(` ${text}`)).length;
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
