/**
 * loops: ends a conversation in which nobody takes part but programs.
 *
 * In:  an arrival's sender, its message and what the order has counted.    Out: does it go round in circles?
 * A program may write, and may answer a person: a shop's program tells of a parcel, a helpdesk marks the words of its people as
 * generated. What no program may do is answer a program (RFC 3834 2), and that is what a loop is made of. Where nothing says what is
 * answered, the same words betray it. Between two programs that do not say what they are, the same words count when both sides repeat
 * theirs: a person may insist, or say "OK" five times. All of it is counted for one party of one order, so a shop may send the same
 * text to a thousand orders. Standards: RFC 3834 2 and 4. Attacks: security.md BO-05.
 */
import { parseMessageId } from '../core/ids.ts';
import type { Fingerprint } from '../core/sealed.ts';
import { DAY, HOUR, type Instant } from '../core/time.ts';
import type { MessageRecord, TallySign } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/seal.ts';
import { likenessOf } from './likeness.ts';
import type { Message } from './message.ts';
import type { Identified } from './types.ts';

export interface LoopParts {
  readonly store: Store;
  readonly vault: Vault;
  /** The first is the one that new mail carries. */
  readonly aliasDomains: readonly [string, ...string[]];
}

/** The same words so often within so long; a slow loop is one too. */
const SAME_WORDS = [
  { withinMs: HOUR, atMost: 3 },
  { withinMs: DAY, atMost: 10 },
] as const;
/** Messages of each of two programs within an hour, whatever they say. */
const PROGRAMS_AT_MOST = 5;

/** What was counted about one party of an order after an instant. */
interface Count {
  readonly sign: TallySign;
  readonly since: Instant;
  readonly text?: Fingerprint;
}

export function counted({ order, from }: Identified, count: Count, store: Store): Promise<number> {
  return store.countTallies({ orderId: order.orderId, from, text: undefined, ...count });
}

/** The same of the party that the message is for. */
export function countedOfOther(sender: Identified, count: Count, store: Store): Promise<number> {
  return counted({ ...sender, from: sender.to, to: sender.from }, count, store);
}

/** What was written, and whether this party has written it before to the same alias. */
export interface Likeness {
  readonly text: Fingerprint;
  readonly isRepeated: boolean;
}

export async function recall(
  sender: Identified,
  message: Message,
  now: Instant,
  { store, vault }: LoopParts,
): Promise<Likeness> {
  const text = likenessOf(message, vault);
  return { text, isRepeated: (await counted(sender, { sign: 'mail', since: now - DAY, text }, store)) > 0 };
}

/** Does this program answer a program? */
export async function isProgramLoop(
  sender: Identified,
  message: Message,
  text: Fingerprint,
  now: Instant,
  parts: LoopParts,
): Promise<boolean> {
  if (await answersProgram(sender, message, parts)) return true;
  if (await isRepeatedTooOften(sender, text, now, parts.store)) return true;
  const since = now - HOUR;
  const theirs =
    (await countedOfOther(sender, { sign: 'program', since }, parts.store)) +
    (await countedOfOther(sender, { sign: 'automatic', since }, parts.store));
  if (theirs === 0) return false;
  if ((await counted(sender, { sign: 'mail', since, text }, parts.store)) > 0) return true;
  if (theirs < PROGRAMS_AT_MOST) return false;
  return (await counted(sender, { sign: 'program', since }, parts.store)) >= PROGRAMS_AT_MOST;
}

/**
 * Do both parties answer the same again and again? Neither says that it is a program. What answers nothing is no part of a loop, or of
 * one that the budget of the alias ends.
 */
export async function isUnmarkedLoop(
  sender: Identified,
  message: Message,
  text: Fingerprint,
  now: Instant,
  { store }: LoopParts,
): Promise<boolean> {
  if (!isAnswer(message)) return false;
  for (const { withinMs, atMost } of SAME_WORDS) {
    const since = now - withinMs;
    if ((await counted(sender, { sign: 'mail', since, text }, store)) < atMost) continue;
    // The first of the same words is no repetition.
    if ((await countedOfOther(sender, { sign: 'repeated', since }, store)) >= atMost - 1) return true;
  }
  return false;
}

/** By its fields, or by a word and a colon before its subject (`Re:`, `AW:`, `Odp.:`, `Thank you:`). */
const isAnswer = ({ inReplyTo, references, subject }: Message): boolean =>
  inReplyTo !== '' || references.length > 0 || subject.includes(':') || subject.includes('：');

async function isRepeatedTooOften(sender: Identified, text: Fingerprint, now: Instant, store: Store): Promise<boolean> {
  for (const { withinMs, atMost } of SAME_WORDS) {
    if ((await counted(sender, { sign: 'mail', since: now - withinMs, text }, store)) >= atMost) return true;
  }
  return false;
}

/** What it answers stands in In-Reply-To, or last in References (RFC 5322 3.6.4); it is the other party's, under our own id. */
async function answersProgram({ order, to }: Identified, message: Message, parts: LoopParts): Promise<boolean> {
  const id = message.inReplyTo === '' ? (message.references.at(-1) ?? '') : message.inReplyTo;
  const answered = await findOwn(id, parts);
  if (answered === undefined || answered.orderId !== order.orderId || answered.from !== to) return false;
  return answered.origin !== undefined && answered.origin !== 'person';
}

/** The message that went out under this Message-ID, when we made it. */
export async function findOwn(id: string, { store, aliasDomains }: LoopParts): Promise<MessageRecord | undefined> {
  const at = id.lastIndexOf('@');
  if (!aliasDomains.includes(id.slice(at + 1))) return undefined;
  const messageId = parseMessageId(`msg_${id.slice(0, at)}`);
  return messageId === undefined ? undefined : await store.findMessage(messageId);
}
