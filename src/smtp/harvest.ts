/**
 * harvest: how many recipients that are none a client may try.
 *
 * Sixty an hour from one address, and for one seller from wherever it signs in. After that every recipient is put off with 421, also
 * those that exist: an answer that differed would go on telling which these are. In memory, bounded, forgotten at a restart.
 */
import type { ErrorCode } from '../core/errors.ts';
import type { SellerId } from '../core/ids.ts';
import { HOUR, type Clock } from '../core/time.ts';
import { sourceOf } from '../core/networks.ts';
import { Recently } from '../core/recently.ts';

const AN_HOUR = 60;
const MISSES: readonly ErrorCode[] = ['alias.unknown', 'recipient.notOurs', 'address.invalid'];

export class Harvest {
  readonly #bySource: Recently;
  readonly #bySeller: Recently;

  constructor(clock: Clock) {
    this.#bySource = new Recently(clock, HOUR, AN_HOUR);
    this.#bySeller = new Recently(clock, HOUR, AN_HOUR);
  }

  isSpent(address: string, seller: SellerId | undefined): boolean {
    const ofSeller = seller === undefined ? 0 : this.#bySeller.of(seller).length;
    return ofSeller >= AN_HOUR || this.#bySource.of(sourceOf(address)).length >= AN_HOUR;
  }

  /** Counts a refusal, if it is one that says there is no such recipient; one after the data answers for all its `recipients`. */
  refused(code: ErrorCode, address: string, seller: SellerId | undefined, recipients = 1): void {
    if (!MISSES.includes(code)) return;
    for (let count = 0; count < recipients; count++) {
      this.#bySource.note(sourceOf(address));
      if (seller !== undefined) this.#bySeller.note(seller);
    }
  }
}
