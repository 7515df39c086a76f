import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { test } from 'node:test';
import type { Resolver } from '../../src/dns/resolver.ts';
import { startSink, type Sink } from '../support/sink.ts';
import { BUYER, codesOf, never, noNames, SHORT, shipment, toMx, toSmarthost } from './far-side.ts';

test('a message arrives octet for octet, with its envelope and with its dots', async () => {
  await using sink = await startSink();
  await using transport = toSmarthost(sink);
  const sent = shipment('.\r\n..\r\n.one\r\nplain\r\n.');
  assert.deepEqual(await transport.send(sent, never), { kind: 'delivered' });
  const [message] = await sink.waitFor(1);
  assert.equal(message?.from, 'bounce-1@relay.test');
  assert.deepEqual(message?.to, [BUYER]);
  assert.deepEqual(message?.bytes, Buffer.from(sent.bytes));
});

test('a notice goes out with the null reverse path', async () => {
  await using sink = await startSink();
  await using transport = toSmarthost(sink);
  await transport.send({ ...shipment('x'), reversePath: '' }, never);
  assert.equal((await sink.waitFor(1))[0]?.from, '');
});

test('a thousand messages arrive once each, over no more connections than allowed', async () => {
  await using sink = await startSink();
  await using transport = toSmarthost(sink);
  const sent = Array.from({ length: 1000 }, (_, index) => shipment(`message ${index}`));
  const results = await Promise.all(sent.map((each) => transport.send(each, never)));
  assert.ok(results.every((result) => result.kind === 'delivered'));
  assert.deepEqual(
    new Set(sink.messages.map(({ bytes }) => bytes.toString())),
    new Set(sent.map(({ bytes }) => Buffer.from(bytes).toString())),
  );
  assert.equal(sink.messages.length, 1000);
  assert.equal(sink.connections.total, 4);
});

for (const [moment, answer, kind] of [
  ['MAIL', '451 4.7.1 greylisted', 'temporary'],
  ['MAIL', '550 5.7.1 not you', 'permanent'],
  ['RCPT', '450 4.2.1 later', 'temporary'],
  ['RCPT', '550 5.1.1 <kim@buyer.example>: no such user', 'permanent'],
  ['RCPT', '552 5.2.2 mailbox full', 'temporary'],
  ['DATA', '554 5.5.1 no', 'permanent'],
  ['message', '452 4.3.1 disk full', 'temporary'],
  ['message', '554 5.7.1 spam', 'permanent'],
  ['message', '421 4.3.2 going down', 'temporary'],
] as const) {
  test(`"${answer}" to ${moment} is ${kind}, and is told by its codes only`, async () => {
    await using sink = await startSink({ answers: { [moment]: answer } });
    await using transport = toSmarthost(sink);
    const delivery = await transport.send(shipment('x'), never);
    assert.ok(delivery.kind !== 'delivered');
    assert.equal(delivery.kind, kind);
    assert.equal(delivery.reply?.code, Number(answer.slice(0, 3)));
    assert.equal(delivery.reply?.enhanced, answer.slice(4, 9));
    assert.doesNotMatch(
      inspect(delivery, { depth: 9, showHidden: true }) + JSON.stringify(delivery),
      /kim|no such user/,
    );
    assert.equal(sink.messages.length, 0);
  });
}

for (const [name, answers] of [
  ['says nothing at all', { greeting: 'silence' }],
  ['closes instead of greeting', { greeting: 'drop' }],
  ['greets with 554', { greeting: '554 5.3.2 no mail here' }],
  ['greets without end', { greeting: (socket) => void socket.write(`220-${'x'.repeat(500)}\r\n`.repeat(200)) }],
  ['falls silent at MAIL', { MAIL: 'silence' }],
  ['closes in the middle of DATA', { DATA: 'drop' }],
  ['closes after the last dot', { message: 'drop' }],
  ['falls silent after the last dot', { message: 'silence' }],
] as const satisfies readonly (readonly [string, Parameters<Sink['answer']>[0]])[]) {
  test(`a host that ${name} is tried again later, and others are served meanwhile`, async () => {
    await using sink = await startSink({ answers });
    await using healthy = await startSink();
    await using transport = toSmarthost(sink);
    await using other = toSmarthost(healthy);
    const stuck = transport.send(shipment('x'), never);
    assert.deepEqual(await other.send(shipment('y'), never), { kind: 'delivered' });
    assert.deepEqual(await stuck, { kind: 'temporary', reply: undefined });
    sink.answer('accept');
    assert.deepEqual(await transport.send(shipment('again'), never), { kind: 'delivered' });
  });
}

test('a host that nobody answers at is temporary', async () => {
  const gone = await startSink();
  await gone[Symbol.asyncDispose]();
  await using transport = toSmarthost(gone);
  assert.deepEqual(await transport.send(shipment('x'), never), { kind: 'temporary', reply: undefined });
});

test('a kept connection that the far side has closed is replaced, and the message arrives once', async () => {
  await using sink = await startSink();
  await using transport = toSmarthost(sink);
  await transport.send(shipment('first'), never);
  await sink.hangUp();
  assert.deepEqual(await transport.send(shipment('second'), never), { kind: 'delivered' });
  assert.deepEqual(sink.connections.total, 2);
  assert.equal(sink.messages.length, 2);
});

for (const answer of ['421 4.4.2 idle too long', 'drop'] as const) {
  test(`a kept connection that answers MAIL with ${answer} is replaced at once`, async () => {
    await using sink = await startSink();
    await using transport = toSmarthost(sink);
    await transport.send(shipment('first'), never);
    sink.answer({
      MAIL: (socket) => {
        if (answer === 'drop') socket.destroy();
        else socket.end(`${answer}\r\n`);
        sink.answer('accept');
      },
    });
    assert.deepEqual(await transport.send(shipment('second'), never), { kind: 'delivered' });
    assert.equal(sink.messages.length, 2);
  });
}

test('a kept connection that is cut after the last dot is not tried again at once: the message may have been taken', async () => {
  await using sink = await startSink();
  await using transport = toSmarthost(sink);
  await transport.send(shipment('first'), never);
  sink.answer({ message: 'drop' });
  assert.deepEqual(await transport.send(shipment('second'), never), { kind: 'temporary', reply: undefined });
  assert.equal(sink.commands.filter((line) => line === 'DATA').length, 2);
});

test('a host that answers a letter at a time is given up after the time for the whole', async () => {
  let drip: NodeJS.Timeout | undefined;
  await using sink = await startSink({
    answers: { MAIL: (socket) => (drip = setInterval(() => void socket.write('2'), 20)) },
  });
  await using transport = toSmarthost(sink, { ...SHORT, wholeMs: 500 });
  assert.deepEqual(await transport.send(shipment('x'), never), { kind: 'temporary', reply: undefined });
  clearInterval(drip);
});

test('a worker that stops does not wait for a silent host, nor for a free connection', async () => {
  await using sink = await startSink({ answers: { message: 'silence' } });
  await using transport = toSmarthost(sink, {
    ...SHORT,
    connectMs: 60_000,
    replyMs: 60_000,
    wholeMs: 60_000,
    graceMs: 20,
  });
  const stop = new AbortController();
  const sends = Array.from({ length: 6 }, () => transport.send(shipment('x'), stop.signal));
  while (sink.commands.filter((line) => line === 'DATA').length < 4) await new Promise(setImmediate);
  stop.abort();
  assert.deepEqual(await Promise.all(sends), Array(6).fill({ kind: 'temporary', reply: undefined }));
});

test('a message over the size that the host announced is not sent and not tried again', async () => {
  await using sink = await startSink({ answers: { EHLO: '250-sink.test\r\n250 SIZE 1000' } });
  await using transport = toSmarthost(sink);
  assert.equal(codesOf(await transport.send(shipment('x'.repeat(2000)), never)), 'permanent 552 5.3.4');
  assert.ok(!sink.commands.includes('DATA'));
});

test('a password that the smart host refuses bounces nobody’s mail', async () => {
  await using sink = await startSink({ answers: { EHLO: '250-sink.test\r\n250 AUTH PLAIN' } });
  await using transport = toSmarthost(sink, SHORT, {
    route: { kind: 'smarthost', host: '127.0.0.1', port: sink.port, user: 'relay', password: 'wrong' },
  });
  assert.deepEqual(await transport.send(shipment('x'), never), { kind: 'temporary', reply: undefined });
  assert.ok(sink.commands.some((line) => line.startsWith('AUTH PLAIN')));
});

test('disposing of the transport leaves no connection open', async () => {
  await using sink = await startSink();
  const transport = toSmarthost(sink);
  await transport.send(shipment('x'), never);
  await transport[Symbol.asyncDispose]();
  while (sink.connections.open > 0) await new Promise(setImmediate);
  assert.ok(sink.commands.includes('QUIT'));
});

// The MX route

const mxOf = (records: readonly [priority: number, exchange: string][], hosts: Record<string, string[]>): Resolver => ({
  mx: async () => records.map(([priority, exchange]) => ({ priority, exchange })),
  addresses: async (host) => hosts[host] ?? [],
  txt: async () => [],
});

test('exchangers are tried in the order of their priority until one answers', async () => {
  await using sink = await startSink();
  await using transport = toMx(
    sink,
    mxOf(
      [
        [20, 'second.buyer.example'],
        [10, 'first.buyer.example.'],
      ],
      // Nothing listens on 127.0.0.9 with the port of the sink.
      { 'first.buyer.example': ['127.0.0.9'], 'second.buyer.example': ['127.0.0.1'] },
    ),
  );
  assert.deepEqual(await transport.send(shipment('x'), never), { kind: 'delivered' });
});

test('an exchanger that refuses the recipient has the last word: the next one is not asked', async () => {
  await using first = await startSink({ answers: { RCPT: '550 5.1.1 no' }, host: '127.0.0.2' });
  await using second = await startSink({ host: '127.0.0.3', port: first.port });
  const resolver = mxOf(
    [
      [1, 'a.test'],
      [2, 'b.test'],
    ],
    { 'a.test': ['127.0.0.2'], 'b.test': ['127.0.0.3'] },
  );
  await using transport = toMx(first, resolver);
  assert.equal((await transport.send(shipment('x'), never)).kind, 'permanent');
  assert.equal(second.connections.total, 0);
});

test('a domain without MX records is its own exchanger', async () => {
  await using sink = await startSink();
  await using transport = toMx(sink, mxOf([], { 'buyer.example': ['127.0.0.1'] }));
  assert.deepEqual(await transport.send(shipment('x'), never), { kind: 'delivered' });
});

test('a null MX takes no mail, for good', async () => {
  await using sink = await startSink();
  await using transport = toMx(sink, mxOf([[0, '']], { '': ['127.0.0.1'], 'buyer.example': ['127.0.0.1'] }));
  assert.equal(codesOf(await transport.send(shipment('x'), never)), 'permanent 556 5.1.10');
  assert.equal(sink.connections.total, 0);
});

test('names that cannot be looked up at present are tried again later', async () => {
  await using sink = await startSink();
  const broken: Resolver = {
    ...noNames,
    mx: () => Promise.reject(Object.assign(new Error('queryMx ETIMEOUT buyer.example'), { code: 'ETIMEOUT' })),
  };
  await using transport = toMx(sink, broken);
  assert.deepEqual(await transport.send(shipment('x'), never), { kind: 'temporary', reply: undefined });
});

test('of two hundred exchangers ten at most are tried', async () => {
  await using sink = await startSink({ answers: { greeting: 'drop' } });
  const names = Array.from({ length: 200 }, (_, index) => `mx${index}.test`);
  const resolver = mxOf(
    names.map((name, index) => [index, name]),
    Object.fromEntries(names.map((name) => [name, ['127.0.0.1', '127.0.0.1']])),
  );
  await using transport = toMx(sink, resolver);
  await transport.send(shipment('x'), never);
  assert.equal(sink.connections.total, 10);
});
