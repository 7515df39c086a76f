/**
 * Encryption where the recipient's domain asks for none in particular (RFC 7435, security.md OU-04 and OU-05).
 */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { after, test } from 'node:test';
import type { Resolver } from '../../src/dns/resolver.ts';
import type { SmtpTransportParts } from '../../src/outbox/smtp-transport.ts';
import { makeAuthority } from '../support/certificates.ts';
import { startSink, type Sink } from '../support/sink.ts';
import { codesOf, never, noNames, SHORT, shipment, toMx, toSmarthost } from './far-side.ts';

const authority = makeAuthority();
after(() => authority[Symbol.dispose]());
const host = authority.certify('mx.test');
const expired = authority.certify('elsewhere.test', -1);
const names: Resolver = { ...noNames, addresses: async () => ['127.0.0.1'] };

function counting(sink: Sink, parts: Partial<SmtpTransportParts> = {}) {
  const counted: string[] = [];
  const transport = toMx(sink, names, { countTls: (policy, result) => counted.push(`${policy} ${result}`), ...parts });
  return { counted, transport, [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose]() };
}

test('a host that offers STARTTLS gets the mail encrypted, whoever signed its certificate', async () => {
  for (const tls of [host, expired]) {
    await using sink = await startSink({ tls });
    await using far = counting(sink);
    assert.equal(codesOf(await far.transport.send(shipment('x'), never)), 'delivered');
    assert.equal(sink.messages[0]?.wasEncrypted, true);
    assert.deepEqual(far.counted, ['no-policy-found success']);
  }
});

test('two messages share one encrypted connection', async () => {
  await using sink = await startSink({ tls: host });
  await using far = counting(sink);
  for (const text of ['one', 'two']) await far.transport.send(shipment(text), never);
  assert.deepEqual([sink.messages.length, sink.connections.total], [2, 1]);
});

test('a host without STARTTLS gets the mail in plain text, and it is counted', async () => {
  await using sink = await startSink();
  await using far = counting(sink);
  assert.equal(codesOf(await far.transport.send(shipment('x'), never)), 'delivered');
  assert.deepEqual([sink.messages[0]?.wasEncrypted, far.counted], [false, ['no-policy-found starttls-not-supported']]);
});

test('a host that refuses STARTTLS gets the mail in plain text on the same connection', async () => {
  await using sink = await startSink({ tls: host, answers: { STARTTLS: '454 4.7.0 not now' } });
  await using far = counting(sink);
  assert.equal(codesOf(await far.transport.send(shipment('x'), never)), 'delivered');
  assert.deepEqual([sink.messages[0]?.wasEncrypted, sink.connections.total], [false, 1]);
});

test('a host that knows only HELO gets the mail', async () => {
  await using sink = await startSink({
    answers: {
      EHLO: (socket) => void socket.write(sink.commands.at(-1)?.startsWith('EHLO') ? '502 what\r\n' : '250 hi\r\n'),
    },
  });
  await using far = counting(sink);
  assert.equal(codesOf(await far.transport.send(shipment('x'), never)), 'delivered');
});

const BREAKS: Readonly<Record<string, (socket: Socket) => void>> = {
  'speaks no TLS behind its 220': (socket) => {
    socket.once('data', () => socket.write('500 5.5.1 what\r\n'));
    socket.write('220 go\r\n');
  },
  'hangs up in the handshake': (socket) => void socket.end('220 go\r\n'),
  'says nothing in the handshake': (socket) => void socket.write('220 go\r\n'),
};

for (const [name, STARTTLS] of Object.entries(BREAKS)) {
  test(`a host that ${name} is asked once more without TLS`, async () => {
    await using sink = await startSink({ tls: host, answers: { STARTTLS } });
    await using far = counting(sink);
    assert.equal(codesOf(await far.transport.send(shipment('x'), never)), 'delivered');
    assert.deepEqual([sink.messages[0]?.wasEncrypted, sink.connections.total], [false, 2]);
    assert.deepEqual(far.counted, ['no-policy-found validation-failure']);
  });
}

test('a host that speaks TLS 1.1 at most counts as one whose TLS is broken', async () => {
  await using sink = await startSink({ tls: { ...host, maxVersion: 'TLSv1.1' } });
  await using far = counting(sink);
  assert.equal(codesOf(await far.transport.send(shipment('x'), never)), 'delivered');
  assert.equal(sink.messages[0]?.wasEncrypted, false);
});

for (const [name, behind] of [
  ['a whole reply', '220 2.0.0 go\r\n250 injected\r\n'],
  ['half a reply', '220 2.0.0 go\r\n250-SMTP'],
  ['several lines', '220 2.0.0 go\r\n250-sink.test\r\n250 AUTH PLAIN\r\n'],
] as const) {
  test(`${name} behind the 220 of STARTTLS ends the connection, and no second one is tried without TLS`, async () => {
    await using sink = await startSink({
      tls: host,
      answers: { STARTTLS: (socket) => void socket.write(behind) },
    });
    await using far = counting(sink);
    assert.equal(codesOf(await far.transport.send(shipment('x'), never)), 'temporary - -');
    assert.equal(sink.connections.total, 1);
    assert.ok(!sink.commands.some((line) => line.startsWith('MAIL')));
  });
}

test('more than one reply to EHLO ends the connection as well: the second would answer STARTTLS', async () => {
  await using sink = await startSink({
    tls: host,
    answers: { EHLO: (socket) => void socket.write('250-sink.test\r\n250 STARTTLS\r\n220 go\r\n') },
  });
  await using far = counting(sink);
  assert.equal(codesOf(await far.transport.send(shipment('x'), never)), 'temporary - -');
  assert.deepEqual(
    sink.commands.map((line) => line.slice(0, 4)),
    ['EHLO'],
  );
});

test('a password is sent to a smart host on the network only under a certificate that names it', async () => {
  const login = { kind: 'smarthost', user: 'relay', password: 'secret' } as const;
  // Not the loopback to the code, and the loopback all the same.
  const route = (sink: Sink) => ({ ...login, host: '0.0.0.0', port: sink.port });
  for (const tls of [host, undefined]) {
    await using sink = await startSink(tls === undefined ? {} : { tls });
    await using transport = toSmarthost(sink, SHORT, { route: route(sink), trusted: authority.pem });
    assert.equal(codesOf(await transport.send(shipment('x'), never)), 'temporary 451 4.7.5');
    assert.ok(!sink.commands.some((line) => /^(?:AUTH|MAIL)/.test(line)));
  }
});
