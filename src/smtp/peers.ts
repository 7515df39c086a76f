/**
 * peers: how many connections and failed sign-ins one address may have.
 *
 * Kept in memory, for a minute: a lock that lasts would let anybody lock a seller out.
 */
import { MINUTE, type Clock, type Instant } from '../core/time.ts';

const FAILURES_AT_MOST = 5;
const REMEMBERED_AT_MOST = 10_000;

export class Peers {
  readonly #clock: Clock;
  readonly #maxConnections: number;
  readonly #connections = new Map<string, number>();
  readonly #counted = new WeakMap<object, string>();
  readonly #failures = new Map<string, Instant[]>();

  constructor(clock: Clock, maxConnections: number) {
    this.#clock = clock;
    this.#maxConnections = maxConnections;
  }

  /** Counts a session; `false` when it is one too many (it is counted all the same, until `disconnected`). */
  connected(session: object, address: string): boolean {
    const count = (this.#connections.get(address) ?? 0) + 1;
    this.#connections.set(address, count);
    this.#counted.set(session, address);
    return count <= this.#maxConnections;
  }

  /** A session that was never counted takes nobody off: a client that talks before the greeting ends without a beginning. */
  disconnected(session: object): void {
    const address = this.#counted.get(session);
    if (address === undefined) return;
    this.#counted.delete(session);
    const count = (this.#connections.get(address) ?? 1) - 1;
    if (count > 0) this.#connections.set(address, count);
    else this.#connections.delete(address);
  }

  maySignIn(address: string): boolean {
    return this.#recentFailures(address).length < FAILURES_AT_MOST;
  }

  signInFailed(address: string): void {
    if (this.#failures.size >= REMEMBERED_AT_MOST) this.#failures.clear();
    this.#failures.set(address, [...this.#recentFailures(address), this.#clock.now()]);
  }

  #recentFailures(address: string): Instant[] {
    const since = this.#clock.now() - MINUTE;
    return (this.#failures.get(address) ?? []).filter((at) => at > since);
  }
}
