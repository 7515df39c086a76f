/**
 * strangers: real addresses that stand beside the alias in To, Cc, Bcc or Reply-To.
 *
 * In:  an arrival and its message.    Out: those that are neither aliases nor the author's own, and a record when a seller wrote.
 * Nobody but the alias of the envelope is served: whoever stands beside it got the message from the author's own server, with the
 * author's address in it. Of a seller that is a sign of going around the relay; either author is told (relays.md 2.2, row 24).
 */
import { mintBypassId } from '../core/ids.ts';
import type { RealAddress } from '../core/real-address.ts';
import type { BypassParts } from './bypass.ts';
import type { Message } from './message.ts';
import type { Arrival, Secrets } from './types.ts';

export interface StrangerParts extends BypassParts {
  readonly aliasDomains: readonly string[];
  /** The marketplace's own domains: its people may be written to. */
  readonly ownDomains: readonly string[];
}

/** How many of them there are; a recipient is kept as a keyed fingerprint only. */
export async function noteStrangers(
  arrival: Arrival,
  message: Message,
  secrets: Secrets,
  parts: StrangerParts,
): Promise<number> {
  const strangers = strangersIn(arrival, message, secrets, parts);
  if (arrival.sender.from === 'seller') {
    for (const stranger of strangers.slice(0, RECORDED_AT_MOST)) await record(arrival, stranger, secrets, parts);
  }
  return strangers.length;
}

/** A message to a hundred people is one offence, told by its first few. */
const RECORDED_AT_MOST = 5;

function strangersIn(
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

async function record(
  { sender, door, receivedAt }: Arrival,
  stranger: RealAddress,
  secrets: Secrets,
  { store, vault, events }: StrangerParts,
): Promise<void> {
  const id = mintBypassId();
  const isReader = secrets[sender.to].some((known) => known.is(stranger));
  const kind = isReader ? 'real-recipient' : 'real-address-beside-alias';
  const { sellerId } = sender.order;
  await store.recordBypass({ id, kind, sellerId, recipient: vault.fingerprint(stranger), door, at: receivedAt });
  events.bypassTried({ bypass: id, kind, seller: sellerId });
}
