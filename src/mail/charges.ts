/**
 * charges: what a message costs its seller, who may send so many a minute and so many a day.
 *
 * In:  an arrival and its message.    Out: the charges that are counted when it is kept.    Fails with: seller.tooMany, seller.volume.
 * Looked at here, before anything is read or rewritten, so that a flood costs little; and once more where it is kept, in one step with the
 * counting, so that many at once get no further than one after the other. Whoever is over sends the same again later: nothing is lost.
 * An answer to the buyer counts and is never refused for the day: a question must not stay without one. It waits for the next minute as
 * all mail does, and `limits.perAlias` bounds how many answers one question can have. A carrier costs the seller nothing.
 */
import { RelayError } from '../core/errors.ts';
import type { Instant } from '../core/time.ts';
import { allowancesOf, resetOf, type AllowanceParts } from '../orders/allowance.ts';
import type { Charge, Meter } from '../store/records.ts';
import type { Vault } from '../vault/seal.ts';
import type { Message } from './message.ts';
import type { Arrival } from './types.ts';
import { answersBuyer } from './window.ts';

export interface ChargeParts extends AllowanceParts {
  readonly vault: Vault;
}

export async function chargesFor(arrival: Arrival, message: Message, parts: ChargeParts): Promise<readonly Charge[]> {
  const { sender, proof, receivedAt: at } = arrival;
  if (sender.from === 'buyer' || proof === 'carrier') return [];
  const { sellerId } = sender.order;
  const { day, minute } = await allowancesOf(sellerId, at, parts);
  if (minute.used >= minute.allowed) throw meterFull('minute', at);
  const isAnswer = await answersBuyer(arrival, message, parts);
  if (!isAnswer && day.used >= day.allowed) throw meterFull('day', at);
  return [
    { sellerId, meter: 'minute', at, atMost: minute.allowed },
    { sellerId, meter: 'day', at, atMost: isAnswer ? undefined : day.allowed },
  ];
}

export function meterFull(meter: Meter, now: Instant): RelayError {
  const code = meter === 'day' ? 'seller.volume' : 'seller.tooMany';
  return new RelayError(code, { retryAfterMs: resetOf(meter, now) - now });
}
