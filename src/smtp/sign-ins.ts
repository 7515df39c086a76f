/**
 * sign-ins: how often a password may be guessed.
 *
 * Five failures a minute from one address, twenty an hour for one user name from wherever they come. The second is a soft lock: it
 * ends a quarter of an hour after the failure that closed it, and it is not for addresses from which that user has signed in
 * before, so nobody can lock a seller out by guessing. While it is closed no password is looked at, right or wrong, so the answer
 * tells nothing. Names that nobody has are counted alike. User names are kept as keyed hashes; in memory, bounded.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { HOUR, MINUTE, type Clock } from '../core/time.ts';
import { sourceOf } from '../core/networks.ts';
import { Recently } from '../core/recently.ts';

const PER_SOURCE = 5;
const PER_USER = 20;
const LOCKED_MS = 15 * MINUTE;
const KNOWN_AT_MOST = 10_000;

export class SignIns {
  readonly #clock: Clock;
  readonly #bySource: Recently;
  readonly #byUser: Recently;
  readonly #memoryKey = randomBytes(32);
  /** User and source that belonged together once. */
  readonly #known = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#bySource = new Recently(clock, MINUTE, PER_SOURCE);
    this.#byUser = new Recently(clock, HOUR, PER_USER);
  }

  /** Counts a try as failed before it is known, so that many at once are as many; `false` when it may not be made. */
  begin(user: string, address: string): boolean {
    if (this.#bySource.of(sourceOf(address)).length >= PER_SOURCE) return false;
    const isKnown = this.#known.has(this.#pair(user, address));
    if (!isKnown && this.#isLocked(user)) return false;
    this.#bySource.note(sourceOf(address));
    // Failures from where the user is known to be do not add up to a lock for everybody else.
    if (!isKnown) this.#byUser.note(this.#hash(user));
    return true;
  }

  /** The try that was begun was right. */
  succeeded(user: string, address: string): void {
    const pair = this.#pair(user, address);
    this.#bySource.takeBack(sourceOf(address));
    if (!this.#known.has(pair)) this.#byUser.takeBack(this.#hash(user));
    this.#known.delete(pair);
    const [oldest] = this.#known;
    if (this.#known.size >= KNOWN_AT_MOST && oldest !== undefined) this.#known.delete(oldest);
    this.#known.add(pair);
  }

  #isLocked(user: string): boolean {
    const failures = this.#byUser.of(this.#hash(user));
    const last = failures.at(-1);
    return failures.length >= PER_USER && last !== undefined && this.#clock.now() - last < LOCKED_MS;
  }

  #pair(user: string, address: string): string {
    return `${this.#hash(user)} ${sourceOf(address)}`;
  }

  #hash(user: string): string {
    return createHmac('sha256', this.#memoryKey).update(user.toLowerCase()).digest('base64');
  }
}
