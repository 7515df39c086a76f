import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemResolver } from '../../src/dns/system.ts';
import { startNameServer } from '../support/name-server.ts';

test('records are looked up at the name server that is given by address', async () => {
  await using names = await startNameServer({
    'MX buyer.test': [
      { priority: 20, exchange: 'b.buyer.test' },
      { priority: 10, exchange: 'a.buyer.test' },
    ],
    'A a.buyer.test': ['192.0.2.1', '192.0.2.2'],
    'AAAA a.buyer.test': ['2001:db8::1'],
    'TXT buyer.test': [['v=spf1 ', '-all'], ['other']],
  });
  const resolver = systemResolver([`127.0.0.1:${names.port}`]);
  assert.deepEqual(
    [...(await resolver.mx('buyer.test'))].sort((a, b) => a.priority - b.priority).map(({ exchange }) => exchange),
    ['a.buyer.test', 'b.buyer.test'],
  );
  assert.deepEqual(await resolver.addresses('a.buyer.test'), ['192.0.2.1', '192.0.2.2', '2001:db8::1']);
  assert.deepEqual(await resolver.txt('buyer.test'), ['v=spf1 -all', 'other']);
});

test('a null MX comes out with an empty exchange', async () => {
  await using names = await startNameServer({ 'MX none.test': [{ priority: 0, exchange: '' }] });
  const [record] = await systemResolver([`127.0.0.1:${names.port}`]).mx('none.test');
  assert.equal(record?.exchange, '');
});

test('a name without such a record, and a name that does not exist, have none', async () => {
  await using names = await startNameServer({ 'TXT only-text.test': [['x']] });
  const resolver = systemResolver([`127.0.0.1:${names.port}`]);
  assert.deepEqual(await resolver.mx('only-text.test'), []);
  assert.deepEqual(await resolver.mx('unknown.test'), []);
  assert.deepEqual(await resolver.addresses('unknown.test'), []);
});

test('a name server in trouble is not taken for an answer', async () => {
  await using names = await startNameServer({ 'SERVFAIL *': [] });
  const resolver = systemResolver([`127.0.0.1:${names.port}`]);
  await assert.rejects(resolver.mx('buyer.test'));
  await assert.rejects(resolver.addresses('buyer.test'));
});

test('a name without such a record is told from no name (RFC 2308 2)', async () => {
  await using names = await startNameServer({ 'TXT only-text.test': [['x']] });
  const { records } = systemResolver([`127.0.0.1:${names.port}`]);
  assert.deepEqual(await records.a('only-text.test'), { records: [], isName: true });
  assert.deepEqual(await records.a('unknown.test'), { records: [], isName: false });
});

test('CNAMEs are followed but when they are asked for; reverse names and strings of texts come as they are', async () => {
  await using names = await startNameServer({
    'CNAME www.shop.test': ['host.shop.test'],
    'A host.shop.test': ['192.0.2.1'],
    'PTR 1.2.0.192.in-addr.arpa': ['host.shop.test'],
    'TXT host.shop.test': [['b', 'a']],
  });
  const { records } = systemResolver([`127.0.0.1:${names.port}`]);
  assert.deepEqual((await records.a('www.shop.test')).records, ['192.0.2.1']);
  assert.deepEqual((await records.cname('www.shop.test')).records, ['host.shop.test']);
  assert.deepEqual((await records.ptr('1.2.0.192.in-addr.arpa')).records, ['host.shop.test']);
  assert.deepEqual((await records.txt('host.shop.test')).records, [['b', 'a']]);
});

test('names that would be asked as others, or as the root, are not asked (espoofer A3, A4)', async () => {
  await using names = await startNameServer({ 'TXT attack.test': [['v=DKIM1; p=x']] });
  const { records } = systemResolver([`127.0.0.1:${names.port}`]);
  for (const name of [
    'attack.test\u0000._domainkey.shop.test',
    'attack\\.test',
    '',
    'a..test',
    `${'a'.repeat(64)}.test`,
  ]) {
    assert.deepEqual(await records.txt(name), { records: [], isName: false }, JSON.stringify(name));
  }
  assert.deepEqual(names.asked, []);
});
