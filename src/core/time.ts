/**
 * time: the clock as a port. Everything that waits or dates something takes a `Clock`, so tests can move it.
 */

/** Milliseconds since 1970, UTC. */
export type Instant = number;

export interface Clock {
  now(): Instant;
  /** Resolves after `ms`, or at once when `signal` aborts: a wait that is called off is not an error. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  wait(ms, signal) {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const timer = setTimeout(end, ms);
      signal?.addEventListener('abort', end);
      // Not the timer of `node:timers/promises`: it makes an error for each wait that is called off, one for each message sent.
      function end() {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      }
    });
  },
};

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** RFC 3339 in UTC, as the API shows times. */
export function rfc3339(instant: Instant): string {
  return new Date(instant).toISOString();
}

/** RFC 5322 3.3 date in UTC: the sender's zone would tell where the sender lives. */
export function rfc5322Date(instant: Instant): string {
  return new Date(instant).toUTCString().replace('GMT', '+0000');
}
