/**
 * MTA-STS from the record to the certificate: a real name server, a real web server, a real mail server (RFC 8461, security.md OU-06).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestListener } from 'node:http';
import { policyText } from './policy-host.ts';
import { authority, DELAYED, ENFORCED, mx, stranger, world } from './sts-world.ts';

test('a policy that is kept to: the mail goes out encrypted, to the named host with a certificate that holds', async () => {
  await using far = await world({ policy: ENFORCED, certified: mx });
  assert.equal(await far.send(), 'delivered');
  assert.equal(far.sink.messages[0]?.wasEncrypted, true);
  assert.deepEqual(far.counted, ['sts success']);
  assert.deepEqual(far.policyHost.requests, ['mta-sts.buyer.example/.well-known/mta-sts.txt']);
});

for (const [name, certified, result] of [
  ['for another name', authority.certify('other.example'), 'certificate-host-mismatch'],
  ['that has expired', authority.certify('mx.buyer.example', -1), 'certificate-expired'],
  ['of an unknown authority', stranger.certify('mx.buyer.example'), 'certificate-not-trusted'],
  ['not at all: it offers no STARTTLS', undefined, 'starttls-not-supported'],
] as const) {
  test(`under enforce a host with a certificate ${name} gets no mail; under testing it does, and it is counted`, async () => {
    await using enforced = await world({ policy: ENFORCED, certified });
    assert.equal(await enforced.send(), DELAYED);
    assert.deepEqual(enforced.counted, [`sts ${result}`]);
    assert.ok(!enforced.sink.commands.some((line) => line.startsWith('MAIL')));
    await using tested = await world({ policy: policyText('testing', ['mx.buyer.example']), certified });
    assert.equal(await tested.send(), 'delivered');
    assert.deepEqual(tested.counted, [`sts ${result}`]);
  });
}

test('under enforce TLS that breaks in the handshake is not replaced by plain text', async () => {
  await using far = await world({ policy: ENFORCED, certified: mx });
  far.sink.answer({ STARTTLS: (socket) => void socket.end('220 go\r\n') });
  assert.equal(await far.send(), DELAYED);
  assert.equal(far.sink.connections.total, 1);
  assert.ok(!far.sink.commands.some((line) => line.startsWith('MAIL')));
});

test('under enforce a host that the policy does not name is not even connected to', async () => {
  await using far = await world({ policy: policyText('enforce', ['other.example']), certified: mx });
  assert.equal(await far.send(), DELAYED);
  assert.equal(far.sink.connections.total, 0);
  assert.deepEqual(far.counted, ['sts validation-failure']);
});

test('under enforce the mail goes past a host that is not named, to one that is', async () => {
  await using far = await world({
    policy: ENFORCED,
    certified: mx,
    zone: {
      'MX buyer.example': [
        { priority: 1, exchange: 'thief.example' },
        { priority: 2, exchange: 'mx.buyer.example' },
      ],
      'A thief.example': ['127.0.0.1'],
    },
  });
  assert.equal(await far.send(), 'delivered');
  assert.equal(far.sink.connections.total, 1);
});

test('mode none, and no record at all, ask for nothing', async () => {
  await using none = await world({ policy: policyText('none', []) });
  assert.equal(await none.send(), 'delivered');
  await using absent = await world({ policy: ENFORCED, zone: { 'TXT _mta-sts.buyer.example': [['v=spf1 -all']] } });
  assert.equal(await absent.send(), 'delivered');
  assert.equal(absent.policyHost.connections.total, 0);
});

test('a policy is fetched once for many messages, and again when the id in the record changes', async () => {
  await using far = await world({ policy: ENFORCED, certified: mx });
  assert.deepEqual(await Promise.all([far.send(), far.send(), far.send()]), Array(3).fill('delivered'));
  far.clock.advance(3_600_000);
  await far.send();
  assert.equal(far.policyHost.requests.length, 1);
  far.records['TXT _mta-sts.buyer.example'] = [['v=STSv1; id=2;']];
  far.policyHost.answer(policyText('enforce', ['other.example']));
  far.clock.advance(61_000);
  assert.equal(await far.send(), DELAYED);
  assert.equal(far.policyHost.requests.length, 2);
});

test('a policy that is relied on is fetched again in time, though its id is the same', async () => {
  await using far = await world({ policy: policyText('enforce', ['mx.buyer.example'], 7200), certified: undefined });
  assert.equal(await far.send(), DELAYED);
  far.clock.advance(3_599_000);
  await far.send();
  assert.equal(far.policyHost.requests.length, 1);
  far.clock.advance(62_000);
  await far.send();
  assert.equal(far.policyHost.requests.length, 2);
  // What blocks the host from now on has to do so for two hours more.
  far.policyHost.answer((_request, response) => void response.writeHead(500).end());
  far.clock.advance(7_100_000);
  assert.equal(await far.send(), DELAYED);
});

test('a policy outlives its record and its host, until max_age', async () => {
  await using far = await world({ policy: policyText('enforce', ['mx.buyer.example'], 7200), certified: undefined });
  assert.equal(await far.send(), DELAYED);
  delete far.records['TXT _mta-sts.buyer.example'];
  far.clock.advance(3_600_000);
  assert.equal(await far.send(), DELAYED);
  far.records['TXT _mta-sts.buyer.example'] = [['v=STSv1; id=2;']];
  far.policyHost.answer((_request, response) => void response.writeHead(500).end());
  far.clock.advance(3_500_000);
  assert.equal(await far.send(), DELAYED);
  assert.equal(far.policyHost.requests.length, 2);
  far.clock.advance(99_000);
  assert.equal(await far.send(), DELAYED);
  // Two hours after the fetch nothing is known any longer.
  far.clock.advance(1_000);
  assert.equal(await far.send(), 'delivered');
});

const reply =
  (status: number, headers: Record<string, string>, body: string): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);
const PLAIN = { 'content-type': 'text/plain' };

for (const [name, policy, fault] of [
  ['redirects', reply(302, { ...PLAIN, location: '/policy.txt' }, ENFORCED), 'sts-policy-fetch-error'],
  ['answers 203', reply(203, PLAIN, ENFORCED), 'sts-policy-fetch-error'],
  ['serves HTML', reply(200, { 'content-type': 'text/html' }, ENFORCED), 'sts-policy-fetch-error'],
  ['serves more than 64 kB', reply(200, PLAIN, ENFORCED + 'x: y\r\n'.repeat(11_000)), 'sts-policy-invalid'],
  ['serves nonsense', reply(200, PLAIN, 'version: STSv2\r\nmode: enforce\r\n'), 'sts-policy-invalid'],
  ['hangs up', (request) => void request.socket.destroy(), 'sts-policy-fetch-error'],
] as const satisfies readonly (readonly [string, RequestListener, string])[]) {
  test(`a policy host that ${name} publishes no policy, is counted and is left alone for five minutes`, async () => {
    await using far = await world({ policy });
    assert.equal(await far.send(), 'delivered');
    assert.equal(await far.send(), 'delivered');
    assert.ok(far.counted.includes(`sts ${fault}`));
    assert.equal(far.policyHost.connections.total, 1);
    far.clock.advance(301_000);
    await far.send();
    assert.equal(far.policyHost.connections.total, 2);
  });
}

test('64 kB of policy are read', async () => {
  const filler = `x: ${'y'.repeat(500)}\r\n`;
  const policy = ENFORCED + filler.repeat(Math.floor((65_536 - ENFORCED.length) / filler.length));
  await using far = await world({ policy });
  assert.equal(await far.send(), DELAYED);
});

for (const [name, certified] of [
  ['for another host', authority.certify('buyer.example')],
  ['that has expired', authority.certify('mta-sts.buyer.example', -1)],
  ['of an unknown authority', stranger.certify('mta-sts.buyer.example')],
] as const) {
  test(`a policy host with a certificate ${name} is not believed`, async () => {
    await using far = await world({ policy: ENFORCED, web: certified });
    assert.equal(await far.send(), 'delivered');
    assert.deepEqual(far.policyHost.requests, []);
    assert.ok(far.counted.includes('sts sts-webpki-invalid'));
  });
}

test('a policy host inside of our own network is not connected to', async () => {
  await using far = await world({
    policy: ENFORCED,
    zone: { 'A mta-sts.buyer.example': ['127.0.0.8'] },
    parts: { isOwnAddress: (address) => address === '127.0.0.8' },
  });
  assert.equal(await far.send(), 'delivered');
  assert.equal(far.policyHost.connections.total, 0);
  assert.ok(far.counted.includes('sts sts-policy-fetch-error'));
});
