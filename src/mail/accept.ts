/**
 * accept: makes what happened to one transaction durable, whole or not at all.
 *
 * In:  the end of the path for each arrival.    Out: outcomes for the door, after one atomic store operation.
 * Only after it resolves may a 250 be said (RFC 5321 6.1); while it runs, nothing of the transaction can be seen or sent.
 */
import { mintCaseId } from '../core/ids.ts';
import { discard } from '../core/memory.ts';
import type { Instant } from '../core/time.ts';
import type { Verdict } from '../policy/rule.ts';
import type {
  BodyRecord,
  BypassRecord,
  CaseRecord,
  Charge,
  MessageRecord,
  NoteKind,
  NoticeKind,
  Origin,
  OutboxRecord,
  TallyRecord,
  TallySign,
  ThreadRecord,
} from '../store/records.ts';
import type { Acceptance, Store } from '../store/store.ts';
import type { Vault } from '../vault/seal.ts';
import { meterFull } from './charges.ts';
import type { Likeness } from './loops.ts';
import type { Message } from './message.ts';
import type { MessageContent } from './content.ts';
import { hasPerson } from './notes.ts';
import { mailItem, noticeItem } from './queue.ts';
import { questionOf, questionsFor } from './ask.ts';
import { clockAtArrival } from './response-clock.ts';
import { sightingsOf, type Mark } from './sightings.ts';
import type { Arrival, Outcome, SilentReason, Verified } from './types.ts';

/** Where the path ended for one arrival. */
export type Ending = Carried &
  (
    | { readonly kind: 'deliver'; readonly mail: Verified }
    | { readonly kind: 'drop'; readonly verdict: Verdict; readonly reason: SilentReason }
    | { readonly kind: 'hold' | 'refuse'; readonly verdict: Verdict }
  );

/** What is kept of an arrival wherever its path ends. */
export interface Carried {
  readonly arrival: Arrival;
  readonly message: Message;
  readonly likeness: Likeness;
  /** What the author is told although the message was taken. */
  readonly notes: readonly NoteKind[];
  readonly bypasses: readonly BypassRecord[];
  readonly charges: readonly Charge[];
  /** What it is known by when it comes again. */
  readonly marks: readonly Mark[];
}

export interface AcceptParts {
  readonly store: Store;
  readonly vault: Vault;
  /** How long a message is tried, and how long a hold may wait, in milliseconds. */
  readonly retryForMs: number;
  readonly holdForMs: number;
  /** How long one waits for the buyer to say that it is theirs. */
  readonly unconfirmedForMs: number;
}

/**
 * `isPart`: other recipients of the transaction were served before. `undefined`: nothing was kept, as one of the messages has come a
 * second time at the same moment, and was first there. Throws seller.tooMany or seller.volume when others of the seller were first.
 */
export async function accept(
  endings: readonly Ending[],
  isPart: boolean,
  parts: AcceptParts,
): Promise<readonly Outcome[] | undefined> {
  // When every arrival is refused the door says so itself; when some went through, the 250 hides the refusals: a notice tells, where a person stands.
  const isTaken = isPart || endings.some((ending) => ending.kind !== 'refuse');
  const kept = endings.map((ending) => keep(ending, isTaken, parts));
  const result = await parts.store.acceptMail(merge(kept.map((entry) => entry.acceptance)));
  if (result.outcome === 'full') throw meterFull(result.meter, endings[0]?.arrival.receivedAt ?? 0);
  return result.outcome === 'kept' ? kept.map((entry) => entry.outcome) : undefined;
}

/** What a deliverable message leaves in the store: its outgoing body, its place in the queue, its place in the thread. */
function dispatchOf(
  mail: Verified,
  now: Instant,
  parts: AcceptParts,
): Pick<Acceptance, 'bodies' | 'outbox' | 'threads'> {
  const { id, sender } = mail.arrival;
  return {
    outbox: [mailItem({ id, orderId: sender.order.orderId, ...measured(mail) }, sender.to, now, parts.retryForMs)],
    threads: [threadOf(mail, parts.vault)],
    bodies: [body(id, 'outgoing', mail.bytes, parts.vault)],
  };
}

const measured = ({ bytes, isAutomatic }: Verified) => ({ size: bytes.length, isAutomatic });

/** The same for a held message that was let go, with what its author is told now. */
export function releaseOf(
  mail: Verified,
  { origin, notes }: { readonly origin: Origin; readonly notes: readonly NoteKind[] },
  now: Instant,
  parts: AcceptParts,
): Pick<Acceptance, 'bodies' | 'outbox' | 'threads' | 'tallies'> {
  const dispatch = dispatchOf(mail, now, parts);
  const arrival = { ...mail.arrival, receivedAt: now };
  const told = notes.map((note) => noticeTo(arrival, note, parts));
  return {
    ...dispatch,
    outbox: [...dispatch.outbox, ...told],
    tallies: talliesOf(arrival, [...countsFor(origin), ...notes]),
  };
}

interface Kept {
  readonly outcome: Outcome;
  readonly acceptance: Acceptance;
}

function keep(ending: Ending, isTaken: boolean, parts: AcceptParts): Kept {
  const kept = baseOf(ending, isTaken, parts);
  switch (ending.kind) {
    case 'deliver':
      return keepDelivered(ending, kept, parts);
    case 'drop':
      return { outcome: { kind: 'dropped', id: ending.arrival.id, verdict: ending.verdict }, acceptance: kept };
    case 'hold':
    case 'refuse':
      return keepBack(ending, kept, isTaken, parts);
  }
}

/** What every arrival leaves, wherever its path ended: its record, its original, what it counts for, its notes. */
function baseOf(ending: Ending, isTaken: boolean, parts: AcceptParts): Acceptance {
  const { arrival, notes, bypasses, charges, marks } = ending;
  return {
    messages: [messageRecord(ending, parts.vault)],
    bodies: [body(arrival.id, 'original', arrival.raw, parts.vault)],
    cases: [],
    outbox: notes.map((note) => noticeTo(arrival, note, parts)),
    threads: [],
    tallies: talliesOf(arrival, signsOf(ending), ending.likeness.text),
    bypasses,
    rareNotices: [],
    charges,
    clocks: [],
    // What is refused at the door may come again, mended or not.
    sightings: isTaken ? sightingsOf(arrival, marks, parts.vault) : [],
  };
}

function keepDelivered(ending: Ending & { readonly kind: 'deliver' }, base: Acceptance, parts: AcceptParts): Kept {
  const { arrival, mail, message } = ending;
  const { outbox, threads, bodies } = dispatchOf(mail, arrival.receivedAt, parts);
  return {
    outcome: { kind: 'queued', id: arrival.id, verdict: mail.verdict },
    acceptance: {
      ...base,
      outbox: [...outbox, ...base.outbox],
      threads,
      bodies: [...base.bodies, ...bodies],
      clocks: clockAtArrival(arrival, message, 'answered'),
    },
  };
}

/** Held or refused: both have a case. */
function keepBack(
  ending: Ending & { readonly kind: 'hold' | 'refuse' },
  base: Acceptance,
  isTaken: boolean,
  parts: AcceptParts,
): Kept {
  const { arrival, verdict } = ending;
  const opened = caseRecord(ending, parts);
  const messages = base.messages.map((message) => ({ ...message, caseId: opened.id }));
  const isTold = isTaken && ending.kind === 'refuse' && messages.every(hasPerson);
  const notice = noticeTo(arrival, verdict.action === 'return' ? 'returned' : 'refused', parts);
  const rareNotices = ending.kind === 'hold' ? questionsFor(arrival, opened.asks, parts) : [];
  return {
    outcome: { kind: ending.kind === 'hold' ? 'held' : 'refused', id: arrival.id, caseId: opened.id, verdict },
    acceptance: {
      ...base,
      messages,
      cases: [opened],
      outbox: isTold ? [...base.outbox, notice] : base.outbox,
      rareNotices,
      clocks: ending.kind === 'hold' ? clockAtArrival(arrival, ending.message, 'held') : [],
    },
  };
}

function messageRecord(ending: Ending, vault: Vault): MessageRecord {
  const { arrival, message } = ending;
  const verdict = ending.kind === 'deliver' ? ending.mail.verdict : ending.verdict;
  const status = { deliver: 'queued', hold: 'held', refuse: 'refused', drop: 'dropped' } as const;
  const content: MessageContent = { subject: message.subject, verdict };
  return {
    id: arrival.id,
    orderId: arrival.sender.order.orderId,
    sellerId: arrival.sender.order.sellerId,
    from: arrival.sender.from,
    door: arrival.door,
    origin: message.origin,
    proof: arrival.proof,
    receivedAt: arrival.receivedAt,
    size: arrival.raw.length,
    status: status[ending.kind],
    action: verdict.action,
    policyVersion: verdict.policyVersion,
    rules: [...new Set(verdict.evidence.map((entry) => entry.rule))],
    caseId: undefined,
    content: vault.sealJson(content, `content/${arrival.id}`),
  };
}

function caseRecord(ending: Ending & { readonly kind: 'hold' | 'refuse' }, parts: AcceptParts): CaseRecord {
  const { arrival, kind, message } = ending;
  const waitsMs = arrival.proof === 'unconfirmed' ? parts.unconfirmedForMs : parts.holdForMs;
  return {
    id: mintCaseId(),
    asks: kind === 'hold' ? questionOf(arrival, message, parts.vault) : undefined,
    kind: kind === 'hold' ? 'held' : 'refused',
    messageId: arrival.id,
    orderId: arrival.sender.order.orderId,
    sellerId: arrival.sender.order.sellerId,
    from: arrival.sender.from,
    status: kind === 'hold' ? 'open' : 'decided',
    openedAt: arrival.receivedAt,
    deadline: kind === 'hold' ? arrival.receivedAt + waitsMs : undefined,
    confirmedAt: undefined,
    decision: undefined,
  };
}

function threadOf(mail: Verified, vault: Vault): ThreadRecord {
  const { orderId } = mail.arrival.sender.order;
  return {
    orderId,
    from: mail.arrival.sender.from,
    ownId: mail.ownId,
    originalHash: vault.fingerprintOf('message-id', mail.originalId),
    original: vault.sealText(mail.originalId, `thread/${orderId}`),
    at: mail.arrival.receivedAt,
  };
}

function body(messageId: Arrival['id'], kind: BodyRecord['kind'], bytes: Uint8Array, vault: Vault): BodyRecord {
  const sealed = vault.sealBytes(bytes, `${kind}/${messageId}`);
  // What goes out is sealed last: from here on it exists sealed only.
  if (kind === 'outgoing') discard(bytes);
  return { messageId, kind, bytes: sealed };
}

/**
 * What passed counts for what it was; what was kept back, or not passed on, as mail alone. What nothing proves to be the party's is
 * none of its mail.
 */
function signsOf({ kind, arrival, message, likeness, notes }: Ending): readonly TallySign[] {
  if (arrival.proof === 'unconfirmed') return ['unconfirmed', ...notes];
  const counts = kind === 'deliver' ? countsFor(message.origin) : [];
  return ['mail', ...(likeness.isRepeated ? REPEATED : []), ...counts, ...notes];
}

const REPEATED: readonly TallySign[] = ['repeated'];
const PASSED: Readonly<Partial<Record<Origin, readonly TallySign[]>>> = {
  responder: ['automatic'],
  program: ['program'],
};
const countsFor = (origin: Origin): readonly TallySign[] => PASSED[origin] ?? [];

function talliesOf(
  { id, sender, receivedAt }: Arrival,
  signs: readonly TallySign[],
  text?: TallyRecord['text'],
): readonly TallyRecord[] {
  const about = { orderId: sender.order.orderId, from: sender.from, messageId: id, at: receivedAt };
  return signs.map((sign) => ({ ...about, sign, text: sign === 'mail' ? text : undefined }));
}

function noticeTo({ id, sender, receivedAt }: Arrival, notice: NoticeKind, { retryForMs }: AcceptParts): OutboxRecord {
  return noticeItem({ id, orderId: sender.order.orderId }, sender.from, notice, receivedAt, retryForMs);
}

function merge(acceptances: readonly Acceptance[]): Acceptance {
  return {
    messages: acceptances.flatMap((entry) => entry.messages),
    bodies: acceptances.flatMap((entry) => entry.bodies),
    cases: acceptances.flatMap((entry) => entry.cases),
    outbox: acceptances.flatMap((entry) => entry.outbox),
    threads: acceptances.flatMap((entry) => entry.threads),
    tallies: acceptances.flatMap((entry) => entry.tallies),
    bypasses: acceptances.flatMap((entry) => entry.bypasses),
    rareNotices: acceptances.flatMap((entry) => entry.rareNotices),
    charges: acceptances.flatMap((entry) => entry.charges),
    clocks: acceptances.flatMap((entry) => entry.clocks),
    sightings: acceptances.flatMap((entry) => entry.sightings),
  };
}
