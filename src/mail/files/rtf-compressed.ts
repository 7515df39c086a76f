/**
 * rtf-compressed: the RTF body of an Outlook message, out of the compression that it travels in.
 *
 * In:  the value of PR_RTF_COMPRESSED.    Out: RTF, one letter for each byte; `undefined` when it is damaged or too large.
 * Standard: MS-OXRTFCP. Attacks: a length that promises gigabytes, references to what was never written, text behind a wrong
 * checksum that one reader shows and the other does not. Linear, never throws.
 */
import { crc32 } from 'node:zlib';
import { littleAt } from './bytes.ts';

const HEADER_LENGTH = 16;
/** Its first field counts the bytes behind itself (MS-OXRTFCP 2.1.3.1.1). */
const COUNTED_FROM = 4;
const COMPRESSED = 0x75465a4c; // LZFu
const UNCOMPRESSED = 0x414c454d; // MELA
const MAX_RTF_OCTETS = 10 * 1024 * 1024;
/** Eight references, two bytes each and one for all of them, stand for 17 bytes each: nothing grows more than that. */
const MAX_GROWTH = 8;

const WINDOW = 4096;
/** What both sides know before the first byte (MS-OXRTFCP 2.1.2.1). */
const PRELOAD = Buffer.from(
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans Serif' +
    'SymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx',
  'latin1',
);

export function decompressRtf(value: Uint8Array): string | undefined {
  const length = (littleAt(value, 0, 4) ?? 0) + COUNTED_FROM;
  const rawLength = littleAt(value, 4, 4) ?? 0;
  const crc = littleAt(value, 12, 4);
  if (crc === undefined || length < HEADER_LENGTH || length > value.length) return undefined;
  const contents = Buffer.from(value.buffer, value.byteOffset + HEADER_LENGTH, length - HEADER_LENGTH);
  if (rawLength > MAX_RTF_OCTETS || rawLength > contents.length * MAX_GROWTH) return undefined;
  switch (littleAt(value, 8, 4)) {
    case COMPRESSED:
      return crc === checksum(contents) ? inflate(contents, rawLength) : undefined;
    case UNCOMPRESSED:
      return rawLength > contents.length ? undefined : contents.toString('latin1', 0, rawLength);
    default:
      return undefined;
  }
}

/** The polynomial of ZIP, but begun with 0 and not inverted at the end (MS-OXRTFCP 2.1.3.2): both inversions are taken back. */
const checksum = (contents: Uint8Array): number => ~crc32(contents, 0xffffffff) >>> 0;

/**
 * The standard's dictionary is a ring; here it is the end of what has been written, so nothing is kept twice. Each run is a byte of
 * flags and eight tokens, a letter or a reference (MS-OXRTFCP 2.2.2.2).
 */
function inflate(contents: Uint8Array, rawLength: number): string | undefined {
  const written = Buffer.alloc(PRELOAD.length + rawLength);
  let end = PRELOAD.copy(written);
  let flags = 0;
  let tokensLeft = 0;
  for (let at = 0; at < contents.length; tokensLeft--, flags >>= 1) {
    if (tokensLeft === 0) {
      flags = contents[at++] ?? 0;
      tokensLeft = 8;
    }
    if ((flags & 1) === 0) {
      if (at < contents.length) written[end++] = contents[at++] ?? 0;
    } else {
      if (at + 2 > contents.length) return undefined;
      const reference = ((contents[at] ?? 0) << 8) | (contents[at + 1] ?? 0);
      const distance = (end - (reference >> 4)) & (WINDOW - 1);
      if (distance === 0) break;
      end = repeat(written, end, distance, (reference & 0xf) + 2);
      at += 2;
    }
    if (end > written.length) return undefined;
  }
  return end === written.length ? written.toString('latin1', PRELOAD.length) : undefined;
}

/** Byte by byte, since a run may repeat what it has just written. Where it ends; beyond the end when it points nowhere. */
function repeat(written: Buffer, end: number, distance: number, length: number): number {
  if (distance > end) return Infinity;
  for (let index = 0; index < length; index++) written[end + index] = written[end - distance + index] ?? 0;
  return end + length;
}
