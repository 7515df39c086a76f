/**
 * squeeze: reduces a text to what an address is made of, with the way back to where each letter stood.
 *
 * The text is read as a person would put it together again: letters, digits, `@`, `.` and `+` count; white space, line breaks,
 * quote marks, brackets, zero-width and other marks between them do not. Letters are compared in NFKD and lower case, so full-width
 * and circled ones are plain; escapes of URLs, quoted-printable, HTML and JavaScript are undone.
 * Ten octets for each unit of the text, outside the heap: numbers in arrays of JavaScript took four times as much of it.
 * Standards: Unicode UAX 15, RFC 3986 2.1, RFC 2045 6.7, HTML 13.5. Linear, never fails.
 */
import { MappedTextBuilder } from '../policy/mapped.ts';

/** The text reduced to what counts; `starts` and `ends` lead back to where each unit of it stood. */
export interface Squeezed {
  readonly letters: string;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Percent and quoted-printable escapes, character references and JavaScript escapes, coded more than once if need be. */
const ESCAPE =
  /%(?:25)*([2-7][\da-f])|=([2-7][\da-f])|\\(?:u00|x)([2-7][\da-f])|&(?:amp;)*(?:#0*(\d{2,6})(?!\d)|#x0*([\da-f]{2,5})(?![\da-f])|(commat|period|plus)(?![\da-z]));?/giy;
// ASCII, and white space, hyphens and quotes that fold to no letter.
const NEEDS_READING = /[^\0-\x7f\u00a0\u00ad\u200b-\u201f]|[%=][2-7][\da-f]|%25|\\[ux]|&[#a-z]/i;
const NAMED: Readonly<Record<string, string>> = { commat: '@', period: '.', plus: '+' };
const COUNTS = /[\p{L}\p{N}@.+]/u;

/** Characters of one text are few; the memory is emptied before a hostile variety of them can fill it. */
const MAX_REMEMBERED = 0x4000;
const remembered = new Map<number, string>();

/** What one character counts as. Normalising it takes a hundred times as long as finding it here. */
function foldCodePoint(code: number): string {
  const known = remembered.get(code);
  if (known !== undefined) return known;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  const folded = foldCharacter(String.fromCodePoint(code));
  remembered.set(code, folded);
  return folded;
}

/** Letters of a text, and of a trace: NFKD, lower case, without marks and fillers. */
function foldCharacter(character: string): string {
  let folded = '';
  for (const part of character.normalize('NFKD').toLowerCase().normalize('NFKD')) {
    // U+115F, U+1160, U+3164 and U+FFA0 count as letters and show nothing. U+3002 and its half-width form are IDNA full stops.
    if (part === '\u3002') folded += '.';
    else if (COUNTS.test(part) && !/[\u115F\u1160\u3164\uFFA0]/.test(part)) folded += part;
  }
  return folded;
}

export const fold = (text: string): string => Array.from(text, foldCharacter).join('');

export function squeeze(text: string): Squeezed {
  const builder = new MappedTextBuilder(text.length);
  for (let index = 0; index < text.length;) {
    const code = text.charCodeAt(index);
    if (code < 0x80 && !isEscapeStart(code)) {
      // One unit, one table look-up: this is all there is for most of a message.
      const letter = ASCII_LETTER[code] ?? 0;
      if (letter !== 0) builder.unit(letter, index, index + 1);
      index++;
      continue;
    }
    const { folded, end } = readAt(text, index, code);
    builder.whole(folded, index, end);
    index = end;
  }
  const { text: letters, starts, ends } = builder.build();
  return { letters, starts, ends };
}

/** One character or escape: what it counts as (mostly one letter or nothing), and where it ends. */
function readAt(text: string, index: number, code: number): { folded: string; end: number } {
  const escape = isEscapeStart(code) ? escapeAt(text, index) : undefined;
  if (escape !== undefined) return escape;
  if (code < 0x80) return { folded: ASCII[code] ?? '', end: index + 1 };
  const codePoint = text.codePointAt(index) ?? code;
  return { folded: foldCodePoint(codePoint), end: index + (codePoint > 0xffff ? 2 : 1) };
}

const ASCII = Array.from({ length: 0x80 }, (_, code) => foldCharacter(String.fromCharCode(code)));
/** The same as a number, for a whole text at once; 0 for what does not count. */
const ASCII_LETTER = Uint8Array.from(ASCII, (letter) => letter.charCodeAt(0) || 0);
const isEscapeStart = (code: number): boolean => code === 0x25 || code === 0x26 || code === 0x3d || code === 0x5c;

function escapeAt(text: string, index: number): { folded: string; end: number } | undefined {
  ESCAPE.lastIndex = index;
  const match = ESCAPE.exec(text);
  if (match === null) return undefined;
  const [whole, percent, quoted, unicode, decimal, hex, name] = match;
  const character =
    name === undefined
      ? characterOf(
          decimal === undefined ? Number.parseInt(percent ?? quoted ?? unicode ?? hex ?? '', 16) : Number(decimal),
        )
      : NAMED[name.toLowerCase()];
  return { folded: foldCharacter(character ?? ''), end: index + whole.length };
}

const characterOf = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '');

/** The letters alone, without a way back, or `undefined` for a text that takes more than a look. Most text is this easy. */
export function easyLetters(text: string): string | undefined {
  if (NEEDS_READING.test(text)) return undefined;
  const units = Buffer.from(text, 'latin1');
  let length = 0;
  for (let index = 0; index < units.length; index++) {
    const letter = ASCII_LETTER[units[index] ?? 0] ?? 0;
    if (letter !== 0) units[length++] = letter;
  }
  return units.toString('latin1', 0, length);
}
