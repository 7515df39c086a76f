/**
 * What the pages for people point at is there: links, files of ours and npm scripts that they name.
 */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import { test } from 'node:test';
import { z } from 'zod';

const pages = globSync(['*.md', 'docs/**/*.md']);
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

/** Files and folders that a page names, from the root on. */
function pointedAt(page: string, text: string): readonly string[] {
  const links = [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map(([, path = '']) =>
    normalize(join(dirname(page), path)),
  );
  const pictures = [...text.matchAll(/<img[^>]*\ssrc="(?!https?:)([^"]+)"/g)].map(([, path = '']) =>
    normalize(join(dirname(page), path)),
  );
  const named = [...text.matchAll(/`((?:src|test|tools|bin|docs|config|bench)\/[\w./-]+)`/g)].map(
    ([, path = '']) => path,
  );
  return [...links, ...pictures, ...named];
}

/** Scripts of ours that a page tells people to run. */
function scriptsIn(text: string): readonly string[] {
  const run = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = '']) => name);
  return [...run, ...(text.includes('npm test') ? ['test'] : []), ...(text.includes('npm start') ? ['start'] : [])];
}

for (const page of pages) {
  test(`${page} points at nothing that is not there`, () => {
    const text = readFileSync(page, 'utf8');
    assert.deepEqual(
      pointedAt(page, text).filter((path) => !existsSync(path)),
      [],
    );
    assert.deepEqual(
      scriptsIn(text).filter((name) => !(name in scripts)),
      [],
    );
  });
}

test('links, pictures, names of files and scripts are seen', () => {
  const text =
    'a [b](c.md#d) ![e](../f.svg) <img alt="" src="g.svg"> `src/h.ts` [i](https://j.test) npm run k; npm test';
  assert.deepEqual(pointedAt('docs/page.md', text), ['docs/c.md', 'f.svg', 'docs/g.svg', 'src/h.ts']);
  assert.deepEqual(scriptsIn(text), ['k', 'test']);
  assert.ok(pages.length >= 12, `${pages.length} pages`);
});
