/**
 * DKIM with real keys, looked up at a name server on loopback: the table of dkim-cases.ts.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifySignatures } from '../../../src/mail/authentication/dkim.ts';
import { asMailauthResolver, openBudget, AUTHENTICATION_BUDGET } from '../../../src/mail/authentication/lookups.ts';
import { DKIM_CASES } from './dkim-cases.ts';
import { NOW, RSA } from './letters.ts';
import { startWorld, texts } from './zones.ts';

for (const row of DKIM_CASES) {
  test(row.says, async () => {
    await using world = await startWorld({
      ...texts({ 's._domainkey.shop.test': row.record ?? RSA.record }),
      ...row.zone,
    });
    using budget = openBudget(AUTHENTICATION_BUDGET);
    const lookups = asMailauthResolver(world.resolver, budget);
    const { signatures } = await verifySignatures(Buffer.from(await row.letter()), lookups, NOW);
    assert.deepEqual(
      signatures.map(({ result, flaw }) => flaw ?? result),
      row.found,
    );
  });
}

test('the table is whole', () => {
  assert.equal(new Set(DKIM_CASES.map(({ says }) => says)).size, DKIM_CASES.length);
  assert.ok(DKIM_CASES.length >= 60, `${DKIM_CASES.length} rows`);
});
