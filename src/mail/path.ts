/**
 * path: THE MAIL PATH. What happens to a message, in order.
 *
 *     identify -> authenticate -> parse -> open -> judge -> rewrite -> verify -> accept     (before the 250)
 *                                                         outbox: sign -> deliver -> bounce  (after the 250)
 *
 * `authenticate` speaks twice: at RCPT of what the client showed, and behind `parse` of what the message itself proves.
 * One path for both directions and for every door. It calls the stages and holds no logic of its own: whoever wants to know what
 * a stage does opens its file. Fails with the errors of the stages; anything else is our own trouble, and nothing was kept.
 */
import { RelayError } from '../core/errors.ts';
import { mintMessageId, type MessageId } from '../core/ids.ts';
import { releaseMemory } from '../core/memory.ts';
import { readSpooled } from '../core/spool.ts';
import type { Events } from '../core/events.ts';
import type { RealAddress } from '../core/real-address.ts';
import type { Clock } from '../core/time.ts';
import type { Verdict } from '../policy/rule.ts';
import type { CaseRecord, DecisionRecord, Origin } from '../store/records.ts';
import { accept, releaseOf, type AcceptParts, type Carried, type Ending } from './accept.ts';
import { authenticate, authenticateByMessage, confirmAuthor, type AuthenticateParts } from './authenticate.ts';
import { receiveBounce } from './bounce.ts';
import { recordBypass, type BypassParts } from './bypass.ts';
import { chargesFor, type ChargeParts } from './charges.ts';
import { identify, type IdentifyParts } from './identify.ts';
import { judge, releaseHeld, type Policy } from './judge.ts';
import { leakVerdict } from './leak.ts';
import { recall } from './loops.ts';
import type { Message } from './message.ts';
import { noticedIn, notesFor } from './notes.ts';
import { holdsFiles, isLarge, openFiles } from './open.ts';
import { namesOf, openLinks, policyFor } from './parties.ts';
import { parse } from './parse.ts';
import {
  asWritten,
  checkBudget,
  refuseOwnEcho,
  silentReason,
  silentVerdict,
  type RestraintParts,
} from './restraint.ts';
import { rewrite } from './rewrite.ts';
import { secretsOf } from './secrets.ts';
import { recognise, type Recognised } from './sightings.ts';
import { bypassesOf, strangersIn } from './strangers.ts';
import { tell } from './tell.ts';
import type {
  Admitted,
  Arrival,
  Authenticated,
  Claim,
  Decision,
  Deliverable,
  Outcome,
  Proof,
  Received,
  Relay,
  Secrets,
  Verified,
} from './types.ts';
import { verify } from './verify.ts';
import { checkWindow, type WindowParts } from './window.ts';

export interface PathParts
  extends IdentifyParts, AuthenticateParts, BypassParts, AcceptParts, RestraintParts, WindowParts, ChargeParts {
  readonly clock: Clock;
  readonly events: Events;
  readonly policy: Policy;
  readonly hostName: string;
  /** Called when the outbox has got work. */
  readonly wakeOutbox: () => void;
  /** Where messages that are large or hold files are carried; `undefined` where that is. */
  readonly heavy: Heavy | undefined;
  /** Called before anything is kept. Throws where this was called off meanwhile: then nothing may be kept. */
  readonly beforeKeeping: () => void;
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
        if (identified.kind === 'party')
          return authenticate(identified.identified, identified.identified.envelope, claim, parts.vault);
        return authenticate(undefined, { reversePath, alias: identified.alias }, claim, parts.vault);
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
  const known: Authenticated[] = [];
  for (const entry of admitted) {
    const sender = entry.kind === 'bounce' ? await receiveBounce(entry.messageId, raw, parts) : senderOf(entry);
    if (sender !== undefined) known.push(sender);
  }
  if (known.length === 0 && admitted.every(({ kind }) => kind === 'bounce')) return [];

  const message = parse(raw);
  if (holdsFiles(message.body) && parts.heavy !== undefined) return await parts.heavy.carry(admitted, raw, claim);
  await refuseOwnEcho(message, parts);
  const proven = await authenticateByMessage(admitted, message, raw, claim, parts);
  const senders = [...known, ...proven];
  // Twice, if the same message came in twice at once: the second time round the first copy is known.
  const outcomes =
    (await carryAll(senders, message, raw, claim, parts)) ?? (await carryAll(senders, message, raw, claim, parts));
  if (outcomes === undefined) throw new RelayError('busy');
  parts.wakeOutbox();
  return outcomes;
}

/** One outcome for each sender; `undefined`: nothing was kept, as the same message was kept meanwhile. */
async function carryAll(
  senders: readonly Authenticated[],
  message: Message,
  raw: Uint8Array,
  claim: Claim,
  parts: PathParts,
): Promise<readonly Outcome[] | undefined> {
  const ends: (Ending | Extract<Outcome, { kind: 'repeated' }>)[] = [];
  for (const sender of senders) {
    const found = await recognise(sender, message, raw, { claim, now: parts.clock.now() }, parts);
    if (found.earlier === undefined) ends.push(await carry(sender, message, raw, { claim, found }, parts));
    else ends.push(repeatedAs(found.earlier, sender, claim, parts));
  }
  const endings = ends.filter((end) => end.kind !== 'repeated');
  parts.beforeKeeping();
  const kept = await accept(endings, endings.length < ends.length, parts);
  if (kept === undefined) return undefined;
  tell(endings, kept, parts.events);
  return ends
    .map((end) => (end.kind === 'repeated' ? end : kept[endings.indexOf(end)]))
    .filter((end) => end !== undefined);
}

function repeatedAs(
  id: MessageId,
  { order, from }: Authenticated,
  { door }: Claim,
  { events }: PathParts,
): Extract<Outcome, { kind: 'repeated' }> {
  events.mailRepeated({ message: id, order: order.orderId, from, door });
  return { kind: 'repeated', id, verdict: silentVerdict('repeated') };
}

const senderOf = (entry: Admitted): Authenticated | undefined => (entry.kind === 'party' ? entry.sender : undefined);

/** One arrival, from its proof to where its path ends. */
async function carry(
  sender: Authenticated,
  parsed: Message,
  raw: Uint8Array,
  { claim, found }: { readonly claim: Claim; readonly found: Recognised },
  parts: PathParts,
): Promise<Ending> {
  const message = asWritten(parsed, sender);
  const now = parts.clock.now();
  confirmAuthor(sender, message, parts.vault);
  const proof: Proof =
    found.isElsewhere && sender.proof.by !== 'unconfirmed' ? { by: 'unconfirmed', because: 'elsewhere' } : sender.proof;
  await checkBudget(sender, proof.by === 'unconfirmed', now, parts);
  const arrival: Arrival = {
    id: mintMessageId(),
    sender,
    proof: proof.by,
    doubt: proof.by === 'unconfirmed' ? proof.because : undefined,
    door: claim.door,
    receivedAt: now,
    raw,
  };
  await checkWindow(arrival, message, claim, parts);
  const charges = await chargesFor(arrival, message, parts);
  const likeness = await recall(sender, message, now, parts);
  const reason = await silentReason(arrival, message, likeness, now, parts);
  const carried: Carried = { arrival, message, likeness, notes: [], bypasses: [], charges, marks: found.marks };
  if (reason !== undefined) return { ...carried, kind: 'drop', reason, verdict: silentVerdict(reason) };

  const secrets = secretsOf(arrival, message, parts.vault, parts.aliasDomains);
  const opened = await openFiles(message, secrets, parts.opensFiles);
  const policy = policyFor(sender, parts.policy, parts.vault);
  const judgement = judge(arrival, opened, policy, secrets);
  const strangers = strangersIn(arrival, opened, secrets, { ...parts, ...policy });
  const end = judgement.kind === 'deliver' ? await seal(judgement.deliverable, opened, secrets, parts) : judgement;
  const notes = await notesFor(arrival, opened, noticedIn(end, strangers), now, parts.store);
  return { ...carried, ...end, message: opened, notes, bypasses: bypassesOf(arrival, strangers, secrets, parts.vault) };
}

/** What becomes of a message that was judged deliverable, or let go. */
type Cleared =
  | { readonly kind: 'deliver'; readonly mail: Verified }
  | { readonly kind: 'hold'; readonly verdict: Verdict };

/** rewrite and verify: what verify does not clear is held, whatever the judge said. */
async function seal(deliverable: Deliverable, message: Message, secrets: Secrets, parts: PathParts): Promise<Cleared> {
  const { arrival } = deliverable;
  const rewritten = rewrite(deliverable, {
    secrets,
    links: await openLinks(arrival, message, parts),
    names: namesOf(arrival, parts.vault),
    aliasDomain: parts.aliasDomains[0],
    hostName: parts.hostName,
    now: parts.clock.now(),
  });
  releaseMemory(rewritten.bytes.length);
  const verified = await verify(rewritten, secrets);
  releaseMemory(rewritten.bytes.length);
  if (verified.kind === 'clean') return { kind: 'deliver', mail: verified.mail };
  parts.events.leakStopped({ message: arrival.id, order: arrival.sender.order.orderId, place: verified.place });
  return { kind: 'hold', verdict: leakVerdict(deliverable.verdict, verified.place) };
}

/** A message that waited for a person, as it came in. */
export interface Held {
  readonly arrival: Arrival;
  readonly verdict: Verdict;
  /** `undefined` for one that a Veilpost held that did not keep it. */
  readonly origin: Origin | undefined;
}

/**
 * A held message that a person let go takes the rest of the path: rewrite and verify as if it came now. `undefined` when verify
 * stops it: no decision can release a real address.
 */
export async function release(
  held: Held,
  decision: DecisionRecord & { readonly outcome: 'release' },
  parts: PathParts,
): Promise<Released | undefined> {
  const { message, secrets } = await openHeld(held, parts);
  const end = await seal(releaseHeld(held.arrival, message, held.verdict, decision), message, secrets, parts);
  return end.kind === 'deliver' ? await released(end.mail, message, parts) : undefined;
}

/**
 * A held message that the buyer said to have written is judged again, as all that the buyer writes, and takes the rest of the path.
 * `released` is `undefined` when it is held for something else too: to know the author is not to know the message.
 */
export async function judgeAgain(
  held: Held,
  parts: PathParts,
): Promise<{ readonly author: RealAddress; readonly released: Released | undefined }> {
  const { message, secrets } = await openHeld(held, parts);
  const policy = policyFor(held.arrival.sender, parts.policy, parts.vault);
  const judgement = judge(held.arrival, message, policy, secrets);
  const end = judgement.kind === 'deliver' ? await seal(judgement.deliverable, message, secrets, parts) : judgement;
  const mail = end.kind === 'deliver' ? await released(end.mail, message, parts) : undefined;
  return { author: message.from, released: mail };
}

async function openHeld({ arrival, origin }: Held, parts: PathParts) {
  const parsed = parse(arrival.raw);
  const message = { ...parsed, origin: origin ?? parsed.origin };
  const secrets = secretsOf(arrival, message, parts.vault, parts.aliasDomains);
  return { message: await openFiles(message, secrets, parts.opensFiles), secrets };
}

/** A held message that goes on now, and what that leaves in the store. */
export interface Released {
  readonly mail: Verified;
  readonly settled: ReturnType<typeof releaseOf>;
}

async function released(mail: Verified, { origin }: Message, parts: PathParts): Promise<Released> {
  const now = parts.clock.now();
  // Who stood beside the alias was told when the message was held.
  const noticed = noticedIn({ kind: 'deliver', mail }, []);
  const notes = await notesFor(mail.arrival, { origin }, noticed, now, parts.store);
  return { mail, settled: releaseOf(mail, { origin, notes }, now, parts) };
}
