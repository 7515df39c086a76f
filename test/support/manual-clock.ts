/**
 * manual-clock: a clock that stands still until it is moved.
 */
import type { Clock, Instant } from '../../src/core/time.ts';

export interface ManualClock extends Clock {
  /** Moves the clock; whoever waited for less goes on. */
  advance(ms: number): void;
}

export function manualClock(start: Instant): ManualClock {
  let now = start;
  const waiting = new Set<{ readonly at: Instant; readonly end: () => void }>();
  return {
    now: () => now,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const entry = { at: now + ms, end };
        function end(): void {
          waiting.delete(entry);
          signal?.removeEventListener('abort', end);
          resolve();
        }
        waiting.add(entry);
        signal?.addEventListener('abort', end);
      }),
    advance(ms) {
      now += ms;
      for (const entry of waiting) if (entry.at <= now) entry.end();
    },
  };
}
