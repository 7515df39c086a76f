/**
 * augment: messages that were not written down, made from those that were.
 *
 * Forged quotes: a seller who puts an offer below "On Monday you wrote" hides nothing from the buyer (inducement.md 3.1 row 23). One
 * message in six, honest and not, is taught a second time as a quotation, so that quoted lines are weighed and not waved through.
 */
import { textOf, type Example } from './corpus.ts';

const EVERY = 6;
const INTRODUCTION = 'On Mon, 2 Nov 2026 Anna wrote:\n';

/** The examples and, of each idea, some as quotations. */
export function augmented(examples: readonly Example[]): readonly Example[] {
  return [...examples, ...examples.filter((_, index) => index % EVERY === 0).map(asQuotation)];
}

function asQuotation(example: Example): Example {
  const text = textOf(example);
  const starts = [...text.matchAll(/^/gm)].map((match) => match.index);
  const moved = (offset: number) => INTRODUCTION.length + offset + 2 * starts.filter((start) => start <= offset).length;
  return {
    ...example,
    subject: '',
    body: INTRODUCTION + text.replaceAll(/^/gm, '> '),
    marks: example.marks.map(({ start, end }) => ({ start: moved(start), end: moved(end) })),
  };
}
