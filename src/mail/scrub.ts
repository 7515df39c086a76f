/**
 * scrub: finds the parties' real addresses in text, however they are written, and masks them visibly.
 *
 * In:  Unicode text and the traces.    Out: the text with `[address hidden]` in their place, and how many there were.
 * The text is read as a person would put it together again: letters, digits, `@`, `.` and `+` count; white space, line breaks,
 * quote marks, brackets, zero-width and other marks between them do not. So `jane.doe (at) real-\n> mail.example` is found, and a
 * real address that merely contains another one (`joann@` and `ann@`) is not: a letter or digit may not touch the match.
 * Time is linear in the text. Standards: Unicode UAX 15 (NFKD), RFC 3986 2.1, RFC 5233 (subaddress). Never fails.
 */
import type { Trace, Traces } from './traces.ts';

/** What the reader sees in place of an address (contract, section 5). */
export const ADDRESS_MASK = '[address hidden]';

/** UTF-16 offsets into the text that was searched. */
export interface TraceSpan {
  readonly start: number;
  readonly end: number;
}

/** The text reduced to what counts; `starts` and `ends` lead back to where each unit of it stood. */
interface Squeezed {
  readonly letters: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

export function maskText(text: string, traces: Traces): { text: string; masked: number } {
  const spans = findTraces(text, traces);
  let masked = '';
  let from = 0;
  for (const span of spans) {
    masked += text.slice(from, span.start) + ADDRESS_MASK;
    from = span.end;
  }
  return { text: masked + text.slice(from), masked: spans.length };
}

/** Where the traces stand, in order and without overlap. A `mailto:` in front belongs to the span. */
export function findTraces(text: string, traces: Traces): readonly TraceSpan[] {
  const squeezed = squeeze(text);
  const spans = traces.flatMap((trace) => [...spansOf(squeezed, trace)]);
  return merge(spans.map((span) => withMailto(text, span)));
}

// --- reading -------------------------------------------------------------------------------------------------------

/** Percent and quoted-printable escapes, character references and JavaScript escapes, coded more than once if need be. */
const ESCAPE =
  /%(?:25)*([2-7][\da-f])|=([2-7][\da-f])|\\u00([2-7][\da-f])|&(?:amp;)*(?:#0*(\d{2,6})|#x0*([\da-f]{2,5})|(commat|period|plus))(?![\da-z]);?/giy;
const NAMED: Readonly<Record<string, string>> = { commat: '@', period: '.', plus: '+' };
const COUNTS = /[\p{L}\p{N}@.+]/u;
const WORD = /[\p{L}\p{N}]/u;

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

const fold = (text: string): string => Array.from(text, foldCharacter).join('');

function squeeze(text: string): Squeezed {
  let letters = '';
  const starts: number[] = [];
  const ends: number[] = [];
  for (let index = 0; index < text.length;) {
    const code = text.charCodeAt(index);
    // One unit, one table look-up: this is all there is for most of a message.
    const simple = code < 0x80 && !isEscapeStart(code) ? ASCII[code] : undefined;
    const read = simple === undefined ? readAt(text, index, code) : undefined;
    const folded = simple ?? read?.folded ?? '';
    const end = read?.end ?? index + 1;
    letters += folded;
    for (let unit = 0; unit < folded.length; unit++) {
      starts.push(index);
      ends.push(end);
    }
    index = end;
  }
  return { letters, starts, ends };
}

/** One character or escape: what it counts as (mostly one letter or nothing), and where it ends. */
function readAt(text: string, index: number, code: number): { folded: string; end: number } {
  const escape = isEscapeStart(code) ? escapeAt(text, index) : undefined;
  if (escape !== undefined) return escape;
  if (code < 0x80) return { folded: ASCII[code] ?? '', end: index + 1 };
  const character = String.fromCodePoint(text.codePointAt(index) ?? code);
  return { folded: foldCharacter(character), end: index + character.length };
}

const ASCII = Array.from({ length: 0x80 }, (_, code) => foldCharacter(String.fromCharCode(code)));
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

// --- searching -----------------------------------------------------------------------------------------------------

/** How far a local part is followed: RFC 5321 4.5.3.1.1 bounds it to 64; twice that leaves room for dots between. */
const MAX_LOCAL = 128;

function* spansOf(squeezed: Squeezed, trace: Trace): Generator<TraceSpan> {
  const local = fold(trace.local).replaceAll('.', '');
  for (const domain of new Set(trace.domains.map(fold))) {
    for (const spelling of [domain, domain.replaceAll('.', 'dot')]) yield* forward(squeezed, local, spelling);
    yield* backward(squeezed, local, domain);
  }
}

function* forward(squeezed: Squeezed, local: string, domain: string): Generator<TraceSpan> {
  for (const at of occurrences(squeezed.letters, domain)) {
    const end = at + domain.length;
    if (isGlued(squeezed, end)) continue;
    const start = localBefore(squeezed, local, at);
    if (start !== undefined) yield spanOf(squeezed, start, end);
  }
}

/** `tset.x@nna`: the address from right to left, which `direction: rtl` or a mirror shows as it is. */
function* backward(squeezed: Squeezed, local: string, domain: string): Generator<TraceSpan> {
  const head = `${reversed(domain)}@`;
  for (const at of occurrences(squeezed.letters, head)) {
    if (isGlued(squeezed, at)) continue;
    const end = skipLocal(squeezed.letters, reversed(local), at + head.length);
    if (end !== undefined && !isGlued(squeezed, end)) yield spanOf(squeezed, at, end);
  }
}

const reversed = (text: string): string => Array.from(text).toReversed().join('');

function skipLocal(letters: string, local: string, from: number): number | undefined {
  let index = from;
  for (const letter of local) {
    while (letters[index] === '.') index++;
    if (!letters.startsWith(letter, index)) return undefined;
    index += letter.length;
  }
  return index;
}

/** Where the local part begins that stands, with its `@`, in front of `domainAt`. */
function localBefore(squeezed: Squeezed, local: string, domainAt: number): number | undefined {
  for (const sign of ['@', 'at', 'a']) {
    const signAt = domainAt - sign.length;
    if (!squeezed.letters.endsWith(sign, domainAt)) continue;
    // A worded sign stands alone: `cats.test` is not `c at s.test`.
    if (sign !== '@' && (touches(squeezed, signAt) || touches(squeezed, domainAt))) continue;
    return matchLocal(squeezed, local, signAt) ?? localBeforeSubaddress(squeezed, local, signAt);
  }
  return undefined;
}

/** As above for `local+anything`; a subaddress may hold `+` itself (RFC 5233 leaves that open), so every `+` is tried. */
function localBeforeSubaddress(squeezed: Squeezed, local: string, end: number): number | undefined {
  for (let at = end - 1; at > 0 && at >= end - MAX_LOCAL && squeezed.letters[at] !== '@'; at--) {
    const start = squeezed.letters[at] === '+' ? matchLocal(squeezed, local, at) : undefined;
    if (start !== undefined) return start;
  }
  return undefined;
}

/** Reads `local` backwards from `end`; dots do not count, and neither does the word `dot`. */
function matchLocal(squeezed: Squeezed, local: string, end: number): number | undefined {
  let index = end;
  let left = local.length;
  while (left > 0) {
    if (index <= 0 || end - index > MAX_LOCAL) return undefined;
    if (squeezed.letters[index - 1] === local[left - 1]) [index, left] = [index - 1, left - 1];
    else if (squeezed.letters[index - 1] === '.') index--;
    else if (isDotWord(squeezed, index)) index -= 3;
    else return undefined;
  }
  return isGlued(squeezed, index) ? undefined : index;
}

const isDotWord = (squeezed: Squeezed, end: number): boolean =>
  squeezed.letters.endsWith('dot', end) && !touches(squeezed, end) && !touches(squeezed, end - 3);

function* occurrences(letters: string, needle: string): Generator<number> {
  for (let at = letters.indexOf(needle); at >= 0; at = letters.indexOf(needle, at + 1)) yield at;
}

/** Nothing stood between the units on both sides of `index`. */
const touches = (squeezed: Squeezed, index: number): boolean =>
  index > 0 && index < squeezed.letters.length && squeezed.ends[index - 1] === squeezed.starts[index];

/** A letter or digit continues across `index` without anything between: the match is part of a longer word. */
function isGlued(squeezed: Squeezed, index: number): boolean {
  return (
    touches(squeezed, index) && WORD.test(squeezed.letters[index - 1] ?? '') && WORD.test(squeezed.letters[index] ?? '')
  );
}

// --- spans ---------------------------------------------------------------------------------------------------------

const spanOf = (squeezed: Squeezed, start: number, end: number): TraceSpan => ({
  start: squeezed.starts[start] ?? 0,
  end: squeezed.ends[end - 1] ?? 0,
});

function withMailto(text: string, span: TraceSpan): TraceSpan {
  const before = /mailto:\s{0,8}$/i.exec(text.slice(Math.max(0, span.start - 16), span.start));
  return before === null ? span : { start: span.start - before[0].length, end: span.end };
}

function merge(spans: readonly TraceSpan[]): readonly TraceSpan[] {
  const merged: TraceSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && span.start < last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    } else merged.push(span);
  }
  return merged;
}
