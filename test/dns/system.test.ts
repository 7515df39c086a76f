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
