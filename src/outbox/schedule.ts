/**
 * schedule: when a message that could not be delivered is tried again (RFC 5321 4.5.4.1: after 30 minutes at least, with the
 * first retries sooner, since most temporary failures are greylisting and pass in minutes).
 */
import { HOUR, MINUTE } from '../core/time.ts';

const STEPS_MS = [1 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 1 * HOUR, 2 * HOUR, 4 * HOUR] as const;
const LAST_STEP_MS = 6 * HOUR;
/** Up to a fifth later, so that a destination that comes back is not hit by everybody at once. */
const JITTER = 0.2;

/** Milliseconds to wait after attempt number `attempt` (from 1). `random` is in [0, 1). */
export function retryAfterMs(attempt: number, random: number): number {
  const step = STEPS_MS[attempt - 1] ?? LAST_STEP_MS;
  return Math.round(step * (1 + JITTER * random));
}
