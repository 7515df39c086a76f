/**
 * random: random bytes from the system's generator, fetched for many uses at once: each fetch is a call of some microseconds, and a
 * message needs a dozen small ones. No byte is handed out twice, and none is kept once it is handed out.
 */
import { randomFillSync } from 'node:crypto';

const pool = new Uint8Array(4096);
let next = pool.length;

/** `length` fresh bytes, 4,096 at most. */
export function freshBytes(length: number): Uint8Array {
  if (next + length > pool.length) {
    randomFillSync(pool);
    next = 0;
  }
  const bytes = pool.slice(next, next + length);
  pool.fill(0, next, next + length);
  next += length;
  return bytes;
}
