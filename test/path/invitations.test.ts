/** An invitation goes to the buyer and its answer back, through the relay, as four programs write them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startScenario } from '../support/scenario.ts';
import type { ReadMail } from '../support/second-parser.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

interface CalendarProgram {
  readonly name: string;
  readonly productId: string;
  readonly uid: string;
  /** As the program attaches the file: some say what it is, others that it is octets. */
  readonly type: string;
  /** Lines of its own between the zone and the event. */
  readonly zone: readonly string[];
}

const PROGRAMS: readonly CalendarProgram[] = [
  {
    name: 'Google Calendar',
    productId: '-//Google Inc//Google Calendar 70.9054//EN',
    uid: '7kukuqrfedlm2f9t5uc0h1c8q4@google.com',
    type: 'text/calendar; charset=UTF-8; method={}',
    zone: [],
  },
  {
    name: 'Outlook',
    productId: 'Microsoft Exchange Server 2010',
    uid: '040000008200E00074C5B7101A82E00800000000D0B5E6C3A15DDC01000000000000000010000000',
    type: 'text/calendar; charset="utf-8"; method={}',
    zone: ['BEGIN:VTIMEZONE', 'TZID:W. Europe Standard Time', 'END:VTIMEZONE'],
  },
  {
    name: 'Apple Calendar',
    productId: '-//Apple Inc.//macOS 15.1//EN',
    uid: '4D2B11E0-6B5C-4F43-9E0B-3C8A7A1F0D55',
    type: 'application/ics; name="invite.ics"',
    zone: [],
  },
  {
    name: 'Thunderbird',
    productId: '-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN',
    uid: 'b1d2c3e4-44aa-4bb5-9cc6-0dd7ee8ff901',
    type: 'application/octet-stream',
    zone: [
      'BEGIN:VTIMEZONE',
      'TZID:Europe/Berlin',
      'TZURL:http://tzurl.org/zoneinfo/Europe/Berlin',
      'X-LIC-LOCATION:Europe/Berlin',
      'END:VTIMEZONE',
    ],
  },
];

interface Sides {
  readonly from: string;
  readonly to: string;
  readonly organiser: string;
  readonly attendee: string;
}

const folded = (line: string): string => line.replace(/(.{74})(?=.)/g, '$1\r\n ');

function calendar(program: CalendarProgram, method: 'REQUEST' | 'REPLY', { organiser, attendee }: Sides): string {
  const answer = method === 'REPLY' ? 'PARTSTAT=ACCEPTED' : 'PARTSTAT=NEEDS-ACTION;RSVP=TRUE';
  return [
    'BEGIN:VCALENDAR',
    `PRODID:${program.productId}`,
    'VERSION:2.0',
    `METHOD:${method}`,
    ...program.zone,
    'BEGIN:VEVENT',
    'DTSTART:20261201T100000Z',
    'DTEND:20261201T103000Z',
    `ORGANIZER;CN="Nord ${organiser}":mailto:${organiser}`,
    `UID:${program.uid}`,
    `ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;${answer};CN=${attendee}:mailto:${attendee}`,
    'SEQUENCE:0',
    'SUMMARY:Fitting the door',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ]
    .map(folded)
    .join('\r\n');
}

function invitation(program: CalendarProgram, method: 'REQUEST' | 'REPLY', sides: Sides): string {
  return [
    `From: <${sides.from}>`,
    `To: <${sides.to}>`,
    `Subject: ${method === 'REPLY' ? 'Accepted: ' : ''}Fitting the door`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="parts"',
    '',
    '--parts',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Shall we meet on Tuesday?',
    '--parts',
    `Content-Type: ${program.type.replace('{}', method)}`,
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment; filename="invite.ics"',
    '',
    Buffer.from(calendar(program, method, sides))
      .toString('base64')
      .replace(/(.{76})(?=.)/g, '$1\r\n'),
    '--parts--',
    '',
  ].join('\r\n');
}

/** The lines of the calendar that arrived, unfolded. */
function linesIn({ files }: ReadMail): readonly string[] {
  const file = files.find(({ name }) => name === 'invite.ics');
  assert.ok(file !== undefined, 'the invitation is there');
  return Buffer.from(file.content, 'base64')
    .toString()
    .replace(/\r\n[ \t]/g, '')
    .split('\r\n');
}

for (const kind of STORES) {
  describe(`on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    test("a seller's invitation can be accepted through the relay, and neither side is named in it", async () => {
      await using scene = await startScenario(kind);
      const { aliases, seller, buyer } = scene.pair;
      for (const [index, program] of PROGRAMS.entries()) {
        const asked = { from: seller, to: aliases.buyer, organiser: seller, attendee: aliases.buyer };
        const sent = await scene.sellerWrites(invitation(program, 'REQUEST', asked));
        assert.match(sent.text, /^250 2\.0\.0 queued/, `${program.name}: ${sent.text}`);
        const { mail: shown } = await scene.arrival(2 * index + 1, 'buyer');
        const request = linesIn(shown);
        assert.ok(request.includes('METHOD:REQUEST') && request.includes(`UID:${program.uid}`), request.join('\n'));
        assert.ok(request.includes(`ORGANIZER:mailto:${aliases.seller}`), request.join('\n'));
        assert.ok(
          request.some((line) => /^ATTENDEE;.*PARTSTAT=NEEDS-ACTION/.test(line) && line.endsWith(aliases.buyer)),
        );

        // The buyer's program answers as the person that it knows, to the organiser that it was shown.
        const answer = { from: buyer, to: aliases.seller, organiser: aliases.seller, attendee: buyer };
        const answered = await scene.buyerWrites(invitation(program, 'REPLY', answer));
        assert.match(answered.text, /^250 2\.0\.0 queued/, `${program.name}: ${answered.text}`);
        const { mail: back } = await scene.arrival(2 * index + 2, 'seller');
        const reply = linesIn(back);
        assert.ok(reply.includes('METHOD:REPLY') && reply.includes(`UID:${program.uid}`), reply.join('\n'));
        assert.ok(reply.some((line) => /^ATTENDEE;.*PARTSTAT=ACCEPTED/.test(line) && line.endsWith(aliases.buyer)));
      }
    });

    test('a sentence in the UID of an invitation is read like any other', async () => {
      await using scene = await startScenario(kind);
      const { aliases, seller } = scene.pair;
      const [program] = PROGRAMS;
      assert.ok(program !== undefined);
      const sides = { from: seller, to: aliases.buyer, organiser: seller, attendee: aliases.buyer };
      const uid = 'write to direct.shop@elsewhere.test instead';
      assert.match((await scene.sellerWrites(invitation({ ...program, uid }, 'REQUEST', sides))).text, /^550 5\.7\.1 /);
    });
  });
}
