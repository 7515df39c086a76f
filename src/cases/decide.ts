/**
 * decide: a person, or the deadline, decides what becomes of a held message.
 *
 * In:  a case and an outcome with its reason.    Out: the decided case; a released message is in the outbox by then.
 * One atomic store operation: whoever decides second changes nothing. A release takes the rest of the mail path through
 * `path.release`, so no decision can let a real address out.
 * Fails with: notFound, case.decided, case.notHeld, delivery.failed (verify stopped the release).
 */
import { RelayError } from '../core/errors.ts';
import { openContent } from '../mail/content.ts';
import { hasPerson } from '../mail/notes.ts';
import { release, type PathParts } from '../mail/path.ts';
import { noticeItem } from '../mail/queue.ts';
import type { Arrival, Decision, Identified, Verified } from '../mail/types.ts';
import type { CaseRecord, DecisionRecord, MessageRecord } from '../store/records.ts';
import type { CaseSettlement } from '../store/store.ts';

export async function decideCase(input: Decision, parts: PathParts): Promise<CaseRecord> {
  // A release carries the message on, and nobody knows yet how heavy it is.
  if (input.outcome === 'release' && parts.heavy !== undefined) return await parts.heavy.decide(input);
  const found = await parts.store.findCase(input.caseId);
  if (found === undefined) throw new RelayError('notFound');
  if (found.kind !== 'held') throw new RelayError('case.notHeld');
  if (found.status === 'decided') throw new RelayError('case.decided');
  const decision = decisionRecord(input, parts);
  const { settlement, mail } = await settlementOf(found, decision, parts);
  parts.beforeKeeping();
  const outcome = await parts.store.decideCase(settlement);
  if (outcome === 'unknown') throw new RelayError('notFound');
  if (outcome === 'alreadyDecided') throw new RelayError('case.decided');
  parts.events.caseDecided({
    case: found.id,
    outcome: input.outcome,
    by: input.by === 'deadline' ? 'deadline' : 'person',
  });
  if (mail !== undefined) {
    const { messageId: message, orderId: order, from } = found;
    parts.events.mailReleased({ message, order, from, masked: mail.masked });
  }
  parts.wakeOutbox();
  return { ...found, status: 'decided', decision };
}

function decisionRecord(input: Decision, parts: PathParts): DecisionRecord {
  return {
    outcome: input.outcome,
    reason: input.reason,
    note: input.note === undefined ? undefined : parts.vault.sealText(input.note, `note/${input.caseId}`),
    by: input.by,
    at: parts.clock.now(),
  };
}

interface Settled {
  readonly settlement: CaseSettlement;
  /** What goes out now, if anything does. */
  readonly mail: Verified | undefined;
}

async function settlementOf(found: CaseRecord, decision: DecisionRecord, parts: PathParts): Promise<Settled> {
  const message = await parts.store.findMessage(found.messageId);
  if (message === undefined) throw new RelayError('notFound');
  const base = { caseId: found.id, decision };
  if (isRelease(decision)) {
    // A clock knows nothing about who has written it: that takes a person, whatever `hold.onDeadline` says.
    if (message.proof === 'unconfirmed' && decision.by === 'deadline') throw new RelayError('delivery.failed');
    const { verdict } = openContent(message, parts.vault);
    const arrival = await arrivalOf(message, parts);
    const released = await release({ arrival, verdict, origin: message.origin }, decision, parts);
    if (released === undefined) throw new RelayError('delivery.failed');
    return { settlement: { ...base, ...released.settled, status: 'queued' }, mail: released.mail };
  }
  const notice = decision.outcome === 'return' ? 'returned' : 'refused';
  const outbox = hasPerson(message) ? [noticeItem(message, message.from, notice, decision.at, parts.retryForMs)] : [];
  return {
    settlement: { ...base, status: 'refused', bodies: [], threads: [], tallies: [], outbox },
    mail: undefined,
  };
}

/** The arrival again, from what was kept of it. Its envelope's reverse path was needed for its proof only and is gone. */
async function arrivalOf(message: MessageRecord, parts: PathParts): Promise<Arrival> {
  const order = await parts.store.findOrder(message.orderId);
  const seller = await parts.store.findSeller(message.sellerId);
  const sealed = await parts.store.readBody(message.id, 'original');
  if (order === undefined || seller === undefined || sealed === undefined) throw new RelayError('notFound');
  const to = message.from === 'seller' ? 'buyer' : 'seller';
  const sender: Identified = {
    envelope: { reversePath: undefined, alias: order.aliases[to] },
    order,
    seller,
    from: message.from,
    to,
  };
  const raw = parts.vault.openBytes(sealed, `original/${message.id}`);
  const { id, proof, door, receivedAt } = message;
  return { id, sender, proof, door, receivedAt, raw };
}

function isRelease(decision: DecisionRecord): decision is DecisionRecord & { readonly outcome: 'release' } {
  return decision.outcome === 'release';
}
