import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { RealAddress } from '../../src/core/real-address.ts';
import type { Rewritten } from '../../src/mail/types.ts';
import { verify } from '../../src/mail/verify.ts';
import { ALIASES, BARE, deliverable } from '../support/deliverable.ts';

const secrets = {
  buyer: [RealAddress.parse('jane.doe@realmail.example'), RealAddress.parse('bob@gmail.com')],
  seller: [RealAddress.parse('ann@x.test'), RealAddress.parse('mia@m\u00fcller.test')],
};

/** Bytes that no rewriting made: what verify would see if rewriting had a bug. */
async function placeOf(lines: readonly string[]): Promise<string> {
  const { arrival, verdict } = deliverable(BARE);
  const bytes = Buffer.from(lines.join('\r\n') + '\r\n');
  const made = { arrival, verdict, bytes, ownId: 'a@relay.test', originalId: '', masked: 0 } as unknown as Rewritten;
  const result = await verify(made, secrets);
  return result.kind === 'leak' ? result.place : 'clean';
}

const HEADERS = [
  'Received: from withheld.invalid by mail.relay.test with ESMTP; Mon, 23 Nov 2026 12:00:00 +0000',
  `From: "Buyer" <${ALIASES.buyer}>`,
  `To: "Shop" <${ALIASES.seller}>`,
  'Subject: About my order',
  'MIME-Version: 1.0',
];
const base64 = (content: string | Uint8Array): string =>
  Buffer.from(content)
    .toString('base64')
    .replace(/(.{76})/g, '$1\r\n');
const foldedAt = (length: number, text: string): string => `${text.slice(0, length)}\r\n ${text.slice(length)}`;
/** RFC 4648 6, without padding. */
const base32 = (text: string): string =>
  (
    Buffer.from(text)
      .reduce((bits, octet) => bits + octet.toString(2).padStart(8, '0'), '')
      .match(/.{1,5}/g) ?? []
  )
    .map((bits) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number.parseInt(bits.padEnd(5, '0'), 2)))
    .join('');
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');

const body = (subtype: string, encoding: string, ...lines: readonly string[]): readonly string[] => [
  ...HEADERS,
  `Content-Type: text/${subtype}; charset=utf-8`,
  `Content-Transfer-Encoding: ${encoding}`,
  '',
  ...lines,
];
const plain = (...lines: readonly string[]): readonly string[] => body('plain', '8bit', ...lines);
const header = (line: string): readonly string[] => [line, ...plain('Hello')];

function withFile(
  content: string | Uint8Array,
  type = 'application/octet-stream',
  parameters = '',
  extra: readonly string[] = [],
): readonly string[] {
  return [
    ...HEADERS,
    'Content-Type: multipart/mixed; boundary=edge',
    '',
    '--edge',
    'Content-Type: text/plain',
    '',
    'Hello',
    '--edge',
    `Content-Type: ${type}`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment${parameters}`,
    ...extra,
    '',
    base64(content),
    '--edge--',
  ];
}

function nested(depth: number, inner: string): readonly string[] {
  let message = inner;
  for (let level = 0; level < depth; level++) message = `Content-Type: message/rfc822\r\n\r\n${message}`;
  return [...HEADERS, ...message.split('\r\n')];
}

const LEAKS: readonly (readonly [what: string, lines: readonly string[], place: string])[] = [
  ['one header too many', header('X-Originating-From: ann@x.test'), 'header'],
  [
    'a trace header with the address in a comment',
    header('X-Received: by host (for <Jane.Doe@RealMail.example>)'),
    'header',
  ],
  ['a base64 encoded word', header(`X-Name: =?utf-8?B?${base64('ann@x.test')}?=`), 'header'],
  ['a quoted-printable encoded word', header('X-Name: =?iso-8859-1?Q?ann=40x=2Etest?='), 'header'],
  [
    'two encoded words that join',
    header('X-Name: =?utf-8?Q?jane=2Edoe=40real?=\r\n =?utf-8?Q?mail=2Eexample?='),
    'header',
  ],
  [
    'an encoded word in UTF-16',
    header(`X-Name: =?utf-16le?B?${base64(Buffer.from('ann@x.test', 'utf16le'))}?=`),
    'header',
  ],
  ['a folded header', header('X-Name: ann@x\r\n .test'), 'header'],
  ['plain text', plain('Hello ann@x.test'), 'text'],
  ['a base64 body', body('plain', 'base64', base64('Hello ann@x.test')), 'text'],
  [
    'quoted-printable with a soft break inside',
    body('plain', 'quoted-printable', 'jane=2Edoe=40real=', 'mail.example'),
    'text',
  ],
  ['a wrapped quote', plain('> jane.doe@', '> realmail.example wrote:'), 'text'],
  ['zero-width spaces', plain('ann\u200b@x.\u200btest'), 'text'],
  ['soft hyphens', plain('ann@x.te\u00adst'), 'text'],
  ['words', plain('jane dot doe at realmail dot example'), 'text'],
  ['a subaddress', plain('bob+shop@googlemail.com'), 'text'],
  ['an A-label', plain('mia@xn--mller-kva.test'), 'text'],
  ['a U-label', plain('mia@M\u00dcLLER.test'), 'text'],
  ['text from right to left', plain('tset.x@nna'), 'text'],
  ['base64 in a link', plain(`https://t.test/?u=${base64('to=ann@x.test&a=1')}`), 'text'],
  ['base64 in a link, off by one', plain(`https://t.test/?u=A${base64('to=ann@x.test&a=1')}`), 'text'],
  ['base64 in base64', plain(base64(`see ${base64('mail to ann@x.test')}`)), 'text'],
  ['base64 in an encoded word', header(`X-Name: =?utf-8?Q?\u00fc ${base64('mail to ann@x.test')}?=`), 'header'],
  [
    'base64 whose last line is short',
    plain(...base64(`${'x'.repeat(52)} jane.doe@realmail.example`).split('\r\n')),
    'text',
  ],
  ['base64 in groups of four', plain(base64('write to ann@x.test please').replace(/(.{4})/g, '$1 ')), 'text'],
  ['base64 three deep', plain(base64(base64(base64('write to ann@x.test please')))), 'text'],
  ['packed text in base64', plain(base64(gzipSync('write to ann@x.test please'))), 'text'],
  [
    'packed text in base64, and a word below',
    plain(...base64(gzipSync('write to ann@x.test please')).split('\r\n'), 'Thanks'),
    'text',
  ],
  ['text packed with zlib in base64', plain(base64(deflateSync('write to ann@x.test please'))), 'text'],
  ['base32', plain(`key ${base32('to ann@x.test now')}`), 'text'],
  ['hexadecimal', plain(Buffer.from('ann@x.test').toString('hex')), 'text'],
  ['hexadecimal, one octet a word', plain(Buffer.from('ann@x.test').toString('hex').replace(/../g, '0x$&, ')), 'text'],
  ['numbers', plain(`(${Array.from('ann@x.test', (sign) => sign.charCodeAt(0)).join(', ')})`), 'text'],
  [
    'bits',
    plain(Array.from('ann@x.test', (sign) => sign.charCodeAt(0).toString(2).padStart(8, '0')).join(' ')),
    'text',
  ],
  ['octal escapes', plain('ann\\100x\\056test'), 'text'],
  ['escapes of style sheets', plain('ann\\40 x\\2e test'), 'text'],
  ['a sign that a program makes', plain('"ann" + String.fromCharCode(64) + "x.test"'), 'text'],
  ['letters thirteen places further', plain('wnar.qbr@ernyznvy.rknzcyr'), 'text'],
  ['the spelling alphabet', plain('Alfa November November at X-ray dot Tango Echo Sierra Tango'), 'text'],
  ['UTF-7', plain('ann+AEA-x.test'), 'text'],
  ['an escape of SMTP', plain('Original-Recipient: rfc822;ann+40x.test'), 'text'],
  ['other words for the sign', plain('jane.doe arroba realmail punto example'), 'text'],
  ['a path', plain('https://y.test/jane.doe/realmail.example'), 'text'],
  ['Cyrillic letters', plain('\u0430nn@\u0445.test'), 'text'],
  ['digits for letters', plain('j4n3.d03@r34lm41l.3x4mpl3'), 'text'],
  ['a text without spaces', plain('\u8bf7\u5199\u4fe1\u7ed9ann@x.test\u8c22\u8c22'), 'text'],
  ['struck-out letters', body('html', '8bit', '<p>ann<del>XX</del>@x.test</p>'), 'html'],
  [
    'the texts of two pictures',
    body('html', '8bit', '<img src="cid:1" alt="ann"><img src="cid:2" alt="@x.test">'),
    'html',
  ],
  [
    'a subject and the text below',
    header('Subject: ann')
      .with(-1, '@x.test')
      .filter((line) => line !== 'Subject: About my order'),
    'text',
  ],
  ['percent codes', plain('https://t.test/?u=ann%2540x%2Etest'), 'text'],
  ['entities', body('html', '8bit', '<p>ann&#64;x&period;test</p>'), 'html'],
  ['tags inside', body('html', '8bit', '<p>a<b>nn</b>@x<wbr>.test</p>'), 'html'],
  ['the next cell', body('html', '8bit', '<td>Name</td><td>ann@x.test</td>'), 'html'],
  ['an attribute', body('html', '8bit', '<a href="mailto:ann%40x.test">x</a>'), 'html'],
  ['a comment', body('html', '8bit', '<!-- ann@x.test -->'), 'html'],
  ['a UTF-16 file', withFile(utf16('name;ann@x.test'), 'text/csv'), 'attachment'],
  ['a big-endian UTF-16 file', withFile(utf16('name;ann@x.test').swap16()), 'attachment'],
  ['a UTF-16 file with a U-label', withFile(utf16('mia@m\u00fcller.test')), 'attachment'],
  [
    'a binary file',
    withFile(Buffer.concat([Buffer.from([0x89, 1, 2, 0xff]), Buffer.from('rANN@x.test')])),
    'attachment',
  ],
  ['a folded calendar', withFile('ATTENDEE:mailto:an\r\n n@x.test', 'text/calendar'), 'attachment'],
  ['a card with base64', withFile(`NOTE;ENCODING=b:${base64('mail ann@x.test')}`, 'text/vcard'), 'attachment'],
  [
    'a card with base64 that is folded at its end',
    withFile(`EMAIL;ENCODING=b:${foldedAt(24, base64('jane.doe@realmail.example'))}`, 'text/vcard'),
    'attachment',
  ],
  [
    'a card with base64 that is folded at its beginning',
    withFile(`EMAIL;ENCODING=b:${foldedAt(3, base64('ann@x.test, Ann of Shop'))}`, 'text/vcard'),
    'attachment',
  ],
  [
    'a line end in the parameter of a calendar',
    withFile('ORGANIZER;CN="Ann^nann@x.test":x', 'text/calendar'),
    'attachment',
  ],
  ['an HTML file', withFile('<p>ann&commat;x.test', 'text/html'), 'attachment'],
  ['a delivery report', withFile('Final-Recipient: rfc822; ann@x.test', 'message/delivery-status'), 'attachment'],
  ['a file name', withFile('x', 'text/plain', '; filename="ann@x.test.txt"'), 'filename'],
  ['a file name in pieces', withFile('x', 'text/plain', "; filename*0*=utf-8''ann; filename*1*=%40x.test"), 'filename'],
  ['a content id', withFile('x', 'image/png', '', ['Content-ID: <1.ann@x.test>']), 'header'],
  ['a part description', withFile('x', 'image/png', '', ['Content-Description: of ann@x.test']), 'header'],
  ['nested mail', withFile('Subject: x\r\n\r\nann@x.test', 'message/rfc822'), 'text'],
  ['nested mail in nested mail', nested(3, 'Subject: of ann@x.test\r\n\r\nx'), 'header'],
  ['mail nested deeper than anybody reads', nested(12, 'Subject: x\r\n\r\nx'), 'raw'],
  ['a preamble', [...withFile('x').slice(0, 7), 'ann@x.test', ...withFile('x').slice(7)], 'raw'],
  ['an epilogue', [...withFile('x'), 'ann@x.test'], 'raw'],
  ['a boundary', withFile('x').map((line) => line.replace('edge', 'edge-ann@x.test-')), 'header'],
];

for (const [what, lines, place] of LEAKS) {
  test(`verify sees an address in ${what}`, async () => assert.equal(await placeOf(lines), place));
}

for (const [what, line] of [
  ['a client', 'X-Originating-IP: [192.0.2.1]'],
  ['a program', 'X-Mailer: Some Program'],
  ['a second hop', HEADERS[0] ?? ''],
  ['a second author', `From: <${ALIASES.seller}>`],
] as const) {
  test(`verify stops a header that names ${what}, although no address is in it`, async () =>
    assert.equal(await placeOf(header(line)), 'header-list'));
}

const CLEAN: readonly (readonly [what: string, lines: readonly string[]])[] = [
  ['a short message', plain('Hello, where is my parcel?')],
  ['the aliases of both sides', plain(`${ALIASES.buyer} ${ALIASES.seller} mailto:${ALIASES.buyer}`)],
  ['what was masked', plain('On Mon, Ann <[address hidden]> wrote:', '> [address hidden]')],
  ['the marketplace and its domain', plain('https://shop.relay.test/orders/1?x=a%20b and help@relay.test')],
  ['names and domains by themselves', plain('Jane Doe, Ann, bob, www.x.test, realmail.example, gmail.com')],
  ['similar addresses', plain('joann@x.test, anna@x.test, ann@x.tests, ann@y.test, bobby@gmail.com')],
  ['words with `at` and `dot` in them', plain('dot at dot a cat at home. Ann at home, annatx.test')],
  [
    'pictures',
    withFile(
      Buffer.from(Array.from({ length: 40_000 }, (_, n) => (n * 7919) % 256)),
      'image/png',
      '; filename="photo.png"',
    ),
  ],
  ['a long base64 file', withFile('a,b,c\r\n'.repeat(40_000), 'text/csv')],
  ['HTML', body('html', '8bit', '<table><tr><td>a</td><td style="color:red">b &amp; c</td></tr></table>')],
  ['nested mail', nested(2, 'Subject: x\r\n\r\nx')],
];

for (const [what, lines] of CLEAN) {
  test(`verify finds nothing in ${what}`, async () => assert.equal(await placeOf(lines), 'clean'));
}

test('mail that cannot be read is not let through', async () => {
  const tooManyParts = ['--edge', '', 'x'];
  const lines = [
    ...HEADERS,
    'Content-Type: multipart/mixed; boundary=edge',
    '',
    ...Array.from({ length: 1200 }, () => tooManyParts).flat(),
  ];
  assert.equal(await placeOf(lines), 'raw');
});

test('mail built to be slow is read in a moment', async () => {
  for (const unit of ['<', 'a n ', '.', 'ann+', '=?a?q?', ' dot ', '&#', 'A', '<!--', 'ann@x.tes ', '%25']) {
    const long = unit.repeat(300_000 / unit.length).replace(/(.{900})/g, '$1\r\n');
    const begin = performance.now();
    await placeOf(body('html', '8bit', long));
    assert.ok(performance.now() - begin < 5000, `${unit} is quadratic`);
  }
});
