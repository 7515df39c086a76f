/**
 * prove: does what DNS and signatures say of a message make its author the party that may write to this alias?
 *
 * In:  the alias and its order, the author in From, what `checkAuthentication` found.    Out: the proof, `unconfirmed`, or an error.
 * Never the envelope alone: anybody writes any reverse path. A signature that is aligned with the author's domain counts for all; SPF
 * says which machine sent, and a host of everybody's mail sends for everybody (VU#244112), so for a seller it counts for domains of
 * their own only. A buyer who writes from elsewhere is held for a person and not refused: people have several addresses; and so is what the
 * buyer wrote, and somebody else may have sent (doubt.ts).
 * Standards: RFC 9989 4.4 (alignment), RFC 8617 7.2. Attacks: security.md AU-06, AU-07, AU-10..AU-13, relays.md section 4. Pure.
 * Fails with: alias.unknown (nobody here: one answer for strangers, other orders and sellers who pose as the buyer), sender.unproven (a
 * registered author without a proof), sender.refused (the author's domain wants that), sender.unverifiable (DNS does not answer).
 */
import type { AliasAddress } from '../core/address.ts';
import { RelayError } from '../core/errors.ts';
import type { RealAddress } from '../core/real-address.ts';
import type { Fingerprint } from '../core/sealed.ts';
import type { Instant } from '../core/time.ts';
import { isNamed, orderProfile } from '../orders/order.ts';
import { isFreeMail } from '../policy/hosts.ts';
import type { Vault } from '../vault/seal.ts';
import type { AuthenticationResult } from './authentication/result.ts';
import { doubtOf, isWrittenTo } from './doubt.ts';
import type { Message } from './message.ts';
import type { Identified, Proof } from './types.ts';

/** A message, what was found out about it, and when. */
export interface Evidence {
  readonly message: Message;
  readonly shown: AuthenticationResult;
  readonly now: Instant;
}

export function prove(identified: Identified, evidence: Evidence, vault: Vault): Proof {
  return identified.from === 'buyer' ? proveBuyer(identified, evidence, vault) : proveShop(identified, evidence, vault);
}

/**
 * What an author who has proved nothing here is told: by the message alone, so that no header anybody can write (a From, a signature that
 * does not verify, a domain whose servers are silent) tells one alias, or one registered address, from another. Whoever did prove to be
 * somebody is nobody here.
 */
export function refusalOf(shown: AuthenticationResult): RelayError {
  if (byShop('address', shown) !== undefined) return new RelayError('alias.unknown');
  if (isUndecided(shown)) return new RelayError('sender.unverifiable');
  return new RelayError(isBroken(shown) ? 'sender.unproven' : 'alias.unknown');
}

// --- the seller, and the carriers of the order -------------------------------------------------------------------------

/** A signature goes with a letter wherever somebody sends it: what was written to others, or to a list, is no word to this buyer. */
function proveShop(identified: Identified, { message, shown }: Evidence, vault: Vault): Proof {
  const proof =
    proveSeller(identified.seller.senders, message.from, shown, vault) ??
    proveCarrier(identified, message, shown, vault);
  if (message.passage !== 'list' && isWrittenTo(message, identified.envelope.alias, shown)) return proof;
  const mayBeWritten = shown.spf.result === 'temperror' && shown.spf.isAligned;
  throw new RelayError(mayBeWritten ? 'sender.unverifiable' : 'alias.unknown');
}

function proveCarrier({ order }: Identified, { from }: Message, shown: AuthenticationResult, vault: Vault): Proof {
  const { carriers } = orderProfile(order, vault);
  if (!isNamed(from, carriers, vault)) throw refusalOf(shown);
  return byKey(shown) === undefined ? notProven(shown) : { by: 'carrier' };
}

/** `undefined` when `author` is none of these `senders`. Throws `sender.unproven`, `sender.unverifiable`. */
export function proveSeller(
  senders: readonly Fingerprint[],
  author: RealAddress,
  shown: AuthenticationResult,
  vault: Vault,
): Proof | undefined {
  if (senders.includes(vault.fingerprint(author))) return byShop('address', shown) ?? notProven(shown);
  if (!senders.includes(vault.domainFingerprint(author))) return undefined;
  return byShop('domain', shown) ?? notProven(shown);
}

/**
 * What shows that an author whose address, or whose domain, a seller registered is the seller. A helpdesk writes from any address of its
 * domain, and so does whoever has an account there: for a domain only a signature counts.
 */
export function byShop(registered: 'address' | 'domain', shown: AuthenticationResult): Proof | undefined {
  return byKey(shown) ?? (registered === 'address' ? byOwnMachines(shown) : undefined);
}

/** Machines of the author's domain brought it: nobody else gets to read what is missing. */
function notProven(shown: AuthenticationResult): never {
  if (byMachines(shown) === undefined) throw refusalOf(shown);
  throw new RelayError(isUndecided(shown) ? 'sender.unverifiable' : 'sender.unproven');
}

// --- the buyer -----------------------------------------------------------------------------------------------------------

function proveBuyer(identified: Identified, { message, shown, now }: Evidence, vault: Vault): Proof {
  const { order, envelope, seller } = identified;
  const author = message.from;
  const isSellers = (address: RealAddress | undefined) =>
    address !== undefined &&
    [vault.fingerprint(address), vault.domainFingerprint(address)].some((known) => seller.senders.includes(known));
  const proof = byKey(shown) ?? byMachines(shown) ?? bySealer(shown);
  // Only who is shown to be the seller: else whoever writes an address into From or MAIL FROM would learn whether it is registered.
  if ((proof !== undefined && isSellers(author)) || (shown.spf.result === 'pass' && isSellers(envelope.reversePath)))
    throw new RelayError('alias.unknown');
  const isRegistered = vault.fingerprint(author) === order.buyerFingerprint;
  if (isRegistered && proof !== undefined) return undoubted(proof, envelope.alias, { message, shown, now });
  if (isRegistered && isUndecided(shown)) throw new RelayError('sender.unverifiable');
  if (proof === undefined && shown.dmarc.result === 'fail' && shown.dmarc.policy === 'reject')
    throw new RelayError('sender.refused');
  if (message.passage === 'list') return { by: 'unconfirmed', because: 'list' };
  return { by: 'unconfirmed', because: proof === undefined ? 'unproven' : 'unregistered' };
}

/** The proof, unless what it proves may have been sent by somebody else. */
function undoubted(proof: Proof, alias: AliasAddress, { message, shown, now }: Evidence): Proof {
  const sealer = proof.by === 'accepted' ? undefined : bySealer(shown);
  const doubt = doubtOf(message, alias, shown, now, sealer !== undefined);
  return doubt === undefined ? proof : { by: 'unconfirmed', because: doubt };
}

/**
 * An address that the buyer of this order said to be theirs: its domain must show that the message is its own. A forwarder's word does
 * not count, since the buyer has never spoken of one. Throws `sender.unverifiable`.
 */
export function proveAccepted({ envelope }: Identified, evidence: Evidence): Proof {
  const { shown } = evidence;
  if ((byKey(shown) ?? byMachines(shown)) !== undefined) return undoubted({ by: 'accepted' }, envelope.alias, evidence);
  if (isUndecided(shown)) throw new RelayError('sender.unverifiable');
  return { by: 'unconfirmed', because: 'unproven' };
}

// --- what proves ---------------------------------------------------------------------------------------------------------

function byKey({ dkim }: AuthenticationResult): Proof | undefined {
  const found = dkim.find(({ result, isAligned, domain }) => result === 'pass' && isAligned && domain !== undefined);
  return found?.domain === undefined ? undefined : { by: 'dkim', domain: found.domain, selector: found.selector };
}

function byMachines({ spf }: AuthenticationResult): Proof | undefined {
  return spf.result === 'pass' && spf.isAligned && spf.domain !== undefined
    ? { by: 'spf', domain: spf.domain }
    : undefined;
}

/** Not those of a host that sends for others too, nor of a provider where everybody has an address. */
function byOwnMachines(shown: AuthenticationResult): Proof | undefined {
  const labels = shown.dmarc.authorDomain?.split('.') ?? [];
  return labels.some(isFreeMail) || !shown.spf.isOwn ? undefined : byMachines(shown);
}

/** A forwarder on the operator's list saw it pass for this author before it changed the message. */
function bySealer({ arc, dmarc }: AuthenticationResult): Proof | undefined {
  const { report, sealer } = arc;
  const seen = report?.dmarc;
  const isSame = seen?.domain !== undefined && seen.domain === dmarc.authorDomain;
  return sealer !== undefined && seen?.result === 'pass' && isSame ? { by: 'arc', domain: sealer } : undefined;
}

/** A signature of the author's domain that this message does not match, as of a server whose key or template is wrong. */
function isBroken({ dkim }: AuthenticationResult): boolean {
  return dkim.some(({ result, isAligned }) => isAligned && result !== 'pass');
}

function isUndecided({ spf, dkim, dmarc, arc }: AuthenticationResult): boolean {
  return [spf, ...dkim, dmarc, arc].some(({ result }) => result === 'temperror');
}
