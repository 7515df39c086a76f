import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
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

const ODD = 'bounce+1=kim.[192.0.2.1].%x.test';

test('names that c-ares does not send are asked all the same (RFC 2181 11)', async () => {
  await using names = await startNameServer({
    [`A ${ODD}`]: ['192.0.2.1', '192.0.2.2'],
    [`AAAA ${ODD}`]: ['2001:db8::1'],
    [`MX ${ODD}`]: [{ priority: 10, exchange: 'mx.shop.test' }],
    [`TXT ${ODD}`]: [['v=spf1 ', '-all'], ['other']],
    'CNAME a+b.test': ['host.test'],
    'A host.test': ['192.0.2.3'],
  });
  const { records } = systemResolver([`127.0.0.1:${names.port}`]);
  assert.deepEqual((await records.a(ODD)).records, ['192.0.2.1', '192.0.2.2']);
  assert.deepEqual((await records.aaaa(ODD)).records, ['2001:db8:0:0:0:0:0:1']);
  assert.deepEqual((await records.mx(ODD)).records, [{ priority: 10, exchange: 'mx.shop.test' }]);
  assert.deepEqual((await records.txt(ODD)).records, [['v=spf1 ', '-all'], ['other']]);
  assert.deepEqual((await records.a('a+b.test')).records, ['192.0.2.3']);
  assert.deepEqual(await records.mx('a+b.test'), { records: [], isName: true });
  assert.deepEqual(await records.a('no+where.test'), { records: [], isName: false });
});

test('of such a name an error is not taken for an answer, and a long answer comes over TCP', async () => {
  await using names = await startNameServer({
    'SERVFAIL sick+1.test': [],
    'TXT long+1.test': Array.from({ length: 10 }, () => ['x'.repeat(250)]),
  });
  const { records } = systemResolver([`127.0.0.1:${names.port}`]);
  await assert.rejects(records.a('sick+1.test'));
  assert.equal((await records.txt('long+1.test')).records.length, 10);
});

test('aliases and reverse names at such a name are told as they are', async () => {
  await using names = await startNameServer({ 'CNAME a+b.test': ['Host.test'], 'PTR c+d.test': ['mail=1.test'] });
  const { records } = systemResolver([`127.0.0.1:${names.port}`]);
  assert.deepEqual(await records.cname('a+b.test'), { records: ['Host.test'], isName: true });
  assert.deepEqual(await records.ptr('c+d.test'), { records: ['mail=1.test'], isName: true });
});

test('a text without strings is read as one, and does not end the questions beside it (c-ares)', async () => {
  await using names = await startNameServer({
    'TXT bad.test': [['v=spf1 -all'], []],
    ...Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`TXT good${at}.test`, [['v=spf1 +all']]])),
  });
  const { records } = systemResolver([`127.0.0.1:${names.port}`]);
  const [bad, ...good] = await Promise.all([
    records.txt('bad.test'),
    ...Array.from({ length: 8 }, (_, at) => records.txt(`good${at}.test`)),
  ]);
  assert.deepEqual(bad?.records, [['v=spf1 -all'], []]);
  assert.ok(good.every(({ records: found }) => found[0]?.[0] === 'v=spf1 +all'));
});

test('answers of another id or to another question, and broken ones, are not taken', async () => {
  const liar = createSocket('udp4');
  liar.unref();
  liar.on('message', (question, peer) => {
    // Without the options at its end (EDNS), of which it then says that there are none.
    const query = Buffer.from(question.subarray(0, -11));
    query.writeUInt16BE(0, 10);
    const reply = (change: (packet: Buffer) => void) => {
      const packet = Buffer.concat([query, Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 203, 0, 113, 1])]);
      packet.writeUInt16BE(0x8180, 2);
      packet.writeUInt16BE(1, 6);
      change(packet);
      liar.send(packet, peer.port, peer.address);
    };
    reply((packet) => packet.writeUInt8(packet.readUInt8(0) ^ 1, 0));
    reply((packet) => packet.write('x', 13));
    // A pointer to itself.
    reply((packet) => packet.writeUInt16BE(0xc000 | query.length, query.length));
  });
  liar.bind(0, '127.0.0.1');
  await once(liar, 'listening');
  const { records } = systemResolver([`127.0.0.1:${liar.address().port}`]);
  await assert.rejects(records.a('a+b.test'));
  liar.close();
});
