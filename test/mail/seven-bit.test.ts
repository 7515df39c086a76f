/**
 * What we send is 7-bit, in lines that every server takes, whatever came in: no next hop has to know 8BITMIME (RFC 6152), and none
 * rewrites, and so breaks the signature of, what it cannot carry.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PLANTS } from '../../leak-suite/cases/planted.ts';
import { parse } from '../../src/mail/parse.ts';
import { rewrite } from '../../src/mail/rewrite.ts';
import { BARE, BUYER, CONTEXT, deliverable } from '../support/deliverable.ts';

function assertSevenBit(bytes: Uint8Array): void {
  const text = Buffer.from(bytes).toString('latin1');
  assert.doesNotMatch(text, /[^\x01-\x7f]/);
  // RFC 5321 4.5.3.1.6: 998 octets and CRLF.
  assert.ok(text.split('\r\n').every((line) => line.length <= 998));
  assert.doesNotMatch(text, /BODY=|8bit|binary/i);
}

test('everything that the leak suite plants leaves in seven bits', () => {
  let seen = 0;
  for (const { mail } of PLANTS) {
    assertSevenBit(rewrite(deliverable(parse(Buffer.from(mail(BUYER))), 'buyer'), CONTEXT).bytes);
    seen += 1;
  }
  assert.ok(seen >= 30);
});

test('mail that came in as 8bit, with lines of ten thousand octets, leaves in seven bits', () => {
  const raw = Buffer.from(
    [
      `From: ${BUYER}`,
      'Subject: Grüße aus Köln',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      `Größe ${'é'.repeat(5000)} 日本語 🎁`,
      '',
    ].join('\r\n'),
  );
  assertSevenBit(rewrite(deliverable(parse(raw), 'buyer'), CONTEXT).bytes);
});

test('any subject, text and file leave in seven bits', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.string({ unit: 'binary', maxLength: 3000 }),
      fc.uint8Array({ maxLength: 500 }),
      (subject, text, content) => {
        const file = {
          kind: 'file',
          contentType: 'application/octet-stream',
          filename: subject,
          disposition: 'attachment',
          contentId: undefined,
          content: Buffer.from(content),
          text: undefined,
        } as const;
        const body = {
          kind: 'multipart',
          subtype: 'mixed',
          parts: [{ kind: 'text', subtype: 'plain', text }, file],
        } as const;
        assertSevenBit(rewrite(deliverable({ ...BARE, subject, body }, 'buyer'), CONTEXT).bytes);
      },
    ),
    { numRuns: 200 },
  );
});
