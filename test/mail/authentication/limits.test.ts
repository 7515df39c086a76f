/**
 * What a message can make us look up, and for how long (security.md DO-08, 3.12): at the limit, one over, and ten times over.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AUTHENTICATION_BUDGET } from '../../../src/mail/authentication/lookups.ts';
import type { Zone } from '../../support/name-server.ts';
import { LETTER, RSA, sealed, signed } from './letters.ts';
import { check, pieces, startWorld, texts, times } from './zones.ts';

const SHOP: Zone = texts({
  'shop.test': 'v=spf1 ip4:192.0.2.1 -all',
  's._domainkey.shop.test': RSA.record,
  '_dmarc.shop.test': 'v=DMARC1; p=reject',
});
/** Short enough not to be waited for, long enough for what is answered. */
const SHORT = { ...AUTHENTICATION_BUDGET, ms: 150 };

const spfOf = (record: string, zone: Zone = {}): Zone => ({ ...SHOP, ...texts({ 'shop.test': record }), ...zone });
const voids = (count: number) => `v=spf1 ${times(count, (number) => `exists:no${number}.test`).join(' ')} -all`;

test('an honest message costs five look-ups, whatever is asked twice; one says that the record is the domain’s own', async () => {
  await using world = await startWorld(SHOP);
  const { dmarc } = await check(world, await signed(await signed()));
  assert.equal(dmarc.result, 'pass');
  assert.deepEqual(world.names.asked.toSorted(), [
    'CNAME shop.test',
    'TXT _dmarc.shop.test',
    'TXT _dmarc.test',
    'TXT s._domainkey.shop.test',
    'TXT shop.test',
  ]);
});

test('DO-08: 300 void look-ups end at the third', async () => {
  await using world = await startWorld(spfOf(voids(300)));
  const { spf } = await check(world, LETTER);
  assert.equal(spf.result, 'permerror');
  assert.equal(world.names.asked.filter((asked) => asked.startsWith('A ')).length, 3);
});

test('DO-08: a record that includes itself ends at the eleventh', async () => {
  await using world = await startWorld(spfOf('v=spf1 include:shop.test -all'));
  assert.equal((await check(world, LETTER)).spf.result, 'permerror');
});

test('DO-08: two records that include each other do too', async () => {
  await using world = await startWorld({
    ...spfOf('v=spf1 include:a.test -all'),
    ...texts({ 'a.test': 'v=spf1 include:b.test', 'b.test': 'v=spf1 include:a.test' }),
  });
  assert.equal((await check(world, LETTER)).spf.result, 'permerror');
});

/** `mx` of ten domains with ten exchangers each: within RFC 7208's limits, and 111 look-ups. */
const WIDE = spfOf(`v=spf1 ${times(10, (number) => `mx:d${number}.test`).join(' ')} -all`, {
  ...Object.fromEntries(
    times(10, (domain) => [
      `MX d${domain}.test`,
      times(10, (host) => ({ priority: host, exchange: `h${host}.d${domain}.test` })),
    ]),
  ),
  ...Object.fromEntries(
    times(100, (number) => [`A h${(number % 10) + 1}.d${Math.ceil(number / 10)}.test`, ['198.51.100.1']]),
  ),
});

test('a record that wants a hundred look-ups gets forty, and is a temporary error', async () => {
  await using world = await startWorld(WIDE);
  const { spf, dmarc } = await check(world, await signed());
  assert.equal(spf.result, 'temperror');
  assert.equal(dmarc.result, 'temperror');
  assert.equal(world.names.asked.length, AUTHENTICATION_BUDGET.questions);
});

test('with one question fewer than an honest message needs, nothing passes and nothing fails', async () => {
  await using world = await startWorld(SHOP);
  const { dmarc } = await check(world, await signed(), { limits: { ...AUTHENTICATION_BUDGET, questions: 2 } });
  assert.equal(dmarc.result, 'temperror');
});

for (const [says, zone] of [
  ['the SPF record', { 'SILENT shop.test': [] }],
  ['an address in it', spfOf('v=spf1 a:slow.test -all', { 'SILENT slow.test': [] })],
  ['the reverse name, which would only not match', spfOf('v=spf1 ptr -all', { 'SILENT 1.2.0.192.in-addr.arpa': [] })],
  ['a macro of the reverse name', spfOf('v=spf1 exists:%{p} -all', { 'SILENT 1.2.0.192.in-addr.arpa': [] })],
] as const) {
  test(`DO-08: an answer that never comes ends with the budget: ${says}`, async () => {
    await using world = await startWorld({ ...SHOP, ...zone });
    const started = performance.now();
    const { spf, dmarc } = await check(world, await signed(), { limits: SHORT });
    assert.ok(performance.now() - started < 2000);
    assert.equal(spf.result, 'temperror');
    // SPF used up the time: what would have passed is not known.
    assert.equal(dmarc.result, 'temperror');
  });
}

for (const [says, name] of [
  ['the key', 's._domainkey.shop.test'],
  ['the policy', '_dmarc.shop.test'],
] as const) {
  test(`DO-08: an answer that never comes ends with the budget: ${says}`, async () => {
    await using world = await startWorld({ ...SHOP, [`SILENT ${name}`]: [] });
    const { dmarc } = await check(world, await signed(), { path: 'x@else.test', limits: SHORT });
    assert.equal(dmarc.result, 'temperror');
  });
}

test('a chain whose key never comes is a temporary error, and the rest stands', async () => {
  await using world = await startWorld({ ...SHOP, 'SILENT a._domainkey.list.test': [] });
  const letter = await sealed(await signed());
  const { spf, arc } = await check(world, letter, { sealers: ['list.test'], limits: SHORT });
  assert.equal(spf.result, 'pass');
  assert.equal(arc.result, 'temperror');
});

const long = (octets: number) => `v=spf1 ip4:192.0.2.1 ${'x=y '.repeat(octets / 4)}-all`;

test('DO-08: a text of 30 kB comes over TCP and is read', async () => {
  await using world = await startWorld(spfOf(long(30_000)));
  assert.equal((await check(world, LETTER)).spf.result, 'pass');
});

test('DO-08: one of nearly 64 kB is refused, as not known', async () => {
  await using world = await startWorld(spfOf(long(60_000)));
  assert.equal((await check(world, LETTER)).spf.result, 'temperror');
});

test('DO-08: many texts are as long as one', async () => {
  const others = times(200, (number) => pieces(`${number} ${'x'.repeat(250)}`));
  await using world = await startWorld({ ...SHOP, 'TXT shop.test': [['v=spf1 +all'], ...others] });
  assert.equal((await check(world, LETTER)).spf.result, 'temperror');
});

const aliases = (length: number): Zone =>
  Object.fromEntries(times(length, (number) => [`CNAME c${number}.test`, [`c${number + 1}.test`]]));

test('DO-08: a chain of ten CNAMEs is followed by the resolver, in one look-up', async () => {
  const zone = { ...aliases(10), 'A c11.test': ['192.0.2.1'] };
  await using world = await startWorld(spfOf('v=spf1 a:c1.test -all', zone));
  assert.equal((await check(world, LETTER)).spf.result, 'pass');
  assert.equal(world.names.asked.filter((asked) => asked.startsWith('A ')).length, 1);
});

test('DO-08: what a longer chain leaves open is no address, and is not asked for again', async () => {
  await using world = await startWorld(spfOf('v=spf1 a:c1.test -all', aliases(40)));
  assert.equal((await check(world, LETTER)).spf.result, 'fail');
  assert.equal(world.names.asked.filter((asked) => asked.startsWith('A ')).length, 1);
});

test('DO-08: the local part of an alias or a return path of ours never reaches a name server', async () => {
  const zone = {
    ...texts({ 'relay.test': 'v=spf1 include:spy.test -all', 'spy.test': 'v=spf1 exists:%{l}.spy.test -all' }),
  };
  for (const path of ['b0000000000000000000000000a@relay.test', 'b0000000000000000000000000a@RELAY.test']) {
    await using world = await startWorld(zone);
    await check(world, LETTER, { path });
    assert.ok(world.names.asked.some((asked) => asked.includes('postmaster.')));
    assert.deepEqual(
      world.names.asked.filter((asked) => asked.includes('b0000')),
      [],
    );
  }
});

test('the local part of everybody else is theirs to ask for (RFC 7208 7.2)', async () => {
  await using world = await startWorld(spfOf('v=spf1 exists:%{l}.ok.test -all', { 'A ann.ok.test': ['127.0.0.2'] }));
  assert.equal((await check(world, LETTER)).spf.result, 'pass');
});

test('a hundred signatures cost eight keys', async () => {
  await using world = await startWorld(SHOP);
  const [signature = ''] = (await signed()).split(/(?=^From:)/m);
  const many = times(100, (number) => signature.replace(' s=s;', ` s=k${number};`)).join('');
  const { dkim } = await check(world, many + LETTER);
  assert.equal(dkim.length, 8);
  assert.equal(world.names.asked.filter((asked) => asked.includes('_domainkey')).length, 8);
});

test('a header that parse refuses is not taken apart a second time', async () => {
  await using world = await startWorld(SHOP);
  const folded = `X-Long: a\r\n${' b\r\n'.repeat(15_000)}${await signed()}`;
  const started = performance.now();
  const { dkim, dmarc } = await check(world, folded);
  assert.ok(performance.now() - started < 1000);
  assert.deepEqual({ dkim, result: dmarc.result }, { dkim: [], result: 'permerror' });
});
