/**
 * restraint: keeps programs from writing to each other, and one order from drowning an inbox.
 *
 * In:  an arrival and its message.    Out: why it is not passed on although nothing is wrong with it, or nothing.
 * Receipts and reports name the real reader in half a dozen fields and say nothing that we do not know. An answering machine is
 * passed on once a week for each party and order: whatever answers it then meets silence, so two of them stop at one exchange.
 * Standards: RFC 3834 2, RFC 8098 2.1. Fails with: message.loop, alias.tooMany. Attacks: security.md BO-04, BO-05.
 */
import { RelayError } from '../core/errors.ts';
import { parseMessageId } from '../core/ids.ts';
import { DAY, HOUR, type Instant } from '../core/time.ts';
import type { Verdict } from '../policy/rule.ts';
import { POLICY_VERSION } from '../policy/verdict.ts';
import type { TallySign } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Message } from './message.ts';
import type { Identified, SilentReason } from './types.ts';

const AUTOMATIC_EVERY_MS = 7 * DAY;
const NOTE_EVERY_MS = 1 * DAY;

export interface RestraintParts {
  readonly store: Store;
  /** The first is the one that new mail carries. */
  readonly aliasDomains: readonly [string, ...string[]];
  /** Messages that one party may send to one alias within an hour. */
  readonly perAliasPerHour: number;
}

/** Throws `alias.tooMany` over the budget; its sender's server tries again later, and a loop is slowed to nothing. */
export async function checkBudget(sender: Identified, now: Instant, parts: RestraintParts): Promise<void> {
  const sent = await counted(sender, 'mail', now - HOUR, parts.store);
  if (sent >= parts.perAliasPerHour) throw new RelayError('alias.tooMany');
}

/** Our own message has come back to us: a mailbox behind an alias forwards to the alias. Throws `message.loop`. */
export async function refuseOwnEcho({ messageId }: Message, parts: RestraintParts): Promise<void> {
  const at = messageId.lastIndexOf('@');
  if (!parts.aliasDomains.includes(messageId.slice(at + 1))) return;
  const id = parseMessageId(`msg_${messageId.slice(0, at)}`);
  if (id !== undefined && (await parts.store.findMessage(id)) !== undefined) throw new RelayError('message.loop');
}

export async function silentReason(
  sender: Identified,
  message: Message,
  now: Instant,
  parts: RestraintParts,
): Promise<SilentReason | undefined> {
  if (message.origin === 'receipt' || message.origin === 'report') return message.origin;
  if (message.origin !== 'responder') return undefined;
  const answered = await counted(sender, 'automatic', now - AUTOMATIC_EVERY_MS, parts.store);
  return answered > 0 ? 'automatic-again' : undefined;
}

/** The author of many messages is told once a day what happens to all of them. */
export async function mayNote(sender: Identified, now: Instant, parts: RestraintParts): Promise<boolean> {
  return (await counted(sender, 'note', now - NOTE_EVERY_MS, parts.store)) === 0;
}

function counted({ order, from }: Identified, sign: TallySign, since: Instant, store: Store): Promise<number> {
  return store.countTallies({ orderId: order.orderId, from, sign, since });
}

const SILENT: Readonly<Record<SilentReason, string>> = {
  'receipt': 'A receipt names its reader; it is not passed on.',
  'report': 'A report about undelivered mail names its reader; it is not passed on.',
  'automatic-again': 'An automatic answer is passed on once a week for each order.',
};

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
    action: 'block',
    policyVersion: POLICY_VERSION,
    language: 'en',
    evidence: [{ ...evidence, policy: 'veilpost-content' }],
  };
}
