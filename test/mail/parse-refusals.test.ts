/** Mail that is not taken at all: bytes that two programs would cut differently, and authors that two programs would read differently. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RelayError } from '../../src/core/errors.ts';
import { parse } from '../../src/mail/parse.ts';

function codeOf(raw: string | Buffer): string {
  try {
    parse(typeof raw === 'string' ? Buffer.from(raw, 'latin1') : raw);
    return 'read';
  } catch (error) {
    if (error instanceof RelayError) return error.code;
    throw error;
  }
}

const withHeader = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\nHello\r\n`;
const from = (value: string): string => withHeader(`From: ${value}`, 'Subject: x');

test('a bare CR, a bare LF or a NUL anywhere is refused', () => {
  const places = [
    'From: a@shop.test\r\nSubject: Your order\rReply-To: direct@evil.test\r\n\r\nHello\r\n',
    'From: a@shop.test\r\nSubject: x\r\r\nReply-To: direct@evil.test\r\n\r\nHello\r\n',
    'From: a@shop.test\r\nSubject: x\nBcc: v@evil.test\r\n\r\nHello\r\n',
    'From: a@shop.test\r\nSub\0ject: x\r\n\r\nHello\r\n',
    'From: a@shop.test\r\n\r\nHello\r\n.\nMAIL FROM:<x@evil.test>\r\n',
    'From: a@shop.test\r\n\r\nHello\0\r\n',
    'From: a@shop.test\r\n\r\nHello\r',
    '\nFrom: a@shop.test\r\n\r\nHello',
  ];
  assert.deepEqual(
    places.map(codeOf),
    places.map(() => 'message.lineEnding'),
  );
});

test('one author is read in the two plain forms and in no other', () => {
  const taken = [
    'a@shop.test',
    '<a@shop.test>',
    'Shop <a@shop.test>',
    '"Shop, <b@other.test>" <a@shop.test>',
    'John Q. Public <a@shop.test>',
    '=?utf-8?Q?J=C3=B6rg?= Shop <a@shop.test>',
    '"a@shop.test" <a@shop.test>',
    "O'Neil & Söhne <a@shop.test>",
  ];
  const refused = [
    '',
    'Shop',
    '<>',
    '<a@one.test>, <b@two.test>',
    'a@one.test, b@two.test',
    '=?utf-8?B?PGFkbWluQGxlZ2l0LnRlc3Q+?=,<second@evil.test>',
    '<@one.test,@two.test:admin@legit.test>',
    '<admin@legit.test>\\,<second@evil.test>',
    'admin@legit.test,<second@evil.test>',
    '<any@evil.test>admin@legit.test',
    'user@good.test(x)evil.test',
    'a@shop.test (Shop)',
    '"x@one.test x"@shop.test',
    'Shop: a@shop.test;',
    'undisclosed-recipients:;',
    '=?utf-8?Q?x=40evil.test=3Ey?=@legit.test',
    'admin@legit.test <a@shop.test>',
    '"open <a@shop.test>',
    'Shop <a@shop.test> <b@other.test>',
    `${'g:'.repeat(3000)}a@x.test${';'.repeat(3000)}`,
    'a@xn--0049.test',
    'a\uff20shop.test',
  ];
  assert.deepEqual(
    taken.map((value) => codeOf(Buffer.from(from(value)))),
    taken.map(() => 'read'),
  );
  assert.deepEqual(
    refused.map((value) => codeOf(Buffer.from(from(value)))),
    refused.map(() => 'message.malformed'),
  );
});

test('a header that is not fields from the first byte to the blank line is refused', () => {
  const broken = [
    withHeader('Subject: nobody wrote this'),
    withHeader('From: a@shop.test', 'From: b@other.test'),
    withHeader('from: a@shop.test', 'FROM: b@other.test'),
    withHeader(' From: b@other.test', 'From: a@shop.test'),
    withHeader('From : b@other.test', 'From: a@shop.test'),
    withHeader('From', ' : b@other.test', 'From: a@shop.test'),
    withHeader('From: a@shop.test', 'no colon here'),
    withHeader('From a@shop.test Mon Nov 23 10:00:00 2026', 'From: a@shop.test'),
    '',
    '\r\nFrom: a@shop.test\r\n',
  ];
  assert.deepEqual(
    broken.map(codeOf),
    broken.map(() => 'message.malformed'),
  );
});

test('the header may have 64 kB, 200 fields and 16 kB in one field, and not one more', () => {
  const filler = (length: number) => `X-Filler: ${'x'.repeat(length - 'X-Filler: '.length)}`;
  const fields = (count: number) => withHeader('From: a@shop.test', ...Array<string>(count - 1).fill('X-A: b'));
  const total = (bytes: number) => {
    const lines = ['From: a@shop.test', ...Array<string>(4).fill(filler(13_000))];
    const rest = bytes - lines.join('\r\n').length - 2;
    return withHeader(...lines, filler(rest));
  };
  assert.equal(codeOf(fields(200)), 'read');
  assert.equal(codeOf(fields(201)), 'message.header');
  assert.equal(codeOf(withHeader('From: a@shop.test', filler(16 * 1024))), 'read');
  assert.equal(codeOf(withHeader('From: a@shop.test', filler(16 * 1024 + 1))), 'message.header');
  assert.equal(codeOf(total(64 * 1024)), 'read');
  assert.equal(codeOf(total(64 * 1024 + 1)), 'message.header');
  assert.equal(codeOf(withHeader('From: a@shop.test', `Subject: ${'x'.repeat(640_000)}`)), 'message.header');
});

test('partial messages and bodies that lie elsewhere are refused, also deep inside', () => {
  const inside = (type: string) =>
    withHeader('From: a@shop.test', 'Content-Type: multipart/mixed; boundary=b').replace(
      'Hello\r\n',
      `--b\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: ${type}\r\n\r\nx\r\n--b--\r\n`,
    );
  for (const type of ['message/partial; id=x; number=1; total=2', 'message/external-body; access-type=URL']) {
    assert.equal(codeOf(withHeader('From: a@shop.test', `Content-Type: ${type}`)), 'message.fragment');
    assert.equal(codeOf(inside(type)), 'message.fragment');
  }
});

test('fifty hops are a long way and fifty-one are a loop', () => {
  const hops = (count: number) =>
    withHeader('From: a@shop.test', ...Array<string>(count).fill('Received: from a.test by b.test; x'));
  assert.equal(codeOf(hops(50)), 'read');
  assert.equal(codeOf(hops(51)), 'message.loop');
});
