/**
 * restraint: keeps programs from writing to each other, and one order from drowning an inbox.
 *
 * In:  an arrival and its message.    Out: why it is not passed on although nothing is wrong with it, or nothing.
 * Receipts and reports name the real reader in half a dozen fields and say nothing that we do not know. An answering machine is
 * passed on once a week for each party and order: whatever answers it then meets silence. A program that writes for somebody is passed
 * on, with a return path, so that its author hears of a bounce; only its answer to another program is not.
 * Standards: RFC 3834 2, RFC 8098 2.1. Fails with: message.loop, alias.tooMany. Attacks: security.md BO-04, BO-05.
 */
import { RelayError } from '../core/errors.ts';
import { DAY, HOUR, type Instant } from '../core/time.ts';
import type { Verdict } from '../policy/rule.ts';
import { POLICY_VERSION } from '../policy/verdict.ts';
import {
  counted,
  countedOfOther,
  findOwn,
  isProgramLoop,
  isUnmarkedLoop,
  type Likeness,
  type LoopParts,
} from './loops.ts';
import type { Message } from './message.ts';
import type { Arrival, Authenticated, Identified, SilentReason } from './types.ts';

const AUTOMATIC_EVERY_MS = 7 * DAY;

export interface RestraintParts extends LoopParts {
  /** Messages that one party may send to one alias within an hour. */
  readonly perAliasPerHour: number;
}

/**
 * Mail that nothing proves to be a party's, of one party of one order within an hour. Far fewer than of the party itself: it is held, and
 * fills a list that a person reads.
 */
const UNCONFIRMED_PER_HOUR = 20;

/**
 * Throws `alias.tooMany` over the budget: its sender's server tries again later. When the other party has written half as much in the
 * same hour it is `message.loop`: two people do not, and what is tried again later would go round for ever, an hour's budget each hour.
 * Unproven mail has a budget of its own, and says nothing about a loop on either side: whoever knows an alias can write it, and would
 * take the budget from the party, or have its mail refused for good.
 */
export async function checkBudget(
  sender: Identified,
  isUnconfirmed: boolean,
  now: Instant,
  parts: RestraintParts,
): Promise<void> {
  const since = now - HOUR;
  if (isUnconfirmed) {
    const held = await counted(sender, { sign: 'unconfirmed', since }, parts.store);
    if (held < Math.min(UNCONFIRMED_PER_HOUR, parts.perAliasPerHour)) return;
    throw new RelayError('alias.tooMany');
  }
  const sent = await counted(sender, { sign: 'mail', since }, parts.store);
  if (sent < parts.perAliasPerHour) return;
  const theirs = await countedOfOther(sender, { sign: 'mail', since }, parts.store);
  throw new RelayError(2 * theirs >= parts.perAliasPerHour ? 'message.loop' : 'alias.tooMany');
}

/** Our own message has come back to us: a mailbox behind an alias forwards to the alias. Throws `message.loop`. */
export async function refuseOwnEcho({ messageId }: Message, parts: RestraintParts): Promise<void> {
  if ((await findOwn(messageId, parts)) !== undefined) throw new RelayError('message.loop');
}

/**
 * Whoever answers the envelope answers (RFC 3834 4), and whoever writes from the null path wants no answer: a program that does either
 * is an answering machine, whatever mark it bears.
 */
export function asWritten(message: Message, { proof, envelope }: Authenticated): Message {
  const isAnswer = proof.by === 'return-path' || (envelope.reversePath === undefined && proof.by !== 'api-key');
  return message.origin === 'program' && isAnswer ? { ...message, origin: 'responder' } : message;
}

/**
 * Throws `message.loop` for mail that does not say that it is automatic: its author, if there is one, hears of it. Not for what is held
 * unproven: it goes no further by itself, so it goes round nowhere.
 */
export async function silentReason(
  { sender, proof }: Arrival,
  message: Message,
  { text }: Likeness,
  now: Instant,
  parts: RestraintParts,
): Promise<SilentReason | undefined> {
  switch (message.origin) {
    case 'receipt':
    case 'report':
      return message.origin;
    case 'responder': {
      const since = now - AUTOMATIC_EVERY_MS;
      return (await counted(sender, { sign: 'automatic', since }, parts.store)) > 0 ? 'automatic-again' : undefined;
    }
    case 'program':
      return (await isProgramLoop(sender, message, text, now, parts)) ? 'loop' : undefined;
    case 'person':
      if (proof !== 'unconfirmed' && (await isUnmarkedLoop(sender, message, text, now, parts)))
        throw new RelayError('message.loop');
      return undefined;
  }
}

const SILENT: Readonly<Record<SilentReason, string>> = {
  'receipt': 'A receipt names its reader; it is not passed on.',
  'report': 'A report about undelivered mail names its reader; it is not passed on.',
  'automatic-again': 'An automatic answer is passed on once a week for each order.',
  'repeated': 'The same message was taken before.',
  'loop': 'A program that answers a program, or says the same again and again, is not passed on.',
};

/**
 * `deliver`: no rule has anything against it, and nothing of it may count against its author. That it went no further all the same is
 * its status, `dropped`; the evidence says why. The contract (section 3) has no action of its own for it.
 */
export function silentVerdict(reason: SilentReason): Verdict {
  const why = SILENT[reason];
  const evidence = {
    rule: reason,
    class: 'other',
    field: 'text',
    start: 0,
    end: 0,
    excerpt: '',
    why,
    fix: '',
  } as const;
  return {
    action: 'deliver',
    policyVersion: POLICY_VERSION,
    language: 'en',
    evidence: [{ ...evidence, policy: 'veilpost-content' }],
  };
}
