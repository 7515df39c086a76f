/**
 * read: everything that only looks. Runs on the caller's own connection: WAL shows it whatever has been committed.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { CaseId, MessageId, OrderId, SellerId } from '../../core/ids.ts';
import type { Fingerprint, Sealed } from '../../core/sealed.ts';
import type { Instant } from '../../core/time.ts';
import { decodeRecord } from '../encode.ts';
import type {
  AcceptedAuthor,
  ApiKeyRecord,
  BodyKind,
  BypassRecord,
  CaseRecord,
  CredentialRecord,
  InboxRecord,
  MessageRecord,
  MessageStatus,
  OrderRecord,
  Page,
  PageRequest,
  SellerRecord,
  Sighting,
  StsPolicyRecord,
  ThreadRecord,
} from '../records.ts';
import type { AliasHolder, Store } from '../store.ts';
import { all, one } from './statements.ts';

const THREADS_AT_MOST = 200;

interface RecordRow {
  readonly record: string;
}
interface SeqRow extends RecordRow {
  readonly seq: number;
}
interface MessageRow extends SeqRow {
  readonly status: MessageStatus;
}

export function findSeller(db: DatabaseSync, sellerId: SellerId): SellerRecord | undefined {
  return decoded<SellerRecord>(one(db, 'SELECT record FROM sellers WHERE seller_id = ?', sellerId));
}

export function findSellersBySender(db: DatabaseSync, sender: Fingerprint): readonly SellerId[] {
  return all<{ seller_id: SellerId }>(db, 'SELECT seller_id FROM senders WHERE sender = ?', sender).map(
    (row) => row.seller_id,
  );
}

export function findCredential(db: DatabaseSync, userHash: Fingerprint): CredentialRecord | undefined {
  return decoded<CredentialRecord>(one(db, 'SELECT record FROM credentials WHERE user_hash = ?', userHash));
}

export function findApiKey(db: DatabaseSync, keyHash: string): ApiKeyRecord | undefined {
  return decoded<ApiKeyRecord>(one(db, 'SELECT record FROM api_keys WHERE key_hash = ?', keyHash));
}

export function findOrder(db: DatabaseSync, orderId: OrderId): OrderRecord | undefined {
  return decoded<OrderRecord>(one(db, 'SELECT record FROM orders WHERE order_id = ?', orderId));
}

export function listOrders(db: DatabaseSync, page: PageRequest): Page<OrderRecord> {
  const rows = all<SeqRow>(
    db,
    'SELECT seq, record FROM orders WHERE seq < ? ORDER BY seq DESC LIMIT ?',
    ...bounds(page),
  );
  return pageOf(rows, page, (row) => decodeRecord(row.record));
}

export function findAlias(db: DatabaseSync, local: string): AliasHolder | undefined {
  const row = one<RecordRow & { party: AliasHolder['party'] }>(
    db,
    'SELECT a.party, o.record FROM aliases a JOIN orders o ON o.order_id = a.order_id WHERE a.local = ?',
    local,
  );
  return row === undefined ? undefined : { party: row.party, order: decodeRecord(row.record) };
}

export function findMessage(db: DatabaseSync, id: MessageId): MessageRecord | undefined {
  const row = one<MessageRow>(db, 'SELECT seq, status, record FROM messages WHERE id = ?', id);
  return row === undefined ? undefined : messageOf(row);
}

export function listMessages(
  db: DatabaseSync,
  filter: Parameters<Store['listMessages']>[0],
  page: PageRequest,
): Page<MessageRecord> {
  const rows = all<MessageRow>(
    db,
    `SELECT seq, status, record FROM messages WHERE (?1 IS NULL OR order_id = ?1) AND (?2 IS NULL OR seller_id = ?2)
     AND (?3 IS NULL OR status = ?3) AND seq < ?4 ORDER BY seq DESC LIMIT ?5`,
    filter.orderId ?? null,
    filter.sellerId ?? null,
    filter.status ?? null,
    ...bounds(page),
  );
  return pageOf(rows, page, messageOf);
}

export function readBody(db: DatabaseSync, id: MessageId, kind: BodyKind): Sealed | undefined {
  return one<{ bytes: Sealed }>(db, 'SELECT bytes FROM bodies WHERE message_id = ? AND kind = ?', id, kind)?.bytes;
}

export function findThreads(db: DatabaseSync, orderId: OrderId): readonly ThreadRecord[] {
  const rows = all<RecordRow>(
    db,
    'SELECT record FROM threads WHERE order_id = ? ORDER BY seq DESC LIMIT ?',
    orderId,
    THREADS_AT_MOST,
  );
  return rows.map((row) => decodeRecord<ThreadRecord>(row.record)).reverse();
}

export function countTallies(
  db: DatabaseSync,
  { orderId, from, sign, text, since }: Parameters<Store['countTallies']>[0],
): number {
  const counted = one<{ count: number }>(
    db,
    `SELECT count(*) AS count FROM tallies
     WHERE order_id = ?1 AND sender = ?2 AND sign = ?3 AND at > ?4 AND (?5 IS NULL OR text = ?5)`,
    orderId,
    from,
    sign,
    since,
    text ?? null,
  );
  return counted?.count ?? 0;
}

export function listBypasses(db: DatabaseSync, page: PageRequest): Page<BypassRecord> {
  const rows = all<SeqRow>(
    db,
    'SELECT seq, record FROM bypasses WHERE seq < ? ORDER BY seq DESC LIMIT ?',
    ...bounds(page),
  );
  return pageOf(rows, page, (row) => decodeRecord(row.record));
}

export function findCase(db: DatabaseSync, id: CaseId): CaseRecord | undefined {
  return decoded<CaseRecord>(one(db, 'SELECT record FROM cases WHERE id = ?', id));
}

export function listCases(
  db: DatabaseSync,
  filter: Parameters<Store['listCases']>[0],
  page: PageRequest,
): Page<CaseRecord> {
  const rows = all<SeqRow>(
    db,
    'SELECT seq, record FROM cases WHERE (?1 IS NULL OR status = ?1) AND seq < ?2 ORDER BY seq DESC LIMIT ?3',
    filter.status ?? null,
    ...bounds(page),
  );
  return pageOf(rows, page, (row) => decodeRecord(row.record));
}

export function dueCases(db: DatabaseSync, now: Instant, limit: number): readonly CaseRecord[] {
  const rows = all<RecordRow>(
    db,
    "SELECT record FROM cases WHERE status = 'open' AND deadline <= ? ORDER BY deadline LIMIT ?",
    now,
    limit,
  );
  return rows.map((row) => decodeRecord<CaseRecord>(row.record));
}

const WAITING_AT_MOST = 100;

export function findWaiting(db: DatabaseSync, orderId: OrderId, asks: Fingerprint): readonly CaseRecord[] {
  const rows = all<RecordRow>(
    db,
    'SELECT c.record FROM waiting w JOIN cases c ON c.id = w.case_id WHERE w.order_id = ? AND w.asks = ? ORDER BY c.seq LIMIT ?',
    orderId,
    asks,
    WAITING_AT_MOST,
  );
  return rows.map((row) => decodeRecord<CaseRecord>(row.record));
}

export function listAccepted(db: DatabaseSync, orderId: OrderId): readonly AcceptedAuthor[] {
  const rows = all<{ author: Fingerprint; at: Instant; masked: Sealed | null }>(
    db,
    'SELECT author, at, masked FROM accepted WHERE order_id = ? ORDER BY at, author',
    orderId,
  );
  return rows.map(({ author, at, masked }) => ({ orderId, author, at, masked: masked ?? undefined }));
}

export function isAccepted(db: DatabaseSync, orderId: OrderId, author: Fingerprint): boolean {
  return one(db, 'SELECT 1 FROM accepted WHERE order_id = ? AND author = ?', orderId, author) !== undefined;
}

export function findSightings(
  db: DatabaseSync,
  mark: Fingerprint,
  now: Instant,
): readonly Pick<Sighting, 'alias' | 'isConfirmed' | 'messageId'>[] {
  const rows = all<{ alias: Fingerprint; is_confirmed: number; message_id: MessageId }>(
    db,
    'SELECT alias, is_confirmed, message_id FROM sightings WHERE mark = ? AND ends_at > ?',
    mark,
    now,
  );
  return rows.map((row) => ({ alias: row.alias, isConfirmed: row.is_confirmed === 1, messageId: row.message_id }));
}

export function nextDue(db: DatabaseSync): Instant | undefined {
  return one<{ due: number | null }>(db, 'SELECT min(due_at) AS due FROM outbox')?.due ?? undefined;
}

export function findStsPolicy(db: DatabaseSync, domain: Fingerprint): StsPolicyRecord | undefined {
  return decoded<StsPolicyRecord>(one(db, 'SELECT record FROM sts_policies WHERE domain = ?', domain));
}

export function listInbox(db: DatabaseSync, inbox: Fingerprint, limit: number): readonly InboxRecord[] {
  const rows = all<RecordRow>(db, 'SELECT record FROM inboxes WHERE inbox = ? ORDER BY seq DESC LIMIT ?', inbox, limit);
  return rows.map((row) => decodeRecord<InboxRecord>(row.record));
}

export function findInbox(db: DatabaseSync, inbox: Fingerprint, id: string): InboxRecord | undefined {
  return decoded<InboxRecord>(one(db, 'SELECT record FROM inboxes WHERE inbox = ? AND id = ?', inbox, id));
}

function messageOf(row: MessageRow): MessageRecord {
  return { ...decodeRecord<MessageRecord>(row.record), status: row.status };
}

function decoded<Row>(row: RecordRow | undefined): Row | undefined {
  return row === undefined ? undefined : decodeRecord<Row>(row.record);
}

/** The cursor is the sequence number of the last row: rows that are added later come before it and shift nothing. */
function bounds(page: PageRequest): readonly [before: number, limit: number] {
  const before = Number(page.after);
  return [Number.isSafeInteger(before) && page.after !== undefined ? before : Number.MAX_SAFE_INTEGER, page.limit + 1];
}

function pageOf<Row extends { readonly seq: number }, Result>(
  rows: readonly Row[],
  page: PageRequest,
  read: (row: Row) => Result,
): Page<Result> {
  const shown = rows.slice(0, page.limit);
  return { rows: shown.map(read), next: rows.length > page.limit ? String(shown.at(-1)?.seq) : undefined };
}
