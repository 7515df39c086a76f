/**
 * standing: how a seller does, from what was counted: how soon it answers its buyers, and what it may still send.
 *
 * Answers of the last thirty days. A question that has waited longer than the target is late already, answered or not; no hold of ours
 * counts against the seller.
 */
import type { SellerId } from '../core/ids.ts';
import type { Instant } from '../core/time.ts';
import type { Meter } from '../store/records.ts';
import { allowancesOf, type Allowance, type AllowanceParts } from './allowance.ts';

export interface StandingParts extends AllowanceParts {
  /** How soon a buyer is to be answered, in milliseconds. */
  readonly responseTargetMs: number;
}

export interface Standing {
  readonly sellerId: SellerId;
  readonly responses: {
    readonly within: number;
    readonly late: number;
    /** Questions without an answer whose time is not over. */
    readonly waiting: number;
    /** Of the answers; `undefined` when there was none. */
    readonly medianMs: number | undefined;
  };
  readonly limits: Readonly<Record<Meter, Allowance>>;
}

export async function standingOf(sellerId: SellerId, now: Instant, parts: StandingParts): Promise<Standing> {
  const { answered, waiting } = await parts.store.responseTimes(sellerId, now);
  const isWithin = (milliseconds: number): boolean => milliseconds <= parts.responseTargetMs;
  const within = answered.filter(isWithin).length;
  const open = waiting.filter(isWithin).length;
  return {
    sellerId,
    responses: {
      within,
      late: answered.length - within + waiting.length - open,
      waiting: open,
      medianMs: medianOf(answered),
    },
    limits: await allowancesOf(sellerId, now, parts),
  };
}

/** Of an even number the lower one of the middle two: a time that somebody waited. */
function medianOf(times: readonly number[]): number | undefined {
  return times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) / 2)];
}
