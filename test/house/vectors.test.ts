/**
 * The page that says which test makes which attack names every attack, and tests that are there.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/** How many there are of each kind in the sections that the page is about. */
const NUMBERS = { SM: 28, CM: 28, DO: 8, AU: 13, BO: 8, OU: 10 } as const;

interface Row {
  readonly id: string;
  readonly file: string;
  readonly words: string;
}

function rowsIn(page: string): readonly Row[] {
  const rows = page.matchAll(/^\| ([A-Z]{2}-\d{2}) \| `([^`]+)` \| `([^`]+)` \|$/gm);
  return [...rows].map(([, id = '', file = '', words = '']) => ({ id, file, words }));
}

/** What a row names that is not there. */
function missing({ id, file, words }: Row): string | undefined {
  if (!existsSync(file)) return `${id}: there is no ${file}`;
  const titles = titlesIn(readFileSync(file, 'utf8'));
  return titles.some((title) => title.includes(words)) ? undefined : `${id}: no title in ${file} says "${words}"`;
}

/** Strings that stand in code, not in comments, and are long enough to be a title or a part of one. */
function titlesIn(source: string): readonly string[] {
  const code = source.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
  return [...code.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)].map(
    ([, single, double, template]) => (single ?? double ?? template ?? '').replaceAll("\\'", "'"),
  );
}

const page = readFileSync('docs/vectors.md', 'utf8');
const rows = rowsIn(page);

test('every attack has a line, and every line in the tables was read', () => {
  const wanted = Object.entries(NUMBERS).flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, index) => `${kind}-${String(index + 1).padStart(2, '0')}`),
  );
  assert.deepEqual([...new Set(rows.map(({ id }) => id))].toSorted(), wanted.toSorted());
  assert.equal(rows.length, page.match(/^\| [A-Z]{2}-/gm)?.length);
});

test('every test that is named is there', () => {
  assert.deepEqual(
    rows.map(missing).filter((problem) => problem !== undefined),
    [],
  );
});

test('a test that is gone, or that only a comment speaks of, is found out', () => {
  const file = 'test/house/vectors.test.ts';
  assert.equal(missing({ id: 'SM-01', file, words: 'a test that is gone, or that only a comment' }), undefined);
  assert.match(missing({ id: 'SM-01', file, words: ['no such', 'title'].join(' ') }) ?? '', /no title/);
  assert.match(
    missing({ id: 'SM-01', file, words: ['names every attack,', 'and tests that are there'].join(' ') }) ?? '',
    /no title/,
  );
  assert.match(missing({ id: 'SM-01', file: 'test/house/gone.test.ts', words: 'x' }) ?? '', /there is no/);
});
