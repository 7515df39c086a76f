/**
 * Whatever the bytes are, the check ends in a value of the closed lists, and never in a pass that nobody signed for.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Answer, RecordLookup } from '../../../src/dns/resolver.ts';
import { checkAuthentication } from '../../../src/mail/authentication/check.ts';
import { LETTER, NOW, RSA, sealed, signed } from './letters.ts';

const KEYS: Readonly<Record<string, string>> = {
  's._domainkey.shop.test': RSA.record,
  'a._domainkey.list.test': RSA.record,
  '_dmarc.shop.test': 'v=DMARC1; p=reject',
};
const nothing = async (): Promise<Answer<never>> => ({ records: [], isName: false });
const resolver: RecordLookup = {
  a: nothing,
  aaaa: nothing,
  cname: nothing,
  mx: nothing,
  ptr: nothing,
  async txt(name) {
    const text = KEYS[name];
    return { records: text === undefined ? [] : [[text]], isName: text !== undefined };
  },
};

const checked = (raw: Uint8Array) =>
  checkAuthentication({
    raw,
    peer: { ip: '192.0.2.1', helo: 'mail.test' },
    reversePath: undefined,
    resolver,
    sealers: ['list.test'],
    aliasDomains: ['relay.test'],
    now: NOW,
  });

const SEALED = Buffer.from(await sealed(await signed()));

test('without a change it passes', async () => {
  const { dmarc, arc } = await checked(SEALED);
  assert.deepEqual([dmarc.result, arc.result], ['pass', 'pass']);
});

const FIELDS = [
  'DKIM-Signature: v=1; a=rsa-sha256; d=shop.test; s=s; h=from; bh=x; b=y',
  'DKIM-Signature: v=1; a=ed25519-sha256; c=/; d=.; s=; h=:; bh=; b=; i=@; l=-1; t=x; x=y',
  'ARC-Seal: i=2; a=rsa-sha256; cv=pass; d=list.test; s=a; b=x',
  'ARC-Message-Signature: i=2; a=rsa-sha256; d=list.test; s=a; h=from; bh=x; b=x',
  'ARC-Authentication-Results: i=2; list.test; dmarc=pass header.from=shop.test',
  'ARC-Authentication-Results: i=1; ((((; "',
  'From: <@a.test,@b.test:ann@shop.test>',
  'From: =?utf-8?B?PGFubkBzaG9wLnRlc3Q+?=,<e@evil.test>',
  'From: "ann@shop.test" <e@evil.test>',
  'Content-Type: multipart/mixed; boundary="',
];

const change = fc.oneof(
  fc.record({ at: fc.nat(SEALED.length), insert: fc.uint8Array({ maxLength: 8 }) }),
  fc.record({ at: fc.constant(0), insert: fc.constantFrom(...FIELDS).map((field) => Buffer.from(`${field}\r\n`)) }),
  fc.record({
    at: fc.nat(SEALED.length),
    insert: fc.constantFrom(';', '=', '\r\n', '\r\n ', ':', '"', '(', '\u0000', '@').map((text) => Buffer.from(text)),
  }),
);

/** The author and the body as a relaxed signature covers them. */
function wordsOf(bytes: Buffer): string {
  const [header = '', ...body] = bytes.toString('latin1').split(/\n\r?\n/);
  const plain = (text: string) =>
    text
      .replaceAll('\r\n', '\n')
      .replace(/[ \t]+/g, ' ')
      .replaceAll(' \n', '\n')
      .trim();
  const author = /^from\s*:((?:[^\n]|\n[ \t])*)/im.exec(header)?.[1] ?? '';
  return `${plain(author)}\n${plain(body.join('\n\n'))}`;
}

test('a signature whose canonicalization has no name for the header is none, and the others count', async () => {
  for (const canon of ['c=/', 'c=/relaxed', ' c = \r\n\t/simple']) {
    for (const field of ['DKIM-Signature: v=1', 'ARC-Message-Signature: i=2']) {
      const added = `${field}; a=rsa-sha256;${canon}; d=shop.test; s=s; h=from; bh=x; b=y\r\n`;
      const { dmarc, dkim } = await checked(Buffer.concat([Buffer.from(added), SEALED]));
      assert.deepEqual([dmarc.result, dkim.filter(({ result }) => result === 'pass').length], ['pass', 1], added);
    }
  }
});

test('changed anywhere, it ends in a value, and nothing passes whose author or body is another', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      let bytes: Buffer = SEALED;
      for (const { at, insert } of changes) bytes = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at)]);
      const { dmarc } = await checked(bytes);
      if (dmarc.result === 'pass') assert.equal(wordsOf(bytes), wordsOf(SEALED));
      assert.ok(['pass', 'fail', 'none', 'permerror'].includes(dmarc.result));
    }),
    { numRuns: 250 },
  );
});

test('bytes of every kind end in a value', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      assert.notEqual((await checked(bytes)).dmarc.result, 'pass');
    }),
    { numRuns: 200 },
  );
  assert.equal((await checked(Buffer.from(LETTER))).dmarc.result, 'fail');
});
