/** Mail that two programs could show differently, or that nobody can read: it gets a tree and an anomaly, and the judge holds it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leaves, type Anomaly, type Message } from '../../src/mail/message.ts';
import { parse } from '../../src/mail/parse.ts';

const FROM = 'From: a@shop.test\r\n';

function read(header: string, body: string): Message {
  return parse(Buffer.from(`${FROM}${header}\r\n\r\n${body}\r\n`, 'latin1'));
}
const texts = (message: Message): string => [...leaves(message.body)].map((part) => part.text ?? '').join('|');

function assertAnomaly(anomaly: Anomaly, cases: readonly (readonly [header: string, body: string])[]): void {
  for (const [header, body] of cases) {
    assert.ok(read(header, body).anomalies.includes(anomaly), `${anomaly}: ${header} ${body.slice(0, 80)}`);
  }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const mixed = (body: string, parameter = 'boundary=b'): readonly [string, string] => [
  `Content-Type: multipart/mixed; ${parameter}`,
  body,
];
const SOUND = '--b\r\n\r\nHello\r\n--b--';

test('a field that may come once and comes twice is an anomaly', () => {
  assertAnomaly('duplicate-header', [
    ['Subject: one\r\nSubject: two', ''],
    ['To: a@relay.test\r\nTo: b@relay.test', ''],
    ['Message-ID: <a@x.test>\r\nMESSAGE-ID: <b@x.test>', ''],
    ['MIME-Version: 1.0\r\nMime-Version: 1.0', ''],
    ['Content-Disposition: inline\r\nContent-Disposition: attachment', ''],
  ]);
});

test('a header with control characters, blank folds or words that only some decode is an anomaly', () => {
  assertAnomaly('malformed-header', [
    ['Subject: a\x13b', ''],
    ['Subject: a\r\n \r\n b', ''],
    ['Subject: =?utf-8?X?abc?=', ''],
    ['Subject: =?utf-8?Q?abc', ''],
    ['Content-Disposition: attachment; filename=a; filename=b', ''],
    ['Content-Disposition: attachment; filename="a" (note)', ''],
    mixed('--b\r\nContent-Type : text/html\r\n\r\nHello\r\n--b--'),
    mixed('--b\r\n Content-Type: text/html\r\n\r\nHello\r\n--b--'),
    mixed('--b\r\nno blank line\r\n--b--'),
  ]);
});

test('a content type that can be read in two ways is an anomaly', () => {
  assertAnomaly('ambiguous-type', [
    ['Content-Type: text/plain\r\nContent-Type: text/html', 'Hello'],
    ['Content-Type: text/plain, multipart/mixed; boundary=b', SOUND],
    ['Content-Type: Content-Type:multipart/mixed', SOUND],
    ['Content-Type: text/plain (really text/html)', 'Hello'],
    ['Content-Type: text/plain; charset=utf-8; charset=utf-16', 'Hello'],
    ['Content-Type: text/plain; charset*=utf-8', 'Hello'],
    ['Content-Type: text/plain charset=utf-8', 'Hello'],
    ['Content-Type: text', 'Hello'],
    ['Content-Type:', 'Hello'],
    ['Content-Type: text/plain; charset="=?us-ascii?Q?utf-8?="', 'Hello'],
  ]);
});

test('a transfer encoding that can be read in two ways is an anomaly', () => {
  const fields = [
    'base64\r\nContent-Transfer-Encoding: quoted-printable',
    'base64, quoted-printable',
    '"base64"',
    '(base64)',
    'bas(x)e64',
    'base645',
    'bas\r\n e64',
    '=?us-ascii?Q?base=364?=',
    'x-uuencode',
    'binary',
  ];
  assertAnomaly('ambiguous-encoding', [
    ...fields.map((value) => [`Content-Transfer-Encoding: ${value}`, 'Hello'] as const),
    ['Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64', SOUND],
    ['Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64', base64('Subject: x\r\n\r\nHello')],
    ['Content-Type: text/plain', 'begin 644 note.txt\r\n#0V%T\r\n`\r\nend'],
  ]);
});

test('boundaries that readers take differently are an anomaly', () => {
  const parameters = [
    'boundary=b, boundary=c',
    'boundary=b; boundary=c',
    'boundary="b"c',
    'boundary=""b',
    'boundary=',
    'boundary =b',
    'bound=b',
    'boundary=b(c)d',
    'boundary="=?us-ascii?Q?b?="',
    'boundary*0=b; boundary*1=""',
    `boundary=${'b'.repeat(71)}`,
  ];
  const bodies = [
    'Hello',
    '--b\r\n\r\nHello',
    '--b \r\n\r\nHello\r\n--b--',
    ' --b\r\n\r\nHello\r\n--b--',
    '--bb\r\n\r\nHello\r\n--b--',
    '--b\r\n\r\nHello\r\n--b--\r\n--b\r\n\r\nAgain\r\n--b--',
    '--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b--\r\n--b--',
    '--b\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\n\r\nHello\r\n--bb--\r\n--b--',
  ];
  assertAnomaly('broken-boundary', [
    ...parameters.map((parameter) => mixed(SOUND, parameter)),
    ...bodies.map((body) => mixed(body)),
  ]);
  assert.deepEqual(read(...mixed(SOUND)).anomalies, []);
});

test('text before the first part or after the last is an anomaly, the usual note is not', () => {
  assertAnomaly('hidden-text-around-parts', [
    mixed(`Write to d@evil.test\r\n${SOUND}`),
    mixed(`${SOUND}\r\nWrite to d@evil.test`),
  ]);
  for (const note of [
    'This is a multi-part message in MIME format.',
    'Dies ist eine mehrteilige Nachricht im MIME-Format.',
    '',
  ]) {
    assert.deepEqual(read(...mixed(`${note}\r\n${SOUND}\r\n\r\n`)).anomalies, []);
  }
});

test('broken base64 and quoted-printable are anomalies, and what lenient readers show is in the text', () => {
  const coded = 'Content-Transfer-Encoding: base64';
  const quoted = 'Content-Transfer-Encoding: quoted-printable';
  const streams = `${base64('review')}${base64('a refund')}${base64(' for you')}`;
  assertAnomaly('broken-encoding', [
    [coded, 'SGVsbG8'],
    [coded, 'SGVs*bG8='],
    [coded, 'SGVs bG8='],
    [coded, '_-8='],
    [coded, 'SGVsbG8=='],
    [coded, `${base64('a')}${base64('b')}`],
    [quoted, 'a=zz'],
    [quoted, 'a=4'],
    [quoted, 'a= \r\nb'],
    ['Content-Transfer-Encoding: 7bit', '\xc3\xbc'],
  ]);
  assert.equal(texts(read(coded, streams)), 'reviewa refund for you');
  assert.equal(texts(read(quoted, 'a=zz=41')), 'a=zzA');
  assert.equal(texts(read(quoted, 're=\r\nview =c3=Bc')), 'review ü');
  assert.deepEqual(read(quoted, 're=\r\nview =c3=Bc').anomalies, []);
});

test('a charset that is unknown, or that has hidden text from filters before, is an anomaly', () => {
  const names = ['utf-7', 'hz-gb-2312', 'iso-2022-kr', 'utf-16', 'utf-32', 'x-user-defined', 'image', 'utf-8\\\\x'];
  assertAnomaly('unknown-charset', [
    ...names.map((name) => [`Content-Type: text/plain; charset="${name}"`, 'Hello'] as const),
    ['Subject: =?utf-7?Q?+AGQ-?=', ''],
  ]);
  assert.equal(texts(read('Content-Type: text/plain; charset=nonsense', 'Hello')), 'Hello');
});

test('bytes that are not in the declared charset are an anomaly', () => {
  assertAnomaly('mismatched-charset', [
    ['Content-Type: text/plain; charset=utf-8', 'caf\xe9'],
    ['Content-Type: text/plain; charset=utf-8', '\xc0\xaf'],
    ['Content-Type: text/plain; charset=us-ascii', 'caf\xc3\xa9'],
    ['Content-Type: text/plain', 'caf\xe9'],
    ['Content-Type: text/plain; charset=shift_jis', '\xff\xff'],
    ['Subject: caf\xe9', ''],
  ]);
});

test('the charsets of ordinary mail are read', () => {
  const cases = [
    ['windows-1252', '\x80 5', '€ 5'],
    ['iso-8859-1', 'caf\xe9', 'café'],
    ['ISO-8859-15', '\xa4', '€'],
    ['windows-1251', '\xef\xf0\xe8\xe2\xe5\xf2', 'привет'],
    ['koi8-r', '\xd0\xd2\xc9\xd7\xc5\xd4', 'привет'],
    ['gb2312', '\xc4\xe3\xba\xc3', '你好'],
    ['gb18030', '\xc4\xe3\xba\xc3', '你好'],
    ['big5', '\xa7\x41\xa6\x6e', '你好'],
    ['euc-kr', '\xbe\xc8\xb3\xe7', '안녕'],
    ['shift_jis', '\x82\xb1', 'こ'],
    ['cp932', '\x82\xb1', 'こ'],
  ] as const;
  for (const [charset, bytes, text] of cases) {
    const message = read(`Content-Type: text/plain; charset=${charset}`, bytes);
    assert.deepEqual([texts(message), message.anomalies], [text, []], charset);
  }
});

test('what only its addressee can open is an anomaly', () => {
  assertAnomaly('encrypted', [
    ['Content-Type: application/pkcs7-mime; smime-type=enveloped-data', 'AAAA'],
    ['Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b', SOUND],
    ['Content-Type: text/plain', '-----BEGIN PGP MESSAGE-----\r\nhQEM\r\n-----END PGP MESSAGE-----'],
  ]);
});

/** `depth` multiparts around one text. */
function nestedMultiparts(depth: number): readonly [header: string, body: string] {
  let body = '\r\nHello';
  for (let level = depth; level > 1; level--) {
    body = `Content-Type: multipart/mixed; boundary=x${level}x\r\n\r\n--x${level}x\r\n${body}\r\n--x${level}x--`;
    if (level === depth) body = body.replace('\r\n\r\nHello', '\r\n\r\nHello');
  }
  return ['Content-Type: multipart/mixed; boundary=x1x', `--x1x\r\n${body}\r\n--x1x--`];
}

test('twenty levels, ten nested messages and 500 parts are read, one more is an anomaly', () => {
  assert.deepEqual(read(...nestedMultiparts(20)).anomalies, []);
  assert.equal(texts(read(...nestedMultiparts(20))), 'Hello');
  assert.deepEqual(read(...nestedMultiparts(21)).anomalies, ['too-deep']);

  const messages = (count: number) =>
    read('Content-Type: message/rfc822', `${'Content-Type: message/rfc822\r\n\r\n'.repeat(count - 1)}\r\nHello`);
  assert.deepEqual(messages(10).anomalies, []);
  assert.deepEqual(messages(11).anomalies, ['too-deep']);

  const parts = (count: number) => read(...mixed(`${'--b\r\n\r\nx\r\n'.repeat(count)}--b--`));
  assert.deepEqual(parts(499).anomalies, []);
  assert.deepEqual(parts(500).anomalies, ['too-many-parts']);
});
