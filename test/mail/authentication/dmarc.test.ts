/**
 * DMARC over real SPF records, keys and signatures: the table of dmarc-cases.ts, through the whole check.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Zone } from '../../support/name-server.ts';
import type { DmarcCase } from './dmarc-case.ts';
import { DMARC_CASES, letterOf } from './dmarc-cases.ts';
import { RSA } from './letters.ts';
import { check, startWorld, texts } from './zones.ts';

/** Each domain that signs has the same key; the domain of the path sends from 192.0.2.1. */
function zoneOf({ path, helo = '', sign = ['shop.test'], dmarc = {}, zone = {} }: DmarcCase): Zone {
  const sender = path === '' ? helo : path?.slice(path.lastIndexOf('@') + 1);
  return {
    ...texts(Object.fromEntries(sign.map((domain) => [`s._domainkey.${domain}`, RSA.record]))),
    ...texts(sender === undefined ? {} : { [sender]: 'v=spf1 ip4:192.0.2.1 -all' }),
    ...texts(Object.fromEntries(Object.entries(dmarc).map(([name, tags]) => [`_dmarc.${name}`, `v=DMARC1; ${tags}`]))),
    ...zone,
  };
}

for (const row of DMARC_CASES) {
  test(row.says.startsWith('4.') || row.says.startsWith('5.') ? `RFC 9989 ${row.says}` : row.says, async () => {
    await using world = await startWorld(zoneOf(row));
    const { dmarc } = await check(world, await letterOf(row), {
      path: row.path ?? 'x@else.test',
      helo: row.helo ?? 'mail.else.test',
    });
    assert.deepEqual(
      { is: dmarc.result, policy: dmarc.policy, via: dmarc.via },
      { is: row.is, policy: row.policy ?? 'none', via: row.via },
    );
  });
}

test('the table has every result', () => {
  assert.equal(new Set(DMARC_CASES.map(({ is }) => is)).size, 5);
  assert.equal(new Set(DMARC_CASES.map(({ says }) => says)).size, DMARC_CASES.length);
  assert.ok(DMARC_CASES.length >= 70, `${DMARC_CASES.length} rows`);
});
