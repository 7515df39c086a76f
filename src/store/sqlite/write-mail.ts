/**
 * write-mail: messages, bodies, threads, the outbox and the sandbox mailboxes. Each exported function is one operation inside a
 * running transaction; what throws leaves nothing behind.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { MessageId, OutboxId } from '../../core/ids.ts';
import type { Instant } from '../../core/time.ts';
import { decodeRecord, encodeRecord } from '../encode.ts';
import type {
  BodyRecord,
  BypassRecord,
  CaseRecord,
  InboxRecord,
  LeasedOutbox,
  MessageStatus,
  OutboxRecord,
  RareNotice,
  TallyRecord,
  ThreadRecord,
} from '../records.ts';
import { TALLIES_KEPT_MS, type Acceptance, type AcceptanceResult, type Settlement, type Store } from '../store.ts';
import { countTallies, findWaiting } from './read.ts';
import { chargeMeter, fullMeter, moveClock } from './standing.ts';
import { all, run } from './statements.ts';
import { insertSightings, isSeen } from './write-sightings.ts';

type LeaseRequest = Parameters<Store['leaseOutbox']>[0];

export function acceptMail(db: DatabaseSync, acceptance: Acceptance): AcceptanceResult {
  if (isSeen(db, acceptance.sightings)) return { outcome: 'seen' };
  const meter = fullMeter(db, acceptance.charges);
  if (meter !== undefined) return { outcome: 'full', meter };
  for (const message of acceptance.messages) {
    run(
      db,
      'INSERT INTO messages (id, order_id, seller_id, status, record) VALUES (?, ?, ?, ?, ?)',
      message.id,
      message.orderId,
      message.sellerId,
      message.status,
      encodeRecord(message),
    );
  }
  for (const opened of acceptance.cases) {
    run(
      db,
      'INSERT INTO cases (id, message_id, status, deadline, record) VALUES (?, ?, ?, ?, ?)',
      opened.id,
      opened.messageId,
      opened.status,
      opened.deadline ?? null,
      encodeRecord(opened),
    );
  }
  insertDispatch(db, acceptance);
  for (const bypass of acceptance.bypasses) recordBypass(db, bypass);
  for (const rare of acceptance.rareNotices) insertRareNotice(db, rare);
  for (const charge of acceptance.charges) chargeMeter(db, charge);
  for (const move of acceptance.clocks) moveClock(db, move);
  // After the questions: a case does not wait for an answer to itself.
  for (const opened of acceptance.cases) insertWaiting(db, opened);
  insertSightings(db, acceptance.sightings);
  return { outcome: 'kept' };
}

export function recordBounce(
  db: DatabaseSync,
  bounce: { readonly id: MessageId; readonly notices: readonly OutboxRecord[] },
): boolean {
  // `queued` too: a report can be here before the worker has noted that it handed the message over.
  const bounced = "UPDATE messages SET status = 'bounced' WHERE id = ? AND status IN ('delivered', 'queued')";
  if (run(db, bounced, bounce.id) === 0) return false;
  // Whatever is left of a queue item finds nothing to send: a message that came back is not sent once more.
  deleteOutgoing(db, bounce.id);
  for (const notice of bounce.notices) insertOutbox(db, notice);
  return true;
}

export function recordBypass(db: DatabaseSync, bypass: BypassRecord): void {
  run(db, 'INSERT INTO bypasses (record) VALUES (?)', encodeRecord(bypass));
}

/** A leased item's due time is the end of its lease, so one index finds what is due and what a dead worker left. */
export function leaseOutbox(db: DatabaseSync, request: LeaseRequest): readonly LeasedOutbox[] {
  // Not one UPDATE with RETURNING: that gives rows back in any order, and what fell due first goes first.
  const rows = all<{ id: string; attempt: number; record: string }>(
    db,
    'SELECT id, attempt, record FROM outbox WHERE due_at <= ? ORDER BY due_at LIMIT ?',
    request.now,
    request.limit,
  );
  return rows.map((row) => {
    const attempt = row.attempt + 1;
    run(
      db,
      'UPDATE outbox SET due_at = ?, lease = ?, attempt = ? WHERE id = ?',
      request.until,
      request.lease,
      attempt,
      row.id,
    );
    return { ...decodeRecord<OutboxRecord>(row.record), attempt, lease: request.lease };
  });
}

export function renewOutbox(
  db: DatabaseSync,
  { lease, until }: { readonly lease: string; readonly until: Instant },
): void {
  run(db, 'UPDATE outbox SET due_at = ? WHERE lease = ?', until, lease);
}

export function settleOutbox(
  db: DatabaseSync,
  { id, lease, settlement }: { readonly id: OutboxId; readonly lease: string; readonly settlement: Settlement },
): boolean {
  if (settlement.kind === 'deferred') {
    return (
      run(db, 'UPDATE outbox SET due_at = ?, lease = NULL WHERE id = ? AND lease = ?', settlement.until, id, lease) ===
      1
    );
  }
  const [item] = all<{ kind: string; message_id: string }>(
    db,
    'DELETE FROM outbox WHERE id = ? AND lease = ? RETURNING kind, message_id',
    id,
    lease,
  );
  if (item === undefined) return false;
  if (item.kind === 'mail') endMail(db, item.message_id, settlement);
  if (settlement.kind === 'delivered') for (const move of settlement.clocks) moveClock(db, move);
  return true;
}

/**
 * A message that has bounced meanwhile stays so, and its author was told. Delivered mail is not kept twice: the original stays for
 * the record, the outgoing copy has done its work.
 */
function endMail(db: DatabaseSync, messageId: string, settlement: Exclude<Settlement, { kind: 'deferred' }>): void {
  const status = settlement.kind === 'delivered' ? 'delivered' : settlement.status;
  const ended = run(db, "UPDATE messages SET status = ? WHERE id = ? AND status <> 'bounced'", status, messageId);
  if (settlement.kind === 'delivered') deleteOutgoing(db, messageId);
  else if (ended === 1) for (const notice of settlement.notices) insertOutbox(db, notice);
}

function deleteOutgoing(db: DatabaseSync, messageId: string): void {
  run(db, "DELETE FROM bodies WHERE message_id = ? AND kind = 'outgoing'", messageId);
}

export function fileInbox(db: DatabaseSync, mail: InboxRecord): void {
  run(db, 'INSERT INTO inboxes (inbox, id, record) VALUES (?, ?, ?)', mail.inbox, mail.id, encodeRecord(mail));
}

export function setStatus(db: DatabaseSync, messageId: string, status: MessageStatus): void {
  run(db, 'UPDATE messages SET status = ? WHERE id = ?', status, messageId);
}

export function insertDispatch(
  db: DatabaseSync,
  dispatch: {
    readonly bodies: readonly BodyRecord[];
    readonly outbox: readonly OutboxRecord[];
    readonly threads: readonly ThreadRecord[];
    readonly tallies: readonly TallyRecord[];
  },
): void {
  for (const body of dispatch.bodies) {
    run(db, 'INSERT INTO bodies VALUES (?, ?, ?)', body.messageId, body.kind, body.bytes);
  }
  for (const item of dispatch.outbox) insertOutbox(db, item);
  for (const thread of dispatch.threads) {
    run(db, 'INSERT INTO threads (order_id, record) VALUES (?, ?)', thread.orderId, encodeRecord(thread));
  }
  for (const tally of dispatch.tallies) insertTally(db, tally);
}

function insertWaiting(db: DatabaseSync, { id, orderId, asks, status }: CaseRecord): void {
  if (asks === undefined || status !== 'open') return;
  run(db, 'INSERT INTO waiting (order_id, asks, case_id) VALUES (?, ?, ?)', orderId, asks, id);
}

/** Inside the transaction that counts it, so that two messages at once do not both find that there was none. */
function insertRareNotice(db: DatabaseSync, { notice, tally, since, limits }: RareNotice): void {
  const { orderId, from, sign, text } = tally;
  const sent = (after: Instant) => countTallies(db, { orderId, from, sign, text: undefined, since: after });
  if (limits.some((limit) => sent(limit.since) >= limit.atMost)) return;
  if (text !== undefined && countTallies(db, { orderId, from, sign: 'declined', text, since: 0 }) > 0) return;
  const isAsked = text !== undefined && countTallies(db, { orderId, from, sign, text, since }) > 0;
  if (isAsked && findWaiting(db, orderId, text).length > 0) return;
  insertOutbox(db, notice);
  insertTally(db, tally);
}

/** Each new tally takes the ones with it that nobody counts any more: no job has to come round for them. */
function insertTally(db: DatabaseSync, { orderId, from, sign, messageId, text, at }: TallyRecord): void {
  run(
    db,
    'DELETE FROM tallies WHERE order_id = ? AND sender = ? AND sign = ? AND at <= ?',
    orderId,
    from,
    sign,
    at - TALLIES_KEPT_MS,
  );
  run(
    db,
    'INSERT INTO tallies (order_id, sender, sign, at, message_id, text) VALUES (?, ?, ?, ?, ?, ?)',
    orderId,
    from,
    sign,
    at,
    messageId,
    text ?? null,
  );
}

function insertOutbox(db: DatabaseSync, item: OutboxRecord): void {
  run(
    db,
    'INSERT INTO outbox VALUES (?, ?, ?, ?, 0, NULL, ?)',
    item.id,
    item.messageId,
    item.kind,
    item.dueAt,
    encodeRecord(item),
  );
}
