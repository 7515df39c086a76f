/**
 * allowance: how many messages a seller may send, and how many it has sent.
 *
 * A shop that sells much writes much: so many a day for everybody, and so many more for each of its average daily orders (relays.md 6.1).
 * A minute is the same for all of them: it keeps one shop's program from taking the relay away from the others (security.md DO-05).
 */
import type { SellerId } from '../core/ids.ts';
import type { Instant } from '../core/time.ts';
import type { Meter } from '../store/records.ts';
import { METER_MS, ORDER_DAYS, type Store } from '../store/store.ts';

export interface AllowanceParts {
  readonly store: Store;
  /** Messages a day that every seller has. */
  readonly volumeBase: number;
  /** Messages a day more for each of its average daily orders. */
  readonly volumePerOrder: number;
  readonly perSellerPerMinute: number;
}

export interface Allowance {
  readonly used: number;
  readonly allowed: number;
  /** When it begins anew. */
  readonly resetsAt: Instant;
}

export async function allowancesOf(
  sellerId: SellerId,
  now: Instant,
  { store, volumeBase, volumePerOrder, perSellerPerMinute }: AllowanceParts,
): Promise<Readonly<Record<Meter, Allowance>>> {
  const [used, orders] = await Promise.all([store.readMeters(sellerId, now), store.countOrders(sellerId, now)]);
  const aDay = volumeBase + Math.floor((volumePerOrder * orders) / ORDER_DAYS);
  return {
    day: { used: used.day, allowed: aDay, resetsAt: resetOf('day', now) },
    minute: { used: used.minute, allowed: perSellerPerMinute, resetsAt: resetOf('minute', now) },
  };
}

export function resetOf(meter: Meter, now: Instant): Instant {
  return (Math.floor(now / METER_MS[meter]) + 1) * METER_MS[meter];
}
