/**
 * authenticate: is the sender the party of this order that it must be?
 *
 * In:  `Identified` and what the client showed.    Out: `Authenticated` with the proof, now or when the message is there.
 * An alias takes mail from its order's other party and from nobody else, so a stolen alias is worth nothing. Who signed in, or holds
 * a key, has proved it at RCPT. Other servers are believed after DATA only: by what DNS and the signatures say of these octets. Whoever
 * cannot prove it gets the answer of an unknown alias, and so does everybody at an alias that is closed or was never made, at the same moment.
 * Of a buyer who may be one, from an address that nobody registered, the order's buyer is asked; addresses that were accepted so count.
 * A null reverse path proves nothing (RFC 5321 4.5.5): bounces have their own addresses.
 * Fails with: alias.unknown; sender.unproven (the author in the message is somebody else than the sender); those of prove.ts.
 */
import type { AliasAddress } from '../core/address.ts';
import { RelayError } from '../core/errors.ts';
import type { RealAddress } from '../core/real-address.ts';
import type { RecordLookup } from '../dns/resolver.ts';
import type { Vault } from '../vault/seal.ts';
import type { Message } from './message.ts';
import type { AuthenticationResult } from './authentication/result.ts';
import { recordProvenBypasses, type BypassParts } from './bypass.ts';
import { signaturesOf } from './doubt.ts';
import { prove, proveAccepted, refusalOf, type Evidence } from './prove.ts';
import type { Admitted, Authenticated, Claim, Doubt, Envelope, Identified, Peer, Proof } from './types.ts';

/** Those whose author the message must prove. */
type Waiting = Extract<Admitted, { kind: 'unproven' | 'nobody' }>;

export interface AuthenticateParts extends BypassParts {
  readonly aliasDomains: readonly [string, ...string[]];
  readonly records: RecordLookup;
  /** Domains of forwarders whose ARC seal is believed. */
  readonly sealers: readonly string[];
}

// --- at RCPT -------------------------------------------------------------------------------------------------------------

/** `undefined` is an alias that takes no mail. Throws `alias.unknown` where nothing in the message could change that answer. */
export function authenticate(
  identified: Identified | undefined,
  { reversePath, alias }: Envelope,
  claim: Claim,
  vault: Vault,
): Admitted {
  const proof = identified && proofOf(identified, claim, vault);
  if (identified !== undefined && proof !== undefined)
    return { kind: 'party', sender: { ...identified, proof, signatures: [] } };
  if (!mayProveLater(claim, reversePath)) throw new RelayError('alias.unknown');
  return identified === undefined ? { kind: 'nobody', reversePath, alias } : { kind: 'unproven', identified };
}

const mayProveLater = ({ peer, seller, apiKey, isSandboxLoopback }: Claim, reversePath: RealAddress | undefined) =>
  peer !== undefined && seller === undefined && apiKey === undefined && !isSandboxLoopback && reversePath !== undefined;

function proofOf(identified: Identified, claim: Claim, vault: Vault): Proof | undefined {
  if (claim.apiKey !== undefined) {
    return claim.apiKey.party === identified.from ? { by: 'api-key', keyId: claim.apiKey.keyId } : undefined;
  }
  if (claim.seller !== undefined) {
    return identified.from === 'seller' && claim.seller === identified.order.sellerId ? { by: 'smtp-auth' } : undefined;
  }
  const { reversePath } = identified.envelope;
  if (!claim.isSandboxLoopback || reversePath === undefined) return undefined;
  return speaksFor(identified, reversePath, vault) ? { by: 'sandbox-loopback' } : undefined;
}

/** Is `address` registered for the party that writes? */
function speaksFor(identified: Identified, address: RealAddress, vault: Vault): boolean {
  const fingerprint = vault.fingerprint(address);
  if (identified.from === 'buyer') return fingerprint === identified.order.buyerFingerprint;
  return identified.seller.senders.some(
    (sender) => sender === fingerprint || sender === vault.domainFingerprint(address),
  );
}

// --- after DATA ----------------------------------------------------------------------------------------------------------

/** Where the sender's word is the only proof, the author in the header must be the same party. Throws `sender.unproven`. */
export function confirmAuthor(sender: Authenticated, message: Message, vault: Vault): void {
  if (sender.proof.by === 'sandbox-loopback' && !speaksFor(sender, message.from, vault)) {
    throw new RelayError('sender.unproven');
  }
}

/**
 * The unproven, all of them proved by this message, or its refusal. One answer stands for all recipients of a transaction, so that no
 * copy is lost behind a 250; and one that cannot be looked up puts all off (contract, section 4).
 */
export async function authenticateByMessage(
  admitted: readonly Admitted[],
  message: Message,
  raw: Uint8Array,
  claim: Claim,
  parts: AuthenticateParts,
): Promise<readonly Authenticated[]> {
  const waiting = admitted.filter((entry) => entry.kind === 'unproven' || entry.kind === 'nobody');
  if (waiting.length === 0 || claim.peer === undefined) return [];
  const shown = await resultOf(waiting, raw, claim.peer, parts);
  const evidence: Evidence = { message, shown, now: parts.clock.now() };
  const found: (Authenticated | RelayError)[] = [];
  for (const entry of waiting) found.push(await provenOr(entry, evidence, parts));
  const errors = found.filter((one) => one instanceof RelayError);
  const refusal = errors.find(({ code }) => code === 'sender.unverifiable') ?? errors[0];
  if (refusal !== undefined) {
    const aliases = waiting.flatMap((entry, index) => (isUnknown(found[index]) ? [aliasOf(entry)] : []));
    await recordProvenBypasses(aliases, evidence, claim, parts);
    throw refusal;
  }
  return found.flatMap((one) => (one instanceof RelayError ? [] : [one]));
}

const isUnknown = (found: unknown): boolean => found instanceof RelayError && found.code === 'alias.unknown';

const aliasOf = (entry: Waiting): AliasAddress =>
  entry.kind === 'nobody' ? entry.alias : entry.identified.envelope.alias;

/** Asked for closed aliases too: their answer takes as long as that of one that belongs to somebody else. */
async function resultOf(
  waiting: readonly Waiting[],
  raw: Uint8Array,
  peer: Peer,
  { records, sealers, aliasDomains, clock }: AuthenticateParts,
): Promise<AuthenticationResult> {
  const [reversePath] = waiting.flatMap(
    (entry) => (entry.kind === 'nobody' ? entry.reversePath : entry.identified.envelope.reversePath) ?? [],
  );
  // Large, and needed at one door only, never in the sandbox: loaded with the first message that asks for it, not in every thread.
  const { checkAuthentication } = await import('./authentication/check.ts');
  return await checkAuthentication({
    raw,
    peer,
    reversePath,
    resolver: records,
    sealers,
    aliasDomains,
    now: clock.now(),
  });
}

async function provenOr(
  entry: Waiting,
  evidence: Evidence,
  parts: AuthenticateParts,
): Promise<Authenticated | RelayError> {
  try {
    if (entry.kind === 'nobody') throw refusalOf(evidence.shown);
    const { identified } = entry;
    const signatures = signaturesOf(evidence.message, identified.envelope.alias, evidence.shown);
    return { ...identified, proof: await proofIn(identified, evidence, parts), signatures };
  } catch (error) {
    if (error instanceof RelayError) return error;
    throw error;
  }
}

const MAY_BE_ACCEPTED: readonly Doubt[] = ['unproven', 'unregistered'];

/** Looked up for mail that would be held only: what is refused takes no longer, whoever the order's buyer accepts. */
async function proofIn(
  identified: Identified,
  evidence: Evidence,
  { store, vault }: AuthenticateParts,
): Promise<Proof> {
  const proof = prove(identified, evidence, vault);
  if (proof.by !== 'unconfirmed' || !MAY_BE_ACCEPTED.includes(proof.because)) return proof;
  const isAccepted = await store.isAccepted(identified.order.orderId, vault.fingerprint(evidence.message.from));
  return isAccepted ? proveAccepted(identified, evidence) : proof;
}
