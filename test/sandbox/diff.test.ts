/**
 * What the X-ray marks as taken out and put in.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differenceOf } from '../../src/sandbox/diff.ts';

/** Both texts with their marks: `-[gone]` and `+[new]`. */
function marked(before: string, after: string): readonly [string, string] {
  const { removed, added } = differenceOf(before, after);
  const show = (text: string, sign: string, spans: typeof removed) =>
    spans
      .toReversed()
      .reduce(
        (shown, { start, end }) => `${shown.slice(0, start)}${sign}[${shown.slice(start, end)}]${shown.slice(end)}`,
        text,
      );
  return [show(before, '-', removed), show(after, '+', added)];
}

test('a masked address is marked, and the words around it are not', () => {
  assert.deepEqual(marked('Write to kim@post.test, please.', 'Write to (hidden), please.'), [
    'Write to -[kim@post.test], please.',
    'Write to +[(hidden)], please.',
  ]);
});

test('two changes leave what stands between them unmarked', () => {
  assert.deepEqual(marked('a one b two c', 'a X b Y c'), ['a -[one] b -[two] c', 'a +[X] b +[Y] c']);
});

test('equal texts have no marks, and a text from nothing is all new', () => {
  assert.deepEqual(marked('same', 'same'), ['same', 'same']);
  assert.deepEqual(marked('', 'new'), ['', '+[new]']);
});

test('texts of a megabyte are compared in a moment', () => {
  const long = 'word and '.repeat(110_000);
  const begun = performance.now();
  const { removed } = differenceOf(`${long}x${long}`, `y${long}z`);
  assert.ok(removed.length > 0);
  assert.ok(performance.now() - begun < 2000);
});
