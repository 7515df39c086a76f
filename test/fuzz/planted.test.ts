/** Any message that can be generated, with a party's address anywhere in it: it leaves without the address, or it is held. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canRead } from '../../leak-suite/oracle.ts';
import { RelayError } from '../../src/core/errors.ts';
import { RealAddress } from '../../src/core/real-address.ts';
import type { Message, Part } from '../../src/mail/message.ts';
import { openFiles } from '../../src/mail/open.ts';
import { parse } from '../../src/mail/parse.ts';
import { rewrite } from '../../src/mail/rewrite.ts';
import type { Rewritten, Secrets } from '../../src/mail/types.ts';
import { verify } from '../../src/mail/verify.ts';
import { BARE, CONTEXT, deliverable } from '../support/deliverable.ts';

// --- addresses and how people and programs write them ------------------------------------------------------------------

const label = fc.stringMatching(/^[b-df-hj-np-tv-z]{4,9}$/);
/** No vowels: nothing that anybody writes by chance looks like one of these. */
const address = fc
  .tuple(fc.array(label, { minLength: 1, maxLength: 3 }), label)
  .map(([names, host]) => `${names.join('.')}@${host}.test`);

type Spelling = (address: string) => string;
const every =
  (code: (letter: string) => string): Spelling =>
  (text) =>
    Array.from(text, code).join('');
const codeOf = (letter: string, base: number): string => letter.charCodeAt(0).toString(base).padStart(2, '0');
const around =
  (mark: string): Spelling =>
  (text) =>
    text.replace('@', `${mark}@${mark}`);
const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');

/** In text. */
const SPELLINGS: readonly Spelling[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => `<${text}>`,
  (text) => `mailto:${text}`,
  (text) => `"${text}"`,
  (text) => text.replace('@', ' at ').replaceAll('.', ' dot '),
  (text) => text.replace('@', ' (a) '),
  (text) => text.replace('@', '[at]'),
  (text) => text.replace('@', '+shop@'),
  (text) => text.replaceAll('.', ' . '),
  (text) => Array.from(text).toReversed().join(''),
  (text) => text.replace('@', '@\n> '),
  (text) => encodeURIComponent(text),
  (text) => `https://shop.relay.test/?from=${encodeURIComponent(text)}&x=1`,
  every((letter) => `%${codeOf(letter, 16)}`),
  every((letter) => `&#${letter.charCodeAt(0)};`),
  every((letter) => `&#x${codeOf(letter, 16)};`),
  every((letter) => `${letter}\u200b`),
  every((letter) => (/[a-z]/.test(letter) ? String.fromCodePoint(letter.charCodeAt(0) + 0xfee0) : letter)),
  around('\u00ad'),
  around(' '),
  around('\u2060'),
];

/** In HTML, beside those of text. */
const HTML_SPELLINGS: readonly Spelling[] = [
  ...SPELLINGS,
  around('<wbr>'),
  around('<!-- x -->'),
  (text) => text.replace('@', '<span>@</span>').replace('.', '<b>.</b>'),
  (text) => `<a href="mailto:${text}">write</a>`,
  (text) => `<a href="https://shop.relay.test/?u=${base64(`user=${text}`)}">x</a>`,
  (text) => `<p title="${text}" class="${text}">x</p>`,
  (text) => `<img alt="${text}" src="https://t.test/${text}.gif">`,
  (text) => `<!-- ${text} -->`,
  (text) => `<style>p::after{content:"${text}"}</style>`,
  (text) => `<div style="display:none">${text}</div>`,
  (text) => `<input value="${text}"><textarea>${text}</textarea>`,
];

/** In a header; what is foreign to the list of ours goes whole, what is not is masked. */
const HEADERS: readonly Spelling[] = [
  (text) => `X-Sender: ${text}`,
  (text) => `Reply-To: ${text}`,
  (text) => `Comments: =?utf-8?B?${base64(text)}?=`,
  (text) => `References: <1.${text}> <2.${text}>`,
  (text) => `In-Reply-To: <1.${text}>`,
  (text) => `X-Face: ${base64(text)}`,
  (text) => `Received: from [192.0.2.1] for <${text}>; Mon, 23 Nov 2026 10:00:00 +0100`,
];

// --- messages ----------------------------------------------------------------------------------------------------------

const noise = fc.oneof(
  fc.constantFrom(
    'Hello',
    'your parcel',
    '\n',
    '\n\n',
    ' ',
    ' > ',
    '> ',
    '=',
    '%',
    '&amp;',
    'Größe',
    '色',
    '@',
    '.',
    '--',
  ),
  fc.stringMatching(/^[\x20-\x7e]{0,30}$/),
);
const words = fc.array(noise, { maxLength: 8 }).map((pieces) => pieces.join(''));
type Made = (address: string) => string;

/** Words, and the address somewhere between them. Brackets keep apart what a folded line would join: `x` and `jane@` are `xjane@`. */
const planted = (spellings: readonly Spelling[]): fc.Arbitrary<Made> =>
  fc.tuple(words, fc.constantFrom(...spellings), words).map(
    ([before, spelling, after]) =>
      (text: string) =>
        `${before} (${spelling(text)}) ${after}`,
  );

type Coding = readonly [name: string, encode: (text: string) => string];
const CODINGS: readonly Coding[] = [
  ['8bit', (text) => text],
  ['base64', (text) => base64(text).replace(/(.{76})/g, '$1\n')],
  [
    'quoted-printable',
    (text) =>
      Array.from(Buffer.from(text), (octet) =>
        octet === 10 ? '\n' : `=${octet.toString(16).toUpperCase().padStart(2, '0')}=\n`,
      ).join(''),
  ],
];

const leaf = (type: string, body: fc.Arbitrary<Made>, more: Spelling = () => ''): fc.Arbitrary<Made> =>
  fc.tuple(body, fc.constantFrom(...CODINGS)).map(
    ([make, [name, encode]]) =>
      (text: string) =>
        `Content-Type: ${type}; charset=utf-8\nContent-Transfer-Encoding: ${name}\n${more(text)}\n${encode(make(text))}`,
  );

const file =
  (name: string): Spelling =>
  () =>
    `Content-Disposition: attachment; filename="${name}"\n`;
const leaves = fc.oneof(
  leaf('text/plain', planted(SPELLINGS)),
  leaf('text/html', planted(HTML_SPELLINGS)),
  leaf('text/csv', planted(SPELLINGS), file('list.csv')),
  leaf('text/calendar', planted(SPELLINGS), file('invite.ics')),
  leaf('text/vcard', planted(SPELLINGS), file('me.vcf')),
  leaf('application/octet-stream', planted(SPELLINGS), file('data.bin')),
  leaf(
    'image/png',
    words.map((text) => () => text),
    (text) => `Content-ID: <1.${text}>\nContent-Description: ${text}\n`,
  ),
  leaf(
    'text/plain',
    words.map((text) => () => text),
    (text) => file(`${text}.txt`)(text),
  ),
);

const { entity } = fc.letrec<{ entity: Made; multipart: Made; nested: Made }>((tie) => ({
  entity: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaves, tie('multipart'), tie('nested')),
  multipart: fc
    .tuple(fc.constantFrom('mixed', 'alternative', 'related'), fc.array(tie('entity'), { minLength: 1, maxLength: 3 }))
    .map(([subtype, parts]) => (text: string) => {
      const inner = parts.map((part) => part(text));
      const boundary = `edge${inner.join('').length}x`;
      return `Content-Type: multipart/${subtype}; boundary="${boundary}"\n\n${inner.map((part) => `--${boundary}\n${part}\n`).join('')}--${boundary}--\n`;
    }),
  nested: fc.tuple(fc.constantFrom(...HEADERS), tie('entity')).map(
    ([header, inner]) =>
      (text: string) =>
        `Content-Type: message/rfc822\n\nSubject: of ${text}\n${header(text)}\n${inner(text)}`,
  ),
}));

const mail = fc
  .tuple(fc.array(fc.constantFrom(...HEADERS), { maxLength: 3 }), planted(SPELLINGS), entity)
  .map(([headers, subject, body]) => (author: string, text: string) => {
    const fields = new Map(headers.map((header) => [header, header(text)]));
    const encoded = `=?utf-8?B?${base64(subject(text).replace(/\n/g, ' '))}?=`;
    return [
      `From: "${text}" <${author}>`,
      `Subject: ${encoded.length > 900 ? 'Hello' : encoded}`,
      'MIME-Version: 1.0',
      ...fields.values(),
      body(text),
    ]
      .join('\n')
      .replace(/\r?\n/g, '\r\n');
  });

// --- the path, without its doors ---------------------------------------------------------------------------------------

type End = { readonly kind: 'refused' | 'held' } | { readonly kind: 'sent'; readonly rewritten: Rewritten };

async function endOf(raw: string, secrets: Secrets): Promise<End> {
  let message: Message;
  try {
    message = parse(Buffer.from(raw));
  } catch (error) {
    if (error instanceof RelayError && error.code.startsWith('message.')) return { kind: 'refused' };
    throw error;
  }
  const opened = await openFiles(message, secrets, true);
  if (opened.anomalies.length > 0) return { kind: 'held' };
  const rewritten = rewrite(deliverable(opened), { ...CONTEXT, secrets });
  const { kind } = await verify(rewritten, secrets);
  return kind === 'clean' ? { kind: 'sent', rewritten } : { kind: 'held' };
}

test('wherever a message holds an address of a party, it leaves without it or is held', async () => {
  const ends = { refused: 0, held: 0, sent: 0, masked: 0 };
  await fc.assert(
    fc.asyncProperty(address, address, mail, async (buyer, seller, make) => {
      fc.pre(buyer !== seller);
      const secrets = { buyer: [RealAddress.parse(buyer)], seller: [RealAddress.parse(seller)] };
      for (const [author, hidden] of [
        [buyer, buyer],
        [buyer, seller],
      ] as const) {
        const raw = make(author, hidden);
        const end = await endOf(raw, secrets);
        ends[end.kind]++;
        if (end.kind !== 'sent') continue;
        if (end.rewritten.masked > 0) ends.masked++;
        assert.ok(!canRead(buyer, end.rewritten.bytes), `the buyer can be read:\n${raw}`);
        assert.ok(!canRead(seller, end.rewritten.bytes), `the seller can be read:\n${raw}`);
      }
    }),
    { numRuns: 300 },
  );
  // Refusing or holding everything would prove nothing.
  assert.ok(ends.sent > 300 && ends.masked > 250, JSON.stringify(ends));
});

// --- the same words ----------------------------------------------------------------------------------------------------

/** What a reader sees: texts as they are, HTML without its markup, names and contents of files. */
function* shown(part: Part): Generator<string> {
  switch (part.kind) {
    case 'multipart':
      for (const child of part.parts) yield* shown(child);
      break;
    case 'message':
      yield `message: ${part.subject}`;
      yield* shown(part.body);
      break;
    case 'text':
      yield part.subtype === 'plain'
        ? part.text
        : part.text
            .replace(/<[^>]*>/g, '')
            .replaceAll('&quot;', '"')
            .trim();
      break;
    case 'file':
      yield `${part.contentType} ${part.filename ?? ''}: ${Buffer.from(part.content).toString('base64')}`;
      break;
  }
}

const honest = fc.tuple(
  words,
  fc.letrec<{ part: Part }>((tie) => ({
    part: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.record({ kind: fc.constant('text'), subtype: fc.constant('plain'), text: words }),
      fc.record({
        kind: fc.constant('text'),
        subtype: fc.constant('html'),
        text: words.map((text) => `<p>${text.replace(/[<>&]/g, '')}</p>`),
      }),
      fc.record({
        kind: fc.constant('multipart'),
        subtype: fc.constantFrom('mixed', 'alternative', 'related'),
        parts: fc.array(tie('part'), { minLength: 1, maxLength: 3 }),
      }),
    ) as fc.Arbitrary<Part>,
  })).part,
);

test('a message without an address shows the reader the words that its author wrote', async () => {
  const secrets = { buyer: [RealAddress.parse('qxzv.kprt@wvbn.test')], seller: [RealAddress.parse('zzkv@trwq.test')] };
  await fc.assert(
    fc.asyncProperty(honest, async ([subject, body]) => {
      const message: Message = { ...BARE, subject, body };
      const rewritten = rewrite(deliverable(message), { ...CONTEXT, secrets });
      assert.equal((await verify(rewritten, secrets)).kind, 'clean');
      assert.equal(rewritten.masked, 0);
      const again = parse(rewritten.bytes);
      assert.deepEqual([...shown(again.body)], [...shown(body)]);
    }),
    { numRuns: 300 },
  );
});
