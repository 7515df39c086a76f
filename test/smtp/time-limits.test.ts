/**
 * How long a client may take (security.md 3.2 CM-21, 3.12), with a clock that is moved by hand: at the limit, one over.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { manualClock, type ManualClock } from '../support/manual-clock.ts';
import { nextIsServed } from '../support/next-client.ts';
import { connectSmtp, type SmtpClient } from '../support/smtp-client.ts';
import { makeTls, queued, startTestDoor } from '../support/smtp-door.ts';

const SECOND = 1000;
const tls = makeTls();

async function upToData(client: SmtpClient): Promise<void> {
  for (const line of ['EHLO client.test', 'MAIL FROM:<a@seller.test>', 'RCPT TO:<b1@relay.test>'])
    await client.say(line);
  assert.equal((await client.say('DATA')).code, 354);
}

/** When somebody else was answered, the door has read what came before. */
async function isRead(port: number, implicitTls = false): Promise<void> {
  if (implicitTls) {
    const secure = connectTls({ port, rejectUnauthorized: false });
    await once(secure, 'data');
    return void secure.destroy();
  }
  await using bystander = await connectSmtp(port);
  await bystander.say('NOOP');
}

for (const [seconds, code] of [
  [60, 250],
  [61, 421],
  [600, 421],
] as const) {
  test(`a client that says nothing for ${seconds} s is ${code === 250 ? 'heard' : 'sent away'}`, async () => {
    const clock = manualClock(0);
    await using door = await startTestDoor({ clock });
    await using client = await connectSmtp(door.port);
    await client.say('EHLO client.test');
    clock.advance(seconds * SECOND);
    assert.equal((await client.say('NOOP')).code, code);
    await nextIsServed(door);
  });
}

test('octets that trickle in do not make a command younger', async () => {
  const clock = manualClock(0);
  await using door = await startTestDoor({ clock });
  await using client = await connectSmtp(door.port);
  for (let index = 0; index < 6; index++) {
    client.write('N');
    await isRead(door.port);
    clock.advance(10 * SECOND);
  }
  clock.advance(SECOND);
  assert.match((await client.reply()).text, /^421 4\.4\.2 /);
  assert.equal((await client.reply()).code, 0);
  await nextIsServed(door);
});

for (const [name, octets, seconds, code] of [
  ['a few octets in 30 s', 10, 30, 250],
  ['a few octets in 31 s', 10, 31, 421],
  ['500 octets a second for a minute', 30_000, 60, 250],
  ['499 octets a second for a minute', 29_900, 60, 421],
  ['much in more than five minutes', 400_000, 301, 421],
] as const) {
  test(`a message of ${name} is ${code}`, async () => {
    const clock = manualClock(0);
    await using door = await startTestDoor({ clock });
    await using client = await connectSmtp(door.port);
    await upToData(client);
    client.write(`${'x'.repeat(48)}\r\n`.repeat(Math.ceil(octets / 50)).slice(0, octets - 2));
    client.write('\r\n');
    await isRead(door.port);
    clock.advance(seconds * SECOND);
    client.write('.\r\n');
    assert.equal((await client.reply()).code, code);
    assert.equal(door.taken.length, code === 250 ? 1 : 0);
    await nextIsServed(door, code === 250 ? 1 : 0);
  });
}

test('a session ends after a quarter of an hour, however busy it is, and not in the middle of an answer', async () => {
  const clock = manualClock(0);
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  await using door = await startTestDoor({
    clock,
    relay: async () => {
      asked.resolve();
      await answer.promise;
      return [queued()];
    },
  });
  await using client = await connectSmtp(door.port);
  for (let minute = 0; minute < 15; minute++) {
    assert.equal((await client.say('NOOP')).code, 250);
    clock.advance(59 * SECOND);
  }
  await upToData(client);
  client.write('From: a@seller.test\r\n\r\nx\r\n.\r\n');
  await asked.promise;
  clock.advance(16 * SECOND);
  answer.resolve();
  assert.equal((await client.reply()).code, 250);
  clock.advance(SECOND);
  assert.match((await client.reply()).text, /^421 4\.4\.2 /);
});

for (const [seconds, isOpen] of [
  [10, true],
  [11, false],
] as const) {
  for (const implicitTls of [true, false]) {
    test(`a handshake that is not done after ${seconds} s ${isOpen ? 'may go on' : 'is cut off'} (${implicitTls ? 'TLS first' : 'STARTTLS'})`, async () => {
      const clock = manualClock(0);
      await using door = await startTestDoor({ clock, tls, implicitTls });
      const socket = connect(door.port, '127.0.0.1');
      await once(socket, 'connect');
      if (!implicitTls) {
        await once(socket, 'data');
        socket.write('STARTTLS\r\n');
        await once(socket, 'data');
      }
      // The beginning of a ClientHello, and no more.
      socket.write(Buffer.from([0x16, 3, 1, 2, 0, 1]));
      await isRead(door.port, implicitTls);
      let isClosed = false;
      const closed = once(
        socket.on('error', () => undefined),
        'close',
      ).then(() => (isClosed = true));
      clock.advance(seconds * SECOND);
      await (isOpen ? isRead(door.port, implicitTls) : closed);
      assert.equal(isClosed, !isOpen);
      socket.destroy();
    });
  }
}

test('the fifth error makes the next command wait a second, the tenth ends the session', async () => {
  const clock = manualClock(0);
  await using door = await startTestDoor({ clock });
  await using client = await connectSmtp(door.port);
  for (let error = 1; error <= 9; error++) {
    assert.equal((await client.say('FOO')).code, 500);
    if (error < 5) continue;
    let isAnswered = false;
    const next = client.say('NOOP').then(({ code }) => {
      isAnswered = true;
      return code;
    });
    await isRead(door.port);
    clock.advance((error - 4) * SECOND - 1);
    await isRead(door.port);
    assert.equal(isAnswered, false, `error ${error}`);
    clock.advance(1);
    assert.equal(await next, 250);
  }
  assert.match((await client.say('FOO')).text, /^421 4\.7\.0 /);
  assert.equal((await client.reply()).code, 0);
  await nextIsServed(door);
});

test('CM-24 ten thousand commands that do not exist are ten, and then it is over', async () => {
  const clock = manualClock(0);
  await using door = await startTestDoor({ clock });
  await using client = await connectSmtp(door.port);
  client.write('FOO\r\n'.repeat(10_000));
  assert.deepEqual(await codesWhileMoving(client, clock), [...Array<number>(9).fill(500), 421, 0]);
  await nextIsServed(door);
});

/** The codes of all replies up to the end, while the clock runs. */
async function codesWhileMoving(client: SmtpClient, clock: ManualClock): Promise<number[]> {
  const codes: number[] = [];
  const move = setInterval(() => clock.advance(SECOND), 1);
  for (let code = -1; code !== 0; codes.push(code)) ({ code } = await client.reply());
  clearInterval(move);
  return codes;
}

test('CM-23 200 wrong recipients in one session are ten, and then it is over', async () => {
  const clock = manualClock(0);
  await using door = await startTestDoor({ clock, admit: (to) => (to.startsWith('no') ? 'alias.unknown' : undefined) });
  await using client = await connectSmtp(door.port);
  await client.say('EHLO client.test');
  await client.say('MAIL FROM:<a@seller.test>');
  client.write(Array.from({ length: 200 }, (_, index) => `RCPT TO:<no${index}@relay.test>\r\n`).join(''));
  assert.deepEqual(await codesWhileMoving(client, clock), [...Array<number>(9).fill(550), 421, 0]);
  assert.equal(door.admitted.length, 10);
});
