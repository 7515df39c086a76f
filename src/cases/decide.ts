/**
 * decide: a person, the registered buyer or the deadline decides what becomes of a held message.
 *
 * In:  a case and an outcome with its reason.    Out: the case; a released message is in the outbox by then.
 * One atomic store operation: whoever decides second changes nothing. A release takes the rest of the mail path through
 * `path.release`, so no decision can let a real address out. The buyer says who wrote a message and not that it may go: it is judged
 * again, and stays open where that holds it.
 * Fails with: notFound, case.decided, case.notHeld, delivery.failed (verify stopped the release).
 */
import { RelayError } from '../core/errors.ts';
import { openContent } from '../mail/content.ts';
import { hasPerson } from '../mail/notes.ts';
import { judgeAgain, release, type Held, type PathParts, type Released } from '../mail/path.ts';
import { noticeItem } from '../mail/queue.ts';
import { clockAtDecision } from '../mail/response-clock.ts';
import type { Arrival, Decision, Identified, Verified } from '../mail/types.ts';
import type { AcceptedAuthor, CaseRecord, DecisionRecord, MessageRecord, TallyRecord } from '../store/records.ts';
import type { CaseSettlement } from '../store/store.ts';

export async function decideCase(input: Decision, parts: PathParts): Promise<CaseRecord> {
  // A release carries the message on, and nobody knows yet how heavy it is.
  if (input.outcome === 'release' && parts.heavy !== undefined) return await parts.heavy.decide(input);
  const found = await parts.store.findCase(input.caseId);
  if (found === undefined) throw new RelayError('notFound');
  if (found.kind !== 'held') throw new RelayError('case.notHeld');
  const isAnswered = input.by === 'buyer' && found.confirmedAt !== undefined;
  if (found.status === 'decided' || isAnswered) throw new RelayError('case.decided');
  const decision = decisionRecord(input, parts);
  const { settlement, mail, accepts } = await settlementOf(found, decision, input, parts);
  parts.beforeKeeping();
  if (settlement === undefined) return await keepHeld(found, decision, accepts, parts);
  const outcome = await parts.store.decideCase(settlement);
  if (outcome === 'unknown') throw new RelayError('notFound');
  if (outcome === 'alreadyDecided') throw new RelayError('case.decided');
  parts.events.caseDecided({ case: found.id, outcome: input.outcome, by: kindOf(input.by) });
  if (mail !== undefined) {
    const { messageId: message, orderId: order, from } = found;
    parts.events.mailReleased({ message, order, from, masked: mail.masked });
  }
  parts.wakeOutbox();
  return { ...found, status: 'decided', decision };
}

const kindOf = (by: string): 'buyer' | 'deadline' | 'person' => (by === 'buyer' || by === 'deadline' ? by : 'person');

/** The author is known now; what else was found in the message waits for a person, as it does in all that the buyer writes. */
async function keepHeld(
  found: CaseRecord,
  { at }: DecisionRecord,
  accepts: AcceptedAuthor | undefined,
  { store, events, holdForMs }: PathParts,
): Promise<CaseRecord> {
  const deadline = at + holdForMs;
  const outcome = await store.confirmCase({ caseId: found.id, at, deadline, accepts });
  if (outcome === 'unknown') throw new RelayError('notFound');
  if (outcome === 'alreadyDecided') throw new RelayError('case.decided');
  events.caseConfirmed({ case: found.id });
  return { ...found, confirmedAt: at, deadline };
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
  /** `undefined` when the message stays held. */
  readonly settlement: CaseSettlement | undefined;
  /** What goes out now, if anything does. */
  readonly mail: Verified | undefined;
  readonly accepts: AcceptedAuthor | undefined;
}

async function settlementOf(
  found: CaseRecord,
  decision: DecisionRecord,
  { acceptsAuthor }: Decision,
  parts: PathParts,
): Promise<Settled> {
  const kept = await parts.store.findMessage(found.messageId);
  if (kept === undefined) throw new RelayError('notFound');
  const isConfirmed = found.confirmedAt !== undefined || (isRelease(decision) && decision.by === 'buyer');
  const message: MessageRecord = isConfirmed ? { ...kept, proof: 'accepted' } : kept;
  if (!isRelease(decision)) {
    return { settlement: turnedDown(found, message, decision, parts), mail: undefined, accepts: undefined };
  }
  // A clock knows nothing about who has written it: that takes a person, whatever `hold.onDeadline` says.
  if (message.proof === 'unconfirmed' && decision.by === 'deadline') throw new RelayError('delivery.failed');
  const { verdict } = openContent(message, parts.vault);
  const held: Held = { arrival: await arrivalOf(message, parts), verdict, origin: message.origin };
  if (decision.by === 'buyer') return await confirmed(found, held, decision, acceptsAuthor, parts);
  const released = await release(held, decision, parts);
  if (released === undefined) throw new RelayError('delivery.failed');
  const clocks = clockAtDecision(message, 'answered', decision.at);
  return { ...setFree(found, decision, released, undefined, clocks), accepts: undefined };
}

/** Who cannot be told is not: of a message that nobody confirmed, the original goes with the deadline. */
function turnedDown(
  found: CaseRecord,
  message: MessageRecord,
  decision: DecisionRecord,
  parts: PathParts,
): CaseSettlement {
  const notice = decision.outcome === 'return' ? 'returned' : 'refused';
  const outbox = hasPerson(message) ? [noticeItem(message, message.from, notice, decision.at, parts.retryForMs)] : [];
  const nothing = { bodies: [], threads: [], tallies: declinedIn(found, decision), accepts: undefined };
  const clocks = clockAtDecision(message, 'turnedDown', decision.at);
  const dropsOriginal = message.proof === 'unconfirmed' && decision.by === 'deadline';
  return { ...nothing, caseId: found.id, decision, status: 'refused', outbox, clocks, dropsOriginal };
}

/** The buyer said no, and is not asked the same again: whoever was turned down would else have us write to them each hour. */
function declinedIn(
  { orderId, from, messageId, asks }: CaseRecord,
  { by, at }: DecisionRecord,
): readonly TallyRecord[] {
  return by === 'buyer' && asks !== undefined ? [{ orderId, from, sign: 'declined', messageId, text: asks, at }] : [];
}

async function confirmed(
  found: CaseRecord,
  held: Held,
  decision: DecisionRecord,
  acceptsAuthor: boolean,
  parts: PathParts,
): Promise<Settled> {
  const { author, released } = await judgeAgain(held, parts);
  const accepted: AcceptedAuthor = {
    orderId: found.orderId,
    author: parts.vault.fingerprint(author),
    masked: parts.vault.sealMasked(author, `accepted/${found.orderId}`),
    at: decision.at,
  };
  const accepts = acceptsAuthor ? accepted : undefined;
  if (released === undefined) return { settlement: undefined, mail: undefined, accepts };
  // What a buyer wrote is nobody's answer.
  return { ...setFree(found, decision, released, accepts, []), accepts };
}

function setFree(
  found: CaseRecord,
  decision: DecisionRecord,
  { mail, settled }: Released,
  accepts: AcceptedAuthor | undefined,
  clocks: CaseSettlement['clocks'],
): Omit<Settled, 'accepts'> {
  const base = { caseId: found.id, decision, accepts, clocks, dropsOriginal: false };
  return { settlement: { ...base, ...settled, status: 'queued' }, mail };
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
  return { id, sender, proof, doubt: undefined, door, receivedAt, raw };
}

function isRelease(decision: DecisionRecord): decision is DecisionRecord & { readonly outcome: 'release' } {
  return decision.outcome === 'release';
}
