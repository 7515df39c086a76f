/**
 * strangers: real addresses that stand beside the alias in To, Cc or Bcc.
 *
 * In:  an arrival and its message.    Out: those that are neither aliases nor the author's own, and the records when a seller wrote.
 * Nobody but the alias of the envelope is served: whoever stands beside it got the message from the author's own server, with the
 * author's address in it. Of a seller that is a sign of going around the relay; either author is told (relays.md 2.2, row 24). The
 * records are kept with the message or not at all: what is sent again after a 451 is one offence. Never fails.
 */
import { mintBypassId } from '../core/ids.ts';
import type { RealAddress } from '../core/real-address.ts';
import type { BypassRecord } from '../store/records.ts';
import type { Vault } from '../vault/seal.ts';
import type { Message } from './message.ts';
import type { Arrival, Secrets } from './types.ts';

export interface StrangerParts {
  readonly vault: Vault;
  readonly aliasDomains: readonly string[];
  /** The marketplace's own domains: its people may be written to. */
  readonly ownDomains: readonly string[];
}

export function strangersIn(
  { sender }: Arrival,
  message: Message,
  secrets: Secrets,
  { vault, aliasDomains, ownDomains }: StrangerParts,
): readonly RealAddress[] {
  const ours = [...aliasDomains, ...ownDomains].map((domain) => vault.fingerprintOf('domain', domain));
  const own = secrets[sender.from];
  return message.otherRecipients.filter((address) => {
    const domain = vault.domainFingerprint(address);
    if (ours.includes(domain) || own.some((known) => known.is(address))) return false;
    // A colleague at the shop's own domain, when the shop registered the domain.
    return sender.from === 'buyer' || !sender.seller.senders.includes(domain);
  });
}

/** A message to a hundred people is one offence, told by its first few. */
const RECORDED_AT_MOST = 5;

/** A buyer may write to whom they like. A recipient is kept as a keyed fingerprint only. */
export function bypassesOf(
  { sender, door, receivedAt }: Arrival,
  strangers: readonly RealAddress[],
  secrets: Secrets,
  vault: Vault,
): readonly BypassRecord[] {
  if (sender.from === 'buyer') return [];
  return strangers.slice(0, RECORDED_AT_MOST).map((stranger) => ({
    id: mintBypassId(),
    kind: secrets[sender.to].some((known) => known.is(stranger)) ? 'real-recipient' : 'real-address-beside-alias',
    sellerId: sender.order.sellerId,
    recipient: vault.fingerprint(stranger),
    door,
    at: receivedAt,
  }));
}
