/**
 * ranges: which bytes are in one set of ranges and not in another.
 *
 * In:  ranges of byte positions, in any order, overlapping as a hostile file likes.    Out: ordered ranges that do not touch.
 * Sorted once and then walked side by side, so that thousands of ranges over the same bytes cost no more than themselves.
 */

export interface Range {
  readonly start: number;
  readonly end: number;
}

export function merged(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  let current: Range | undefined;
  for (const range of ranges.toSorted((left, right) => left.start - right.start)) {
    if (current !== undefined && range.start <= current.end) {
      current = { start: current.start, end: Math.max(current.end, range.end) };
      continue;
    }
    if (current !== undefined) result.push(current);
    current = range;
  }
  if (current !== undefined) result.push(current);
  return result;
}

/** Both sides merged. */
export function without(ranges: readonly Range[], removed: readonly Range[]): Range[] {
  const result: Range[] = [];
  let next = 0;
  for (const { start, end } of ranges) {
    let at = start;
    for (;;) {
      const hole = removed[next];
      if (hole === undefined || hole.start >= end) break;
      if (hole.start > at) result.push({ start: at, end: hole.start });
      at = Math.max(at, hole.end);
      // It may reach into the next range too.
      if (hole.end > end) break;
      next++;
    }
    if (at < end) result.push({ start: at, end });
  }
  return result;
}
