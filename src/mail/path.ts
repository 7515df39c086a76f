/**
 * path: THE MAIL PATH. What happens to a message, in order.
 *
 *     identify -> authenticate -> parse -> open -> judge -> rewrite -> verify -> accept     (before the 250)
 *                                                         outbox: sign -> deliver -> bounce  (after the 250)
 *
 * One path for both directions and for every door. It calls the stages and holds no logic of its own: whoever wants to know what
 * a stage does opens its file. Fails with the errors of the stages; anything else is our own trouble, and nothing was kept.
 */
import { mintMessageId } from '../core/ids.ts';
import { releaseMemory } from '../core/memory.ts';
import { readSpooled } from '../core/spool.ts';
import type { Events } from '../core/events.ts';
import type { Clock } from '../core/time.ts';
import type { Verdict } from '../policy/rule.ts';
import type { CaseRecord, DecisionRecord } from '../store/records.ts';
import { accept, dispatchOf, type AcceptParts, type Ending } from './accept.ts';
import { authenticate, confirmAuthor } from './authenticate.ts';
import { receiveBounce } from './bounce.ts';
import { recordBypass, type BypassParts } from './bypass.ts';
import { identify, type IdentifyParts } from './identify.ts';
import { judge, releaseHeld, type Policy } from './judge.ts';
import { leakVerdict } from './leak.ts';
import type { Message } from './message.ts';
import { notesFor } from './notes.ts';
import { holdsFiles, isLarge, openFiles } from './open.ts';
import { namesOf, openLinks, policyFor } from './parties.ts';
import { parse } from './parse.ts';
import { checkBudget, refuseOwnEcho, silentReason, silentVerdict, type RestraintParts } from './restraint.ts';
import { rewrite } from './rewrite.ts';
import { secretsOf } from './secrets.ts';
import { noteStrangers } from './strangers.ts';
import { tell } from './tell.ts';
import type {
  Admitted,
  Arrival,
  Authenticated,
  Claim,
  Decision,
  Deliverable,
  Outcome,
  Received,
  Relay,
  Secrets,
} from './types.ts';
import { verify } from './verify.ts';

export interface PathParts extends IdentifyParts, BypassParts, AcceptParts, RestraintParts {
  readonly clock: Clock;
  readonly events: Events;
  readonly policy: Policy;
  readonly hostName: string;
  /** Called when the outbox has got work. */
  readonly wakeOutbox: () => void;
  /** Where messages that are large or hold files are carried; `undefined` where that is. */
  readonly heavy: Heavy | undefined;
  /** No: this is the second attempt at a message that ended the thread of the first; it is held. */
  readonly opensFiles: boolean;
}

/** Threads that can be ended. */
export interface Heavy {
  carry(admitted: readonly Admitted[], received: Received, claim: Claim): Promise<readonly Outcome[]>;
  decide(decision: Decision): Promise<CaseRecord>;
}

export function createRelay(parts: PathParts): Relay {
  return {
    async admit(recipient, reversePath, claim) {
      try {
        const identified = await identify(recipient, reversePath, parts.clock.now(), parts);
        if (identified.kind === 'bounce') return identified;
        return { kind: 'party', sender: authenticate(identified.identified, claim, parts.vault) };
      } catch (error) {
        await recordBypass(recipient, reversePath, claim, error, parts);
        throw error;
      }
    },
    relay: (admitted, received, claim) => relay(admitted, received, claim, parts),
  };
}

async function relay(
  admitted: readonly Admitted[],
  received: Received,
  claim: Claim,
  parts: PathParts,
): Promise<readonly Outcome[]> {
  if (isLarge(received) && parts.heavy !== undefined) return await parts.heavy.carry(admitted, received, claim);
  const raw = received instanceof Uint8Array ? received : readSpooled(received);
  const senders: Authenticated[] = [];
  for (const entry of admitted) {
    const sender = entry.kind === 'party' ? entry.sender : await receiveBounce(entry.messageId, raw, parts);
    if (sender !== undefined) senders.push(sender);
  }
  if (senders.length === 0) return [];

  const message = parse(raw);
  if (holdsFiles(message.body) && parts.heavy !== undefined) return await parts.heavy.carry(admitted, raw, claim);
  await refuseOwnEcho(message, parts);
  const endings: Ending[] = [];
  for (const sender of senders) endings.push(await carry(sender, message, raw, claim, parts));
  const outcomes = await accept(endings, parts);

  tell(endings, outcomes, parts.events);
  parts.wakeOutbox();
  return outcomes;
}

/** One arrival, from its proof to where its path ends. */
async function carry(
  sender: Authenticated,
  message: Message,
  raw: Uint8Array,
  claim: Claim,
  parts: PathParts,
): Promise<Ending> {
  const now = parts.clock.now();
  confirmAuthor(sender, message, parts.vault);
  await checkBudget(sender, now, parts);
  const arrival: Arrival = { id: mintMessageId(), sender, door: claim.door, receivedAt: now, raw };
  const reason = await silentReason(sender, message, now, parts);
  if (reason !== undefined) return { kind: 'drop', arrival, message, reason, verdict: silentVerdict(reason) };

  const secrets = secretsOf(arrival, message, parts.vault, parts.aliasDomains);
  const opened = await openFiles(message, secrets, parts.opensFiles);
  const policy = policyFor(sender, parts.policy, parts.vault);
  const judgement = judge(arrival, opened, policy, secrets);
  const strangers = await noteStrangers(arrival, opened, secrets, { ...parts, ...policy });
  if (judgement.kind !== 'deliver') return { ...judgement, arrival, message: opened };
  return await seal(judgement.deliverable, opened, secrets, strangers > 0, parts);
}

/** rewrite and verify: what verify does not clear is held, whatever the judge said. */
async function seal(
  deliverable: Deliverable,
  message: Message,
  secrets: Secrets,
  hasStrangers: boolean,
  parts: PathParts,
): Promise<Ending> {
  const { arrival } = deliverable;
  const rewritten = rewrite(deliverable, {
    secrets,
    links: await openLinks(arrival, message, parts),
    names: namesOf(arrival.sender, parts.vault),
    aliasDomain: parts.aliasDomains[0],
    hostName: parts.hostName,
    now: parts.clock.now(),
  });
  releaseMemory(rewritten.bytes.length);
  const verified = await verify(rewritten, secrets);
  releaseMemory(rewritten.bytes.length);
  if (verified.kind === 'clean') {
    const notes = await notesFor(verified.mail, message, hasStrangers, parts);
    return { kind: 'deliver', arrival, message, mail: verified.mail, notes };
  }
  parts.events.leakStopped({ message: arrival.id, order: arrival.sender.order.orderId, place: verified.place });
  return { kind: 'hold', arrival, message, verdict: leakVerdict(deliverable.verdict, verified.place) };
}

/**
 * A held message that a person let go takes the rest of the path: rewrite and verify as if it came now. `undefined` when verify
 * stops it: no decision can release a real address.
 */
export async function release(
  arrival: Arrival,
  verdict: Verdict,
  decision: DecisionRecord & { readonly outcome: 'release' },
  parts: PathParts,
) {
  const message = parse(arrival.raw);
  const secrets = secretsOf(arrival, message, parts.vault, parts.aliasDomains);
  const opened = await openFiles(message, secrets, parts.opensFiles);
  const ending = await seal(releaseHeld(arrival, opened, verdict, decision), opened, secrets, false, parts);
  return ending.kind === 'deliver' ? dispatchOf(ending.mail, parts.clock.now(), parts) : undefined;
}
