/** What the tree holds: what the reader of the message would see, and nothing that could hurt whoever handles it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RealAddress } from '../../src/core/real-address.ts';
import type { Message, Part } from '../../src/mail/message.ts';
import { parse } from '../../src/mail/parse.ts';

function read(header: string, body = ''): Message {
  return parse(Buffer.from(`From: a@shop.test\r\n${header}\r\n\r\n${body}\r\n`));
}
const subject = (value: string): string => read(`Subject: ${value}`).subject;
const plain = (text: string): Part => ({ kind: 'text', subtype: 'plain', text });

test('a subject is decoded once, to one line, without control characters and without turned writing', () => {
  assert.equal(subject('=?utf-8?B?R3LDvMOfZQ==?= and =?iso-8859-1?q?caf=E9?='), 'Grüße and café');
  assert.equal(subject('=?utf-8?Q?x=C3?= =?UTF-8?Q?=BC?='), 'xü', 'a character split over two words');
  assert.equal(subject('=?utf-8?Q?a?=\r\n =?utf-8?Q?b?='), 'ab');
  assert.equal(subject('=?utf-8?Q?a?= b'), 'a b');
  assert.equal(subject('=?utf-8*en?Q?a=5Fb_c?='), 'a_b c');
  assert.equal(subject('=?utf-8?Q?A=0D=0ABcc:_x@evil.test?='), 'A Bcc: x@evil.test');
  assert.equal(subject('=?utf-8?Q?a=E2=80=AEb=E2=81=A6c=00d?='), 'abcd');
  assert.equal(subject('=?utf-8?Q?=3D=3Futf-8=3FQ=3Fx=3F=3D?='), '=?utf-8?Q?x?=', 'not twice');
});

test('the name of the author is decoded, also out of quotes', () => {
  const name = (value: string) => parse(Buffer.from(`From: ${value} <a@shop.test>\r\n\r\n`)).fromName;
  assert.equal(name('"Shop \\"One\\""'), 'Shop "One"');
  assert.equal(name('"=?utf-8?Q?J=C3=B6rg?="'), 'Jörg');
  assert.equal(name('=?utf-8?Q?J=C3=B6rg?= =?utf-8?Q?_M?='), 'Jörg M');
});

test('the other recipients are every address beside the alias in To, Cc and Bcc, each once, at most a hundred', () => {
  const message = read(
    'To: "B, C" <b@buyer.example>, team: c@buyer.example, <B@Buyer.Example>;\r\nCc: d@buyer.example (D)\r\nReply-To: e@shop.test',
  );
  const expected = ['b@buyer.example', 'c@buyer.example', 'd@buyer.example'];
  assert.deepEqual(
    message.otherRecipients.map((address) => address.tag),
    expected.map((address) => RealAddress.parse(address).tag),
  );
  const many = Array.from({ length: 300 }, (_, index) => `p${index}@buyer.example`).join(', ');
  assert.equal(read(`Cc: ${many}`).otherRecipients.length, 100);
});

test('of many references the first and the last 49 are kept', () => {
  const ids = Array.from({ length: 80 }, (_, index) => `<${index}@x.test>`);
  const { references } = read(`References: ${ids.join('\r\n ')}`);
  assert.equal(references.length, 50);
  assert.deepEqual([references[0], references[1], references.at(-1)], ['0@x.test', '31@x.test', '79@x.test']);
});

test('a message without MIME, without Message-ID and without a body is an empty text', () => {
  const message = parse(Buffer.from('From: a@shop.test\r\n'));
  assert.deepEqual(message.body, plain(''));
  assert.deepEqual([message.messageId, message.inReplyTo, message.date], ['', '', undefined]);
  assert.deepEqual(parse(Buffer.from('From: a@shop.test\r\n\r\n')).body, plain(''));
  assert.deepEqual(parse(Buffer.from('From: a@shop.test\r\n\r\n\r\n')).body, plain(''));
  assert.deepEqual(parse(Buffer.from('From: a@shop.test\r\n\r\n\r\nx\r\n\r\n')).body, plain('\nx\n'));
});

test('dates are instants whatever their zone, and nonsense is none', () => {
  const date = (value: string) => read(`Date: ${value}`).date;
  assert.equal(date('Mon, 23 Nov 2026 10:00:00 +0130'), Date.parse('2026-11-23T08:30:00Z'));
  assert.equal(date('23 Nov 2026 10:00 -0500 (EST)'), Date.parse('2026-11-23T15:00:00Z'));
  assert.equal(date('yesterday'), undefined);
});

test('a text with a file name, or one that is to be attached, is a file with its text', () => {
  for (const header of [
    'Content-Type: text/plain; name=a.txt',
    'Content-Disposition: attachment',
    'Content-Disposition: inline; filename=a.txt',
    'Content-Type: text/html\r\nContent-Disposition: attachment; filename=a.html',
    'Content-Type: text/calendar',
    'Content-Type: application/octet-stream; name=a.csv',
  ]) {
    const { body } = read(header, 'Grüße\r\nhello');
    assert.ok(body.kind === 'file', header);
    assert.equal(body.text, 'Grüße\nhello');
    assert.equal(Buffer.from(body.content).toString(), 'Grüße\r\nhello');
  }
  assert.equal(read('Content-Disposition: inline', 'hello').body.kind, 'text');
});

test('AMP, which only some programs show, is left out', () => {
  const body = ['plain', 'x-amp-html', 'html'].map((type) => `--b\r\nContent-Type: text/${type}\r\n\r\n${type}\r\n`);
  const message = read('Content-Type: multipart/alternative; boundary=b', `${body.join('')}--b--`);
  assert.deepEqual(message.body, {
    kind: 'multipart',
    subtype: 'alternative',
    parts: [plain('plain'), { kind: 'text', subtype: 'html', text: 'html' }],
  });
  assert.deepEqual(read('Content-Type: text/x-amp-html', 'hello').body, plain(''));
});

test('file names are safe to show and to save', () => {
  const name = (parameter: string) => {
    const { body } = read(`Content-Type: application/pdf\r\nContent-Disposition: attachment; ${parameter}`);
    return body.kind === 'file' ? body.filename : 'no file';
  };
  assert.equal(name('filename="../../etc/passwd"'), 'passwd');
  assert.equal(name('filename="C:\\\\temp\\\\a.pdf"'), 'a.pdf');
  assert.equal(name(`filename*=utf-8''%E2%80%AEfdp.exe`), 'fdp.exe');
  assert.equal(name(`filename*=utf-8''a%00%0D%0Ab.pdf`), 'a b.pdf');
  assert.equal(name('filename="CON.txt"'), '_CON.txt');
  assert.equal(name(`filename*=utf-8''%2e%2e`), undefined);
  assert.equal(name(`filename="${'a'.repeat(400)}.pdf"`), `${'a'.repeat(146)}.pdf`);
  assert.equal(name(`filename*1*=b.pdf; filename*0*=utf-8''%C3%A4; filename="fallback.pdf"`), 'äb.pdf');
});

test('control characters and odd line ends in encoded text are not shown, so they are not in the tree', () => {
  const encoded = Buffer.from('\ufeffa\rb\x00\x07c\x0bd\x85').toString('base64');
  const { body } = read('Content-Transfer-Encoding: base64', encoded);
  assert.deepEqual(body, plain('a\nbc\nd\u0085'));
});

test('an HTML in ISO-2022-JP is decoded before anything looks for tags', () => {
  const raw = Buffer.concat([
    Buffer.from('From: a@shop.test\r\nContent-Type: text/html; charset=iso-2022-jp\r\n\r\n'),
    Buffer.from('\x1b$B$<$>\x1b(B<b>', 'latin1'),
  ]);
  assert.deepEqual(parse(raw).body, { kind: 'text', subtype: 'html', text: 'ぜぞ<b>' });
});
