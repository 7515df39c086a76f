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
  CaseRecord,
  MessageRecord,
  NoticeKind,
  OutboxRecord,
  TallyRecord,
  TallySign,
  ThreadRecord,
} from '../store/records.ts';
import type { Acceptance, Store } from '../store/store.ts';
import type { Vault } from '../vault/seal.ts';
import type { Message } from './message.ts';
import type { MessageContent } from './content.ts';
import { hasPerson } from './notes.ts';
import { mailItem, noticeItem } from './queue.ts';
import type { Arrival, Outcome, SilentReason, Verified } from './types.ts';

/** Where the path ended for one arrival. `message` is there for its subject. */
export type Ending =
  | {
      readonly kind: 'deliver';
      readonly arrival: Arrival;
      readonly message: Message;
      readonly mail: Verified;
      /** What the author is told although the message goes out. */
      readonly notes: readonly NoticeKind[];
    }
  | {
      readonly kind: 'drop';
      readonly arrival: Arrival;
      readonly message: Message;
      readonly verdict: Verdict;
      readonly reason: SilentReason;
    }
  | {
      readonly kind: 'hold' | 'refuse';
      readonly arrival: Arrival;
      readonly message: Message;
      readonly verdict: Verdict;
    };

export interface AcceptParts {
  readonly store: Store;
  readonly vault: Vault;
  /** How long a message is tried, and how long a hold may wait, in milliseconds. */
  readonly retryForMs: number;
  readonly holdForMs: number;
}

export async function accept(endings: readonly Ending[], parts: AcceptParts): Promise<readonly Outcome[]> {
  // When every arrival is refused the door says so itself; when some went through, the 250 hides the refusals: a notice tells, where a person stands.
  const needsNotice = endings.some((ending) => ending.kind !== 'refuse');
  const kept = endings.map((ending) => keep(ending, needsNotice, parts));
  await parts.store.acceptMail(merge(kept.map((entry) => entry.acceptance)));
  return kept.map((entry) => entry.outcome);
}

/** What a deliverable message leaves in the store: its outgoing body, its place in the queue, its place in the thread. */
export function dispatchOf(
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

function keep(
  ending: Ending,
  needsNotice: boolean,
  parts: AcceptParts,
): { readonly outcome: Outcome; readonly acceptance: Acceptance } {
  const { arrival } = ending;
  const original = body(arrival.id, 'original', arrival.raw, parts.vault);
  if (ending.kind === 'deliver') {
    const dispatch = dispatchOf(ending.mail, arrival.receivedAt, parts);
    const message = messageRecord(ending, ending.mail.verdict, undefined, parts.vault);
    const notes = ending.notes.map((note) => noticeTo(arrival, note, parts));
    return {
      outcome: { kind: 'queued', id: arrival.id, verdict: ending.mail.verdict },
      acceptance: {
        ...dispatch,
        messages: [message],
        bodies: [original, ...dispatch.bodies],
        cases: [],
        outbox: [...dispatch.outbox, ...notes],
        tallies: talliesOf(arrival, [
          'mail',
          ...(ending.mail.isAutomatic ? AUTOMATIC : []),
          ...(notes.length > 0 ? NOTE : []),
        ]),
      },
    };
  }
  if (ending.kind === 'drop') {
    return {
      outcome: { kind: 'dropped', id: arrival.id, verdict: ending.verdict },
      acceptance: {
        ...NOTHING,
        messages: [messageRecord(ending, ending.verdict, undefined, parts.vault)],
        bodies: [original],
        tallies: talliesOf(arrival, ['mail']),
      },
    };
  }
  const opened = caseRecord(ending, parts.holdForMs);
  const record = messageRecord(ending, ending.verdict, opened, parts.vault);
  const notice = ending.verdict.action === 'return' ? 'returned' : 'refused';
  const isTold = needsNotice && ending.kind === 'refuse' && hasPerson(record);
  return {
    outcome: {
      kind: ending.kind === 'hold' ? 'held' : 'refused',
      id: arrival.id,
      caseId: opened.id,
      verdict: ending.verdict,
    },
    acceptance: {
      messages: [record],
      bodies: [original],
      cases: [opened],
      outbox: isTold ? [noticeTo(arrival, notice, parts)] : [],
      threads: [],
      tallies: talliesOf(arrival, ['mail']),
    },
  };
}

function messageRecord(ending: Ending, verdict: Verdict, opened: CaseRecord | undefined, vault: Vault): MessageRecord {
  const { arrival, message } = ending;
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
    caseId: opened?.id,
    content: vault.sealJson(content, `content/${arrival.id}`),
  };
}

function caseRecord(ending: Extract<Ending, { kind: 'hold' | 'refuse' }>, holdForMs: number): CaseRecord {
  const { arrival, kind } = ending;
  return {
    id: mintCaseId(),
    kind: kind === 'hold' ? 'held' : 'refused',
    messageId: arrival.id,
    orderId: arrival.sender.order.orderId,
    sellerId: arrival.sender.order.sellerId,
    from: arrival.sender.from,
    status: kind === 'hold' ? 'open' : 'decided',
    openedAt: arrival.receivedAt,
    deadline: kind === 'hold' ? arrival.receivedAt + holdForMs : undefined,
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

const NOTHING: Acceptance = { messages: [], bodies: [], cases: [], outbox: [], threads: [], tallies: [] };
const AUTOMATIC: readonly TallySign[] = ['automatic'];
const NOTE: readonly TallySign[] = ['note'];

function talliesOf({ id, sender, receivedAt }: Arrival, signs: readonly TallySign[]): readonly TallyRecord[] {
  const { order, from } = sender;
  return signs.map((sign) => ({ orderId: order.orderId, from, sign, messageId: id, at: receivedAt }));
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
  };
}
