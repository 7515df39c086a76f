/**
 * mapped: text that remembers, for each of its UTF-16 units, which units of its source it came from.
 *
 * Rules read text that was cleaned and taken out of markup; evidence must still point into the field as it was sent. `starts[i]`
 * and `ends[i]` bound the source of unit `i`, so a span maps back in constant time.
 */
import type { Span } from './rule.ts';

export interface MappedText {
  readonly text: string;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** The source of a span. Pieces of markup are not always read in the order they stand in, so either end may come first. */
export function sourceOf(mapped: MappedText, span: Span): Span {
  const first = mapped.starts[span.start] ?? mapped.ends.at(-1) ?? 0;
  const last = span.end > span.start ? (mapped.ends[span.end - 1] ?? first) : first;
  return { start: Math.min(first, last), end: Math.max(first, last) };
}

/** Grows a `MappedText` unit by unit, without a string for each. */
export class MappedTextBuilder {
  #units: Uint16Array;
  #starts: Int32Array;
  #ends: Int32Array;
  #length = 0;
  /** All bits that any unit has. */
  #seen = 0;

  constructor(capacity: number) {
    const room = Math.max(capacity, 64);
    this.#units = new Uint16Array(room);
    this.#starts = new Int32Array(room);
    this.#ends = new Int32Array(room);
  }

  get length(): number {
    return this.#length;
  }

  /** The last unit, or 0. */
  get last(): number {
    return this.#length === 0 ? 0 : (this.#units[this.#length - 1] ?? 0);
  }

  unit(code: number, start: number, end: number): void {
    if (this.#length === this.#units.length) this.#grow();
    this.#units[this.#length] = code;
    this.#starts[this.#length] = start;
    this.#ends[this.#length] = end;
    this.#length++;
    this.#seen |= code;
  }

  /** Every unit of `text` stands for the whole of the source span. */
  whole(text: string, start: number, end: number): void {
    for (let index = 0; index < text.length; index++) this.unit(text.charCodeAt(index), start, end);
  }

  build(): MappedText {
    const units = this.#units.subarray(0, this.#length);
    // A string of one-byte characters is searched faster, and most mail is one.
    const text =
      this.#seen < 256
        ? Buffer.from(units).toString('latin1')
        : Buffer.from(units.buffer, 0, this.#length * 2).toString('utf16le');
    return { text, starts: this.#starts.subarray(0, this.#length), ends: this.#ends.subarray(0, this.#length) };
  }

  #grow(): void {
    const room = this.#units.length * 2;
    const units = new Uint16Array(room);
    const starts = new Int32Array(room);
    const ends = new Int32Array(room);
    units.set(this.#units);
    starts.set(this.#starts);
    ends.set(this.#ends);
    this.#units = units;
    this.#starts = starts;
    this.#ends = ends;
  }
}
