/**
 * readings: the ways in which a receiver, or its programs, may read a text or a file.
 *
 * In:  decoded text, raw bytes.    Out: readings, each to be searched; those that cannot differ are left out.
 * Standards: RFC 2045 6.7 (quoted-printable), RFC 2047 (encoded words), RFC 3986 2.1, RFC 4648 4 and 5 (base64), HTML 13.5 (character
 * references), RFC 5545 3.1 and RFC 6350 3.2 (folding: white space to the matcher). Never fails: what cannot be decoded is skipped.
 */
import { isBase64 } from './base64.ts';

/** Readings of text from a header, a body, a name or a text file: what programs make of it. See codes.ts for people. */
export function* textReadings(text: string): Generator<string> {
  yield text;
  yield* codedReadings(text);
  if (text.includes('\\')) yield* backslashReadings(text);
  // The line end in a parameter of a calendar (RFC 6868 3.1): its letter is none of the text.
  if (/\^n/i.test(text)) yield text.replace(/\^n/gi, '  ');
  if (!ENCODED_WORD.test(text)) return;
  const words = decodeWords(text);
  yield words;
  yield* codedReadings(words);
}

const BACKSLASH_BREAK = /\\[nrt]/gi;
const RTF_CODE = /\\'([\da-f]{2})|\\u(\d{1,5}) ?\??/gi;
const RTF_WORD = /\\[a-z]{1,32}-?\d{0,10} ?|[{}\r\n]/gi;

/** Line ends of calendars and programs (RFC 5545 3.3.11, RFC 8259 7), and the letters and control words of RTF. */
function* backslashReadings(text: string): Generator<string> {
  if (/\\[nrt]/i.test(text)) yield* codedReadings(text.replace(BACKSLASH_BREAK, '  '));
  if (/\\[nrt]/i.test(text)) yield text.replace(BACKSLASH_BREAK, '  ');
  if (!text.includes('{\\rtf')) return;
  const letters = text.replace(RTF_CODE, (_whole, hex?: string, code?: string) =>
    String.fromCharCode(hex === undefined ? Number(code) : Number.parseInt(hex, 16)),
  );
  yield letters.replace(RTF_WORD, ' ');
}

const MAY_BE_CODED = /[%=][\da-f]{2}|=\r?\n|\\u[\da-f]{4}|\\x[\da-f]{2}|&[#a-z]/i;
const MARKUP = /<[a-z!/?]/i;
// Stopping at the next `<` keeps a run of opening brackets linear; what a comment holds besides tags is a gap to the matcher or stays.
const TAG = /<!--[^<>]*-->|<[^<>]*>/g;

/** Escapes undone, with and without markup: an address may be coded in text (between tags) or in an attribute (within one). */
function* codedReadings(text: string): Generator<string> {
  if (MAY_BE_CODED.test(text)) {
    const decoded = decodeEscapes(text);
    yield decoded;
    // Mail quotes what was coded for another medium: `&amp;#64;`, `%2540`.
    if (MAY_BE_CODED.test(decoded)) yield decodeEscapes(decoded);
  }
  // A tag leaves a gap, which joins `a<b>nn</b>@x` and keeps `<td>Name</td><td>ann@x` apart.
  if (MARKUP.test(text)) yield decodeEscapes(text.replace(TAG, ' '));
}

const ESCAPE =
  /=\r?\n|[%=]([\da-f]{2})|\\(?:u00|x)([\da-f]{2})|\\u([\da-f]{4})|&#(\d{1,7});?|&#x([\da-f]{1,6});?|&([a-z]{2,20});/gi;
const NAMED: Readonly<Record<string, string>> = {
  commat: '@',
  period: '.',
  plus: '+',
  lowbar: '_',
  dash: '-',
  hyphen: '-',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  num: '#',
  percnt: '%',
  nbsp: ' ',
  shy: ' ',
  zwnj: ' ',
  zwj: ' ',
};

function decodeEscapes(text: string): string {
  let hasBytes = false;
  const decoded = text.replace(ESCAPE, (whole: string, ...groups: readonly (string | undefined)[]) => {
    const [coded, script, unit, decimal, hex, name] = groups;
    const byte = coded ?? script;
    if (byte !== undefined) {
      hasBytes ||= byte >= '8';
      return String.fromCharCode(Number.parseInt(byte, 16));
    }
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
    if (unit === undefined && decimal === undefined && hex === undefined) return ''; // a soft line break
    const code = decimal === undefined ? Number.parseInt(unit ?? hex ?? '0', 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
  return hasBytes ? `${decoded}\n${utf8(decoded)}` : decoded;
}

/** Text whose units are bytes, read as UTF-8. */
const utf8 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');

// --- encoded words ---------------------------------------------------------------------------------------------------

const ENCODED_WORD = /=\?[^?\s]{1,60}\?[bq]\?[^?]*\?=/i;
const ENCODED_WORDS = /=\?([^?\s]{1,60})\?([bq])\?([^?]*)\?=(?:\s+(?==\?))?/gi;

/** White space between two encoded words does not count (RFC 2047 6.2); some writers split a character over two words. */
function decodeWords(text: string): string {
  return text.replace(ENCODED_WORDS, (_whole, charset: string, coding: string, content: string) => {
    const bytes =
      coding.toLowerCase() === 'b'
        ? Buffer.from(content, 'base64')
        : Buffer.from(
            content
              .replaceAll('_', ' ')
              .replace(/=([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
            'latin1',
          );
    return decodeBytes(bytes, charset.replace(/\*.*$/, ''));
  });
}

function decodeBytes(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1'); // a charset that nobody knows: at least its ASCII is read
  }
}

// --- bytes -----------------------------------------------------------------------------------------------------------

/** Bytes without a declared charset: ASCII in any width (UTF-16 and UTF-32 are ASCII with zeros), and the rest where it differs. */
export function* byteReadings(bytes: Uint8Array): Generator<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const narrow = buffer.toString('latin1');
  const isWide = narrow.includes('\0');
  yield isWide ? narrow.replaceAll('\0', '') : narrow;
  if (/[\x80-\xff]/.test(narrow)) yield buffer.toString('utf8');
  if (!isWide) return;
  yield buffer.toString('utf16le');
  yield Buffer.from(buffer.subarray(0, buffer.length & ~1))
    .swap16()
    .toString('utf16le');
}

/** No byte that text has no use for, in any width of characters. */
export function isTextual(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 4096)).toString('latin1');
  return !/[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]/.test(head);
}

const LF = 0x0a;
const SHORTEST_LINE = 60;
const LONGEST_LINE = 76;

/**
 * The final bytes as they stand on the wire, without the bulk: lines of base64 spell nothing until they are decoded, which happens where
 * the part is read, and they are most of a large message.
 */
export function wireText(bytes: Uint8Array): string {
  const wire = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Buffer[] = [];
  let keptFrom = 0;
  for (let start = 0, end = wire.indexOf(LF); end >= 0; start = end + 1, end = wire.indexOf(LF, start)) {
    if (!isBase64Line(wire, start, end - 1)) continue;
    if (keptFrom < start) kept.push(wire.subarray(keptFrom, start));
    keptFrom = end + 1;
  }
  return Buffer.concat([...kept, wire.subarray(keptFrom)]).toString('utf8');
}

function isBase64Line(wire: Buffer, start: number, end: number): boolean {
  const length = end - start;
  if (length < SHORTEST_LINE || length > LONGEST_LINE) return false;
  for (let index = start; index < end; index++) if (!isBase64(wire[index] ?? 0)) return false;
  return true;
}

const AT_SIGN = 0x40;
/** How much of a file around an `@` is read: the longest local part there is, torn apart by zeros; a domain likewise. */
const BEFORE = 512;
const AFTER = 1100;

/**
 * A file that is no text, around each `@` that the first letter of a domain follows, in any width of characters: an address stands in
 * one piece there. `mayBegin` says of an octet whether a domain may begin with it.
 */
export function* bytesAround(bytes: Uint8Array, mayBegin: (octet: number) => boolean): Generator<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = buffer.indexOf(AT_SIGN); at >= 0; at = buffer.indexOf(AT_SIGN, at + 1)) {
    let next = at + 1;
    while (next < at + 8 && buffer[next] === 0) next++;
    // Even steps back from the sign, so that wide characters stay whole; big-endian ones begin one octet before it.
    if (mayBegin(buffer[next] ?? 0)) {
      yield* byteReadings(buffer.subarray(Math.max(at & 1, at - BEFORE), at + AFTER));
    }
  }
}
