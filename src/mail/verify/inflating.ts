/**
 * inflating: unpacks streams, each as far as it goes, within bounds for all that one message makes us unpack.
 *
 * In:  bytes that begin with a deflate or zlib stream.    Out: what comes out, up to where the stream ends or breaks.
 * Lenient readers show the beginning of a damaged stream, so it is read; Node's inflate throws away what it had made when it meets the
 * damage, so the longest beginning that is sound is searched for. Every try counts with what it took in and gave out, also one that
 * failed: otherwise a stream that breaks behind 120 MB is free, and a file holds thousands of them (security.md DO-02).
 * Standards: RFC 1950, RFC 1951. Throws a RangeError when a bound is passed: verify then says no.
 */
import { constants, type inflateSync } from 'node:zlib';

/** Octets taken in and given out, a second or two of work. What opens files stops at 100 MB, and a file has 18. */
const MAX_OCTETS = 200_000_000;
/** Each costs some forty microseconds, however little it unpacks. */
const MAX_TRIES = 10_000;
/** The first beginning that is tried. What only looks packed is no longer than that. */
const SHORTEST = 64;

export class Inflating {
  #octetsLeft = MAX_OCTETS;
  #triesLeft = MAX_TRIES;

  /** Empty for what only looked packed. */
  asFarAsItGoes(packed: Buffer, inflate: typeof inflateSync): Buffer {
    return this.#try(packed, inflate) ?? this.#soundBeginning(packed, inflate);
  }

  /** Twice as long each time, then halfway: what is tried is never more than twice as long as what turns out to be sound. */
  #soundBeginning(packed: Buffer, inflate: typeof inflateSync): Buffer {
    let unpacked: Buffer = Buffer.alloc(0);
    let sound = 0;
    let broken = packed.length;
    while (broken - sound > 1) {
      const length = Math.min(Math.max(sound * 2, SHORTEST), (sound + broken + 1) >> 1);
      const tried = this.#try(packed.subarray(0, length), inflate);
      if (tried === undefined) {
        broken = length;
        this.#charge(unpacked.length + sound); // it went at least so far
      } else {
        sound = length;
        unpacked = tried;
      }
    }
    return unpacked;
  }

  /** `undefined` when the stream breaks. One that is cut short does not: it is flushed. */
  #try(packed: Buffer, inflate: typeof inflateSync): Buffer | undefined {
    if (this.#triesLeft-- <= 0) throw new RangeError('too many pieces');
    try {
      const options = {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: Math.max(1, this.#octetsLeft),
        info: true,
      };
      const { buffer, engine } = withEngine(inflate(packed, options));
      this.#charge(buffer.length + engine.bytesWritten);
      return buffer;
    } catch (error) {
      if (error instanceof RangeError) throw error;
      return undefined;
    }
  }

  #charge(octets: number): void {
    this.#octetsLeft -= octets;
    if (this.#octetsLeft < 0) throw new RangeError('too much unpacked');
  }
}

/** With `info` Node also tells how many octets it took in, for which the types have no words. */
interface WithEngine {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

const withEngine = (result: unknown): WithEngine => result as WithEngine;
