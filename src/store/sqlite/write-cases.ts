/**
 * write-cases: what is decided about held messages. Each exported function is one operation inside a running transaction.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { CaseId } from '../../core/ids.ts';
import { decodeRecord, encodeRecord } from '../encode.ts';
import type { AcceptedAuthor, CaseRecord } from '../records.ts';
import type { CaseConfirmation, CaseSettlement } from '../store.ts';
import { moveClock } from './standing.ts';
import { one, run } from './statements.ts';
import { insertDispatch, setStatus } from './write-mail.ts';

export function decideCase(db: DatabaseSync, settlement: CaseSettlement): 'decided' | 'alreadyDecided' | 'unknown' {
  const found = findCase(db, settlement.caseId);
  if (found === undefined) return 'unknown';
  if (found.status !== 'open') return 'alreadyDecided';
  const { caseId, decision, accepts } = settlement;
  const decided: CaseRecord = { ...found.record, status: 'decided', decision };
  run(db, "UPDATE cases SET status = 'decided', record = ? WHERE id = ?", encodeRecord(decided), caseId);
  stopWaiting(db, found.record);
  setStatus(db, found.messageId, settlement.status);
  insertDispatch(db, settlement);
  for (const move of settlement.clocks) moveClock(db, move);
  if (accepts !== undefined) acceptAuthor(db, accepts);
  if (settlement.dropsOriginal) {
    run(db, "DELETE FROM bodies WHERE message_id = ? AND kind = 'original'", found.messageId);
  }
  return 'decided';
}

export function confirmCase(
  db: DatabaseSync,
  { caseId, at, deadline, accepts }: CaseConfirmation,
): 'confirmed' | 'alreadyDecided' | 'unknown' {
  const found = findCase(db, caseId);
  if (found === undefined) return 'unknown';
  if (found.status !== 'open' || found.record.confirmedAt !== undefined) return 'alreadyDecided';
  const confirmed: CaseRecord = { ...found.record, confirmedAt: at, deadline };
  run(db, 'UPDATE cases SET deadline = ?, record = ? WHERE id = ?', deadline, encodeRecord(confirmed), caseId);
  stopWaiting(db, confirmed);
  if (accepts !== undefined) acceptAuthor(db, accepts);
  return 'confirmed';
}

function findCase(db: DatabaseSync, id: CaseId) {
  const row = one<{ status: string; message_id: string; record: string }>(
    db,
    'SELECT status, message_id, record FROM cases WHERE id = ?',
    id,
  );
  return row && { status: row.status, messageId: row.message_id, record: decodeRecord<CaseRecord>(row.record) };
}

function stopWaiting(db: DatabaseSync, { id, orderId, asks }: CaseRecord): void {
  if (asks === undefined) return;
  run(db, 'DELETE FROM waiting WHERE order_id = ? AND asks = ? AND case_id = ?', orderId, asks, id);
}

function acceptAuthor(db: DatabaseSync, { orderId, author, masked, at }: AcceptedAuthor): void {
  run(
    db,
    'INSERT OR IGNORE INTO accepted (order_id, author, at, masked) VALUES (?, ?, ?, ?)',
    orderId,
    author,
    at,
    masked ?? null,
  );
}

export function removeAccepted(
  db: DatabaseSync,
  { orderId, author }: Pick<AcceptedAuthor, 'orderId' | 'author'>,
): boolean {
  return run(db, 'DELETE FROM accepted WHERE order_id = ? AND author = ?', orderId, author) === 1;
}
