import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import fc from 'fast-check';
import { isAnswerTo, question } from '../../src/dns/packet.ts';
import { readAnswer } from '../../src/dns/records.ts';
import { validatingResolver } from '../../src/dns/validating.ts';
import { startNameServer, type Zone } from '../support/name-server.ts';

const TLSA = { usage: 3, selector: 1, matching: 1, data: Buffer.alloc(32, 7) };
const ZONE: Zone = {
  'MX buyer.test': [
    { priority: 10, exchange: 'mx.buyer.test' },
    { priority: 20, exchange: 'mx2.buyer.test' },
  ],
  'A mx.buyer.test': ['192.0.2.1'],
  'AAAA mx.buyer.test': ['2001:db8::1'],
  'TLSA _25._tcp.mx.buyer.test': [TLSA],
  'CNAME alias.test': ['other.test'],
  'CNAME other.test': ['mx.buyer.test'],
};

const chain = (length: number): Zone => ({
  'A name0.test': ['192.0.2.9'],
  ...Object.fromEntries(Array.from({ length }, (_, at) => [`CNAME name${at + 1}.test`, [`name${at}.test`]])),
});

async function asked(zone: Zone, isSecure: (question: string) => boolean = () => true) {
  const names = await startNameServer(zone, isSecure);
  return {
    names,
    resolver: validatingResolver([`127.0.0.1:${names.port}`], 500),
    [Symbol.asyncDispose]: () => names[Symbol.asyncDispose](),
  };
}

test('exchangers, addresses and TLSA records come with the word of the name server that DNSSEC held', async () => {
  await using dns = await asked(ZONE);
  assert.deepEqual(await dns.resolver.mx('buyer.test'), {
    records: [
      { priority: 10, exchange: 'mx.buyer.test' },
      { priority: 20, exchange: 'mx2.buyer.test' },
    ],
    isSecure: true,
    name: 'buyer.test',
  });
  assert.deepEqual(await dns.resolver.addresses('mx.buyer.test'), {
    records: ['192.0.2.1', '2001:db8:0:0:0:0:0:1'],
    isSecure: true,
    name: 'mx.buyer.test',
  });
  assert.deepEqual((await dns.resolver.tlsa('_25._tcp.mx.buyer.test')).records, [TLSA]);
});

test('without that word nothing is secure, and addresses are not when one of both families is not', async () => {
  await using none = await asked(ZONE, () => false);
  assert.equal((await none.resolver.mx('buyer.test')).isSecure, false);
  await using half = await asked(ZONE, (name) => name.startsWith('A '));
  assert.equal((await half.resolver.addresses('mx.buyer.test')).isSecure, false);
});

test('that a record does not exist can be secure too', async () => {
  await using dns = await asked(ZONE);
  assert.deepEqual(await dns.resolver.tlsa('_25._tcp.buyer.test'), {
    records: [],
    isSecure: true,
    name: '_25._tcp.buyer.test',
  });
});

test('aliases are followed, and the name at their end is told', async () => {
  await using dns = await asked(ZONE);
  const { records, name } = await dns.resolver.addresses('alias.test');
  assert.deepEqual([records.length, name], [2, 'mx.buyer.test']);
});

test('eight aliases are followed, nine and two hundred are no answer, nor is a ring', async () => {
  await using dns = await asked(chain(8));
  assert.deepEqual((await dns.resolver.addresses('name8.test')).records, ['192.0.2.9']);
  for (const length of [9, 200]) {
    await using long = await asked(chain(length));
    await assert.rejects(long.resolver.addresses(`name${length}.test`));
  }
  await using ring = await asked({ 'CNAME a.test': ['b.test'], 'CNAME b.test': ['a.test'] });
  await assert.rejects(ring.resolver.addresses('a.test'));
});

test('an answer that does not fit is asked for again over TCP', async () => {
  const many = Array.from({ length: 100 }, (_, at) => ({ priority: at, exchange: `mx${at}.buyer.test` }));
  await using dns = await asked({ 'MX buyer.test': many });
  assert.equal((await dns.resolver.mx('buyer.test')).records.length, 100);
});

test('SERVFAIL, which is also what a signature that does not hold looks like, is not an answer', async () => {
  await using dns = await asked({ ...ZONE, 'SERVFAIL _25._tcp.mx.buyer.test': [] });
  await assert.rejects(dns.resolver.tlsa('_25._tcp.mx.buyer.test'));
  assert.equal((await dns.resolver.mx('buyer.test')).records.length, 2);
});

test('a name server that is silent, or answers another question, is waited for and passed over', async () => {
  const silent = createSocket('udp4');
  silent.on('message', (query, peer) => {
    const other = Buffer.from(query);
    other.writeUInt16BE(query.readUInt16BE(0) ^ 1, 0);
    silent.send(other, peer.port, peer.address);
  });
  silent.bind(0, '127.0.0.1');
  await once(silent, 'listening');
  await using names = await startNameServer(ZONE);
  const resolver = validatingResolver([`127.0.0.1:${silent.address().port}`, `127.0.0.1:${names.port}`], 100);
  assert.equal((await resolver.mx('buyer.test')).records.length, 2);
  await assert.rejects(validatingResolver([`127.0.0.1:${silent.address().port}`], 50).mx('buyer.test'));
  silent.close();
});

test('any octets at all end as an answer or an error, and soon', () => {
  const asks = question(1, 'buyer.test', 'MX');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (octets, isAnswer) => {
      const packet = Buffer.concat([isAnswer ? asks : Buffer.alloc(0), octets]);
      if (isAnswer) packet.writeUInt16BE(20, 6);
      isAnswerTo(packet, asks);
      for (const type of ['A', 'AAAA', 'CNAME', 'PTR', 'MX', 'TXT', 'TLSA'] as const) {
        try {
          readAnswer(packet, type);
        } catch (error) {
          assert.ok(error instanceof Error);
        }
      }
    }),
    { numRuns: 2000 },
  );
});

test('a name that points at itself is not followed round and round', () => {
  const asks = question(1, 'a.test', 'MX');
  const loop = Buffer.concat([asks.subarray(0, 12), Buffer.from([0xc0, 12, 0, 15, 0, 1])]);
  assert.throws(() => readAnswer(loop, 'MX'));
});
