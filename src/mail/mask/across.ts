/**
 * across: masks traces in text that markup tears apart: `a<b>nn</b>@x` is one address to whoever reads it.
 *
 * In:  pieces of text and of markup, in order; the traces.    Out: the same pieces as one text, masked, and how many traces there were.
 * Where a tag stood the search sees that something was there. Linear in the text. Never fails.
 */
import { ADDRESS_MASK, findTraces, type TraceSpan } from './scrub.ts';
import type { Traces } from '../traces.ts';

export interface Piece {
  readonly kind: 'text' | 'markup';
  /** Text as it is read, without escapes; markup as it is written. */
  readonly content: string;
  /** A reader may not see this text: what stands on both sides is searched as if it touched, too. */
  readonly mayBeUnseen?: boolean;
}

/** NUL is no text and is never written. */
const TAG_GAP = '\0';

/** `escape` writes text so that it stays text. */
export function maskAcross(
  pieces: readonly Piece[],
  traces: Traces,
  escape: (text: string) => string,
): { text: string; masked: number } {
  const joined = pieces.map((piece) => (piece.kind === 'text' ? piece.content : TAG_GAP)).join('');
  const spans = findTraces(joined, traces, pieces.some((piece) => piece.mayBeUnseen === true) ? [seenOf(pieces)] : []);
  let text = '';
  let at = 0;
  let next = 0;
  for (const piece of pieces) {
    const end = at + (piece.kind === 'text' ? piece.content.length : TAG_GAP.length);
    while ((spans[next]?.end ?? Infinity) <= at) next++;
    text += piece.kind === 'text' ? escape(textBetween(joined, { start: at, end }, spans, next)) : piece.content;
    at = end;
  }
  return { text, masked: spans.length };
}

const seenOf = (pieces: readonly Piece[]): string =>
  pieces
    .map(({ kind, content, mayBeUnseen }) => {
      if (kind === 'markup') return TAG_GAP;
      return mayBeUnseen === true ? TAG_GAP.repeat(content.length) : content;
    })
    .join('');

/** The piece's own text outside the spans; the mask stands where a span begins. */
function textBetween(joined: string, piece: TraceSpan, spans: readonly TraceSpan[], first: number): string {
  let text = '';
  let from = piece.start;
  for (let index = first; from < piece.end; index++) {
    const span = spans[index];
    if (span === undefined || span.start >= piece.end) break;
    text += joined.slice(from, Math.max(from, span.start));
    if (span.start >= piece.start) text += ADDRESS_MASK;
    from = span.end;
  }
  return text + joined.slice(from, Math.max(from, piece.end));
}
