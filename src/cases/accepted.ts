/**
 * accepted: the addresses from which a buyer said to write too, as the marketplace and the buyer may see them, and taken back.
 *
 * In:  an order.    Out: an id for each, when it was accepted, and for the buyer's own eyes its first letter and its domain.
 * The id is a keyed hash of order and address: it is the same each time, and says neither what the address is nor that another order
 * has the same one.
 */
import type { Events } from '../core/events.ts';
import type { OrderId } from '../core/ids.ts';
import type { Instant } from '../core/time.ts';
import type { AcceptedAuthor } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/seal.ts';

export interface AcceptedParts {
  readonly store: Store;
  readonly vault: Vault;
  readonly events: Events;
}

export interface Accepted {
  /** `acc_` and 20 letters. */
  readonly id: string;
  readonly at: Instant;
}

export interface ShownAccepted extends Accepted {
  /** Such as `k***@example.org`; for the buyer alone. `undefined` where it was not kept. */
  readonly masked: string | undefined;
}

const ID_LETTERS = 20;

const idOf = ({ orderId, author }: AcceptedAuthor, vault: Vault): string =>
  `acc_${vault.fingerprintOf('accepted', `${orderId} ${author}`).slice(0, ID_LETTERS)}`;

export async function listAccepted(orderId: OrderId, { store, vault }: AcceptedParts): Promise<readonly Accepted[]> {
  return (await store.listAccepted(orderId)).map((one) => ({ id: idOf(one, vault), at: one.at }));
}

export async function showAccepted(
  orderId: OrderId,
  { store, vault }: AcceptedParts,
): Promise<readonly ShownAccepted[]> {
  return (await store.listAccepted(orderId)).map((one) => ({
    id: idOf(one, vault),
    at: one.at,
    masked: one.masked && vault.openText(one.masked, `accepted/${orderId}`),
  }));
}

/** `false` when the order accepts no address with this id. */
export async function removeAccepted(
  orderId: OrderId,
  id: string,
  by: 'buyer' | 'person',
  { store, vault, events }: AcceptedParts,
): Promise<boolean> {
  const found = (await store.listAccepted(orderId)).find((one) => idOf(one, vault) === id);
  if (found === undefined || !(await store.removeAccepted(orderId, found.author))) return false;
  events.acceptedRemoved({ order: orderId, by });
  return true;
}
