/**
 * address-words: how people say `@` and `.` of an address in the languages of the mail that comes.
 *
 * In:  a squeezed text and a place in it.    Out: how long the word is that ends or begins there.
 * A word stands alone (`jane at mail`) or in other letters than its neighbours (`janeATmail`): `cats.test` is no `c at s.test`.
 * For scrub only: verify has words of its own. Never fails.
 */
import { isSeam, fold, type Squeezed } from './squeeze.ts';

const SIGNS = sorted(
  'at a et arroba arobase chiocciola klammeraffe affenschwanz affenklammer małpa собака ет apenstaartje slingeraap snabela krøllalfa ' +
    'kukac zavináč miukumauku papaki atsign commercialat ättecken isareti アット アットマーク 골뱅이 艾特 小老鼠',
);
const DOTS = sorted('dot punkt punto point ponto punt kropka точка nokta tečka piste pont period ドット 点 點 점');

/** Longest first: `at sign` is no `sign` behind an `at`. */
function sorted(words: string): readonly string[] {
  return words
    .split(' ')
    .map(fold)
    .toSorted((a, b) => b.length - a.length);
}

/** How long the word for `@` is that ends at `end`; 0 when there is none. */
export const signWordBefore = (squeezed: Squeezed, end: number): number => wordBefore(squeezed, end, SIGNS);

/** Likewise for `.`. */
export const dotWordBefore = (squeezed: Squeezed, end: number): number => wordBefore(squeezed, end, DOTS);

/** How long the word for `.` is that begins at `start`; 0 when there is none. */
export function dotWordAt(squeezed: Squeezed, start: number): number {
  const word = DOTS.find((one) => squeezed.letters.startsWith(one, start) && isSeam(squeezed, start + one.length));
  return word !== undefined && isSeam(squeezed, start) ? word.length : 0;
}

function wordBefore(squeezed: Squeezed, end: number, words: readonly string[]): number {
  if (!isSeam(squeezed, end)) return 0;
  const word = words.find((one) => squeezed.letters.endsWith(one, end) && isSeam(squeezed, end - one.length));
  return word?.length ?? 0;
}
