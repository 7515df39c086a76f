/**
 * memory: gives back at once what a large message took.
 *
 * Buffers live outside the heap, so V8 sees little reason to collect while a message of 25 MB is read, rebuilt, proved and sealed, each
 * time as a copy; twenty of them would be in memory several times over. What is known to be done with is given back by hand.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** From here on a message is worth a collection. */
const LARGE = 4 * 1024 * 1024;

let collect: (() => void) | undefined;

/** `octets` of a message have been dealt with in this thread: a collection, some ten milliseconds in a thread with nobody waiting. */
export function releaseMemory(octets: number): void {
  if (octets < LARGE) return;
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect?.();
}

/** Under this the next collection is soon enough. */
const WORTH_IT = 256 * 1024;

/** Nobody will read `bytes` again: their memory is free now. Anything that shares the memory is empty from here on. */
export function discard(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (bytes.byteLength >= WORTH_IT && buffer instanceof ArrayBuffer && buffer.byteLength < bytes.byteLength * 2)
    buffer.transfer(0);
}
