import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rewriteContentLines, type ContentLineContext } from '../../../src/mail/mask/content-lines.ts';
import type { FilePart } from '../../../src/mail/message.ts';
import { parse } from '../../../src/mail/parse.ts';
import { rewrite } from '../../../src/mail/rewrite.ts';
import { spellingsOf } from '../../../src/mail/traces.ts';
import { assertNoCanary } from '../../support/canary.ts';
import { ALIASES, BARE, BUYER, CONTEXT, deliverable, SECRETS, SHOP } from '../../support/deliverable.ts';

const context: ContentLineContext = {
  traces: spellingsOf(SECRETS),
  standings: [
    { traces: spellingsOf({ buyer: SECRETS.buyer, seller: [] }), alias: ALIASES.buyer },
    { traces: spellingsOf({ buyer: [], seller: SECRETS.seller }), alias: ALIASES.seller },
  ],
};
const BUYER_ALIAS = 'b7k2m9q4t1x8w3z5@relay.test';
const SHOP_ALIAS = 's4n8d1h6v0c2r9g7@relay.test';

const rewritten = (...lines: readonly string[]) => rewriteContentLines(lines.join('\r\n'), context);
const one = (line: string): string => rewritten(line).text;

test('an organiser and an attendee who are parties become their aliases', () => {
  assert.deepEqual(rewritten(`ORGANIZER:mailto:${SHOP}`, `ATTENDEE:MAILTO:${BUYER.toUpperCase()}`), {
    text: `ORGANIZER:mailto:${SHOP_ALIAS}\nATTENDEE:mailto:${BUYER_ALIAS}`,
    masked: 2,
  });
});

test('what an invitation needs stays, and what says who somebody is does not', () => {
  const line = `attendee;CN="Doe; Jane: me";ROLE=REQ-PARTICIPANT;DIR="ldap://x/cn=jane";RSVP=TRUE;PARTSTAT=NEEDS-ACTION;SENT-BY="mailto:a@b.test";CUTYPE=INDIVIDUAL:mailto:${BUYER}`;
  assert.equal(
    one(line).replaceAll('\n ', ''),
    `ATTENDEE;ROLE=REQ-PARTICIPANT;RSVP=TRUE;PARTSTAT=NEEDS-ACTION;CUTYPE=INDIVIDUAL:mailto:${BUYER_ALIAS}`,
  );
});

test('an attendee who delegates to two others is still the alias', () => {
  const line = `ATTENDEE;DELEGATED-TO="mailto:a@b.test","mailto:c@d.test";PARTSTAT=DELEGATED:mailto:${BUYER}`;
  assert.equal(one(line).replaceAll('\n ', ''), `ATTENDEE;PARTSTAT=DELEGATED:mailto:${BUYER_ALIAS}`);
});

test('an alias stays what it is and counts for nothing', () => {
  assert.deepEqual(rewritten(`ATTENDEE;CN=Buyer:mailto:${BUYER_ALIAS}`), {
    text: `ATTENDEE:mailto:${BUYER_ALIAS}`,
    masked: 0,
  });
});

test('somebody else stays who it is, but for an address in the name', () => {
  assert.equal(one('ATTENDEE;CN=Bob:mailto:bob@friend.test'), 'ATTENDEE;CN=Bob:mailto:bob@friend.test');
  assert.deepEqual(rewritten(`ATTENDEE;CN="${BUYER}":mailto:bob@friend.test`), {
    text: 'ATTENDEE;CN="[address hidden]":mailto:bob@friend.test',
    masked: 1,
  });
});

test('an address that is folded anywhere is found, with a space or a tab', () => {
  const line = `ATTENDEE;ROLE=CHAIR:mailto:${BUYER}`;
  for (let at = 1; at < line.length; at++) {
    for (const fold of ['\r\n ', '\r\n\t', '\n ']) {
      const { text, masked } = rewriteContentLines(line.slice(0, at) + fold + line.slice(at), context);
      assert.deepEqual([text, masked], [`ATTENDEE;ROLE=CHAIR:mailto:${BUYER_ALIAS}`, 1], `${at}`);
    }
  }
});

test('an address in any other line is masked', () => {
  assert.equal(one(`DESCRIPTION:Ask ${BUYER} today`), 'DESCRIPTION:Ask [address hidden] today');
  assert.equal(one(`EMAIL;TYPE=INTERNET,HOME:${BUYER}`), 'EMAIL;TYPE=INTERNET,HOME:[address hidden]');
  assert.equal(one(`item1.EMAIL:${BUYER}`), 'item1.EMAIL:[address hidden]');
  assert.equal(one(`UID:123-${BUYER.toUpperCase()}`), 'UID:123-[address hidden]');
  assert.equal(one(`X-WR-CALNAME:${BUYER}`), 'X-WR-CALNAME:[address hidden]');
  assert.equal(one('LOCATION:Realmail Street 5'), 'LOCATION:Realmail Street 5');
});

test('pictures, keys, second readings and files in the text are left out, with their folded lines', () => {
  const left = [
    'PHOTO;ENCODING=b;TYPE=JPEG:AAAA\r\n BBBB\r\n CCCC',
    'PHOTO:data:image/jpeg;base64,AAAA',
    'LOGO;VALUE=uri:https://x.test/a.png',
    'SOUND:x',
    'KEY;TYPE=PGP:https://x.test/key',
    'item2.PHOTO;ENCODING=b:AAAA',
    'X-ALT-DESC;FMTTYPE=text/html:<html>',
    'X-MS-OLK-SENDER;CN=x:invalid:nomail',
    'ATTACH;FMTTYPE=image/png;ENCODING=BASE64;VALUE=BINARY:AAAA',
  ];
  assert.equal(rewritten('BEGIN:VCARD', ...left, 'FN:Jane', 'END:VCARD').text, 'BEGIN:VCARD\nFN:Jane\nEND:VCARD');
  assert.equal(one('ATTACH:https://x.test/a.pdf'), 'ATTACH:https://x.test/a.pdf');
  assert.equal(one('KEYWORDS:x'), 'KEYWORDS:x');
});

test('no line is longer than 75 octets, none cuts a character, and unfolded they say the same', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 200 }), { maxLength: 5 }), (values) => {
      const source = values.map((value) => `SUMMARY:x${value.replace(/[\r\n]/g, '')}`).join('\r\n');
      const { text } = rewriteContentLines(source, context);
      for (const line of text.split('\n')) {
        assert.ok(Buffer.byteLength(line) <= 75, line);
        assert.ok(line.isWellFormed());
      }
      assert.equal(text.replaceAll('\n ', ''), source.replaceAll('\r\n', '\n'));
    }),
    { numRuns: 300 },
  );
});

test('a line of exactly 75 octets is not folded and one of 76 is', () => {
  const line = `SUMMARY:${'x'.repeat(67)}`;
  assert.equal(one(line), line);
  assert.equal(one(`${line}y`), `${line}\n y`);
  assert.equal(one(`SUMMARY:${'x'.repeat(66)}é`), `SUMMARY:${'x'.repeat(66)}\n é`);
});

const INVITATION = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'METHOD:REQUEST',
  'BEGIN:VEVENT',
  `ORGANIZER;CN=Shop:mailto:${SHOP}`,
  `ATTENDEE;CN="${BUYER}";RSVP=TRUE:mailto:jane.doe@`,
  ' realmail.example',
  `DESCRIPTION:${'a long text '.repeat(12)}`,
  'END:VEVENT',
  'END:VCALENDAR',
  '',
];

test('an invitation leaves as a calendar: CRLF, its method, both aliases and no address', () => {
  const calendar: FilePart = {
    kind: 'file',
    contentType: 'text/calendar',
    filename: 'invite.ics',
    disposition: 'inline',
    contentId: undefined,
    content: Buffer.from(INVITATION.join('\r\n')),
    text: INVITATION.join('\n'),
  };
  const { bytes, masked } = rewrite(deliverable({ ...BARE, body: calendar }), CONTEXT);
  const { body } = parse(bytes);
  assert.equal(body.kind, 'file');
  assert.match(Buffer.from(bytes).toString(), /Content-Type: text\/calendar; charset=utf-8; method=REQUEST/);
  const sent = body.kind === 'file' ? Buffer.from(body.content).toString() : '';
  assert.deepEqual(sent.replaceAll('\r\n ', '').split('\r\n'), [
    ...INVITATION.slice(0, 4),
    `ORGANIZER:mailto:${SHOP_ALIAS}`,
    `ATTENDEE;RSVP=TRUE:mailto:${BUYER_ALIAS}`,
    ...INVITATION.slice(7),
  ]);
  assert.doesNotMatch(sent, /(?<!\r)\n|[^\r\n]{76}/);
  assert.equal(masked, 2);
  assertNoCanary('an invitation', bytes, [BUYER, SHOP]);
});

test('a card keeps its shape', () => {
  assert.equal(
    rewritten(
      'BEGIN:VCARD',
      'VERSION:3.0',
      'N:Doe;Jane;;;',
      `EMAIL;type=INTERNET;type=pref:${BUYER}`,
      'TEL:5',
      'END:VCARD',
      '',
    ).text,
    'BEGIN:VCARD\nVERSION:3.0\nN:Doe;Jane;;;\nEMAIL;type=INTERNET;type=pref:[address hidden]\nTEL:5\nEND:VCARD\n',
  );
});

test('a person line of many quotes is read within a second', () => {
  const start = performance.now();
  one(`ATTENDEE${';X="a"'.repeat(20_000)}`);
  one(`ATTENDEE${';X='.repeat(60_000)}"`);
  assert.ok(performance.now() - start < 1000);
});
