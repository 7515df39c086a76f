/**
 * ARC with real seals: the table of arc-cases.ts, through the whole check.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkArc } from '../../../src/mail/authentication/arc.ts';
import { ARC_CASES, HOSTILE_REPORTS, REPORTED } from './arc-cases.ts';
import { NOW, RSA, sealed, signed } from './letters.ts';
import { check, startWorld, texts } from './zones.ts';

const HOSTS = ['list.test', 'one.test', 'two.test', 'evil.test', 'evil.list.test'];
const keys = (record: string) => texts(Object.fromEntries(HOSTS.map((host) => [`a._domainkey.${host}`, record])));

for (const row of ARC_CASES) {
  test(/^\d/.test(row.says) ? `RFC 8617 ${row.says}` : row.says, async () => {
    await using world = await startWorld({ ...keys(row.record ?? RSA.record), ...row.zone });
    const { arc } = await check(world, await row.letter(), { sealers: row.sealers ?? ['list.test'] });
    const isBelieved = row.is === 'pass' && row.isDoubted !== true;
    assert.deepEqual(arc, {
      result: row.is,
      sealer: isBelieved ? 'list.test' : undefined,
      report: isBelieved ? REPORTED : undefined,
    });
  });
}

for (const [says, authResults, report] of HOSTILE_REPORTS) {
  test(`of a sealed report, ${says}`, async () => {
    await using world = await startWorld(keys(RSA.record));
    const letter = await sealed(await signed(), { authResults });
    const { arc } = await check(world, letter, { sealers: ['list.test'] });
    assert.deepEqual(arc.report, report);
  });
}

test('the chain of a sealer that is not on the list costs one look-up', async () => {
  await using world = await startWorld(keys(RSA.record));
  let letter = await sealed(await signed(), { signingDomain: 'one.test' });
  letter = await sealed(letter, { signingDomain: 'two.test', cv: 'pass' });
  await check(world, letter, { sealers: ['list.test'] });
  assert.deepEqual(
    world.names.asked.filter((asked) => asked.includes('a._domainkey')),
    ['TXT a._domainkey.two.test'],
  );
});

test('ARC alone validates any chain, as the public suite wants it', async () => {
  await using world = await startWorld(keys(RSA.record));
  const raw = Buffer.from(await sealed(await signed(), { signingDomain: 'evil.test' }));
  assert.equal(await checkArc({ raw, resolver: world.resolver, now: NOW }), 'pass');
});

test('the table is whole', () => {
  assert.equal(new Set(ARC_CASES.map(({ is }) => is)).size, 5);
  assert.equal(new Set(ARC_CASES.map(({ says }) => says)).size, ARC_CASES.length);
  assert.ok(ARC_CASES.length >= 35, `${ARC_CASES.length} rows`);
});
