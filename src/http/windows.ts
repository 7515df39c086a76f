/**
 * windows: how often each key came within a window, in bounded memory.
 *
 * A window begins with the first that is counted in it and ends after its time, whatever comes. Nothing of it is written anywhere. When
 * there are more keys than can be remembered the oldest window is forgotten: a flood from ever new addresses costs no more memory, and
 * wins each of them no more than its first window (security.md DO-05).
 */
import type { Clock, Instant } from '../core/time.ts';

const KEYS_AT_MOST = 10_000;

interface Window {
  readonly endsAt: Instant;
  count: number;
}

export interface Counted {
  readonly isOver: boolean;
  readonly remaining: number;
  /** Milliseconds to the end of the window. */
  readonly resetsInMs: number;
}

export class Windows {
  readonly atMost: number;
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #windows = new Map<string, Window>();

  constructor(clock: Clock, windowMs: number, atMost: number) {
    this.#clock = clock;
    this.#windowMs = windowMs;
    this.atMost = atMost;
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#windows.size;
  }

  count(key: string): Counted {
    const window = this.#of(key) ?? this.#open(key);
    window.count += 1;
    return {
      isOver: window.count > this.atMost,
      remaining: Math.max(0, this.atMost - window.count),
      resetsInMs: window.endsAt - this.#clock.now(),
    };
  }

  /** Milliseconds to the end of a window that is full, 0 for every other. */
  fullForMs(key: string): number {
    const window = this.#of(key);
    return window === undefined || window.count < this.atMost ? 0 : window.endsAt - this.#clock.now();
  }

  #of(key: string): Window | undefined {
    const window = this.#windows.get(key);
    return window !== undefined && window.endsAt > this.#clock.now() ? window : undefined;
  }

  #open(key: string): Window {
    this.#windows.delete(key);
    const [oldest] = this.#windows.keys();
    if (this.#windows.size >= KEYS_AT_MOST && oldest !== undefined) this.#windows.delete(oldest);
    const window = { endsAt: this.#clock.now() + this.#windowMs, count: 0 };
    this.#windows.set(key, window);
    return window;
  }
}
