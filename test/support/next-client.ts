/**
 * next-client: after whatever a hostile client did, the next one is served at once and by the same process.
 */
import assert from 'node:assert/strict';
import { connectSmtp } from './smtp-client.ts';
import type { TestDoor } from './smtp-door.ts';

const LETTER = 'From: a@seller.test\r\nSubject: x\r\n\r\ngood\r\n.\r\n';

/** One good message goes through within two seconds, and nothing but it and `before` others was taken. */
export async function nextIsServed(door: TestDoor, before = 0, from = '127.0.0.1'): Promise<void> {
  const begun = performance.now();
  await using client = await connectSmtp(door.port, from);
  for (const line of ['EHLO client.test', 'MAIL FROM:<a@seller.test>', 'RCPT TO:<b1@relay.test>']) {
    assert.equal((await client.say(line)).code, 250, line);
  }
  assert.equal((await client.say('DATA')).code, 354);
  client.write(LETTER);
  assert.equal((await client.reply()).code, 250);
  assert.ok(performance.now() - begun < 2000, `${performance.now() - begun} ms`);
  assert.equal(door.taken.length, before + 1);
  assert.equal(unexpectedIn(door), 0, 'nothing went wrong inside');
}

const unexpectedIn = (door: TestDoor): number => door.lines.filter(({ name }) => name === 'relay.unexpected').length;
