/**
 * Octets that no mail has, in each place where they can stand (security.md 3.1 SM-20), and dots where they look like an end and are none
 * (SM-21): one answer, one message at most, and the next client is served.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nextIsServed } from '../support/next-client.ts';
import { connectSmtp } from '../support/smtp-client.ts';
import { startTestDoor, type TestDoor } from '../support/smtp-door.ts';

async function inData(door: TestDoor) {
  const client = await connectSmtp(door.port);
  await client.say('EHLO client.test');
  await client.say('MAIL FROM:<a@seller.test>');
  await client.say('RCPT TO:<b1@relay.test>');
  assert.equal((await client.say('DATA')).code, 354);
  return client;
}

describe('SM-20 a NUL', () => {
  for (const [where, letter] of [
    ['first of all', '\0From: a@seller.test\r\n\r\nx\r\n'],
    ['in the name of a field', 'From: a@seller.test\r\nSub\0ject: x\r\n\r\nx\r\n'],
    ['in front of the colon', 'From: a@seller.test\r\nSubject\0: x\r\n\r\nx\r\n'],
    ['in the value of a field', 'From: a@seller.test\r\nSubject: x\0Reply-To: d@evil.test\r\n\r\nx\r\n'],
    ['at the end of a field', 'From: a@seller.test\r\nSubject: x\0\r\n\r\nx\r\n'],
    ['in front of a folded line', 'From: a@seller.test\r\nSubject: x\r\n\0 y\r\n\r\nx\r\n'],
    ['in an address', 'From: a@seller.test\0.evil.test\r\n\r\nx\r\n'],
    ['in a boundary', 'From: a@seller.test\r\nContent-Type: multipart/mixed; boundary="a\0b"\r\n\r\n--a\r\n'],
    ['in a transfer encoding', 'From: a@seller.test\r\nContent-Transfer-Encoding: base64\0\r\n\r\neA==\r\n'],
    ['in the line between header and body', 'From: a@seller.test\r\n\0\r\nx\r\n'],
    ['in the body', 'From: a@seller.test\r\n\r\none\0two\r\n'],
    ['between CR and LF', 'From: a@seller.test\r\n\r\nx\r\0\ny\r\n'],
    ['as its last octet', 'From: a@seller.test\r\n\r\nx\r\n\0\r\n'],
  ] as const) {
    test(`${where} is refused at the end of the message, however it is cut`, async () => {
      for (const size of [1, 7, letter.length]) {
        await using door = await startTestDoor();
        await using client = await inData(door);
        const bytes = Buffer.from(`${letter}.\r\n`, 'latin1');
        for (let at = 0; at < bytes.length; at += size) client.write(bytes.subarray(at, at + size));
        assert.match((await client.reply()).text, /^550 5\.6\.0 /);
        assert.equal((await client.say('NOOP')).text, '250 OK\r\n', 'one answer, and nothing in it was a command');
        assert.equal(door.taken.length, 0);
        await nextIsServed(door);
      }
    });
  }

  for (const [where, line] of [
    ['in the reverse path', 'MAIL FROM:<a\0@seller.test>\r\n'],
    ['behind the reverse path', 'MAIL FROM:<a@seller.test>\0\r\n'],
    ['in a parameter', 'MAIL FROM:<a@seller.test> SIZE=1\0\r\n'],
    ['in a verb', 'MA\0IL FROM:<a@seller.test>\r\n'],
    ['between two commands', 'NOOP\r\n\0NOOP\r\n'],
    ['between CR and LF of a command', 'NOOP\r\0\n'],
    ['behind DATA', 'DATA\0\r\n'],
    ['by itself', '\0'],
  ] as const) {
    test(`${where} ends the connection with 500`, async () => {
      await using door = await startTestDoor();
      await using client = await connectSmtp(door.port);
      await client.say('EHLO client.test');
      client.write(Buffer.from(line, 'latin1'));
      let reply = await client.reply();
      if (line.startsWith('NOOP\r\n')) reply = await client.reply();
      assert.match(reply.text, /^500 5\.5\.2 /);
      assert.equal((await client.reply()).code, 0);
      await nextIsServed(door);
    });
  }

  test('between 354 and the message is of the message', async () => {
    await using door = await startTestDoor();
    await using client = await inData(door);
    client.write('\0');
    client.write('\r\n.\r\n');
    assert.match((await client.reply()).text, /^550 5\.6\.0 /);
    await nextIsServed(door);
  });
});

describe('SM-21 a dot', () => {
  for (const [what, wire, message] of [
    ['that is the whole message', '.\r\n', ''],
    ['behind the last words', 'x.\r\n.\r\n', 'x.\r\n'],
    ['in front of words', '..x\r\n.\r\n', '.x\r\n'],
    ['by itself in a line, stuffed', '..\r\n.\r\n', '.\r\n'],
    ['twice by itself', '...\r\n..\r\n.\r\n', '..\r\n.\r\n'],
  ] as const) {
    test(`${what} gives the one message that RFC 5321 4.5.2 says, however it is cut`, async () => {
      for (const size of [1, 2, wire.length]) {
        await using door = await startTestDoor();
        await using client = await inData(door);
        for (let at = 0; at < wire.length; at += size) client.write(wire.slice(at, at + size));
        assert.equal((await client.reply()).code, 250);
        assert.equal(door.taken[0]?.raw.toString(), message);
        await nextIsServed(door, 1);
      }
    });
  }

  for (const wire of ['.x\r\n', '. \r\n', '.\t\r\n']) {
    test(`in front of ${JSON.stringify(wire.slice(1))} that its sender forgot to stuff stays, and ends nothing`, async () => {
      await using door = await startTestDoor();
      await using client = await inData(door);
      client.write(`${wire}RSET\r\n.\r\n`);
      assert.equal((await client.reply()).code, 250);
      assert.equal(door.taken[0]?.raw.toString(), `${wire}RSET\r\n`);
      await nextIsServed(door, 1);
    });
  }
});

describe('SM-15 what some programs take for a line end', () => {
  for (const [name, end] of [
    ['U+0085', '\u0085'],
    ['U+2028', '\u2028'],
    ['U+2029', '\u2029'],
    ['a vertical tab', '\v'],
    ['a form feed', '\f'],
  ] as const) {
    for (const form of [`${end}.${end}`, `\r\n.${end}\r\n`, `${end}.\r\n`, `\r\n${end}.\r\n`]) {
      test(`${name} in ${JSON.stringify(form)} ends no message`, async () => {
        await using door = await startTestDoor();
        await using client = await inData(door);
        client.write(`From: a@seller.test\r\n\r\ntext${form}RSET\r\nMAIL FROM:<x@x.test>\r\n.\r\n`);
        assert.equal((await client.reply()).code, 250);
        assert.equal((await client.say('NOOP')).text, '250 OK\r\n');
        assert.equal(door.taken.length, 1);
        await nextIsServed(door, 1);
      });
    }
  }
});
