/**
 * secrets: both parties' real addresses for one message, opened to be masked and to be looked for in the final bytes.
 *
 * The author's addresses as they stand in this message count too: a helpdesk may write from any address of a registered domain.
 */
import { RealAddress } from '../core/real-address.ts';
import { buyerAddress, sellerInbox, sellerProfile } from '../orders/order.ts';
import type { SellerRecord } from '../store/records.ts';
import type { Vault } from '../vault/seal.ts';
import type { Message } from './message.ts';
import type { Arrival, Secrets } from './types.ts';

/** `aliasDomains` tells our own aliases from people: a message that came over the API is from an alias, which names nobody. */
export function secretsOf(arrival: Arrival, message: Message, vault: Vault, aliasDomains: readonly string[]): Secrets {
  const { order, seller, from, envelope } = arrival.sender;
  // A carrier is no party: its own address may be what its mail is about.
  const authors = arrival.proof === 'carrier' ? [] : [message.from, envelope.reversePath];
  const ours = aliasDomains.map((domain) => vault.fingerprintOf('domain', domain));
  const written = authors
    .filter((address) => address !== undefined)
    .filter((address) => !ours.includes(vault.domainFingerprint(address)));
  const buyer = [buyerAddress(order, vault, 'mask'), ...(from === 'buyer' ? written : [])];
  const shop = [...registeredSenders(seller, vault), ...(from === 'seller' ? written : [])];
  return { buyer: distinct(buyer), seller: distinct(shop) };
}

function registeredSenders(seller: SellerRecord, vault: Vault): readonly RealAddress[] {
  const senders = sellerProfile(seller, vault).senders.filter((sender) => !sender.startsWith('@'));
  return [sellerInbox(seller, vault, 'mask'), ...senders.map((sender) => RealAddress.parse(sender))];
}

function distinct(addresses: readonly RealAddress[]): readonly RealAddress[] {
  return [...new Map(addresses.map((address) => [address.tag, address])).values()];
}
