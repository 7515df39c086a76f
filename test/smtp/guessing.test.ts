/**
 * Passwords and aliases that somebody guesses (security.md 3.2 CM-18 to CM-20, CM-23): at the limit, one over, ten times over, and the
 * owner of the password meanwhile.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AliasAddress } from '../../src/core/address.ts';
import { RelayError } from '../../src/core/errors.ts';
import { manualClock, type ManualClock } from '../support/manual-clock.ts';
import { connectSmtp } from '../support/smtp-client.ts';
import { PASSWORD, queued, startTestDoor, type TestDoor } from '../support/smtp-door.ts';

const MINUTE = 60_000;
const submission = { door: 'submission', authRequired: true, sandboxLoopback: false } as const;
const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64');
const plain = (user: string, password: string, other = '') => base64(`${other}\0${user}\0${password}`);

/** One session of its own, from `from`. */
async function signIn(door: TestDoor, from: string, password: string, user = 'nord'): Promise<number> {
  await using client = await connectSmtp(door.port, from);
  await client.say('EHLO client.test');
  return (await client.say(`AUTH PLAIN ${plain(user, password)}`)).code;
}

/** `count` wrong passwords for one user, each from another network, many at once. */
async function guess(door: TestDoor, count: number, user = 'nord', first = 0): Promise<number[]> {
  const tries = Array.from({ length: count }, (_, index) => first + index);
  return await inGroups(tries, 50, (index) => signIn(door, `127.1.${index}.1`, `wrong ${index}`, user));
}

async function inGroups<One>(all: readonly One[], size: number, act: (one: One) => Promise<number>): Promise<number[]> {
  const codes: number[] = [];
  for (let at = 0; at < all.length; at += size) {
    codes.push(...(await Promise.all(all.slice(at, at + size).map((one) => act(one)))));
  }
  return codes;
}

describe('passwords', () => {
  test('CM-20 twenty wrong ones from twenty places are looked at, and no more for a quarter of an hour', async () => {
    const clock = manualClock(0);
    await using door = await startTestDoor({ ...submission, clock });
    assert.deepEqual(await guess(door, 20), Array(20).fill(535));
    assert.deepEqual(await guess(door, 2, 'nord', 20), [421, 421]);
    assert.equal(await signIn(door, '127.9.0.1', PASSWORD), 421, 'nor is the right one: it would tell');
    clock.advance(15 * MINUTE - 1);
    assert.equal(await signIn(door, '127.9.0.1', PASSWORD), 421);
    clock.advance(1);
    assert.equal(await signIn(door, '127.9.0.1', PASSWORD), 235);
  });

  test('CM-20 two hundred tries lock nobody out who has signed in from there before', async () => {
    const clock = manualClock(0);
    await using door = await startTestDoor({ ...submission, clock });
    assert.equal(await signIn(door, '127.9.0.1', PASSWORD), 235);
    clock.advance(2 * MINUTE);
    const codes = await guess(door, 200);
    assert.deepEqual(
      [codes.filter((code) => code === 535).length, codes.filter((code) => code === 421).length],
      [20, 180],
    );
    assert.equal(await signIn(door, '127.9.0.1', PASSWORD), 235);
    assert.equal(await signIn(door, '127.9.0.1', 'wrong'), 535);
    assert.equal(await signIn(door, '127.9.0.1', PASSWORD), 235);
  });

  test('a user that does not exist is locked like one that does', async () => {
    const answers = [];
    for (const user of ['nord', 'nobody']) {
      await using door = await startTestDoor({ ...submission, clock: manualClock(0) });
      answers.push(await guess(door, 22, user));
      assert.doesNotMatch(JSON.stringify(door.lines), /nord|nobody|wrong/);
    }
    assert.deepEqual(answers[0]?.toSorted(), answers[1]?.toSorted());
  });

  test('CM-20 from one place five are looked at in a minute, of fifty', async () => {
    const clock = manualClock(0);
    await using door = await startTestDoor({ ...submission, clock });
    const users = Array.from({ length: 50 }, (_, index) => `user-${index}`);
    const codes = await inGroups(users, 10, (user) => signIn(door, '127.1.0.1', 'wrong', user));
    assert.equal(codes.filter((code) => code === 535).length, 5, 'also when ten come at once');
    assert.equal(codes.filter((code) => code === 421).length, 45);
    assert.equal(await signIn(door, '127.1.0.2', PASSWORD), 235);
  });

  for (const [name, lines, code] of [
    ['to act for somebody else', [`AUTH PLAIN ${plain('nord', PASSWORD, 'sued')}`], 535],
    ['to act for oneself', [`AUTH PLAIN ${plain('nord', PASSWORD, 'nord')}`], 235],
    ['a NUL too many', [`AUTH PLAIN ${base64(`\0nord\0${PASSWORD}\0x`)}`], 501],
    ['a NUL too few', [`AUTH PLAIN ${base64(`nord\0${PASSWORD}`)}`], 501],
    ['what is no base64', ['AUTH PLAIN !!!!'], 501],
    ['nothing', ['AUTH PLAIN', ''], 501],
    ['a change of mind', ['AUTH PLAIN', '*'], 501],
    ['a change of mind at the name', ['AUTH LOGIN', '*'], 501],
    ['a change of mind at the password', ['AUTH LOGIN', base64('nord'), '*'], 501],
    ['a name with a line end', ['AUTH LOGIN', base64('nord\r\nMAIL FROM:<x@x.test>')], 501],
    ['a name with a line end, PLAIN', [`AUTH PLAIN ${plain('nord\r\n', PASSWORD)}`], 501],
    ['a mechanism that is not offered', ['AUTH CRAM-MD5'], 504],
    ['a mechanism called like a method', ['AUTH __proto__'], 504],
    ['no mechanism', ['AUTH'], 504],
    ['more than one answer', [`AUTH PLAIN ${plain('nord', PASSWORD)} x`], 501],
  ] as const) {
    test(`CM-19 ${name}: ${code}, and the session goes on`, async () => {
      await using door = await startTestDoor(submission);
      await using client = await connectSmtp(door.port);
      await client.say('EHLO client.test');
      let last = 0;
      for (const line of lines) last = (await client.say(line)).code;
      assert.equal(last, code);
      assert.equal((await client.say('NOOP')).code, 250);
      assert.equal((await client.say('MAIL FROM:<a@seller.test>')).code, code === 235 ? 250 : 530);
      assert.equal(door.lines.filter(({ name: event }) => event === 'relay.unexpected').length, 0);
    });
  }

  test('nobody signs in twice in one session', async () => {
    await using door = await startTestDoor(submission);
    await using client = await connectSmtp(door.port);
    await client.say('EHLO client.test');
    assert.equal((await client.say(`AUTH PLAIN ${plain('nord', PASSWORD)}`)).code, 235);
    assert.equal((await client.say(`AUTH PLAIN ${plain('nord', PASSWORD)}`)).code, 503);
  });
});

describe('aliases', () => {
  const admit = (to: string) => (to.startsWith('no') ? 'alias.unknown' : undefined);

  /** `count` recipients that do not exist, four in a session: the fifth would wait. */
  async function harvest(door: TestDoor, sessions: number, from = '127.1.0.1', user?: string): Promise<number[]> {
    const codes: number[] = [];
    const one = async () => {
      await using client = await connectSmtp(door.port, from);
      await client.say('EHLO client.test');
      if (user !== undefined) assert.equal((await client.say(`AUTH PLAIN ${plain(user, PASSWORD)}`)).code, 235);
      await client.say('MAIL FROM:<a@seller.test>');
      for (let index = 0; index < 4 && codes.at(-1) !== 421; index++) {
        codes.push((await client.say(`RCPT TO:<no${index}@relay.test>`)).code);
      }
      return 0;
    };
    await inGroups(Array.from({ length: sessions }), 15, one);
    return codes;
  }

  async function good(door: TestDoor, from: string): Promise<number> {
    await using client = await connectSmtp(door.port, from);
    await client.say('EHLO client.test');
    await client.say('MAIL FROM:<a@seller.test>');
    return (await client.say('RCPT TO:<b1@relay.test>')).code;
  }

  /** Refusals are answered after 25 ms, which pass at once. */
  const quick = (clock: ManualClock): ManualClock => ({
    ...clock,
    wait: (ms, signal) => (ms <= 25 ? Promise.resolve() : clock.wait(ms, signal)),
  });

  test('CM-23 the sixty-first that does not exist within an hour is 421, and so is one that exists; others are served', async () => {
    const clock = quick(manualClock(0));
    await using door = await startTestDoor({ admit, clock });
    assert.deepEqual(await harvest(door, 15), Array(60).fill(550));
    assert.deepEqual(await harvest(door, 1), [421]);
    assert.equal(await good(door, '127.1.0.1'), 421);
    assert.equal(await good(door, '127.1.0.2'), 250);
    clock.advance(60 * MINUTE);
    assert.equal(await good(door, '127.1.0.1'), 250);
  });

  test('CM-23 ten times as many are no better', async () => {
    const clock = quick(manualClock(0));
    await using door = await startTestDoor({ admit, clock });
    const codes = await harvest(door, 150);
    assert.equal(codes.filter((code) => code === 550).length, 60);
    assert.equal(door.admitted.length, 60, 'nothing was looked up after that');
  });

  test('CM-23 of a thousand sessions of one client sixty hear of a recipient that is none, and others are served', async () => {
    const clock = quick(manualClock(0));
    await using door = await startTestDoor({ admit, clock });
    const codes = await inGroups(Array.from({ length: 1000 }), 18, async () => {
      await using client = await connectSmtp(door.port, '127.1.0.1');
      await client.say('EHLO client.test');
      await client.say('MAIL FROM:<a@seller.test>');
      return (await client.say('RCPT TO:<no@relay.test>')).code;
    });
    const count = (wanted: number) => codes.filter((code) => code === wanted).length;
    assert.deepEqual([count(550), count(421)], [60, 940]);
    assert.equal(door.admitted.length, 60, 'nothing was looked up after that');
    assert.equal(await good(door, '127.1.0.2'), 250);
  });

  test('CM-23 one refusal after the data is as many as it had recipients', async () => {
    const clock = quick(manualClock(0));
    const nobody = { kind: 'nobody', reversePath: undefined, alias: 'nobody@relay.test' as AliasAddress } as const;
    await using door = await startTestDoor({
      clock,
      admit: (to) => (to.startsWith('no') ? nobody : undefined),
      relay: ({ admitted }) => {
        if (admitted.some(({ kind }) => kind === 'nobody')) throw new RelayError('alias.unknown');
        return [queued()];
      },
    });
    for (let transaction = 0; transaction < 3; transaction++) {
      await using client = await connectSmtp(door.port, '127.1.0.1');
      await client.say('EHLO client.test');
      await client.say('MAIL FROM:<a@seller.test>');
      for (let index = 0; index < 20; index++) {
        assert.equal((await client.say(`RCPT TO:<no${index}@relay.test>`)).code, 250, 'it may still be shown');
      }
      assert.equal((await client.say('RCPT TO:<b1@relay.test>')).code, 250);
      assert.equal((await client.say('DATA')).code, 354);
      assert.match((await client.say('From: a@seller.test\r\n\r\nx\r\n.')).text, /^550 5\.1\.1 /);
    }
    assert.equal(await good(door, '127.1.0.1'), 421);
    assert.equal(await good(door, '127.1.0.2'), 250);
  });

  test('a seller has one budget, wherever it signs in from', async () => {
    const clock = quick(manualClock(0));
    await using door = await startTestDoor({ ...submission, admit, clock });
    for (let place = 0; place < 3; place++) {
      assert.deepEqual(await harvest(door, 5, `127.1.${place}.1`, 'nord'), Array(20).fill(550));
    }
    assert.deepEqual(await harvest(door, 1, '127.1.9.1', 'nord'), [421]);
  });
});
