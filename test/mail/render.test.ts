/** What goes out: read back by other people's code (mailparser), and looked at byte by byte. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simpleParser } from 'mailparser';
import type { FilePart, Part } from '../../src/mail/message.ts';
import { parse } from '../../src/mail/parse.ts';
import { encodeMailbox, encodeText, render } from '../../src/mail/render.ts';

type Headers = readonly (readonly [name: string, value: string])[];

const FROM = ['From', 'a@shop.test'] as const;
const text = (content: string): Part => ({ kind: 'text', subtype: 'plain', text: content });
const source = (headers: Headers, body: Part): string => Buffer.from(render(headers, body)).toString('latin1');
const read = (headers: Headers, body: Part) => simpleParser(Buffer.from(render(headers, body)));

function file(fields: Partial<FilePart>): FilePart {
  return {
    kind: 'file',
    contentType: 'application/pdf',
    filename: undefined,
    disposition: 'attachment',
    contentId: undefined,
    content: Buffer.from('%PDF-1.4'),
    text: undefined,
    ...fields,
  };
}

/** RFC 5322 2.1.1 and 2.3: CRLF, ASCII, lines of at most 998 characters, no control characters. */
function assertWireForm(mail: string): void {
  assert.doesNotMatch(mail, /[^\r\n\t\x20-\x7e]/);
  assert.doesNotMatch(mail, /\r(?!\n)|(?<!\r)\n/);
  assert.ok(mail.endsWith('\r\n'));
  for (const line of mail.split('\r\n')) assert.ok(line.length <= 998, `${line.length} characters in a line`);
}

test('whatever a value holds, it is one header field', async () => {
  const evil = 'Hello\r\nBcc: v@evil.test\n\nbody\0\x1b[31m\u2028X: y\u0085Z: z';
  const headers: Headers = [
    FROM,
    ['Subject', evil],
    ['X-Note', encodeText(evil)],
    ['To', encodeMailbox(evil, 'b@x.test')],
  ];
  const mail = source([...headers, ['Bad\r\nName: x', 'v']], text('Hello'));
  assertWireForm(mail);
  const names = [...(await simpleParser(mail)).headers.keys()];
  assert.deepEqual(names, ['from', 'subject', 'x-note', 'to', 'badnamex', 'content-type', 'content-transfer-encoding']);
});

test('a subject in any script arrives as it was written', async () => {
  for (const subject of [
    'Your order',
    'Größe und Maße',
    'заказ '.repeat(40).trim(),
    '日本語'.repeat(60),
    '👩‍👩‍👧 family '.repeat(20).trim(),
    'looks like =?utf-8?Q?a_word?= and is none',
    'x'.repeat(2000),
    `${'long '.repeat(300)}end`,
  ]) {
    const mail = source([FROM, ['Subject', encodeText(subject)]], text(''));
    assertWireForm(mail);
    assert.equal((await simpleParser(mail)).subject, subject);
    assert.equal(parse(Buffer.from(mail)).subject, subject);
    assert.ok(
      mail.split('\r\n').every((line) => line.length <= 78),
      'folded',
    );
  }
});

test('a display name in any form stays a name beside its address', async () => {
  const names = [
    'Shop',
    'Shop, Inc.',
    'The "Shop" \\ <x@y.test>',
    'Jörg Müller',
    '店',
    'a@b.test',
    'Dr. No',
    '=?x?Q?y?=',
    '',
  ];
  for (const name of names) {
    const mail = render([['From', encodeMailbox(name, 'a@shop.test')]], text(''));
    const { from } = await simpleParser(Buffer.from(mail));
    assert.deepEqual(from?.value, [{ address: 'a@shop.test', name }]);
    assert.equal(parse(mail).fromName, name);
  }
  assert.equal(encodeMailbox('x', 'a@shop.test>\r\nBcc: <v@evil.test'), 'x <a@shop.testBccv@evil.test>');
});

test('plain short lines go as they are, other text in the shorter encoding', async () => {
  const cases = [
    ['Hello\nworld', '7bit'],
    ['', '7bit'],
    ['Grüße aus Köln, Ihr Paket ist unterwegs', 'quoted-printable'],
    ['привет', 'base64'],
    [`${'word '.repeat(40)}end`, 'quoted-printable'],
    ['From here on\n.\n..two', 'quoted-printable'],
    ['trailing \nspace\t', 'quoted-printable'],
    ['a\x07b', 'quoted-printable'],
    ['='.repeat(200), 'quoted-printable'],
  ] as const;
  for (const [content, encoding] of cases) {
    const mail = source([FROM], text(content));
    assertWireForm(mail);
    assert.match(mail, new RegExp(`Content-Transfer-Encoding: ${encoding}\r\n`));
    assert.ok(mail.split('\r\n').every((line) => line.length <= 76));
    assert.doesNotMatch(mail, /\r\n(?:\.|From )/);
    assert.equal((await simpleParser(mail)).text?.replace(/\n$/, ''), content, encoding);
  }
});

test('files arrive byte for byte under their names, in base64 of 76 columns', async () => {
  const content = Buffer.from(Array.from({ length: 1000 }, (_, index) => (index * 7) % 256));
  for (const filename of [
    'a.pdf',
    'Rücksendung.pdf',
    '日本語の請求書.pdf',
    'with "quotes".pdf',
    `${'ä'.repeat(140)}.pdf`,
  ]) {
    const body: Part = { kind: 'multipart', subtype: 'mixed', parts: [text('see'), file({ filename, content })] };
    const mail = await read([FROM], body);
    assertWireForm(source([FROM], body));
    assert.deepEqual(
      mail.attachments.map((attachment) => attachment.filename?.replaceAll('_', '"')),
      [filename],
    );
    assert.deepEqual(mail.attachments[0]?.content, content);
    const again = parse(render([FROM], body)).body;
    assert.ok(again.kind === 'multipart' && again.parts[1]?.kind === 'file');
    assert.deepEqual(Buffer.from(again.parts[1].content), content);
  }
});

test('an image keeps the content id that it was given, and nothing more gets into the field', async () => {
  const image = file({
    contentType: 'image/png',
    disposition: 'inline',
    contentId: 'one@relay.test',
    filename: 'a.png',
  });
  const mail = await read([FROM], { kind: 'multipart', subtype: 'related', parts: [text('x'), image] });
  assert.equal(mail.attachments[0]?.contentId, '<one@relay.test>');
  assert.match(source([FROM], { ...image, contentId: 'a>\r\nX: y' }), /Content-ID: <aX:y>\r\n/);
});

test('a file cannot call itself something that a reader takes apart', () => {
  for (const contentType of ['multipart/mixed', 'message/rfc822', 'text/plain\r\nX: y', 'nonsense', '']) {
    assert.match(source([FROM], file({ contentType })), /Content-Type: application\/octet-stream\r\n/);
  }
  assert.match(
    source([FROM], file({ contentType: 'message/delivery-status', text: 'x' })),
    /Content-Type: text\/plain/,
  );
});

test('a nested message shows its subject and its body and nothing else', async () => {
  const nested: Part = { kind: 'message', subject: 'Größe', body: text('inside') };
  const mail = await read([FROM], { kind: 'multipart', subtype: 'mixed', parts: [text('outside'), nested] });
  const inner = await simpleParser(mail.attachments[0]?.content ?? '');
  assert.equal(mail.attachments[0]?.contentType, 'message/rfc822');
  assert.deepEqual([inner.subject, inner.text], ['Größe', 'inside']);
  assert.deepEqual([...inner.headers.keys()], ['subject', 'mime-version', 'content-type', 'content-transfer-encoding']);
});

test('the same input gives the same bytes, but for boundaries that nobody can foresee', () => {
  const body: Part = { kind: 'multipart', subtype: 'mixed', parts: [text('one'), text('two')] };
  const boundaries = new Set<string>();
  const mails = Array.from({ length: 20 }, () => {
    const mail = source([FROM, ['Subject', 'x']], body);
    const boundary = /boundary="([^"]+)"/.exec(mail)?.[1] ?? '';
    boundaries.add(boundary);
    return mail.replaceAll(boundary, 'BOUNDARY');
  });
  assert.equal(boundaries.size, 20);
  assert.equal(new Set(mails).size, 1);
});
