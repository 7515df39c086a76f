/**
 * encode-header: header fields for the wire, in ASCII, folded, one field each.
 *
 * In:  names and values that may hold anything.    Out: text that is one header field to every reader, whatever was in it.
 * No CR, LF, NUL or other control character survives, so no value can become a second field. Text that looks like an encoded word is
 * encoded itself: otherwise the reader would be shown what nobody judged.
 * Standards: RFC 5322 2.1.1, 2.2.3 and 3.4, RFC 2047. Never throws.
 */
import { oneLine } from './header-text.ts';

/** RFC 5322 2.1.1: should be, and must be, without the line end. */
const GOOD_LINE = 78;
const MAX_LINE = 998;
/** RFC 2047 2 allows 75; the rest leaves room for a field name before the first word. */
const MAX_WORD = 60;
/** Longer than this without a space cannot be folded as it stands. */
const MAX_UNFOLDED = 500;

const PRINTABLE = /^[\x20-\x7e]*$/;

/** Unstructured text (RFC 5322 3.6.5), as it stands where that is safe, else as encoded words. */
export function encodeText(text: string): string {
  const line = oneLine(text);
  return isPlain(line) ? line : encodedWords(line);
}

/** `"Display name" <addr-spec>`; the address alone when the name is empty. */
export function encodeMailbox(displayName: string, addrSpec: string): string {
  const address = addrSpec.replace(/[^\x21-\x7e]|[<>(),;:"\\[\]]/g, '');
  const name = oneLine(displayName);
  if (name === '') return address;
  return `${encodePhrase(name)} <${address}>`;
}

const ATOMS = /^[A-Za-z0-9!#$%&'*+\-/^_`{|}~]+(?: [A-Za-z0-9!#$%&'*+\-/^_`{|}~]+)*$/;

function encodePhrase(name: string): string {
  if (!isPlain(name)) return encodedWords(name);
  return ATOMS.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;
}

function isPlain(line: string): boolean {
  return PRINTABLE.test(line) && !line.includes('=?') && !line.split(' ').some((word) => word.length > MAX_UNFOLDED);
}

function encodedWords(line: string): string {
  const bytes = Buffer.byteLength(line);
  // Q keeps what is mostly ASCII readable for people who look at the source; B is shorter for the rest.
  const isMostlyAscii = bytes - line.length < line.length / 4;
  return isMostlyAscii ? words(line, 'Q', qEncoded) : words(line, 'B', (text) => text);
}

/** Cuts between characters only: RFC 2047 5 (3). */
function words(line: string, coding: 'B' | 'Q', encode: (character: string) => string): string {
  const room = MAX_WORD - '=?utf-8?Q??='.length;
  const cost = (encoded: string): number => (coding === 'Q' ? encoded.length : (Buffer.byteLength(encoded) * 4) / 3);
  const chunks: string[] = [];
  let chunk = '';
  let used = 0;
  for (const character of line) {
    const encoded = encode(character);
    if (used + cost(encoded) > room - 3) {
      chunks.push(chunk);
      chunk = '';
      used = 0;
    }
    chunk += encoded;
    used += cost(encoded);
  }
  chunks.push(chunk);
  return chunks
    .map((text) => `=?utf-8?${coding}?${coding === 'Q' ? text : Buffer.from(text).toString('base64')}?=`)
    .join(' ');
}

/** RFC 2047 5 (3): within a phrase only these stand for themselves. */
function qEncoded(character: string): string {
  if (character === ' ') return '_';
  if (/^[A-Za-z0-9!*+\-/]$/.test(character)) return character;
  return Buffer.from(character).toString('hex').toUpperCase().replace(/../g, '=$&');
}

/** `Name: value` with CRLF, folded. A value that is not ASCII is encoded as text. */
export function headerField(name: string, value: string): string {
  const line = oneLine(value);
  const safe = PRINTABLE.test(line) ? line : encodedWords(line);
  return fold(`${name.replace(/[^\x21-\x39\x3b-\x7e]/g, '')}:`, safe);
}

function fold(start: string, value: string): string {
  let line = start;
  let folded = '';
  // Each token carries the space before it: the folds go in front of that, and unfolding gives the value back.
  for (const token of ` ${value}`.match(/ +[^ ]+/g) ?? []) {
    if (line.length + token.length > GOOD_LINE && line !== start) {
      folded += `${line}\r\n`;
      line = '';
    }
    line += token;
    while (line.length > MAX_LINE) {
      folded += `${line.slice(0, MAX_LINE - 1)}\r\n`;
      line = ` ${line.slice(MAX_LINE - 1)}`;
    }
  }
  return `${folded}${line}\r\n`;
}

/** More than this in one line and the value is cut into numbered pieces (RFC 2231 3). */
const MAX_PIECE = 60;

/**
 * `; filename="..."`, or the RFC 2231 form when the name is not plain ASCII. Never both: a parameter that stands there twice is what
 * two readers read differently, and Python's parser calls it a defect. Lines of their own, ready for a header.
 */
export function filenameParameters(filename: string): string {
  const fitsQuotes = /^[\x20-\x7e]{0,200}$/.test(filename) && !/["\\]|=\?/.test(filename);
  return fitsQuotes ? `;\r\n filename="${filename}"` : extendedParameter('filename', filename);
}

function extendedParameter(name: string, value: string): string {
  const encoded = Array.from(Buffer.from(value), percentByte);
  const pieces: string[] = [`utf-8''`];
  for (const unit of encoded) {
    const last = pieces.at(-1) ?? '';
    if (last.length + unit.length > MAX_PIECE) pieces.push(unit);
    else pieces[pieces.length - 1] = last + unit;
  }
  if (pieces.length === 1) return `;\r\n ${name}*=${pieces.join('')}`;
  return pieces.map((piece, number) => `;\r\n ${name}*${number}*=${piece}`).join('');
}

function percentByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9._-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
