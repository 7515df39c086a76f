/**
 * Where mail for a domain goes, found through a real name server and a real connection (security.md OU-01, OU-02).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemResolver } from '../../src/dns/system.ts';
import { validatingResolver } from '../../src/dns/validating.ts';
import type { SmtpTransportParts } from '../../src/outbox/smtp-transport.ts';
import { startNameServer, type Zone } from '../support/name-server.ts';
import { startSink } from '../support/sink.ts';
import { codesOf, never, shipment, toMx } from './far-side.ts';

async function world(zone: Zone, parts: Partial<SmtpTransportParts> = {}) {
  const sink = await startSink();
  const names = await startNameServer(zone);
  const transport = toMx(sink, systemResolver([`127.0.0.1:${names.port}`]), parts);
  return {
    sink,
    names,
    send: async () => codesOf(await transport.send(shipment('x'), never)),
    async [Symbol.asyncDispose]() {
      await transport[Symbol.asyncDispose]();
      await names[Symbol.asyncDispose]();
      await sink[Symbol.asyncDispose]();
    },
  };
}

const mx = (...hosts: readonly string[]) => hosts.map((exchange, at) => ({ priority: at, exchange }));

test('mail goes to the address of the exchanger', async () => {
  await using far = await world({ 'MX buyer.example': mx('mx.test'), 'A mx.test': ['127.0.0.1'] });
  assert.equal(await far.send(), 'delivered');
});

test('a domain without MX takes mail at its own address', async () => {
  await using far = await world({ 'A buyer.example': ['127.0.0.1'] });
  assert.equal(await far.send(), 'delivered');
});

test('a null MX is final at once, and its words are those of RFC 7505', async () => {
  await using far = await world({ 'MX buyer.example': mx(''), 'A buyer.example': ['127.0.0.1'] });
  assert.equal(await far.send(), 'permanent 556 5.1.10');
  assert.equal(far.sink.connections.total, 0);
});

test('a domain that has neither exchanger nor address, or only exchangers without, is final', async () => {
  await using nothing = await world({ 'TXT other.example': [['x']] });
  assert.equal(await nothing.send(), 'permanent 550 5.1.2');
  await using dangling = await world({ 'MX buyer.example': mx('gone.test') });
  assert.equal(await dangling.send(), 'permanent 550 5.1.2');
});

for (const address of ['127.0.0.1', '10.1.2.3', '169.254.169.254', '100.64.0.1', '0.0.0.0', '192.168.1.1']) {
  test(`an exchanger at ${address} is never connected to`, async () => {
    const zone = { 'MX buyer.example': mx('inside.test'), 'A inside.test': [address] };
    await using far = await world(zone, { allowPrivateTargets: false });
    assert.equal(await far.send(), 'permanent 550 5.4.4');
    assert.equal(far.sink.connections.total, 0);
  });
}

for (const address of ['::1', '64:ff9b::7f00:1', 'fe80::1', 'fd00::1', '2002:7f00:1::1']) {
  test(`an exchanger at ${address} is never connected to`, async () => {
    const zone = { 'MX buyer.example': mx('inside.test'), 'AAAA inside.test': [address] };
    await using far = await world(zone, { allowPrivateTargets: false });
    assert.equal(await far.send(), 'permanent 550 5.4.4');
  });
}

test('an alias (CNAME) that leads inside is not connected to either', async () => {
  const zone = {
    'MX buyer.example': mx('alias.test'),
    'CNAME alias.test': ['inside.test'],
    'A inside.test': ['127.0.0.1'],
  };
  await using far = await world(zone, { allowPrivateTargets: false });
  assert.equal(await far.send(), 'permanent 550 5.4.4');
  assert.equal(far.sink.connections.total, 0);
});

test('a host of which all addresses are refused is skipped, and the next one gets the mail', async () => {
  await using far = await world(
    {
      'MX buyer.example': mx('ours.test', 'theirs.test'),
      'A ours.test': ['127.0.0.7'],
      'A theirs.test': ['127.0.0.1'],
    },
    { isOwnAddress: (address) => address === '127.0.0.7' },
  );
  assert.equal(await far.send(), 'delivered');
});

test('a host of ours, by name, and all hosts behind it are left out: they would send it back', async () => {
  const zone = {
    'MX buyer.example': [
      { priority: 10, exchange: 'first.test' },
      { priority: 20, exchange: 'MAIL.relay.test' },
      { priority: 30, exchange: 'last.test' },
    ],
    'A last.test': ['127.0.0.1'],
    'A first.test': ['127.0.0.1'],
  };
  await using far = await world(zone);
  assert.equal(await far.send(), 'delivered');
  await using only = await world({ ...zone, 'MX buyer.example': zone['MX buyer.example'].slice(1) });
  assert.equal(await only.send(), 'permanent 550 5.4.4');
  assert.equal(only.sink.connections.total, 0);
});

test('the address that was checked is the one connected to: no name is looked up twice', async () => {
  await using far = await world({ 'MX buyer.example': mx('mx.test'), 'A mx.test': ['127.0.0.1'] });
  assert.equal(await far.send(), 'delivered');
  const asked = far.names.asked.filter((question) => question === 'A mx.test');
  assert.equal(asked.length, 1);
});

test('of two hundred exchangers ten are looked up', async () => {
  const hosts = Array.from({ length: 200 }, (_, at) => `mx${at}.test`);
  await using far = await world({
    'MX buyer.example': mx(...hosts),
    ...Object.fromEntries(hosts.map((host) => [`A ${host}`, ['127.0.0.9']])),
  });
  assert.equal(await far.send(), 'temporary - -');
  assert.equal(new Set(far.names.asked.filter((question) => question.startsWith('A '))).size, 10);
});

test('among exchangers of one preference the order is by chance, and preference always counts', async () => {
  const zone: Zone = {
    'MX buyer.example': ['a.test', 'b.test', 'c.test'].map((exchange) => ({ priority: 5, exchange })),
    'A a.test': ['127.0.0.2'],
    'A b.test': ['127.0.0.3'],
    'A c.test': ['127.0.0.4'],
  };
  await using first = await startSink({ host: '127.0.0.2' });
  await using second = await startSink({ host: '127.0.0.3', port: first.port });
  await using third = await startSink({ host: '127.0.0.4', port: first.port });
  await using names = await startNameServer(zone);
  await using transport = toMx(first, systemResolver([`127.0.0.1:${names.port}`]));
  for (let round = 0; round < 40; round += 1) {
    assert.equal((await transport.send(shipment('x'), never)).kind, 'delivered');
  }
  // By chance alone one of three stays without mail once in ten million runs.
  for (const sink of [first, second, third]) assert.ok(sink.messages.length > 0);
});

test('a chain of two hundred aliases ends as not known, where the name server is asked by us', async () => {
  const zone: Zone = {
    'MX buyer.example': mx('name200.test'),
    'A name0.test': ['127.0.0.1'],
    ...Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`CNAME name${at + 1}.test`, [`name${at}.test`]])),
  };
  await using names = await startNameServer(zone);
  await using far = await world(zone, { validating: validatingResolver([`127.0.0.1:${names.port}`], 500) });
  assert.equal(await far.send(), 'temporary - -');
  assert.equal(far.sink.connections.total, 0);
});

test('a name server in trouble is waited for', async () => {
  await using names = await startNameServer({ 'SERVFAIL *': [] });
  await using sink = await startSink();
  await using transport = toMx(sink, systemResolver([`127.0.0.1:${names.port}`]));
  assert.equal(codesOf(await transport.send(shipment('x'), never)), 'temporary - -');
});
