import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { HOUR } from '../../src/core/time.ts';
import { sign } from '../../src/mail/sign.ts';
import type { DkimKey } from '../../src/vault/keys.ts';
import { keyRecords } from '../support/key-records.ts';
import { dkimpyIsMissing, verifyWithDkimpy } from '../support/second-verifier.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');
const KEYS: readonly DkimKey[] = [
  { selector: 'r1', algorithm: 'rsa-sha256', privateKey: rsa.privateKey },
  { selector: 'e1', algorithm: 'ed25519-sha256', privateKey: ed25519.privateKey },
];
const RECORDS = keyRecords(KEYS, 'relay.test');
const NOW = Date.now();

const MESSAGE = [
  'Received: from mail.relay.test by mail.relay.test; Mon, 23 Nov 2026 10:00:00 +0000',
  'From: "Nord Tools" <s0000000000000000000000000a@relay.test>',
  'To: Kim <b0000000000000000000000000a@relay.test>',
  'Subject: Your order,\r\n\tfolded   and \t spaced ',
  'Date: Mon, 23 Nov 2026 10:00:00 +0000',
  'Message-ID: <m1@relay.test>',
  'In-Reply-To: <m0@relay.test>',
  'References: <m0@relay.test>',
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Hello,  \r\n \t\r\n\ttwo  spaces\tand a tab \r\n.\r\n..dots\r\n\r\n\r\n',
].join('\r\n');

async function verdicts(message: Uint8Array | string, at = NOW): Promise<readonly string[]> {
  const { results } = await dkimVerify(Buffer.from(message), {
    curTime: new Date(at),
    strict: true,
    resolver: async (name: string, type: string) => {
      const record = type === 'TXT' ? RECORDS[name] : undefined;
      if (record === undefined) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
      return [[record]];
    },
  });
  return results.map((result: { status: { result: string } }) => result.status.result);
}

const signed = (message: string) =>
  Buffer.from(sign(Buffer.from(message), { keys: KEYS, domain: 'relay.test', now: NOW }));

for (const [name, message] of [
  ['an ordinary message', MESSAGE],
  ['a message without a body', MESSAGE.slice(0, MESSAGE.indexOf('\r\n\r\n') + 4)],
  ['a body of nothing but empty lines', `${MESSAGE.slice(0, MESSAGE.indexOf('\r\n\r\n') + 4)}\r\n\r\n\r\n`],
  ['a body without a last line end', `${MESSAGE}no end`],
  [
    'UTF-8 in the header, with an octet that Latin-1 takes for a space at its end',
    MESSAGE.replace('Kim', 'Kim').replace('spaced ', 'voil\u00e0'),
  ],
] as const) {
  test(`${name} verifies under both signatures`, async () => {
    assert.deepEqual(await verdicts(signed(message)), ['pass', 'pass']);
  });
}

test('the message follows its signatures unchanged, and no line of a signature is over 78', () => {
  const bytes = signed(MESSAGE);
  const text = bytes.toString();
  assert.ok(text.endsWith(MESSAGE));
  const lines = text.slice(0, -MESSAGE.length).split('\r\n');
  assert.equal(lines.filter((line) => line.startsWith('DKIM-Signature:')).length, 2);
  assert.ok(lines.every((line) => line.length <= 78));
});

test('every field that a thief would add is named once more than it occurs, and no length is given', () => {
  const [signature = ''] = signed(MESSAGE)
    .toString()
    .split(/\r\n(?![ \t])/);
  const names = (/ h=([^;]+);/.exec(signature)?.[1] ?? '').replace(/\s/g, '').split(':');
  const count = (name: string) => names.filter((other) => other === name).length;
  for (const name of ['from', 'to', 'subject', 'date', 'message-id', 'in-reply-to', 'references', 'mime-version']) {
    assert.equal(count(name), 2, name);
  }
  for (const name of ['reply-to', 'content-transfer-encoding']) assert.equal(count(name), 1, name);
  assert.doesNotMatch(signature, /[; ]l=/);
  assert.match(signature, /c=relaxed\/relaxed/);
});

test(
  'a second verifier takes both signatures, and none of a message with a second From',
  { skip: dkimpyIsMissing },
  () => {
    const bytes = signed(MESSAGE);
    assert.deepEqual(verifyWithDkimpy(bytes, RECORDS).dkim, [true, true]);
    const forged = Buffer.concat([Buffer.from('From: evil@evil.test\r\n'), bytes]);
    assert.deepEqual(verifyWithDkimpy(forged, RECORDS).dkim, [false, false]);
  },
);

for (const [name, tamper] of [
  ['a changed word in the body', (text: string) => text.replace('Hello', 'Hallo')],
  ['words after the end', (text: string) => `${text}more\r\n`],
  ['a changed subject', (text: string) => text.replace('Your order', 'My order')],
  ['a second From', (text: string) => `From: evil@evil.test\r\n${text}`],
  ['a second Subject', (text: string) => `Subject: other\r\n${text}`],
  ['an added Reply-To', (text: string) => `Reply-To: evil@evil.test\r\n${text}`],
  ['a second Content-Type', (text: string) => `Content-Type: text/html\r\n${text}`],
  ['a second Date', (text: string) => `Date: Tue, 24 Nov 2026 10:00:00 +0000\r\n${text}`],
  ['a second Message-ID', (text: string) => `Message-ID: <m2@relay.test>\r\n${text}`],
  ['a second MIME-Version', (text: string) => `MIME-Version: 1.0\r\n${text}`],
  ['an added Content-Transfer-Encoding', (text: string) => `Content-Transfer-Encoding: base64\r\n${text}`],
  ['a second In-Reply-To', (text: string) => `In-Reply-To: <m9@relay.test>\r\n${text}`],
  ['a second References', (text: string) => `References: <m9@relay.test>\r\n${text}`],
  ['a removed To', (text: string) => text.replace(/^To:.*\r\n/m, '')],
] as const) {
  test(`${name} breaks both signatures`, async () => {
    const tampered = tamper(signed(MESSAGE).toString());
    assert.deepEqual(
      (await verdicts(tampered)).map((result) => result === 'pass'),
      [false, false],
    );
  });
}

test('white space that a relay may change leaves both signatures whole', async () => {
  const text = signed(MESSAGE).toString().replace('folded   and', 'folded and').replace('two  spaces', 'two    spaces');
  assert.deepEqual(await verdicts(text), ['pass', 'pass']);
});

test('a signature is worth nothing after three days', async () => {
  const bytes = signed(MESSAGE);
  assert.deepEqual(await verdicts(bytes, NOW + 71 * HOUR), ['pass', 'pass']);
  assert.deepEqual((await verdicts(bytes, NOW + 73 * HOUR)).includes('pass'), false);
});

test('a megabyte of spaces or of empty lines is signed in no time', () => {
  for (const body of [`${' '.repeat(1e6)}x\r\n`, '\r\n'.repeat(5e5), `${' \r\n'.repeat(3e5)}x`]) {
    const begun = performance.now();
    signed(`${MESSAGE}${body}`);
    assert.ok(performance.now() - begun < 1000);
  }
});
