/**
 * The pages that are made from the code say what the code does today.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { ERRORS } from '../../src/core/errors.ts';
import { GENERATED, staleFiles } from '../../tools/generate.ts';

for (const { path, make } of GENERATED) {
  test(`${path} is what the code makes`, async () => {
    assert.equal(await readFile(path, 'utf8'), make());
  });
}

test('a stale and a missing file are both found', async () => {
  const [fresh] = GENERATED;
  assert.ok(fresh !== undefined);
  const stale = { path: fresh.path, make: () => `${fresh.make()}one line more\n` };
  const missing = { path: 'docs/no-such-page.md', make: () => '' };
  assert.deepEqual(await staleFiles([fresh, stale, missing]), [fresh.path, missing.path]);
});

test('the page of errors has a row for every code, and every row keeps to its protocol', async () => {
  const page = await readFile('docs/errors.md', 'utf8');
  const rows = Object.entries(ERRORS);
  assert.ok(rows.length > 20);
  for (const [code, { smtp, http }] of rows) {
    assert.ok(page.includes(`\`${code}\` | ${smtp[0]} ${smtp[1]} | ${http} |`), code);
    // RFC 3463 2: the class of the enhanced code is the first digit of the basic one.
    assert.equal(smtp[1].at(0), String(smtp[0]).at(0), code);
  }
});
