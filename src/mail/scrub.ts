/**
 * scrub: finds the parties' real addresses in text, however they are written, and masks them visibly.
 *
 * In:  Unicode text and the traces.    Out: the text with `[address hidden]` in their place, and how many there were.
 * Searches the squeezed text (squeeze.ts), in which nothing that tears an address apart is left: `jane.doe (at) real-\n> mail.example`
 * is found. A longer address that ends alike (`joann@` and `ann@`) is another one: no letter or digit may touch the match.
 * Time is linear in the text. Standards: RFC 5233 (subaddress). Never fails.
 */
import { easyLetters, fold, squeeze, type Squeezed } from './squeeze.ts';
import type { Trace, Traces } from './traces.ts';

/** What the reader sees in place of an address (contract, section 5). */
export const ADDRESS_MASK = '[address hidden]';

/** UTF-16 offsets into the text that was searched. */
export interface TraceSpan {
  readonly start: number;
  readonly end: number;
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

/** Is `text` a party's address and nothing more, but for `mailto:`, brackets and the like? */
export function isOnlyTraces(text: string, traces: Traces): boolean {
  const { text: masked, masked: count } = maskText(text, traces);
  return count > 0 && !/[\p{L}\p{N}]/u.test(masked.replaceAll(ADDRESS_MASK, '').replace(/mailto:/gi, ''));
}

/** Where the traces stand, in order and without overlap. A `mailto:` in front belongs to the span. */
export function findTraces(text: string, traces: Traces): readonly TraceSpan[] {
  if (isSurelyClean(text, traces)) return [];
  const spans = spansIn(text, traces);
  // `\n` ends a line in calendars, cards and programs, and its `n` is no letter of a name; or it is, after a stray backslash.
  const others = LINE_END.test(text) ? spansIn(text.replace(LINE_ENDS, '  '), traces) : [];
  return merge([...spans, ...others].map((span) => withMailto(text, span)));
}

const LINE_END = /\\[nrt]/i;
const LINE_ENDS = /\\[nrt]/gi;

function spansIn(text: string, traces: Traces): readonly TraceSpan[] {
  const squeezed = squeeze(text);
  return traces.flatMap((trace) => [...spansOf(squeezed, trace)]);
}

/** Most text is ASCII without escapes and names no domain of a party: that much is known without looking at each letter. */
function isSurelyClean(text: string, traces: Traces): boolean {
  const letters = easyLetters(text);
  if (letters === undefined || LINE_END.test(text)) return false;
  return !traces.some((trace) =>
    needleOf(trace).hosts.some((host) => Object.values(host).some((spelling) => letters.includes(spelling))),
  );
}

// --- searching -----------------------------------------------------------------------------------------------------

/** How far a local part is followed: RFC 5321 4.5.3.1.1 bounds it to 64; twice that leaves room for dots between. */
const MAX_LOCAL = 128;

/** A trace as its letters stand in a squeezed text. */
interface Needle {
  readonly local: string;
  readonly hosts: readonly { readonly plain: string; readonly worded: string; readonly mirrored: string }[];
}

/** Every text of a message is searched for the same traces, so each is folded once. */
const needles = new WeakMap<Trace, Needle>();

function needleOf(trace: Trace): Needle {
  const known = needles.get(trace);
  if (known !== undefined) return known;
  const hosts = [...new Set(trace.domains.map(fold))].map((plain) => ({
    plain,
    worded: plain.replaceAll('.', 'dot'),
    mirrored: `${reversed(plain)}@`,
  }));
  const needle = { local: fold(trace.local).replaceAll('.', ''), hosts };
  needles.set(trace, needle);
  return needle;
}

function* spansOf(squeezed: Squeezed, trace: Trace): Generator<TraceSpan> {
  const { local, hosts } = needleOf(trace);
  for (const { plain, worded, mirrored } of hosts) {
    yield* forward(squeezed, local, plain);
    yield* forward(squeezed, reversed(local), plain);
    yield* forward(squeezed, local, worded);
    yield* backward(squeezed, local, mirrored);
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
function* backward(squeezed: Squeezed, local: string, head: string): Generator<TraceSpan> {
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

const WORD = /[\p{L}\p{N}]/u;

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
