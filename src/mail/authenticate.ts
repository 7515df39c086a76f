/**
 * authenticate: is the sender the party of this order that it must be?
 *
 * In:  `Identified` and what the client showed.    Out: `Authenticated` with the proof.
 * An alias takes mail from its order's other party and from nobody else, so a stolen alias is worth nothing. Whoever cannot prove
 * it gets the answer of an unknown alias. A null reverse path proves nothing (RFC 5321 4.5.5): bounces have their own addresses.
 * Fails with: alias.unknown; sender.unproven (the author in the message is somebody else than the sender).
 */
import { RelayError } from '../core/errors.ts';
import type { RealAddress } from '../core/real-address.ts';
import type { Vault } from '../vault/seal.ts';
import type { Message } from './message.ts';
import type { Authenticated, Claim, Identified, Proof } from './types.ts';

export function authenticate(identified: Identified, claim: Claim, vault: Vault): Authenticated {
  const proof = proofOf(identified, claim, vault);
  if (proof === undefined) throw new RelayError('alias.unknown');
  return { ...identified, proof };
}

/** Where the sender's word is the only proof, the author in the header must be the same party. Throws `sender.unproven`. */
export function confirmAuthor(sender: Authenticated, message: Message, vault: Vault): void {
  if (sender.proof.by === 'sandbox-loopback' && !speaksFor(sender, message.from, vault)) {
    throw new RelayError('sender.unproven');
  }
}

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
