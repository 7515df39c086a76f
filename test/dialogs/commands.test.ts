import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import type { Outcome } from '../../src/mail/types.ts';
import { manualClock } from '../support/manual-clock.ts';
import { connectSmtp, type SmtpClient } from '../support/smtp-client.ts';
import { held, makeTls, PASSWORD, queued, refused, startTestDoor } from '../support/smtp-door.ts';

const MAIL = 'From: a@seller.test\r\n\r\nx\r\n.\r\n';
const plain = (user: string, password: string) => Buffer.from(`\0${user}\0${password}`).toString('base64');

/** Says each line and expects a reply that begins so; every reply is one line of at most 512 octets, or the greeting of EHLO. */
async function dialog(client: SmtpClient, lines: readonly (readonly [string, RegExp])[]): Promise<void> {
  for (const [line, expected] of lines) {
    const { text } = await client.say(line);
    assert.match(text, expected, `${line}: ${text}`);
    assert.ok(text.length <= 512, line);
  }
}

const OPENED = [
  ['EHLO client.test', /^250/],
  ['MAIL FROM:<shop@seller.test>', /^250/],
] as const;

for (const [code, expected] of [
  ['alias.unknown', /^550 5\.1\.1 [^\d]/],
  ['recipient.notOurs', /^550 5\.7\.1 [^\d]/],
  ['address.invalid', /^553 5\.1\.3 [^\d]/],
  ['sender.unproven', /^550 5\.7\.1 [^\d]/],
  ['request.tooMany', /^451 4\.7\.0 [^\d]/],
  ['internal', /^451 4\.3\.0 [^\d]/],
] as const) {
  test(`a recipient refused as ${code} gets its row of the table, with one enhanced code`, async () => {
    await using door = await startTestDoor({ admit: (recipient) => (recipient.startsWith('no') ? code : undefined) });
    await using client = await connectSmtp(door.port);
    await dialog(client, [...OPENED, ['RCPT TO:<no@relay.test>', expected], ['DATA', /^503 /]]);
    await dialog(client, [
      ['RCPT TO:<b1@relay.test>', /^250 /],
      ['DATA', /^354 /],
    ]);
    client.write(MAIL);
    assert.equal((await client.reply()).code, 250);
    assert.equal(door.taken[0]?.admitted.length, 1);
  });
}

test('every refused recipient is answered after the same time, however soon it was known', async () => {
  const codes = ['alias.unknown', 'recipient.notOurs', 'address.invalid'] as const;
  await using door = await startTestDoor({ admit: (recipient) => codes[Number(recipient[0])] });
  await using client = await connectSmtp(door.port);
  await dialog(client, OPENED);
  // Four: the fifth error of a session makes the next command wait.
  for (let round = 0; round < 4; round++) {
    const begun = performance.now();
    await client.say(`RCPT TO:<${round % 3}@relay.test>`);
    assert.ok(performance.now() - begun >= 24);
  }
});

test('a bug behind the door is 451 and none of its words', async () => {
  const bug = () => {
    throw new TypeError('cannot read kim@buyer.test of SECRET');
  };
  await using door = await startTestDoor({
    relay: bug,
    admit: (to) => (to.startsWith('bug') ? new TypeError('SECRET') : undefined),
  });
  await using client = await connectSmtp(door.port);
  await dialog(client, [
    ...OPENED,
    ['RCPT TO:<bug@relay.test>', /^451 4\.3\.0 [^S]+$/],
    ['RCPT TO:<b1@relay.test>', /^250/],
  ]);
  await client.say('DATA');
  client.write(MAIL);
  const { text } = await client.reply();
  assert.match(text, /^451 4\.3\.0 /);
  assert.doesNotMatch(text + JSON.stringify(door.lines), /SECRET|kim/);
  assert.deepEqual(
    door.lines.filter(({ name }) => name === 'relay.unexpected').map(({ fields }) => [fields.place, fields.error]),
    [
      ['smtp.rcptTo', 'TypeError'],
      ['smtp.data', 'TypeError'],
    ],
  );
});

test('nonsense for a reverse path is 501, and the null path is for the relay to judge', async () => {
  await using door = await startTestDoor();
  await using client = await connectSmtp(door.port);
  await dialog(client, [
    ['EHLO client.test', /^250/],
    ['MAIL FROM:<a@localhost>', /^501 5\.1\.7 /],
    ['MAIL FROM:<a@[127.0.0.1]>', /^501 5\.1\.7 /],
    ['MAIL FROM:<"a b"@x.test>', /^501 /],
    ['MAIL FROM:a@x.test', /^501 /],
    ['MAIL FROM:<>', /^250 /],
    ['RCPT TO:<b1@relay.test>', /^250 /],
  ]);
  assert.equal(door.admitted[0]?.sender, undefined);
});

for (const [name, outcomes, expected] of [
  ['one queued', [queued()], /^250 2\.0\.0 queued as msg_\w{20}\r\n$/],
  ['one held', [held()], /^250 2\.0\.0 held for review as msg_\w{20}\r\n$/],
  [
    'one blocked',
    [refused()],
    /^550 5\.7\.1 refund-for-review: .* msg_\w{20} https:\/\/relay\.test\/rules#refund-for-review\r\n$/,
  ],
  [
    'one returned',
    [refused('return', 'phone')],
    /^550 5\.7\.1 phone: Not delivered yet.* msg_\w{20} https:.*#phone\r\n$/,
  ],
  ['two blocked', [refused(), refused()], /^550 5\.7\.1 .* msg_\w{20} msg_\w{20} https:/],
  [
    'one queued, one blocked',
    [queued(), refused()],
    /^250 2\.0\.0 queued as msg_\w{20}; refused as msg_\w{20}, a notice follows\r\n$/,
  ],
  [
    'one of each',
    [queued(), held(), refused()],
    /^250 2\.0\.0 queued as \S+; held for review as \S+; refused as \S+, a notice/,
  ],
  [
    'a hundred queued',
    Array.from({ length: 100 }, queued),
    /^250 2\.0\.0 queued as (?:msg_\w{20} ){4}and 96 more\r\n$/,
  ],
  ['none, since it was a bounce', [], /^250 2\.0\.0 noted\r\n$/],
] as const satisfies readonly (readonly [string, readonly Outcome[], RegExp])[]) {
  test(`${name}: the answer to the data says so in one line and quotes nothing`, async () => {
    await using door = await startTestDoor({ relay: () => outcomes });
    await using client = await connectSmtp(door.port);
    await dialog(client, [...OPENED, ['RCPT TO:<b1@relay.test>', /^250/], ['DATA', /^354/]]);
    client.write(MAIL);
    const { text } = await client.reply();
    assert.match(text, expected);
    assert.doesNotMatch(text, /SECRET/);
    assert.ok(text.length <= 512);
  });
}

test('two recipients are one call of the relay, and a repeated recipient is one arrival', async () => {
  await using door = await startTestDoor();
  await using client = await connectSmtp(door.port);
  const to = ['b1@relay.test', 'b2@relay.test', 'B1@relay.test'];
  await dialog(client, [...OPENED, ...to.map((alias) => [`RCPT TO:<${alias}>`, /^250/] as const), ['DATA', /^354/]]);
  client.write(MAIL);
  assert.equal((await client.reply()).code, 250);
  assert.deepEqual(
    door.taken.map(({ admitted }) => admitted.length),
    [2],
  );
});

test('the recipients of a transaction that was reset are forgotten', async () => {
  await using door = await startTestDoor();
  await using client = await connectSmtp(door.port);
  await dialog(client, [...OPENED, ['RCPT TO:<b1@relay.test>', /^250/], ['RSET', /^250/], ['DATA', /^503/]]);
  await dialog(client, [...OPENED, ['RCPT TO:<b2@relay.test>', /^250/], ['DATA', /^354/]]);
  client.write(MAIL);
  await client.reply();
  assert.equal(door.taken[0]?.admitted.length, 1);
});

test('the hundred-and-first recipient is put off with 452', async () => {
  await using door = await startTestDoor();
  await using client = await connectSmtp(door.port);
  await dialog(client, OPENED);
  for (let index = 0; index < 100; index++)
    assert.equal((await client.say(`RCPT TO:<b${index}@relay.test>`)).code, 250);
  await dialog(client, [
    ['RCPT TO:<b100@relay.test>', /^452 4\.5\.3 /],
    ['RCPT TO:<b7@relay.test>', /^250/],
  ]);
});

test('DO-06 of a thousand recipients a hundred are taken and the rest put off, and the session goes on', async () => {
  await using door = await startTestDoor();
  await using client = await connectSmtp(door.port);
  await dialog(client, OPENED);
  client.write(Array.from({ length: 1000 }, (_, index) => `RCPT TO:<b${index}@relay.test>\r\n`).join(''));
  const codes: number[] = [];
  for (let index = 0; index < 1000; index++) codes.push((await client.reply()).code);
  assert.deepEqual(codes, [...Array<number>(100).fill(250), ...Array<number>(900).fill(452)]);
  assert.equal((await client.say('DATA')).code, 354);
});

test('the door gives away its name and nothing else, and takes no commands for proxies or wizards', async () => {
  await using door = await startTestDoor();
  await using client = await connectSmtp(door.port);
  const { text } = await client.say('EHLO client.test');
  assert.match(text, /^250-mail\.relay\.test\r\n/);
  assert.doesNotMatch(text, /AUTH|STARTTLS|XCLIENT|127\.0\.0\.1|smtp-server|Veilpost/i);
  await dialog(client, [
    ['VRFY b1@relay.test', /^252 /],
    ['VRFY nobody@relay.test', /^252 /],
    ['EXPN list', /^50[02] /],
    ['XCLIENT ADDR=10.0.0.1', /^50[02] /],
    ['XFORWARD ADDR=10.0.0.1', /^50[02] /],
    ['WIZ please', /^50[02] /],
    ['STARTTLS', /^50[02] /],
    [`AUTH PLAIN ${plain('nord', PASSWORD)}`, /^50[0-4] /],
    ['NOOP', /^250 /],
  ]);
});

test('what a web page or an early talker says is no command', async () => {
  await using door = await startTestDoor();
  await using client = await connectSmtp(door.port);
  assert.equal((await client.say('GET / HTTP/1.1')).code, 421);
});

test('a peer gets no more connections than it may have, and early talkers free none', async () => {
  await using door = await startTestDoor({ connections: { perAddress: 2 } });
  await using first = await connectSmtp(door.port);
  await using second = await connectSmtp(door.port);
  for (let round = 0; round < 3; round++) {
    const early = connect(door.port, '127.0.0.1', () => early.write('EHLO early\r\n')).resume();
    await once(early, 'close');
  }
  await using third = await connectSmtp(door.port);
  assert.equal((await first.say('NOOP')).code, 250);
  assert.equal((await second.say('NOOP')).code, 250);
  assert.equal((await third.say('NOOP')).code, 0);
});

test('only a peer on this machine, and only in the sandbox, is believed', async () => {
  for (const sandboxLoopback of [true, false]) {
    await using door = await startTestDoor({ sandboxLoopback });
    await using client = await connectSmtp(door.port);
    await dialog(client, [...OPENED, ['RCPT TO:<b1@relay.test>', /^250/]]);
    assert.equal(door.admitted[0]?.claim.isSandboxLoopback, sandboxLoopback);
    assert.equal(door.admitted[0]?.claim.seller, undefined);
  }
});

// Submission

const submission = { door: 'submission', authRequired: true, sandboxLoopback: false } as const;

test('a seller that signs in is named to the relay, by either mechanism', async () => {
  const login = [
    ['AUTH LOGIN', /^334 /],
    [Buffer.from('nord').toString('base64'), /^334 /],
    [Buffer.from(PASSWORD).toString('base64'), /^235 /],
  ] as const;
  for (const signIn of [[[`AUTH PLAIN ${plain('nord', PASSWORD)}`, /^235 /]] as const, login]) {
    await using door = await startTestDoor(submission);
    await using client = await connectSmtp(door.port);
    await dialog(client, [
      ['EHLO client.test', /AUTH PLAIN LOGIN/],
      ...signIn,
      ['MAIL FROM:<shop@seller.test>', /^250/],
    ]);
    await dialog(client, [['RCPT TO:<b1@relay.test>', /^250/]]);
    assert.equal(door.admitted[0]?.claim.seller, 'seller-1');
    assert.equal(door.admitted[0]?.claim.door, 'submission');
  }
});

test('without signing in nothing is taken', async () => {
  await using door = await startTestDoor(submission);
  await using client = await connectSmtp(door.port);
  await dialog(client, [
    ['EHLO client.test', /^250/],
    ['MAIL FROM:<shop@seller.test>', /^530 5\.7\.0 /],
    ['RCPT TO:<b1@relay.test>', /^5/],
    ['DATA', /^5/],
  ]);
  assert.equal(door.admitted.length, 0);
});

test('wrong passwords are 535, the sixth try in a minute is 421 even if it were right, and a minute later it is taken', async () => {
  const clock = manualClock(1_000_000);
  await using door = await startTestDoor({ ...submission, clock });
  const tries: string[] = [];
  for (let index = 0; index < 6; index++) {
    await using client = await connectSmtp(door.port);
    await client.say('EHLO client.test');
    const { text } = await client.say(`AUTH PLAIN ${plain('nord', index < 5 ? `wrong ${index}` : PASSWORD)}`);
    tries.push(text.slice(0, 9));
  }
  assert.deepEqual(tries, [...Array<string>(5).fill('535 5.7.8'), '421 4.7.0']);
  clock.advance(61_000);
  await using client = await connectSmtp(door.port);
  await client.say('EHLO client.test');
  assert.equal((await client.say(`AUTH PLAIN ${plain('nord', PASSWORD)}`)).code, 235);
  assert.equal(door.lines.filter(({ name }) => name === 'signIn.failed').length, 5);
  assert.doesNotMatch(JSON.stringify(door.lines), /nord|wrong/);
});

// TLS

const tls = makeTls();

async function upgraded(client: SmtpClient) {
  const secure = connectTls({ socket: client.socket, rejectUnauthorized: false });
  await once(secure, 'secureConnect');
  const say = async (line: string) => {
    secure.write(`${line}\r\n`);
    const [chunk]: [Buffer] = (await once(secure, 'data')) as [Buffer];
    return chunk.toString();
  };
  return { secure, say };
}

test('where passwords need TLS they are neither offered nor taken before it, and nothing goes without them', async () => {
  await using door = await startTestDoor({ ...submission, requireTls: true, tls });
  await using client = await connectSmtp(door.port);
  const { text } = await client.say('EHLO client.test');
  assert.match(text, /STARTTLS/);
  assert.doesNotMatch(text, /AUTH/);
  await dialog(client, [
    [`AUTH PLAIN ${plain('nord', PASSWORD)}`, /^5/],
    ['MAIL FROM:<shop@seller.test>', /^530 5\.7\.0 /],
    ['STARTTLS', /^220/],
  ]);
  const { secure, say } = await upgraded(client);
  assert.match(await say('MAIL FROM:<shop@seller.test>'), /^503/);
  assert.match(await say('EHLO client.test'), /AUTH PLAIN LOGIN/);
  assert.match(await say('MAIL FROM:<shop@seller.test>'), /^530/);
  assert.match(await say(`AUTH PLAIN ${plain('nord', PASSWORD)}`), /^235/);
  assert.match(await say('MAIL FROM:<shop@seller.test>'), /^250/);
  secure.destroy();
});

test('commands slipped in behind STARTTLS are not heard', async () => {
  await using door = await startTestDoor({ tls });
  await using client = await connectSmtp(door.port);
  await client.say('EHLO client.test');
  client.write('STARTTLS\r\nEHLO evil\r\nMAIL FROM:<inj@x.test>\r\nRCPT TO:<b1@relay.test>\r\n');
  assert.equal((await client.reply()).code, 220);
  const { secure, say } = await upgraded(client);
  assert.match(await say('NOOP'), /^250 OK\r\n$/);
  assert.match(await say('EHLO client.test'), /^250/);
  assert.match(await say('RCPT TO:<b1@relay.test>'), /^503/);
  // After TLS nobody has signed in.
  assert.match(await say('MAIL FROM:<shop@seller.test>'), /^250/);
  assert.match(await say('RCPT TO:<b1@relay.test>'), /^250/);
  assert.deepEqual(
    door.admitted.map(({ claim }) => claim.seller),
    [undefined],
  );
  secure.destroy();
});

test('a door that needs TLS and has none does not open', async () => {
  await assert.rejects(startTestDoor({ ...submission, requireTls: true }), /certificate/);
  await assert.rejects(startTestDoor({ implicitTls: true }), /certificate/);
});

// Closing

test('a door that closes answers the message in hand, sends the idle away, and takes nobody new', async () => {
  const relaying = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const door = await startTestDoor({
    relay: async () => {
      relaying.resolve();
      await finish.promise;
      return [queued()];
    },
  });
  await using idle = await connectSmtp(door.port);
  await using busy = await connectSmtp(door.port);
  await dialog(busy, [...OPENED, ['RCPT TO:<b1@relay.test>', /^250/], ['DATA', /^354/]]);
  busy.write(MAIL);
  await relaying.promise;
  const closed = door[Symbol.asyncDispose]();
  assert.match((await idle.reply()).text, /^421 4\.3\.2 /);
  finish.resolve();
  assert.equal((await busy.reply()).code, 250);
  assert.equal((await busy.reply()).code, 421);
  await closed;
  const late = await connectSmtp(door.port);
  assert.equal((await late.reply()).code, 0);
});
