/**
 * parties: what one message needs to know of its two sides: the names they are shown under, the ids of their thread, the carriers
 * of their order.
 */
import { orderProfile, sellerProfile } from '../orders/order.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/seal.ts';
import type { Policy } from './judge.ts';
import type { Message } from './message.ts';
import type { ThreadLink } from './threads.ts';
import type { Arrival, Identified } from './types.ts';

/**
 * Display names of the author and the reader. A buyer is shown under the name that the marketplace chose, or by the order; a carrier as
 * one, since the answer goes to the shop.
 */
export function namesOf({ sender, proof }: Arrival, vault: Vault): { readonly from: string; readonly to: string } {
  const shop = sellerProfile(sender.seller, vault).name;
  const seller = proof === 'carrier' ? `Carrier (${shop})` : shop;
  const buyer = orderProfile(sender.order, vault).buyerName ?? `Buyer (order ${sender.order.orderId})`;
  return sender.from === 'seller' ? { from: seller, to: buyer } : { from: buyer, to: seller };
}

/** A whole domain, as the marketplace granted it; one address at a host of everybody's mail grants nothing more. */
const GRANTED_DOMAIN = /^@(.+)$/;

/** Beside the marketplace's own, the domains of the order's carriers may be named in its mail: a parcel has to arrive. */
export function policyFor(sender: Identified, policy: Policy, vault: Vault): Policy {
  const { carriers } = orderProfile(sender.order, vault);
  const granted = carriers.flatMap((carrier) => GRANTED_DOMAIN.exec(carrier.toLowerCase())?.[1] ?? []);
  return granted.length === 0 ? policy : { ...policy, ownDomains: [...policy.ownDomains, ...granted] };
}

/** The order's thread, opened; nothing is looked up for a message that refers to nothing. */
export async function openLinks(
  arrival: Arrival,
  message: Message,
  parts: { readonly store: Store; readonly vault: Vault },
): Promise<readonly ThreadLink[]> {
  if (message.references.length === 0 && message.inReplyTo === '') return [];
  const { orderId } = arrival.sender.order;
  const threads = await parts.store.findThreads(orderId);
  return threads.map((thread) => ({
    from: thread.from,
    ownId: thread.ownId,
    original: parts.vault.openText(thread.original, `thread/${orderId}`),
  }));
}
