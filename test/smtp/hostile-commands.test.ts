/**
 * Commands as no mail server says them (security.md 3.2): each gets its answer or loses its connection, nothing is taken, and the next
 * client is served.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { nextIsServed } from '../support/next-client.ts';
import { connectSmtp, type SmtpClient } from '../support/smtp-client.ts';
import { startTestDoor, type TestDoor } from '../support/smtp-door.ts';

const LETTER = 'From: a@seller.test\r\n\r\nx\r\n.\r\n';

/** All that the server says from now on, until it closes. */
async function restOf(client: SmtpClient): Promise<string> {
  let heard = '';
  for (;;) {
    const { code, text } = await client.reply();
    heard += text;
    if (code === 0) return heard;
  }
}

const codesOf = (heard: string): string => [...heard.matchAll(/^(\d{3}) /gm)].map(([, code]) => code).join(' ');

async function inTransaction(door: TestDoor): Promise<SmtpClient> {
  const client = await connectSmtp(door.port);
  await client.say('EHLO client.test');
  assert.equal((await client.say('MAIL FROM:<a@seller.test>')).code, 250);
  return client;
}

describe('octets that no command has', () => {
  for (const [name, bytes] of [
    ['CM-09 a bare LF', 'EHLO client.test\n'],
    ['CM-09 a bare LF behind a good command', 'NOOP\r\nNOOP\nNOOP\r\n'],
    ['a bare CR', 'NOOP\rNOOP\r\n'],
    ['CR CR LF', 'NOOP\r\r\n'],
    ['an LF first', '\nNOOP\r\n'],
    ['CM-17 a NUL', 'EHLO a\0b\r\n'],
    ['a tab', 'EHLO\tclient.test\r\n'],
    ['an escape', 'EHLO \x1b[2J\r\n'],
    ['a DEL', 'EHLO \x7f\r\n'],
    ['a NUL in a line without an end', 'EHLO a\0b'],
    ['CM-02 a TLS ClientHello after the greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['CM-10 a line of 2,049 octets', `NOOP ${'x'.repeat(2042)}\r\n`],
    ['CM-10 2,049 octets without an end', 'x'.repeat(2049)],
    ['CM-10 4 kB without an end', 'x'.repeat(4096)],
    ['CM-10 64 kB without an end', 'x'.repeat(65_536)],
    ['CM-19 a megabyte of AUTH', `AUTH PLAIN ${'A'.repeat(1_000_000)}\r\n`],
    ['SM-24 BDAT, which is not offered', 'BDAT 14 LAST\r\nRSET\r\nNOOP\r\n.\r\n'],
  ] as const) {
    test(`${name}: 500, and the connection is closed`, async () => {
      await using door = await startTestDoor();
      await using client = await connectSmtp(door.port);
      client.write(Buffer.from(bytes, 'latin1'));
      const heard = await restOf(client);
      assert.match(codesOf(heard), /^(?:250 )?500$/, heard);
      await nextIsServed(door);
    });
  }

  for (const length of [512, 513, 2048]) {
    test(`CM-10 a line of ${length} octets is a command`, async () => {
      await using door = await startTestDoor();
      await using client = await connectSmtp(door.port);
      assert.equal((await client.say(`NOOP ${'x'.repeat(length - 7)}`)).code, 250);
    });
  }

  test('CM-10 ten megabytes without an end are not kept, and others are served meanwhile', async () => {
    await using door = await startTestDoor();
    await using client = await connectSmtp(door.port);
    const before = process.memoryUsage.rss();
    const chunk = Buffer.alloc(1_000_000, 'x');
    for (let index = 0; index < 10; index++) client.write(chunk);
    assert.equal(codesOf(await restOf(client)), '500');
    await nextIsServed(door);
    assert.ok(process.memoryUsage.rss() - before < 50_000_000, 'memory grew by less than 50 MB');
  });
});

describe('those that came to the wrong place', () => {
  for (const [name, bytes] of [
    ['EHLO', 'EHLO early\r\n'],
    ['half a command', 'EH'],
    ['a TLS ClientHello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['a PROXY header', 'PROXY TCP4 127.0.0.1 127.0.0.1 1 25\r\n'],
  ] as const) {
    test(`CM-01 ${name} before the greeting: 421, without a greeting`, async () => {
      await using door = await startTestDoor();
      const socket = connect(door.port, '127.0.0.1', () => socket.write(Buffer.from(bytes, 'latin1')));
      let heard = '';
      socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
      await once(socket, 'close');
      assert.match(heard, /^421 4\.7\.0 [^\r]*\r\n$/);
      await nextIsServed(door);
    });
  }

  for (const request of [
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET http://mail.relay.test/ HTTP/1.0\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\n\r\nEHLO x\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b1@relay.test>\r\nDATA\r\n\r\nx\r\n.\r\n',
  ]) {
    test(`CM-02 ${request.split('\r\n')[0]} is closed at its first line`, async () => {
      await using door = await startTestDoor();
      await using client = await connectSmtp(door.port);
      client.write(request);
      assert.equal(codesOf(await restOf(client)), '421');
      assert.equal(door.admitted.length, 0);
      await nextIsServed(door);
    });
  }

  for (const command of [
    'ETRN relay.test',
    'TURN',
    'ATRN',
    'XCLIENT ADDR=10.0.0.1',
    'XFORWARD ADDR=10.0.0.1',
    'BURL imap://x.test LAST',
    'WIZ x',
    'DEBUG',
    'KILL x',
    'SHELL',
    'LHLO x',
    'SEND FROM:<a@x.test>',
    'PROXY TCP4 10.0.0.1 127.0.0.1 1 25',
  ]) {
    test(`CM-12 ${command} is refused, and who the client is does not change`, async () => {
      await using door = await startTestDoor();
      await using client = await connectSmtp(door.port);
      assert.equal((await client.say(command)).code, 500);
      await client.say('EHLO client.test');
      await client.say('MAIL FROM:<a@seller.test>');
      await client.say('RCPT TO:<b1@relay.test>');
      assert.equal(door.admitted[0]?.claim.peer?.ip, '127.0.0.1');
    });
  }
});

describe('order', () => {
  test('CM-15 commands out of order are 503 and change nothing', async () => {
    await using door = await startTestDoor({ admit: (to) => (to.startsWith('no') ? 'alias.unknown' : undefined) });
    const dialogs: readonly (readonly (readonly [string, number])[])[] = [
      [
        ['MAIL FROM:<a@seller.test>', 503],
        ['EHLO client.test', 250],
        ['RCPT TO:<b1@relay.test>', 503],
        ['DATA', 503],
        ['MAIL FROM:<a@seller.test>', 250],
        ['MAIL FROM:<b@seller.test>', 503],
      ],
      [
        ['EHLO client.test', 250],
        ['MAIL FROM:<a@seller.test>', 250],
        ['DATA', 503],
        ['RCPT TO:<no@relay.test>', 550],
        ['DATA', 503],
        ['RSET', 250],
        ['RCPT TO:<b1@relay.test>', 503],
        ['RSET', 250],
        ['QUIT', 221],
      ],
      [
        ['EHLO client.test', 250],
        ['MAIL FROM:<a@seller.test>', 250],
        ['RCPT TO:<b1@relay.test>', 250],
        ['HELO client.test', 250],
        ['DATA', 503],
      ],
    ];
    for (const dialog of dialogs) {
      await using client = await connectSmtp(door.port);
      for (const [line, code] of dialog) assert.equal((await client.say(line)).code, code, line);
    }
    await nextIsServed(door);
  });
});

describe('pipelining', () => {
  test('CM-08 an envelope in one write gets its answers in order, one each', async () => {
    await using door = await startTestDoor();
    await using client = await connectSmtp(door.port);
    client.write('EHLO client.test\r\nMAIL FROM:<a@seller.test>\r\nRCPT TO:<b1@relay.test>\r\nNOOP\r\nDATA\r\n');
    for (const code of [250, 250, 250, 250, 354]) assert.equal((await client.reply()).code, code);
    client.write(`${LETTER}QUIT\r\n`);
    for (const code of [250, 221, 0]) assert.equal((await client.reply()).code, code);
    assert.equal(door.taken.length, 1);
  });

  test('CM-07 a message sent before 354 is that message, and what is behind it are commands', async () => {
    await using door = await startTestDoor();
    await using client = await inTransaction(door);
    await client.say('RCPT TO:<b1@relay.test>');
    client.write(`DATA\r\nFrom: a@seller.test\r\n\r\nRSET\r\nMAIL FROM:<x@x.test>\r\n.\r\nNOOP\r\n`);
    for (const code of [354, 250, 250]) assert.equal((await client.reply()).code, code);
    assert.equal(door.taken[0]?.raw.toString(), 'From: a@seller.test\r\n\r\nRSET\r\nMAIL FROM:<x@x.test>\r\n');
    await nextIsServed(door, 1);
  });

  test('CM-07 a message behind a refused DATA is not read as commands', async () => {
    await using door = await startTestDoor();
    await using client = await inTransaction(door);
    client.write('DATA\r\nRCPT TO:<b1@relay.test>\r\nDATA\r\nFrom: a@seller.test\r\n\r\nx\r\n.\r\n');
    assert.equal(codesOf(await restOf(client)), '503 503');
    assert.equal(door.admitted.length, 0);
    await nextIsServed(door);
  });

  test('SM-16 two transactions in one write are two messages', async () => {
    await using door = await startTestDoor();
    await using client = await connectSmtp(door.port);
    const one = `MAIL FROM:<a@seller.test>\r\nRCPT TO:<b1@relay.test>\r\nDATA\r\n${LETTER}`;
    client.write(`EHLO client.test\r\n${one}${one}QUIT\r\n`);
    assert.equal(codesOf(await restOf(client)), '250 250 250 354 250 250 250 354 250 221');
    assert.equal(door.taken.length, 2);
  });
});

describe('parameters', () => {
  for (const [line, code] of [
    ['MAIL FROM:<a@seller.test> SIZE=-1', 501],
    ['MAIL FROM:<a@seller.test> SIZE=', 501],
    ['MAIL FROM:<a@seller.test> SIZE=1 SIZE=2', 501],
    ['MAIL FROM:<a@seller.test> SIZE=1e3', 501],
    ['MAIL FROM:<a@seller.test> SIZE=25000001', 552],
    ['MAIL FROM:<a@seller.test> SIZE=999999999', 552],
    ['MAIL FROM:<a@seller.test> SIZE=25000000 BODY=8BITMIME SMTPUTF8', 250],
    ['MAIL FROM:<a@seller.test> BODY=BINARYMIME', 501],
    ['MAIL FROM:<a@seller.test> ENVID=ab+0D+0Acd', 501],
    ['MAIL FROM:<a@seller.test> AUTH=<x+0A>', 501],
    ['MAIL FROM:<a@seller.test> AUTH=<>', 250],
    ['MAIL FROM:<a@seller.test> ENVID=abc', 555],
    ['MAIL FROM:<a@seller.test> X=Y', 555],
    ['MAIL FROM:<a@seller.test>SIZE=1', 501],
    ['MAIL FROM:<a@seller.test', 501],
    ['MAIL FROM:<a@seller.test>>', 501],
    ['MAIL TO:<a@seller.test>', 501],
    ['MAIL', 501],
    [`MAIL FROM:<${'a'.repeat(300)}@seller.test>`, 501],
  ] as const) {
    test(`CM-13, CM-14 ${line.slice(0, 80)} is ${code}`, async () => {
      await using door = await startTestDoor();
      await using client = await connectSmtp(door.port);
      await client.say('EHLO client.test');
      assert.equal((await client.say(line)).code, code);
      assert.equal((await client.say('NOOP')).code, 250);
      assert.doesNotMatch(JSON.stringify(door.lines), /seller\.test|ab|cd/);
    });
  }

  for (const [line, code] of [
    ['RCPT TO:<b1@relay.test> ORCPT=rfc822;a+0D+0AX:', 501],
    ['RCPT TO:<b1@relay.test> NOTIFY=NEVER', 555],
    ['RCPT TO:<b1@relay.test> NOTIFY', 501],
    ['RCPT TO:<b1@relay.test> X=Y', 555],
    ['RCPT TO:<>', 501],
    ['RCPT TO:<b1@relay.test>,<b2@relay.test>', 501],
    ['RCPT FROM:<b1@relay.test>', 501],
  ] as const) {
    test(`CM-14 ${line} is ${code}`, async () => {
      await using door = await startTestDoor();
      await using client = await inTransaction(door);
      assert.equal((await client.say(line)).code, code);
      assert.equal(door.admitted.length, 0);
      assert.equal((await client.say('DATA')).code, 503);
    });
  }

  test('CM-13 a message that was announced as one octet and is over the limit is 552', async () => {
    await using door = await startTestDoor({ maxMessage: 1_000_000 });
    await using client = await connectSmtp(door.port);
    await client.say('EHLO client.test');
    assert.equal((await client.say('MAIL FROM:<a@seller.test> SIZE=1')).code, 250);
    await client.say('RCPT TO:<b1@relay.test>');
    await client.say('DATA');
    client.write(`${`${'x'.repeat(78)}\r\n`.repeat(20_000)}.\r\n`);
    assert.equal((await client.reply()).code, 552);
    await nextIsServed(door);
  });
});

describe('names and questions', () => {
  for (const [line, code] of [
    ['EHLO', 501],
    ['HELO', 501],
    ['EHLO a b', 501],
    [`EHLO ${'a'.repeat(300)}`, 250],
    [`EHLO ${'a'.repeat(301)}`, 501],
    ['EHLO [IPv6:::1', 250],
    ['EHLO <script>alert(1)</script>', 250],
    ['EHLO mail.relay.test', 250],
    ['HELO 127.0.0.1', 250],
  ] as const) {
    test(`CM-17 ${line.slice(0, 50)} is ${code}, and is repeated nowhere`, async () => {
      await using door = await startTestDoor();
      await using client = await connectSmtp(door.port);
      const { code: answered, text } = await client.say(line);
      assert.equal(answered, code);
      assert.doesNotMatch(text + JSON.stringify(door.lines), /script|IPv6|127\.0\.0\.1|aaaa/);
      assert.equal((await client.say('NOOP')).code, 250);
    });
  }

  test('CM-11 VRFY, EXPN and HELP say the same of those that exist and those that do not', async () => {
    await using door = await startTestDoor({ admit: (to) => (to.startsWith('b') ? undefined : 'alias.unknown') });
    for (const command of ['VRFY', 'EXPN', 'HELP']) {
      const answers = new Set<string>();
      for (const about of ['<b1@relay.test>', 'b1', 'nobody@relay.test', 'postmaster']) {
        await using client = await connectSmtp(door.port);
        answers.add((await client.say(`${command} ${about}`)).text);
      }
      assert.equal(answers.size, 1, command);
    }
    assert.equal(door.admitted.length, 0, 'nothing was looked up');
  });
});
