/**
 * scrub: finds the parties' real addresses in text, however they are written, and masks them visibly.
 *
 * In:  Unicode text and the traces.    Out: the text with `[address hidden]` in their place, and how many there were.
 * Searches the squeezed text (squeeze.ts), in which nothing that tears an address apart is left: `jane.doe (at) real-\n> mail.example`
 * is found. So is what stands there when tags, comments and the like are left out, or digits are read as the letters that they look like.
 * Time is linear in the text. Never fails.
 */
import { codedRuns } from './coded-runs.ts';
import { needleOf, spansOf, type Needle, type TraceSpan } from './find-address.ts';
import { otherReadings } from './other-readings.ts';
import { lettersOf, squeeze } from './squeeze.ts';
import type { Trace, Traces } from '../traces.ts';

export type { TraceSpan } from './find-address.ts';

/** What the reader sees in place of an address (contract, section 5). */
export const ADDRESS_MASK = '[address hidden]';

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

/**
 * Where the traces stand, in order and without overlap. A `mailto:` in front belongs to the span. `variants` are the same text, letter
 * for letter, as another reader may see it.
 */
export function findTraces(text: string, traces: Traces, variants: readonly string[] = []): readonly TraceSpan[] {
  const spans = [
    ...[text, ...variants, ...otherReadings(text)].flatMap((reading) => spansIn(reading, traces)),
    ...codedRuns(text, (decoded) => spansIn(decoded, traces).length > 0),
  ];
  return spans.length === 0 ? spans : merge(spans.map((span) => wholeSpan(text, span)));
}

function spansIn(text: string, traces: Traces): readonly TraceSpan[] {
  if (!mayHold(lettersOf(text), traces)) return [];
  const squeezed = squeeze(text);
  const plain = { ...squeezed, letters: withLetters(squeezed.letters) };
  return traces.flatMap((trace) => {
    const { exact, lettered } = needlesOf(trace);
    return [...spansOf(squeezed, exact), ...spansOf(plain, lettered)];
  });
}

/** Most text names no domain of a party: that much is known without looking at each letter. */
function mayHold(letters: string, traces: Traces): boolean {
  const plain = withLetters(letters);
  return traces.some((trace) => {
    const { exact, lettered } = needlesOf(trace);
    return (
      exact.anchors.some((word) => letters.includes(word)) || lettered.anchors.some((word) => plain.includes(word))
    );
  });
}

// --- digits that look like letters -----------------------------------------------------------------------------------

const LOOKS_LIKE = ['0o', '1i', 'li', '3e', '4a', '5s', '7t'];
const withLetters = (letters: string): string =>
  LOOKS_LIKE.reduce((text, [digit = '', letter = '']) => text.replaceAll(digit, letter), letters);

interface Needles {
  readonly exact: Needle;
  readonly lettered: Needle;
}

/** Every text of a message is searched for the same traces, so each is folded once. */
const known = new WeakMap<Trace, Needles>();

function needlesOf(trace: Trace): Needles {
  const needles = known.get(trace) ?? { exact: needleOf(trace), lettered: needleOf(trace, withLetters) };
  known.set(trace, needles);
  return needles;
}

// --- spans ---------------------------------------------------------------------------------------------------------

function wholeSpan(text: string, span: TraceSpan): TraceSpan {
  const before = /mailto:\s{0,8}$/i.exec(text.slice(Math.max(0, span.start - 16), span.start));
  if (before !== null) return { start: span.start - before[0].length, end: span.end };
  // A reading may begin at the second half of a pair.
  return /[\udc00-\udfff]/.test(text[span.start] ?? '') ? { start: span.start - 1, end: span.end } : span;
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
