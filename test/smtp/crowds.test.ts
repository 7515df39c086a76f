/**
 * Many connections at once (security.md 3.2 CM-21, CM-22, 3.12), with real sockets from many addresses of 127/8: who gets in, who does
 * not, and how the honest fare meanwhile.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { Gate } from '../../src/smtp/gate.ts';
import { networkOf, sourceOf } from '../../src/core/networks.ts';
import { Recently } from '../../src/core/recently.ts';
import { manualClock } from '../support/manual-clock.ts';
import { nextIsServed } from '../support/next-client.ts';
import { connectSmtp } from '../support/smtp-client.ts';
import { PASSWORD, startTestDoor } from '../support/smtp-door.ts';

/** A socket that only listens, and what it heard first. */
async function hold(port: number, from: string): Promise<{ socket: Socket; first: string }> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  socket.on('error', () => undefined);
  const [first] = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => [''])]);
  return { socket, first: String(first) };
}

const got = (held: readonly { first: string }[], code: string): number =>
  held.filter(({ first }) => first.startsWith(code)).length;
const release = (held: readonly { socket: Socket }[]): void => {
  for (const { socket } of held) socket.destroy();
};
const holdAll = (port: number, addresses: readonly string[]) => Promise.all(addresses.map((from) => hold(port, from)));

describe('neighbours', () => {
  for (const [address, network] of [
    ['192.0.2.77', '192.0.2.0/24'],
    ['::ffff:192.0.2.77', '192.0.2.0/24'],
    ['2001:db8:0:1:2:3:4:5', '2001:db8:0:1::/64'],
    ['2001:0DB8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ] as const) {
    test(`${address} lives in ${network}`, () => assert.equal(networkOf(address), network));
  }

  test('one client is an IPv4 address, or a /64', () => {
    assert.equal(sourceOf('::ffff:192.0.2.77'), '192.0.2.77');
    assert.equal(sourceOf('2001:db8::1'), sourceOf('2001:db8::ffff:1'));
  });
});

test('of more keys than can be remembered the oldest are forgotten, and times that are over', () => {
  const clock = manualClock(0);
  const recently = new Recently(clock, 60_000, 5);
  for (let key = 0; key < 10_001; key++) for (let time = 0; time < 10; time++) recently.note(`${key}`);
  assert.equal(recently.of('0').length, 0);
  assert.equal(recently.of('1').length, 5);
  assert.equal(recently.of('10000').length, 5);
  clock.advance(60_000);
  assert.equal(recently.of('10000').length, 0);
});

describe('the gate', () => {
  const limits = { perAddress: 20, perNetwork: 50, inAll: 1000 };

  test('twenty from one address, fifty from its neighbourhood, also for IPv6', () => {
    for (const [same, neighbour] of [
      ['192.0.2.1', (index: number) => `192.0.2.${index + 2}`],
      ['2001:db8::1', (index: number) => `2001:db8::${index + 2}`],
    ] as const) {
      const gate = new Gate(limits);
      const places = Array.from({ length: 200 }, () => gate.enter(same));
      assert.equal(places.filter((place) => place !== undefined).length, 20);
      const more = Array.from({ length: 200 }, (_, index) => gate.enter(neighbour(index)));
      assert.equal(more.filter((place) => place !== undefined).length, 30);
      places[0]?.leave();
      places[0]?.leave();
      assert.notEqual(gate.enter(same), undefined, 'one left, one may come');
      assert.equal(gate.enter(same), undefined, 'and one only');
    }
  });

  test('strangers fill four fifths; those that signed in once, from there, have the rest', () => {
    const gate = new Gate(limits);
    const seller = gate.enter('198.51.100.1');
    seller?.signedIn();
    const strangers = Array.from({ length: 10_000 }, (_, index) => gate.enter(`10.${index % 200}.${index % 250}.1`));
    assert.equal(strangers.filter((place) => place !== undefined).length, 800);
    assert.equal(gate.enter('203.0.113.1'), undefined);
    assert.notEqual(gate.enter('198.51.100.1'), undefined);
    assert.equal(gate.takeRefused(), 9201);
    assert.equal(gate.takeRefused(), 0);
  });

  test('no more than all get in, whoever they are, and all places come back', () => {
    const gate = new Gate({ perAddress: 20, perNetwork: 20, inAll: 10 });
    gate.enter('198.51.100.1')?.signedIn();
    const places = Array.from({ length: 20 }, () => gate.enter('198.51.100.1'));
    assert.equal(places.filter((place) => place !== undefined).length, 9);
    for (const place of places) place?.leave();
    assert.equal(Array.from({ length: 20 }, () => gate.enter('198.51.100.1')).filter(Boolean).length, 9);
  });
});

test('CM-21 of 500 idle connections from one /24 fifty get in, and others are served at once', async () => {
  await using door = await startTestDoor();
  const idle = await holdAll(
    door.port,
    Array.from({ length: 500 }, (_, index) => `127.66.0.${1 + (index % 250)}`),
  );
  assert.equal(got(idle, '220'), 50);
  assert.equal(got(idle, '421'), 450);
  await nextIsServed(door);
  release(idle);
});

test('CM-20 of one address, 20 get in, the 21st not, and of 200 still 20', async () => {
  await using door = await startTestDoor();
  for (const count of [20, 21, 200]) {
    const held = await holdAll(door.port, Array<string>(count).fill('127.66.0.1'));
    assert.equal(got(held, '220'), Math.min(20, count));
    release(held);
    for (const { socket } of held) if (!socket.closed) await once(socket, 'close');
    await nextIsServed(door, [20, 21, 200].indexOf(count));
  }
});

test('a seller that has signed in gets in while strangers hold all that strangers can get', async () => {
  await using door = await startTestDoor({ door: 'submission', authRequired: true, connections: { inAll: 100 } });
  const signIn = `AUTH PLAIN ${Buffer.from(`\0nord\0${PASSWORD}`).toString('base64')}`;
  {
    await using client = await connectSmtp(door.port, '127.9.0.1');
    await client.say('EHLO client.test');
    assert.equal((await client.say(signIn)).code, 235);
  }
  const idle = await holdAll(
    door.port,
    Array.from({ length: 200 }, (_, index) => `127.66.${index % 20}.1`),
  );
  assert.equal(got(idle, '220'), 80);
  await using stranger = await connectSmtp(door.port, '127.8.0.1');
  assert.equal(stranger.greeting.code, 421);
  await using seller = await connectSmtp(door.port, '127.9.0.1');
  assert.equal(seller.greeting.code, 220);
  release(idle);
});

test('CM-22 ten thousand connections that say nothing end no service', async () => {
  await using door = await startTestDoor();
  for (let round = 0; round < 20; round++) {
    const sockets = Array.from({ length: 500 }, (_, index) => {
      const socket = connect({
        port: door.port,
        host: '127.0.0.1',
        localAddress: `127.${70 + (index % 5)}.${round}.1`,
      });
      return socket.on('error', () => undefined).resume();
    });
    await Promise.all(sockets.map((socket) => once(socket, 'connect').catch(() => undefined)));
    if (round % 5 === 0) await nextIsServed(door, round / 5);
    for (const socket of sockets) socket.destroy();
  }
  await nextIsServed(door, 4);
  assert.ok(door.lines.some(({ name }) => name === 'door.crowded'));
});

test('CM-25 clients that break off anywhere leave nothing behind', async () => {
  await using door = await startTestDoor();
  const beginnings = [
    '',
    'EH',
    'EHLO client.test\r\n',
    'EHLO client.test\r\nMAIL FROM:<a@seller.test>\r\nRCPT TO:<b1@relay.test>\r\n',
    'EHLO client.test\r\nMAIL FROM:<a@seller.test>\r\nRCPT TO:<b1@relay.test>\r\nDATA\r\nFrom: a@seller.test\r\n',
    'EHLO client.test\r\nMAIL FROM:<a@seller.test>\r\nRCPT TO:<b1@relay.test>\r\nDATA\r\nFrom: a@seller.test\r\n\r\nx\r\n.\r',
  ];
  for (const beginning of beginnings) {
    for (const leave of ['end', 'resetAndDestroy', 'destroy'] as const) {
      const { socket } = await hold(door.port, '127.66.0.1');
      socket.resume();
      socket.write(beginning);
      await nextIsServed(door, door.taken.length);
      socket[leave]();
      if (!socket.closed) await once(socket, 'close');
    }
  }
  const held = await holdAll(door.port, Array<string>(20).fill('127.66.0.1'));
  assert.equal(got(held, '220'), 20, 'all twenty places are free again');
  release(held);
});

test('500 idle and 200 slow connections do not keep an honest sender waiting', async (context) => {
  await using door = await startTestDoor();
  const idle = await holdAll(
    door.port,
    Array.from({ length: 500 }, (_, index) => `127.66.${Math.floor(index / 50)}.${1 + (index % 50)}`),
  );
  const slow = await holdAll(
    door.port,
    Array.from({ length: 200 }, (_, index) => `127.67.${Math.floor(index / 50)}.${1 + (index % 50)}`),
  );
  assert.equal(got([...idle, ...slow], '220'), 700);
  const drip = setInterval(() => {
    for (const { socket } of slow) socket.write('N');
  }, 20);
  const times: number[] = [];
  const sender = async (from: string) => {
    await using client = await connectSmtp(door.port, from);
    await client.say('EHLO client.test');
    for (let index = 0; index < 20; index++) {
      const begun = performance.now();
      await client.say('MAIL FROM:<a@seller.test>');
      await client.say('RCPT TO:<b1@relay.test>');
      await client.say('DATA');
      client.write('From: a@seller.test\r\n\r\nx\r\n.\r\n');
      assert.equal((await client.reply()).code, 250);
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: 5 }, (_, index) => sender(`127.0.0.${index + 1}`)));
  clearInterval(drip);
  release([...idle, ...slow]);
  assert.equal(door.taken.length, 100);
  const median = times.toSorted((a, b) => a - b)[50] ?? 0;
  context.diagnostic(`median of 100 honest messages: ${median.toFixed(1)} ms`);
  assert.ok(median < 2000, `${median} ms`);
});
