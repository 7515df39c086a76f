/**
 * recently: what each key did within a length of time, in bounded memory.
 *
 * Nothing of it is written anywhere: after a restart everybody begins anew. When there are more keys than can be remembered the
 * oldest is forgotten, never the newest, so that a flood of new keys cannot make room for itself alone.
 */
import type { Clock, Instant } from './time.ts';

const KEYS_AT_MOST = 10_000;

export class Recently {
  readonly #times = new Map<string, Instant[]>();
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #keptAtMost: number;

  /** More than `keptAtMost` times of one key say nothing that so many do not say. */
  constructor(clock: Clock, windowMs: number, keptAtMost: number) {
    this.#clock = clock;
    this.#windowMs = windowMs;
    this.#keptAtMost = keptAtMost;
  }

  note(key: string): void {
    const times = [...this.of(key), this.#clock.now()].slice(-this.#keptAtMost);
    this.#times.delete(key);
    if (this.#times.size >= KEYS_AT_MOST) this.#forgetOldest();
    this.#times.set(key, times);
  }

  /** The last of a key was none. */
  takeBack(key: string): void {
    this.#times.get(key)?.pop();
  }

  /** The times of a key within the window, oldest first. */
  of(key: string): readonly Instant[] {
    const since = this.#clock.now() - this.#windowMs;
    return (this.#times.get(key) ?? []).filter((at) => at > since);
  }

  #forgetOldest(): void {
    const [oldest] = this.#times.keys();
    if (oldest !== undefined) this.#times.delete(oldest);
  }
}
