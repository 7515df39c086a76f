/**
 * squeeze: reduces a text to what an address is made of, with the way back to where each letter stood.
 *
 * The text is read as a person would put it together again: letters, digits, `@`, `.` and `+` count; white space, line breaks,
 * quote marks, brackets, zero-width and other marks between them do not. Letters are compared by what they look like, so full-width,
 * circled and Cyrillic ones are plain; escapes of URLs, quoted-printable, HTML, JavaScript and Excel are undone.
 * Ten octets for each unit of the text, outside the heap: numbers in arrays of JavaScript took four times as much of it.
 * Standards: Unicode UAX 15, RFC 3986 2.1, RFC 2045 6.7, HTML 13.5, ECMA-376 22.9.2.19. Linear, never fails.
 */
import { foldCodePoint } from '../../policy/fold.ts';
import { MappedTextBuilder } from '../../policy/mapped.ts';

/** The text reduced to what counts; `starts` and `ends` lead back to where each unit of it stood. */
export interface Squeezed {
  readonly text: string;
  readonly letters: string;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/**
 * Percent and quoted-printable escapes (of one sign, or of the octets of one in UTF-8), character references, escapes of JavaScript
 * and of Excel; coded more than once if need be. Control characters are escaped too: a coded line end stands between words.
 */
const ESCAPE =
  /((?:%(?:25)*[89a-f][\da-f])+|(?:=[89a-f][\da-f])+)|(?:%(?:25)*(?:u00)?|\\(?:u00|x)|_x00)([0-7][\da-f])_?|=(0[9ad]|[2-7][\da-f])|\\[ux]\{0*([\da-f]{2,5})\}|&(?:amp;)*(?:#0*(\d{2,6})(?!\d)|#x0*([\da-f]{2,5})(?![\da-f])|(commat|period|plus)(?![\da-z]));?/giy;
/** Other letters than ASCII, or escapes. */
const NEEDS_READING = /[^\0-\x7f]|[%=][\da-f]{2}|%u00|_x00|\\[ux]|&[#a-z]/i;
const NAMED: Readonly<Record<string, string>> = { commat: '@', period: '.', plus: '+' };
const COUNTS = /[\p{L}\p{N}@.+]/u;

/** Characters of one text are few; the memory is emptied before a hostile variety of them can fill it. */
const MAX_REMEMBERED = 0x4000;
const remembered = new Map<number, string>();

/** What one character counts as. Asking what it is takes a hundred times as long as finding it here. */
function countedAs(code: number): string {
  const known = remembered.get(code);
  if (known !== undefined) return known;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  const folded = foldCharacter(String.fromCodePoint(code));
  remembered.set(code, folded);
  return folded;
}

/** Letters of a text, and of a trace: what they look like, without marks and fillers. */
function foldCharacter(character: string): string {
  let folded = '';
  for (const part of foldCodePoint(character.codePointAt(0) ?? 0)) {
    // U+3002 and its half-width form are IDNA full stops.
    if (part === '\u3002') folded += '.';
    else if (COUNTS.test(part)) folded += part;
  }
  return folded;
}

export const fold = (text: string): string =>
  Array.from(text, (character) => countedAs(character.codePointAt(0) ?? 0)).join('');

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
  return { text, letters, starts, ends };
}

/** Nothing stood between the units on both sides of `index`. */
export const touches = ({ letters, starts, ends }: Squeezed, index: number): boolean =>
  index > 0 && index < letters.length && (ends[index - 1] === starts[index] || starts[index - 1] === starts[index]);

const IS_LOWER = /[\p{Ll}\d]/u;
/** It looks like the sign itself. */
const CIRCLED_A = /[\u24b6\u24d0\u{1f150}\u{1f170}]/u;
const IS_UPPER = /\p{Lu}/u;

/** Something stood there, or the letters change from small to capital or back, as in `janeATmail`. */
export function isSeam(squeezed: Squeezed, index: number): boolean {
  if (!touches(squeezed, index)) return true;
  const [before, behind] = neighbours(squeezed, index);
  if (CIRCLED_A.test(before) || CIRCLED_A.test(behind)) return true;
  return (IS_LOWER.test(before) && IS_UPPER.test(behind)) || (IS_UPPER.test(before) && IS_LOWER.test(behind));
}

/** As they are written, on both sides of `index`. */
export function neighbours({ text, starts, ends }: Squeezed, index: number): readonly [before: string, behind: string] {
  const end = ends[index - 1] ?? 0;
  const before = text.codePointAt(end - 1) ?? 0;
  // The second half of a pair.
  const isLow = before >= 0xdc00 && before <= 0xdfff;
  const first = isLow ? (text.codePointAt(end - 2) ?? before) : before;
  return [String.fromCodePoint(first), String.fromCodePoint(text.codePointAt(starts[index] ?? 0) ?? 0)];
}

/** One character or escape: what it counts as (mostly one letter or nothing), and where it ends. */
function readAt(text: string, index: number, code: number): { folded: string; end: number } {
  const escape = isEscapeStart(code) ? escapeAt(text, index) : undefined;
  if (escape !== undefined) return escape;
  if (code < 0x80) return { folded: ASCII[code] ?? '', end: index + 1 };
  const codePoint = text.codePointAt(index) ?? code;
  return { folded: countedAs(codePoint), end: index + (codePoint > 0xffff ? 2 : 1) };
}

const ASCII = Array.from({ length: 0x80 }, (_, code) => foldCharacter(String.fromCharCode(code)));
/** The same as a number, for a whole text at once; 0 for what does not count. */
const ASCII_LETTER = Uint8Array.from(ASCII, (letter) => letter.charCodeAt(0) || 0);
/** `%`, `&`, `=`, `\\` and `_`. */
const isEscapeStart = (code: number): boolean =>
  code === 0x25 || code === 0x26 || code === 0x3d || code === 0x5c || code === 0x5f;

function escapeAt(text: string, index: number): { folded: string; end: number } | undefined {
  ESCAPE.lastIndex = index;
  const match = ESCAPE.exec(text);
  if (match === null) return undefined;
  const [whole, octets, coded, quoted, braced, decimal, hex, name] = match;
  const end = index + whole.length;
  if (octets !== undefined) return { folded: fold(textOfOctets(octets)), end };
  if (name !== undefined) return { folded: NAMED[name.toLowerCase()] ?? '', end };
  const code = decimal === undefined ? Number.parseInt(coded ?? quoted ?? braced ?? hex ?? '', 16) : Number(decimal);
  return { folded: foldCharacter(characterOf(code)), end };
}

const characterOf = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '');

/** The last two digits of each escape; what is in front says how often it was coded. */
const textOfOctets = (escapes: string): string =>
  Buffer.from((escapes.match(/[89a-f][\da-f](?=[%=]|$)/gi) ?? []).join(''), 'hex').toString('utf8');

const ESCAPES = new RegExp(ESCAPE.source, 'gi');

/** The letters alone, without a way back: several times as fast. */
export function lettersOf(text: string): string {
  if (!NEEDS_READING.test(text)) return asciiLettersOf(text);
  const plain = text.replace(ESCAPES, (escape) => escapeAt(escape, 0)?.folded ?? '');
  return asciiLettersOf(plain.replace(/[^\0-\x7f]+/g, fold));
}

/** What is left of other scripts is folded already. */
function asciiLettersOf(text: string): string {
  if (/[^\0-\x7f]/.test(text)) return text.replace(/[\0-\x7f]+/g, asciiLettersOf);
  const units = Buffer.from(text, 'latin1');
  let length = 0;
  for (let index = 0; index < units.length; index++) {
    const letter = ASCII_LETTER[units[index] ?? 0] ?? 0;
    if (letter !== 0) units[length++] = letter;
  }
  return units.toString('latin1', 0, length);
}
