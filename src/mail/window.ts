/**
 * window: may this seller write to this buyer now, unasked?
 *
 * In:  a seller's arrival and its message.    Out: nothing; fails with window.over, window.optedOut.
 * A shop may write for some time after the order, and not at all to a buyer who wants no unasked mail. An answer to the buyer is never
 * unasked: it refers to a message of the buyer's in this very order, under the id that we gave it, which no other order's seller knows.
 * What the order cannot do without goes through with a reason from a closed list, given over the API: a word in the subject
 * (`[Important]`) is the seller's own claim, and sellers used it to get around the buyer's wish (relays.md 6.1).
 */
import { RelayError } from '../core/errors.ts';
import { orderProfile } from '../orders/order.ts';
import type { CriticalReason } from '../core/reasons.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/seal.ts';
import type { Message } from './message.ts';
import { openLinks } from './parties.ts';
import type { Arrival, Claim } from './types.ts';

export interface WindowParts {
  readonly store: Store;
  readonly vault: Vault;
  /** How long after the order a seller may write unasked, in milliseconds; 0 = as long as the order is open. */
  readonly proactiveMs: number;
  readonly criticalReasons: readonly CriticalReason[];
}

export async function checkWindow(arrival: Arrival, message: Message, claim: Claim, parts: WindowParts): Promise<void> {
  const { sender, proof, receivedAt } = arrival;
  // The buyer may always write, and a carrier brings what was ordered.
  if (sender.from === 'buyer' || proof === 'carrier') return;
  const { isOptedOut = false } = orderProfile(sender.order, parts.vault);
  const isOver = parts.proactiveMs > 0 && receivedAt >= sender.order.placedAt + parts.proactiveMs;
  if (!isOver && !isOptedOut) return;
  if (claim.reason !== undefined && parts.criticalReasons.includes(claim.reason)) return;
  if (await answersBuyer(arrival, message, parts)) return;
  throw new RelayError(isOptedOut ? 'window.optedOut' : 'window.over');
}

/** Does it refer to a message of the buyer's in this order, under the id that we gave it? */
export async function answersBuyer(
  arrival: Arrival,
  message: Message,
  parts: Pick<WindowParts, 'store' | 'vault'>,
): Promise<boolean> {
  const referredTo = new Set([message.inReplyTo, ...message.references]);
  const links = await openLinks(arrival, message, parts);
  return links.some(({ from, ownId }) => from === 'buyer' && referredTo.has(ownId));
}
