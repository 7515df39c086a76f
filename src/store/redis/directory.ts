/**
 * directory: sellers, credentials, keys, orders and aliases in Redis. All keys carry the tag of the directory family.
 */
import type { Redis } from 'ioredis';
import { DAY, type Instant } from '../../core/time.ts';
import { decodeRecord, encodeRecord } from '../encode.ts';
import type { ApiKeyRecord, CredentialRecord, OrderRecord, SellerRecord } from '../records.ts';
import { ORDER_DAYS, type AliasHolder, type OrderRegistration, type Store } from '../store.ts';
import { DIRECTORY, listOf, operate } from './connect.ts';
import { pageOfIds } from './pages.ts';

type Directory = Pick<
  Store,
  | 'putSeller'
  | 'findSeller'
  | 'findSellersBySender'
  | 'putCredential'
  | 'findCredential'
  | 'putApiKey'
  | 'findApiKey'
  | 'registerOrder'
  | 'countOrders'
  | 'findOrder'
  | 'listOrders'
  | 'findAlias'
>;

const key = (...parts: readonly string[]): string => [DIRECTORY, ...parts].join(':');

export function directoryOn(redis: Redis): Directory {
  const find = async <Row>(...parts: readonly string[]): Promise<Row | undefined> => {
    const text = await redis.get(key(...parts));
    return text === null ? undefined : decodeRecord<Row>(text);
  };
  return {
    async putSeller(seller) {
      const { sellerId, senders } = seller;
      await operate(redis, 'putSeller', DIRECTORY, { sellerId, senders, record: encodeRecord(seller) });
    },
    findSeller: (sellerId) => find<SellerRecord>('seller', sellerId),
    async findSellersBySender(sender) {
      // Members were written as seller ids by putSeller alone.
      return (await redis.smembers(key('sender', sender))) as never[];
    },
    async putCredential(credential) {
      const { userHash, sellerId } = credential;
      const answer = await operate(redis, 'putCredential', DIRECTORY, {
        userHash,
        sellerId,
        record: encodeRecord(credential),
      });
      return answer === 'taken' ? 'taken' : 'stored';
    },
    findCredential: (userHash) => find<CredentialRecord>('credential', userHash),
    async putApiKey(apiKey) {
      await redis.set(key('key', apiKey.keyHash), encodeRecord(apiKey));
    },
    findApiKey: (keyHash) => find<ApiKeyRecord>('key', keyHash),
    registerOrder: (order, at) => registerOrder(redis, order, at),
    async countOrders(sellerId, now) {
      const today = dayOf(now);
      const days = Array.from({ length: ORDER_DAYS }, (_, back) => String(today - back));
      const counts = await redis.hmget(key('orderDays', sellerId), ...days);
      return counts.reduce((sum, count) => sum + Number(count ?? 0), 0);
    },
    findOrder: (orderId) => find<OrderRecord>('order', orderId),
    async listOrders(page) {
      const { ids, next } = await pageOfIds(redis, key('orders'), page);
      const texts = ids.length === 0 ? [] : await redis.mget(ids.map((id) => key('order', id)));
      return { rows: texts.filter((text) => text !== null).map((text) => decodeRecord<OrderRecord>(text)), next };
    },
    async findAlias(local) {
      const answer = await operate(redis, 'findAlias', DIRECTORY, { localPart: local });
      const [party, text] = listOf(answer);
      return typeof text === 'string' ? holderOf(party, text) : undefined;
    },
  };
}

const dayOf = (at: Instant): number => Math.floor(at / DAY);

/** An order that is to be placed tomorrow is one of today; one from before all that is counted has no day. */
function countedDay({ placedAt }: OrderRecord, at: Instant): { readonly firstDay: number; readonly day: number } {
  return { firstDay: dayOf(at) - ORDER_DAYS + 1, day: dayOf(Math.min(placedAt, at)) };
}

function holderOf(party: unknown, text: string): AliasHolder {
  return { party: party === 'buyer' ? 'buyer' : 'seller', order: decodeRecord(text) };
}

/** The script writes only over the record that it was shown, so two updates at once cannot lose each other's work. */
async function registerOrder(redis: Redis, order: OrderRecord, at: Instant): Promise<OrderRegistration> {
  let record = order;
  let replaces: string | undefined;
  for (;;) {
    const answer = await operate(redis, 'registerOrder', DIRECTORY, {
      orderId: order.orderId,
      sellerId: order.sellerId,
      buyerId: order.buyerId,
      aliases: (['buyer', 'seller'] as const).map((party) => ({
        party,
        localPart: order.aliases[party].split('@')[0],
      })),
      record: encodeRecord(record),
      replaces,
      ...countedDay(order, at),
    });
    const [outcome, text] = listOf(answer);
    if (outcome === 'conflict' || outcome === 'noSeller') return { outcome };
    if (outcome === 'created' || outcome === 'updated') return { outcome, order: record };
    if (typeof text !== 'string') throw new Error('store: registerOrder gave no answer');
    const known = decodeRecord<OrderRecord>(text);
    replaces = text;
    record = { ...order, aliases: known.aliases, status: known.status, placedAt: known.placedAt };
  }
}
