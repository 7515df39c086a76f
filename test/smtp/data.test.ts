import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectSmtp, type SmtpClient } from '../support/smtp-client.ts';
import { startTestDoor } from '../support/smtp-door.ts';
import { ENDS } from '../support/ends.ts';

const HEADER = 'From: a@seller.test\r\nSubject: x\r\n\r\n';

async function upToData(client: SmtpClient): Promise<void> {
  for (const line of ['EHLO client.test', 'MAIL FROM:<a@seller.test>', 'RCPT TO:<b1@relay.test>']) {
    assert.equal((await client.say(line)).code, 250, line);
  }
  assert.equal((await client.say('DATA')).code, 354);
}

async function isServed(client: SmtpClient): Promise<void> {
  await upToData(client);
  client.write(`${HEADER}good\r\n.\r\n`);
  assert.match((await client.reply()).text, /^250 2\.0\.0 queued as msg_/);
}

for (const [name, body] of [
  ['a bare LF', 'one\ntwo\r\n'],
  ['a bare CR', 'one\rtwo\r\n'],
  ['a NUL', 'one\0two\r\n'],
  ['CR CR LF', 'one\r\r\ntwo\r\n'],
  ['a bare CR at its very end', 'one\r\r\n'],
  ['a stuffed dot after a bare LF', 'one\n..\r\n'],
] as const) {
  test(`a message with ${name} is refused for good, and the next one on the same connection is served`, async () => {
    await using door = await startTestDoor();
    await using client = await connectSmtp(door.port);
    await upToData(client);
    client.write(`${HEADER}${body}.\r\n`);
    assert.match((await client.reply()).text, /^550 5\.6\.0 /);
    assert.equal(door.taken.length, 0);
    await isServed(client);
    assert.equal(door.taken.length, 1);
  });
}

for (const [name, header] of [
  ['SM-17 a bare CR in a header', 'Subject: Your order\rReply-To: direct@evil.test'],
  ['SM-18 CR CR LF in a header', 'Subject: x\r\r\nReply-To: d@evil.test'],
  ['SM-19 a bare LF in a header', 'Subject: x\nBcc: v@x.test'],
] as const) {
  test(`${name} is refused`, async () => {
    await using door = await startTestDoor();
    await using client = await connectSmtp(door.port);
    await upToData(client);
    client.write(`From: a@seller.test\r\n${header}\r\n\r\nx\r\n.\r\n`);
    assert.match((await client.reply()).text, /^550 5\.6\.0 /);
    assert.equal(door.taken.length, 0);
  });
}

// SM-01 to SM-13: ends of data that some other server honours.
const SMUGGLED = 'MAIL FROM:<smug@x.test>\r\nRCPT TO:<b2@relay.test>\r\nDATA\r\nSubject: smuggled\r\n\r\nS\r\n.\r\n';

for (const [index, end] of ENDS.entries()) {
  for (const way of ['in one write', 'octet by octet'] as const) {
    test(`SM-${String(index + 1).padStart(2, '0')} ${JSON.stringify(end)} ${way} ends no message`, async () => {
      await using door = await startTestDoor();
      await using client = await connectSmtp(door.port);
      await upToData(client);
      const bytes = Buffer.from(`${HEADER}text${end}${SMUGGLED}`, 'latin1');
      if (way === 'in one write') client.write(bytes);
      else for (let at = 0; at < bytes.length; at++) client.write(bytes.subarray(at, at + 1));
      assert.match((await client.reply()).text, /^550 5\.6\.0 /);
      // The next reply is that of NOOP: nothing in the message was a command.
      assert.equal((await client.say('NOOP')).text, '250 OK\r\n');
      assert.equal(door.taken.length, 0);
      assert.deepEqual(
        door.admitted.map(({ recipient }) => recipient),
        ['b1@relay.test'],
      );
    });
  }
}

for (const end of ['\r\n.\x0b\r\n', '\r\n. \r\n', '\r\n\u0085.\u2028\r\n']) {
  test(`${JSON.stringify(end)} is text and ends no message`, async () => {
    await using door = await startTestDoor();
    await using client = await connectSmtp(door.port);
    await upToData(client);
    // A sender stuffs a dot at the start of a line; what is not stuffed stays as it is.
    client.write(`${HEADER}text${end}more\r\n.\r\n`);
    assert.equal((await client.reply()).code, 250);
    assert.equal(door.taken.length, 1);
    assert.ok(door.taken[0]?.raw.toString().endsWith(`text${end}more\r\n`));
  });
}

for (const [name, stuffed, plain] of [
  ['dots at line starts', '..\r\n...two\r\n..one\r\nx..y\r\n', '.\r\n..two\r\n.one\r\nx..y\r\n'],
  ['only dots', '..\r\n..\r\n', '.\r\n.\r\n'],
  ['a first line that is a dot', '..', '.'],
] as const) {
  test(`${name} come through exactly, however they are cut`, async () => {
    const wire = Buffer.from(`${HEADER}${stuffed}\r\n.\r\n`);
    for (const size of [1, 2, 3, 5, wire.length]) {
      await using door = await startTestDoor();
      await using client = await connectSmtp(door.port);
      await upToData(client);
      for (let at = 0; at < wire.length; at += size) client.write(wire.subarray(at, at + size));
      assert.equal((await client.reply()).code, 250);
      assert.equal(door.taken[0]?.raw.toString(), `${HEADER}${plain}\r\n`);
    }
  });
}

for (const cut of [1, 2, 3, 4]) {
  test(`SM-22 the end of a message that comes in two pieces, cut after ${cut} of its octets, ends one message`, async () => {
    await using door = await startTestDoor();
    await using client = await connectSmtp(door.port);
    await using bystander = await connectSmtp(door.port);
    await upToData(client);
    const end = '\r\n.\r\n';
    client.write(`${HEADER}text${end.slice(0, cut)}`);
    // The first piece was read when somebody else is answered.
    await bystander.say('NOOP');
    assert.equal(door.taken.length, 0);
    client.write(end.slice(cut));
    assert.equal((await client.reply()).code, 250);
    assert.equal(door.taken[0]?.raw.toString(), `${HEADER}text\r\n`);
    await isServed(client);
    assert.equal(door.taken.length, 2);
  });
}

test('SM-23 ten kilobytes in pieces of one octet are one message', async () => {
  await using door = await startTestDoor();
  await using client = await connectSmtp(door.port);
  await upToData(client);
  const letter = `${HEADER}${'..stuffed\r\n'.repeat(900)}`;
  for (const octet of Buffer.from(`${letter}.\r\n`)) client.write(Buffer.from([octet]));
  assert.equal((await client.reply()).code, 250);
  assert.equal(door.taken[0]?.raw.toString(), letter.replaceAll('..stuffed', '.stuffed'));
  assert.equal(door.taken.length, 1);
});

for (const end of ['\r\n.', '\r\n.\r']) {
  test(`SM-25 a client that leaves after ${JSON.stringify(end)} has sent nothing`, async () => {
    await using door = await startTestDoor();
    const client = await connectSmtp(door.port);
    await upToData(client);
    client.write(`${HEADER}text${end}`);
    client.socket.end();
    await client.reply();
    await client[Symbol.asyncDispose]();
    await using other = await connectSmtp(door.port);
    await isServed(other);
    assert.equal(door.taken.length, 1);
    assert.equal(door.taken[0]?.raw.toString(), `${HEADER}good\r\n`);
  });
}

test('an empty message reaches the relay, which decides', async () => {
  await using door = await startTestDoor();
  await using client = await connectSmtp(door.port);
  await upToData(client);
  client.write('.\r\n');
  assert.equal((await client.reply()).code, 250);
  assert.equal(door.taken[0]?.raw.length, 0);
});

test('26 MB are refused with 552 and the next message is served', async () => {
  await using door = await startTestDoor();
  await using client = await connectSmtp(door.port);
  await upToData(client);
  const line = Buffer.from(`${'x'.repeat(998)}\r\n`);
  for (let index = 0; index < 26; index++) client.write(Buffer.concat(Array<Buffer>(1000).fill(line)));
  client.write('.\r\n');
  assert.match((await client.reply()).text, /^552 5\.3\.4 /);
  assert.equal(door.taken.length, 0);
  await isServed(client);
});

test('a message of exactly the limit is taken, and of one octet more is not', async () => {
  await using door = await startTestDoor({ maxMessage: 1000 });
  await using client = await connectSmtp(door.port);
  for (const [extra, code] of [
    [0, 250],
    [1, 552],
  ] as const) {
    await upToData(client);
    client.write(`${HEADER}${'x'.repeat(1000 - HEADER.length - 2 + extra)}\r\n.\r\n`);
    assert.equal((await client.reply()).code, code);
  }
});

test('a declared SIZE over the limit is refused at MAIL', async () => {
  await using door = await startTestDoor();
  await using client = await connectSmtp(door.port);
  assert.match((await client.say('EHLO client.test')).text, /250[- ]SIZE 25000000\r\n/);
  assert.equal((await client.say('MAIL FROM:<a@seller.test> SIZE=999999999')).code, 552);
  assert.equal((await client.say('MAIL FROM:<a@seller.test> SIZE=-1')).code, 501);
});

test('a line of 64 kB is taken, a longer one is not', async () => {
  await using door = await startTestDoor();
  await using client = await connectSmtp(door.port);
  for (const [length, code] of [
    [64 * 1024 - 2, 250],
    [64 * 1024 + 2, 554],
  ] as const) {
    await upToData(client);
    client.write(`${HEADER}${'x'.repeat(length)}\r\n.\r\n`);
    assert.equal((await client.reply()).code, code);
  }
});

test('DO-01 a line of two megabytes is refused at the end of the message, and the next one is served', async () => {
  await using door = await startTestDoor();
  await using client = await connectSmtp(door.port);
  await upToData(client);
  client.write(`${HEADER}${'x'.repeat(2_000_000)}\r\n.\r\n`);
  assert.equal((await client.reply()).code, 554);
  await isServed(client);
  assert.equal(door.taken.length, 1);
});

test('a message that breaks off reaches nobody and raises no alarm', async () => {
  await using door = await startTestDoor();
  const client = await connectSmtp(door.port);
  await upToData(client);
  client.write(`${HEADER}half of a mess`);
  client.socket.end();
  await client.reply();
  await client[Symbol.asyncDispose]();
  await using other = await connectSmtp(door.port);
  await isServed(other);
  assert.equal(door.taken.length, 1);
  assert.deepEqual(
    door.lines.filter(({ name }) => name === 'relay.unexpected'),
    [],
  );
});

test('a flood of dotted lines ends the connection early, and others are served meanwhile', async () => {
  await using door = await startTestDoor();
  await using client = await connectSmtp(door.port);
  await using other = await connectSmtp(door.port);
  await upToData(client);
  client.write('..\r\n'.repeat(1_000_000));
  const begun = performance.now();
  await isServed(other);
  assert.equal((await client.reply()).code, 421);
  assert.ok(performance.now() - begun < 2000, `${performance.now() - begun} ms`);
});
