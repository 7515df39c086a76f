/**
 * bytes: numbers out of untrusted bytes, and the place where the cleaned copy grows.
 *
 * In:  bytes and a position that the file itself may have named.    Out: `undefined` (or a reader marked as broken) beyond the end.
 * A copy is never longer than what it was made of, but for a few bytes, so its room is reserved once. Never throws.
 */

/** Big-endian, as in JPEG, PNG and ISO BMFF. Up to eight bytes: a number beyond 2^53 is inexact, but then also beyond every file. */
export function numberAt(bytes: Uint8Array, at: number, width: number): number | undefined {
  if (at < 0 || at + width > bytes.length) return undefined;
  let value = 0;
  for (let index = 0; index < width; index++) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}

/** Little-endian, as in RIFF, GIF and BMP. */
export function littleAt(bytes: Uint8Array, at: number, width: number): number | undefined {
  if (at < 0 || at + width > bytes.length) return undefined;
  let value = 0;
  for (let index = width - 1; index >= 0; index--) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}

export function textAt(bytes: Buffer, at: number, length: number): string {
  return bytes.toString('latin1', at, at + length);
}

/** Reads fields one after the other; beyond the end it answers 0 and stays broken, so one question at the end is enough. */
export class Reader {
  at: number;
  isBroken = false;
  readonly #bytes: Uint8Array;
  readonly #end: number;

  constructor(bytes: Uint8Array, from: number, end: number) {
    this.#bytes = bytes;
    this.#end = end;
    this.at = from;
  }

  take(width: number): number {
    const value = this.at + width > this.#end ? undefined : numberAt(this.#bytes, this.at, width);
    this.isBroken ||= value === undefined;
    this.at += width;
    return value ?? 0;
  }
}

/** The most that a copy grows: a fresh orientation, a profile's new name, a missing pad byte. */
const GROWTH = 64;

export class Output {
  length = 0;
  readonly #bytes: Buffer;

  constructor(sourceLength: number) {
    this.#bytes = Buffer.alloc(sourceLength + GROWTH);
  }

  add(bytes: Uint8Array | readonly number[]): void {
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  addText(text: string): void {
    this.add(Buffer.from(text, 'latin1'));
  }

  addNumber(value: number): void {
    this.length = this.#bytes.writeUInt32BE(value, this.length);
  }

  setLittle(value: number, at: number): void {
    this.#bytes.writeUInt32LE(value, at);
  }

  taken(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }
}
