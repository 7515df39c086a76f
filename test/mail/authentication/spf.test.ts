/**
 * SPF against a name server on loopback: the table of spf-cases.ts.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSpf } from '../../../src/mail/authentication/spf.ts';
import { SPF_CASES, zoneOf } from './spf-cases.ts';
import { startWorld } from './zones.ts';

for (const row of SPF_CASES) {
  test(`RFC 7208 ${row.says}`, async () => {
    await using world = await startWorld(zoneOf(row));
    const { result } = await checkSpf({
      ip: row.ip ?? '192.0.2.1',
      helo: row.helo ?? 'mail.shop.test',
      reversePath: row.from ?? 'ann@shop.test',
      resolver: world.resolver,
    });
    assert.equal(result, row.result);
  });
}

test('the table has every result of RFC 7208 2.6', () => {
  assert.equal(new Set(SPF_CASES.map(({ result }) => result)).size, 7);
  assert.equal(new Set(SPF_CASES.map(({ says }) => says)).size, SPF_CASES.length);
  assert.ok(SPF_CASES.length >= 85, `${SPF_CASES.length} rows`);
});
