/**
 * diff: which words of a text were taken out, and which were put in. For people to look at; nothing depends on it.
 *
 * In:  two texts.    Out: UTF-16 spans in the first that are gone and in the second that are new.
 * Longest common subsequence of words, after what is equal at both ends. Texts too long for that are shown as changed from the first
 * difference to the last: a picture that takes seconds is worse than a coarse one.
 */

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export interface Difference {
  readonly removed: readonly Stretch[];
  readonly added: readonly Stretch[];
}

const WORDS = /\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu;
/** Cells of the table: a few tens of milliseconds. */
const MAX_CELLS = 2_000_000;

export function differenceOf(before: string, after: string): Difference {
  const [a, b] = [before.match(WORDS) ?? [], after.match(WORDS) ?? []];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const middle = common(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const keptOf = (length: number, kept: ReadonlySet<number>) => (index: number) =>
    index < head || index >= length - tail || kept.has(index - head);
  return {
    removed: stretches(a, keptOf(a.length, middle.inFirst)),
    added: stretches(b, keptOf(b.length, middle.inSecond)),
  };
}

interface Common {
  readonly inFirst: ReadonlySet<number>;
  readonly inSecond: ReadonlySet<number>;
}

function common(a: readonly string[], b: readonly string[]): Common {
  const inFirst = new Set<number>();
  const inSecond = new Set<number>();
  if (a.length * b.length > MAX_CELLS) return { inFirst, inSecond };
  const width = b.length + 1;
  const longest = lengths(a, b, width);
  const at = (i: number, j: number) => longest[i * width + j] ?? 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      inFirst.add(i++);
      inSecond.add(j++);
    } else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return { inFirst, inSecond };
}

/** Length of the longest common subsequence of what follows, for each pair of places. */
function lengths(a: readonly string[], b: readonly string[], width: number): Uint32Array {
  const table = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const [below, right, across] = [(i + 1) * width + j, i * width + j + 1, (i + 1) * width + j + 1];
      table[i * width + j] = a[i] === b[j] ? (table[across] ?? 0) + 1 : Math.max(table[below] ?? 0, table[right] ?? 0);
    }
  }
  return table;
}

function stretches(words: readonly string[], isKept: (index: number) => boolean): readonly Stretch[] {
  const found: Stretch[] = [];
  let position = 0;
  for (const [index, word] of words.entries()) {
    const [start, end] = [position, position + word.length];
    position = end;
    if (isKept(index)) continue;
    const last = found.at(-1);
    if (last?.end === start) found[found.length - 1] = { start: last.start, end };
    else found.push({ start, end });
  }
  return found;
}
