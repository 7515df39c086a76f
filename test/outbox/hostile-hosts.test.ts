/**
 * Next hops that are slow or talk too much, and what is not sent to those that cannot take it (security.md OU-03, OU-09, OU-10).
 */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Gate } from '../../src/outbox/gate.ts';
import type { Resolver } from '../../src/dns/resolver.ts';
import { startSink, type SinkAnswers, type SinkMoment } from '../support/sink.ts';
import { codesOf, never, noNames, SHORT, shipment, toMx, toSmarthost } from './far-side.ts';

const names: Resolver = { ...noNames, addresses: async () => ['127.0.0.1'] };

for (const [name, text] of [
  ['a hundred thousand lines', '250-x\r\n'.repeat(100_000)],
  ['a hundred and one lines', `${'250-x\r\n'.repeat(101)}250 ok\r\n`],
  ['a line of a megabyte', `250 ${'x'.repeat(1_000_000)}\r\n`],
  ['ten megabytes without a line', 'x'.repeat(10_000_000)],
] as const) {
  // A 250 behind the last dot, however long, is a message taken: to send it again would be a second one.
  const isTaken = text.endsWith('250 ok\r\n');
  const moments = ['greeting', 'EHLO', 'MAIL', 'RCPT', 'message'] satisfies readonly SinkMoment[];
  for (const moment of moments.slice(0, isTaken ? -1 : undefined)) {
    test(`${name} at ${moment} end the connection, and the message is tried again later`, async () => {
      await using sink = await startSink({ answers: { [moment]: (socket: Socket) => void socket.write(text) } });
      await using transport = toMx(sink, names);
      assert.equal((await transport.send(shipment('x'), never)).kind, 'temporary');
      assert.equal(sink.messages.length, 0);
    });
  }
}

test('a greeting and an EHLO of a hundred lines are taken', async () => {
  const hundred = (code: number) => `${code}-x\r\n`.repeat(99) + `${code} end`;
  const answers: SinkAnswers = {
    greeting: (socket) => void socket.write(`${hundred(220)}\r\n`),
    EHLO: (socket) => void socket.write(`${hundred(250)}\r\n`),
  };
  await using sink = await startSink({ answers });
  await using transport = toMx(sink, names);
  assert.equal(codesOf(await transport.send(shipment('x'), never)), 'delivered');
});

test('of a reply full of escape sequences, markup and addresses only its codes are kept', async () => {
  const hostile = '550-5.1.1 \u001b[2J<script>kim@buyer.example\r\n550 5.1.1 \u0007<b>kim@buyer.example</b>';
  await using sink = await startSink({ answers: { RCPT: hostile } });
  await using transport = toMx(sink, names);
  const delivery = await transport.send(shipment('x'), never);
  assert.equal(codesOf(delivery), 'permanent 550 5.1.1');
  assert.doesNotMatch(
    inspect(delivery, { depth: 9, showHidden: true }) + JSON.stringify(delivery),
    /kim|script|\u001b/,
  );
});

test('a message over the announced SIZE is not offered: 5.3.4, and the author hears that it is too big', async () => {
  await using sink = await startSink({ answers: { EHLO: '250-sink.test\r\n250 SIZE 1000' } });
  await using transport = toMx(sink, names);
  const delivery = await transport.send(shipment('x'.repeat(2000)), never);
  assert.equal(codesOf(delivery), 'permanent 552 5.3.4');
  assert.equal(delivery.kind === 'permanent' ? delivery.reply?.reason : '', 'too-big');
  assert.ok(!sink.commands.some((line) => /^(?:MAIL|RCPT|DATA)/.test(line)));
  assert.equal(codesOf(await transport.send(shipment('x'), never)), 'delivered');
});

test('an address that is not ASCII goes only to a host that takes SMTPUTF8; else it is 5.6.7 and nothing is sent', async () => {
  await using plain = await startSink();
  await using toPlain = toMx(plain, names);
  assert.equal(codesOf(await toPlain.send(shipment('x', 'jörg@buyer.example'), never)), 'permanent 550 5.6.7');
  assert.ok(!plain.commands.some((line) => line.startsWith('MAIL')));
  await using able = await startSink({ answers: { EHLO: '250-sink.test\r\n250-8BITMIME\r\n250 SMTPUTF8' } });
  await using toAble = toMx(able, names);
  assert.equal(codesOf(await toAble.send(shipment('x', 'jörg@buyer.example'), never)), 'delivered');
  assert.deepEqual(able.messages[0]?.to, ['jörg@buyer.example']);
  assert.ok(able.commands.some((line) => /^MAIL FROM:.* SMTPUTF8/.test(line)));
});

test('a host without 8BITMIME gets the mail: ours is 7-bit, and nothing says BODY=8BITMIME', async () => {
  await using sink = await startSink({ answers: { EHLO: '250 sink.test' } });
  await using transport = toMx(sink, names);
  assert.equal(codesOf(await transport.send(shipment('x'), never)), 'delivered');
  assert.ok(!sink.commands.some((line) => line.includes('8BITMIME')));
});

test('a domain that never answers takes five places at most; who comes later is put off, and others are served', async () => {
  await using tarpit = await startSink({ answers: { MAIL: 'silence' } });
  await using _healthy = await startSink({ host: '127.0.0.2', port: tarpit.port });
  const resolver: Resolver = {
    ...noNames,
    addresses: async (host) => [host === 'slow.example' ? '127.0.0.1' : '127.0.0.2'],
  };
  const patient = { ...SHORT, replyMs: 1500, patienceMs: 100 };
  await using transport = toMx(tarpit, resolver, { maxConnectionsPerHost: 5 }, patient);
  const stuck = Array.from({ length: 5 }, () => transport.send(shipment('x', 'kim@slow.example'), never));
  const waiting = transport.send(shipment('x', 'kim@slow.example'), never);
  assert.equal(codesOf(await transport.send(shipment('y', 'kim@fast.example'), never)), 'delivered');
  assert.equal(codesOf(await waiting), 'temporary - -');
  const begun = performance.now();
  const late = await Promise.all(
    Array.from({ length: 500 }, () => transport.send(shipment('x', 'kim@slow.example'), never)),
  );
  assert.ok(late.every((delivery) => codesOf(delivery) === 'temporary - -'));
  assert.ok(performance.now() - begun < 1000);
  assert.equal(tarpit.connections.total, 5);
  await Promise.all(stuck);
});

test('many domains that share one slow host do not wait for it longer than a moment', async () => {
  await using tarpit = await startSink({ answers: { MAIL: 'silence' } });
  await using transport = toMx(
    tarpit,
    names,
    { maxConnectionsPerHost: 2 },
    { ...SHORT, replyMs: 1500, patienceMs: 100 },
  );
  const sends = Array.from({ length: 20 }, (_, at) => transport.send(shipment('x', `kim@d${at}.example`), never));
  let ended = 0;
  const all = Promise.all(sends.map((send) => send.finally(() => (ended += 1))));
  await pause(700);
  assert.deepEqual([ended, tarpit.connections.total], [18, 2]);
  await all;
});

test('a busy domain that works gets everything, over no more connections than allowed', async () => {
  await using sink = await startSink();
  await using transport = toMx(sink, names, { maxConnectionsPerHost: 5 });
  const sends = Array.from({ length: 300 }, (_, at) => transport.send(shipment(`message ${at}`), never));
  assert.ok((await Promise.all(sends)).every(({ kind }) => kind === 'delivered'));
  assert.ok(sink.connections.total <= 5);
});

test('a reply of an octet now and then is given up by the whole time, not by the silence between', async () => {
  await using sink = await startSink({
    answers: {
      greeting: (socket) => {
        const timer = setInterval(() => socket.write('2'), 30);
        socket.on('close', () => clearInterval(timer));
      },
    },
  });
  await using transport = toSmarthost(sink);
  const begun = performance.now();
  assert.equal(codesOf(await transport.send(shipment('x'), never)), 'temporary - -');
  assert.ok(performance.now() - begun < 1500);
});

test('a place at the gate goes to whoever waited first, and to nobody who gave up', async () => {
  const gate = new Gate(1, 50);
  const first = await gate.enter('a', never);
  const cut = new AbortController();
  const gone = gate.enter('a', cut.signal);
  const second = gate.enter('a', never);
  cut.abort();
  assert.equal(await gone, undefined);
  first?.[Symbol.dispose]();
  const entered = await second;
  assert.ok(entered !== undefined);
  assert.equal(await gate.enter('a', never), undefined);
  // Slow now, until somebody leaves.
  const begun = performance.now();
  assert.equal(await gate.enter('a', never), undefined);
  assert.ok(performance.now() - begun < 40);
  entered[Symbol.dispose]();
  await pause(0);
  assert.ok((await gate.enter('a', never)) !== undefined);
});
