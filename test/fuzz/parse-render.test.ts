/** parse and render against each other, against noise, and against mail that was made to be slow. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RelayError } from '../../src/core/errors.ts';
import type { FilePart, Message, MultipartPart, NestedPart, Part, TextPart } from '../../src/mail/message.ts';
import { safeFilename } from '../../src/mail/mime/filename.ts';
import { oneLine } from '../../src/mail/mime/header-text.ts';
import { parse } from '../../src/mail/parse.ts';
import { encodeText, render } from '../../src/mail/render.ts';

// --- any tree -------------------------------------------------------------------------------------------------------

/** Pieces that mean something to mail, among arbitrary Unicode. */
const piece = fc.oneof(
  fc.constantFrom(
    '\n',
    ' \n',
    '.',
    '\n.\n',
    'From ',
    '\nFrom x',
    '=',
    '=\n',
    '=3D',
    '--',
    '\n--=_',
    ' ',
    '\t',
    '>',
    '\n-- \n',
  ),
  fc.constantFrom(
    '=?utf-8?Q?x?=',
    '=?',
    '?=',
    'Content-Type: text/html',
    'ü',
    'заказ',
    '日本',
    '👩‍👩‍👧',
    '\u202e',
    '"',
    '\\',
    ';',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ maxLength: 120 }),
);
const unicode = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('').toWellFormed());
/** What parse never yields in a text: control characters and a leading byte order mark. */
const bodyText = unicode.map((text) =>
  text
    .replace(/\r\n?|[\v\f]/g, '\n')
    .replace(/[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]/g, '')
    .replace(/^\ufeff+/, ''),
);
const line = unicode.map(oneLine);
/** Not what marks a text as unreadable or ambiguous: these trees are sound. */
const sound = bodyText.filter((text) => !/^begin|^=ybegin|BEGIN PGP/m.test(text));

const textPart: fc.Arbitrary<TextPart> = fc.record({
  kind: fc.constant('text'),
  subtype: fc.constantFrom('plain', 'html'),
  text: sound,
});
const filePart: fc.Arbitrary<FilePart> = fc.record({
  kind: fc.constant('file'),
  contentType: fc.constantFrom('application/pdf', 'image/png', 'application/zip'),
  filename: fc.oneof(fc.constant(undefined), unicode.map(safeFilename)),
  disposition: fc.constantFrom('attachment', 'inline'),
  contentId: fc.oneof(fc.constant(undefined), fc.constant('one@relay.test')),
  content: fc.uint8Array({ maxLength: 300 }),
  text: fc.constant(undefined),
});
const { tree } = fc.letrec<{ tree: Part; multipart: MultipartPart; nested: NestedPart }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4, withCrossShrink: true }, textPart, filePart, tie('multipart'), tie('nested')),
  multipart: fc.record({
    kind: fc.constant('multipart'),
    subtype: fc.constantFrom('mixed', 'alternative', 'related'),
    parts: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
  }),
  nested: fc.record({ kind: fc.constant('message'), subject: line, body: tie('tree') }),
}));

/** Comparable: bytes as Buffers. */
function plain(part: Part): unknown {
  switch (part.kind) {
    case 'multipart':
      return { ...part, parts: part.parts.map(plain) };
    case 'message':
      return { ...part, body: plain(part.body) };
    case 'file':
      return { ...part, content: Buffer.from(part.content) };
    case 'text':
      return { ...part };
  }
}

test('any tree, written and read again, is the same tree under the same subject', () => {
  fc.assert(
    fc.property(tree, line, (body, subject) => {
      const mail = render(
        [
          ['From', 'a@shop.test'],
          ['Subject', encodeText(subject)],
        ],
        body,
      );
      const message = parse(mail);
      assert.deepEqual(plain(message.body), plain(body));
      assert.equal(message.subject, subject);
      assert.deepEqual(message.anomalies, []);
      assert.doesNotMatch(Buffer.from(mail).toString('latin1'), /[^\r\n\t\x20-\x7e]|[^\r\n]{999}/);
    }),
    { numRuns: 400 },
  );
});

test('a safe file name stays what it is', () => {
  fc.assert(
    fc.property(unicode, (name) => {
      const safe = safeFilename(name);
      if (safe === undefined) return;
      assert.equal(safeFilename(safe), safe);
      assert.ok(Array.from(safe).length <= 150);
      assert.doesNotMatch(safe, /[\x00-\x1f/\\\u202a-\u202e\u2066-\u2069]/);
    }),
    { numRuns: 500 },
  );
});

// --- any bytes ------------------------------------------------------------------------------------------------------

function readOrRefused(raw: Uint8Array): Message | undefined {
  try {
    return parse(raw);
  } catch (error) {
    if (error instanceof RelayError && error.code.startsWith('message.')) return undefined;
    throw error;
  }
}

const token = fc.constantFrom(
  '\r\n',
  '\r\n\r\n',
  '\r',
  '\n',
  '\0',
  ' ',
  '\t',
  ':',
  ';',
  '=',
  '"',
  '(',
  ')',
  '<',
  '>',
  ',',
  '@',
  '--',
  '--b',
  '--b--',
  '\r\n--b\r\n',

  'From: a@shop.test\r\n',
  'Subject: ',
  'Content-Type: ',
  'multipart/mixed; boundary=b',
  'text/html',
  'message/rfc822',
  'multipart/digest',

  'Content-Transfer-Encoding: ',
  'base64',
  'quoted-printable',
  'charset=',
  'utf-8',
  'iso-2022-jp',
  'utf-7',
  'format=flowed',

  'Content-Disposition: attachment; filename*0*=',
  "utf-8''%C3",
  '=?utf-8?B?',
  '=?utf-8?Q?=C3',
  '?=',
  '=zz',
  'SGVsbG8=',
  'Date: ',
  '\xff',
);
const noise = fc
  .array(fc.oneof(token, fc.string({ maxLength: 20 })), { maxLength: 60 })
  .map((pieces) => Buffer.from(pieces.join(''), 'latin1'));
const PREFIX = Buffer.from('From: a@shop.test\r\n');

test('any bytes are read or refused, and nothing else happens', () => {
  let read = 0;
  fc.assert(
    fc.property(fc.oneof(noise, fc.uint8Array({ maxLength: 400 })), (bytes) => {
      readOrRefused(bytes);
      if (readOrRefused(Buffer.concat([PREFIX, bytes])) !== undefined) read++;
      const crlf = Buffer.from(
        Buffer.from(bytes)
          .toString('latin1')
          .replace(/[\r\n\0]+/g, '\r\n'),
        'latin1',
      );
      const message = readOrRefused(Buffer.concat([PREFIX, crlf]));
      // What was read can be written, and what was written can be read.
      if (message !== undefined) assert.ok(parse(render([['From', 'a@shop.test']], message.body)));
    }),
    { numRuns: 1500 },
  );
  assert.ok(read > 50, 'some of it was mail');
});

// --- hostile bytes --------------------------------------------------------------------------------------------------

const from = (rest: string): Buffer => Buffer.from(`From: a@shop.test\r\n${rest}`, 'latin1');
const repeated = (piece_: string, count: number): string => piece_.repeat(count);
const mixed = (body: string): Buffer => from(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${body}`);
const field = (piece_: string): string => repeated(piece_, Math.floor(16_000 / piece_.length));

function deep(levels: number): Buffer {
  const open = Array.from(
    { length: levels },
    (_, level) => `Content-Type: multipart/mixed; boundary=x${level}x\r\n\r\n--x${level}x\r\n`,
  );
  return from(`${open.join('')}\r\nHello\r\n`);
}

const HOSTILE: Readonly<Record<string, Buffer>> = {
  '300 levels': deep(300),
  '3,000 levels': deep(3000),
  '5,000 parts': mixed(`${repeated('--b\r\n\r\nx\r\n', 5000)}--b--\r\n`),
  '100,000 boundaries': mixed(repeated('--b\r\n', 100_000)),
  '1,000,000 near boundaries': mixed(repeated('--bx\r\n', 1_000_000)),
  '2,000 nested messages': from(repeated('Content-Type: message/rfc822\r\n\r\n', 2000)),
  '20,000 encoded words begun': from(`Subject: ${field('=?')}\r\n${repeated(`X: ${field('=?')}\r\n`, 2)}\r\n`),
  'encoded words never ended': from(`Subject: ${field('=?utf-8?Q?x')}\r\n\r\n`),
  'encoded words, one character each': from(`Subject: ${field('=?utf-8?Q?x?= ')}\r\n\r\n`),
  'open quotes': from(`Content-Type: text/plain${field(';a="\\')}\r\n\r\n`),
  'open comments': from(`Content-Type: text/plain ${field('(')}\r\n\r\n`),
  'one parameter, many pieces': from(
    `Content-Disposition: attachment${Array.from({ length: 1000 }, (_, index) => `;f*${index}=x`).join('')}\r\n\r\n`,
  ),
  'angles in References': from(`References: ${field('<')}\r\nTo: ${field('<@')}\r\nCc: ${field('a@b.test,')}\r\n\r\n`),
  'an author of nothing but words': Buffer.from(`From: ${field('x "')}<a@shop.test>\r\n\r\n`),
  'folds of one character': from(`Subject: x\r\n${repeated(' x\r\n', 4000)}\r\n`),
  'equals signs in 5 MB of quoted-printable': from(
    `Content-Transfer-Encoding: quoted-printable\r\n\r\n${repeated('=', 5_000_000)}`,
  ),
  'soft breaks of spaces': from(`Content-Transfer-Encoding: quoted-printable\r\n\r\n${repeated('=    ', 200_000)}`),
  'padding in 5 MB of base64': from(`Content-Transfer-Encoding: base64\r\n\r\n${repeated('QQ==', 200_000)}`),
  '1,000,000 flowed lines': from(`Content-Type: text/plain; format=flowed\r\n\r\n${repeated('> a \r\n', 500_000)}`),
  '500 parts with hostile headers': mixed(
    repeated(`--b\r\nContent-Type: text/plain${field(';a="\\')}\r\n\r\nx\r\n`, 499),
  ),
};

test('mail that was made to be slow is read or refused within a second', () => {
  for (const [name, raw] of Object.entries(HOSTILE)) {
    const start = performance.now();
    readOrRefused(raw);
    const milliseconds = performance.now() - start;
    assert.ok(milliseconds < 1500, `${name}: ${Math.round(milliseconds)} ms for ${raw.length} bytes`);
  }
});
