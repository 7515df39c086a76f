/**
 * coded-runs: stretches of base64 in a text that hold an address of a party: tracking links, cards of version 2.1, mail in files.
 *
 * In:  a text, and what finds traces in a text.    Out: where such a stretch stands, whole: half of it decodes to the other half.
 * A run goes on over folded lines (RFC 2045 6.8, RFC 5545 3.1), however short the last one is. It may begin anywhere in a group, as a
 * value in a link does. Standards: RFC 4648 4 and 5. Linear; never fails.
 */
export interface Run {
  readonly start: number;
  readonly end: number;
}

const LETTERS = '[A-Za-z0-9+/_-]';
const FOLD = `=?\\r?\\n[ \\t>]{0,4}`;
/** A long line, or a short one in front of a long one; then whatever lines follow. */
const RUN = new RegExp(
  `(?<!${LETTERS})(?:${LETTERS}{16,}|${LETTERS}{1,15}(?=${FOLD}${LETTERS}{16}))(?:${FOLD}${LETTERS}+)*={0,2}`,
  'g',
);
const AT_SIGN = 0x40;

export function* codedRuns(text: string, holdsTrace: (decoded: string) => boolean): Generator<Run> {
  for (const { 0: run, index } of text.matchAll(RUN)) {
    if (decodings(run.replace(/[^A-Za-z0-9+/_-]/g, '')).some(holdsTrace))
      yield { start: index, end: index + run.length };
  }
}

/** At each of the four places where a group may begin; none for what holds no `@`, as nearly all do. */
function decodings(letters: string): readonly string[] {
  return [0, 1, 2, 3].flatMap((offset) => {
    const bytes = Buffer.from(letters.slice(offset), 'base64');
    return bytes.includes(AT_SIGN) ? [bytes.toString('latin1').replaceAll('\0', '')] : [];
  });
}
