/**
 * unpacking: what lies packed in a file: the entries of a ZIP, the streams and strings of a PDF, pictures' and files' own packing.
 *
 * In:  the bytes of a file.    Out: the bytes that come out of it, each to be read like a file of its own.
 * Found by their marks, wherever they stand, with Node's own inflate; nothing of what opened and rebuilt the file is used here. What
 * comes out is bounded as a whole, and going over it throws: verify then says no (security.md DO-02).
 * Standards: APPNOTE 4.3.7, ISO 32000-1 7.3.4 and 7.4.4, PNG 11.3.4 (compressed text).
 */
import { inflateRawSync, inflateSync } from 'node:zlib';
import { Inflating } from './inflating.ts';

export class Unpacking {
  readonly #inflating = new Inflating();

  /** Throws a RangeError when there is more in it than anybody could read. */
  *of(bytes: Uint8Array): Generator<Buffer> {
    const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // Not as a whole: what stands behind it would be an error, and is let through by readers.
    if (file[0] === 0x1f && file[1] === 0x8b)
      yield this.#inflating.asFarAsItGoes(file.subarray(gzipHead(file)), inflateRawSync);
    if (isZlib(file, 0)) yield this.#inflating.asFarAsItGoes(file, inflateSync);
    if (file.includes(LOCAL_ENTRY)) yield* this.#zip(file);
    if (file.includes('%PDF-')) yield* this.#pdf(file);
    if (file.includes('zTXt') || file.includes('iTXt') || file.includes('iCCP')) yield* this.#zlibRuns(file);
  }

  /** Entries by their own headers, so that one that the directory does not name is read too. */
  *#zip(file: Buffer): Generator<Buffer> {
    const names: string[] = [];
    for (let at = file.indexOf(LOCAL_ENTRY); at >= 0; at = file.indexOf(LOCAL_ENTRY, at + 4)) {
      if (at + 30 > file.length) break;
      const start = at + 30 + file.readUInt16LE(at + 26) + file.readUInt16LE(at + 28);
      names.push(file.toString('utf8', at + 30, at + 30 + file.readUInt16LE(at + 26)));
      // Names and extra fields stand in the clear; stored entries too.
      if (file.readUInt16LE(at + 8) === 8 && start < file.length)
        yield this.#inflating.asFarAsItGoes(file.subarray(start), inflateRawSync);
    }
    // As they are listed: two names may be two halves of one address.
    yield Buffer.from(names.join('\n'));
  }

  *#pdf(file: Buffer): Generator<Buffer> {
    for (let at = file.indexOf('stream'); at >= 0; at = file.indexOf('stream', at + 6)) {
      const start = at + (file[at + 6] === CR ? 8 : 7);
      // Other streams stand as they are.
      if (isZlib(file, start)) {
        const unpacked = this.#inflating.asFarAsItGoes(file.subarray(start), inflateSync);
        yield unpacked;
        yield drawnText(unpacked);
      }
    }
    yield* hexStrings(file);
  }

  *#zlibRuns(file: Buffer): Generator<Buffer> {
    for (const mark of [Buffer.from('\0\0\x78', 'latin1'), Buffer.from('\0\x01\0', 'latin1')]) {
      for (let at = file.indexOf(mark); at >= 0; at = file.indexOf(mark, at + 1)) {
        const run = file.indexOf(0x78, at + 1);
        if (run >= 0 && run < at + 200) yield this.#inflating.asFarAsItGoes(file.subarray(run), inflateSync);
      }
    }
  }
}

/** How long the head is (RFC 1952 2.3): ten octets, then what its flags say. */
function gzipHead(file: Buffer): number {
  const flags = file[3] ?? 0;
  let at = 10;
  if ((flags & 4) !== 0 && at + 2 <= file.length) at += 2 + file.readUInt16LE(at);
  for (const flag of [8, 16]) if ((flags & flag) !== 0) at = file.indexOf(0, at) + 1;
  return (flags & 2) === 0 ? at : at + 2;
}

/** RFC 1950 2.2: the second byte of the header makes it a multiple of 31. */
function isZlib(file: Buffer, at: number): boolean {
  const head = ((file[at] ?? 0) << 8) | (file[at + 1] ?? 0);
  return ((file[at] ?? 0) & 15) === 8 && head % 31 === 0;
}

const CR = 0x0d;
const LOCAL_ENTRY = Buffer.from([0x50, 0x4b, 3, 4]);

/** ISO 32000-1 9.4.3: `[(ja) -20 (ne)] TJ` draws `jane`. The literal strings of a page one after the other. */
function drawnText(page: Buffer): Buffer {
  const text = page.toString('latin1');
  if (!/T[jJ]/.test(text)) return Buffer.alloc(0);
  const strings = [...text.matchAll(/\(((?:[^()\\]|\\[^])*)\)|<([\da-fA-F\s]*)>/g)];
  return Buffer.from(
    strings.map(([, literal, hex]) => literal?.replace(/\\([^])/g, '$1') ?? fromHex(hex ?? '')).join(''),
    'latin1',
  );
}

function* hexStrings(file: Buffer): Generator<Buffer> {
  const text = file.toString('latin1');
  const decoded = [...text.matchAll(/<([\da-fA-F\s]{12,4096})>/g)].map(([, hex = '']) => fromHex(hex));
  if (decoded.length > 0) yield Buffer.from(decoded.join('\n'), 'latin1');
}

const fromHex = (hex: string): string => Buffer.from(hex.replace(/\s/g, ''), 'hex').toString('latin1');
