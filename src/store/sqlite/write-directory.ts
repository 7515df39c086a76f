/**
 * write-directory: sellers, credentials, keys, orders and aliases. Each function is one operation inside a running transaction.
 */
import type { DatabaseSync } from 'node:sqlite';
import { decodeRecord, encodeRecord } from '../encode.ts';
import type { ApiKeyRecord, CredentialRecord, OrderRecord, SellerRecord } from '../records.ts';
import type { OrderRegistration } from '../store.ts';
import type { Instant } from '../../core/time.ts';
import { countOrder } from './standing.ts';
import { one, run } from './statements.ts';

export function putSeller(db: DatabaseSync, seller: SellerRecord): void {
  run(
    db,
    'INSERT INTO sellers VALUES (?, ?) ON CONFLICT (seller_id) DO UPDATE SET record = excluded.record',
    seller.sellerId,
    encodeRecord(seller),
  );
  run(db, 'DELETE FROM senders WHERE seller_id = ?', seller.sellerId);
  for (const sender of seller.senders) run(db, 'INSERT OR IGNORE INTO senders VALUES (?, ?)', sender, seller.sellerId);
}

export function putCredential(db: DatabaseSync, credential: CredentialRecord): 'stored' | 'taken' {
  const changed = run(
    db,
    `INSERT INTO credentials VALUES (?, ?, ?) ON CONFLICT (user_hash)
     DO UPDATE SET record = excluded.record WHERE seller_id = excluded.seller_id`,
    credential.userHash,
    credential.sellerId,
    encodeRecord(credential),
  );
  return changed === 1 ? 'stored' : 'taken';
}

export function putApiKey(db: DatabaseSync, key: ApiKeyRecord): void {
  run(
    db,
    'INSERT INTO api_keys VALUES (?, ?) ON CONFLICT (key_hash) DO UPDATE SET record = excluded.record',
    key.keyHash,
    encodeRecord(key),
  );
}

export function registerOrder(
  db: DatabaseSync,
  { order, at }: { readonly order: OrderRecord; readonly at: Instant },
): OrderRegistration {
  const known = one<{ record: string }>(db, 'SELECT record FROM orders WHERE order_id = ?', order.orderId);
  if (known !== undefined) return updateOrder(db, decodeRecord<OrderRecord>(known.record), order);
  if (one(db, 'SELECT 1 FROM sellers WHERE seller_id = ?', order.sellerId) === undefined)
    return { outcome: 'noSeller' };
  run(db, 'INSERT INTO orders (order_id, record) VALUES (?, ?)', order.orderId, encodeRecord(order));
  for (const party of ['buyer', 'seller'] as const) {
    const alias = order.aliases[party];
    // A plain INSERT: an alias that exists already fails the whole operation, so none is ever given out twice.
    run(db, 'INSERT INTO aliases VALUES (?, ?, ?)', alias.slice(0, alias.indexOf('@')), party, order.orderId);
  }
  countOrder(db, order, at);
  return { outcome: 'created', order };
}

function updateOrder(db: DatabaseSync, known: OrderRecord, order: OrderRecord): OrderRegistration {
  if (known.sellerId !== order.sellerId || known.buyerId !== order.buyerId) return { outcome: 'conflict' };
  const updated: OrderRecord = { ...order, aliases: known.aliases, status: known.status, placedAt: known.placedAt };
  run(db, 'UPDATE orders SET record = ? WHERE order_id = ?', encodeRecord(updated), order.orderId);
  return { outcome: 'updated', order: updated };
}
