import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { mail } from '../support/registered.ts';
import { startScenario, type Scenario } from '../support/scenario.ts';
import { connectSmtp, type Reply } from '../support/smtp-client.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

let scene: Scenario;
let delivered = 0;

const lines = (...text: readonly string[]): string => text.join('\r\n');
const own = (subject: string, ...rest: readonly string[]): string =>
  lines(`From: <${scene.pair.seller}>`, `To: <${scene.pair.aliases.buyer}>`, `Subject: ${subject}`, ...rest);

/** A tree of `depth` multiparts inside each other. */
function nested(depth: number): string {
  const open = Array.from(
    { length: depth },
    (_, level) => `--b${level}\r\nContent-Type: multipart/mixed; boundary=b${level + 1}\r\n\r\n`,
  );
  const close = Array.from({ length: depth + 1 }, (_, level) => `\r\n--b${depth - level}--`);
  return `Content-Type: multipart/mixed; boundary=b0\r\n\r\n${open.join('')}--b${depth}\r\n\r\ndeep${close.join('')}`;
}

const attacks: readonly (readonly [what: string, data: () => string, answer: RegExp])[] = [
  [
    'a bare CR in the Subject that would become a Reply-To',
    () => own('Your order\rReply-To: direct@evil.test', '', 'x'),
    /^550 5\.6\.0/,
  ],
  ['a bare LF in the header', () => own('x\nBcc: victim@evil.test', '', 'x'), /^550 5\.6\.0/],
  ['a bare LF in the text', () => own('x', '', 'one\ntwo'), /^550 5\.6\.0/],
  ['CR CR LF', () => own('x\r\r\nReply-To: direct@evil.test', '', 'x'), /^550 5\.6\.0/],
  ['a NUL', () => own('x', '', 'a\0b'), /^550 5\.6\.0/],
  ['two From lines', () => own('x', 'From: <somebody@else.test>', '', 'x'), /^554 5\.6\.0/],
  ['two authors', () => lines(`From: <${scene.pair.seller}>, <b@else.test>`, 'Subject: x', '', 'x'), /^554 5\.6\.0/],
  ['an author that is somebody else', () => lines('From: <b@else.test>', 'Subject: x', '', 'x'), /^550 5\.7\.1/],
  ['a message of 26 MB', () => own('x', '', `${'a'.repeat(998)}\r\n`.repeat(26_000)), /^552 5\.3\.4/],
  ['a MIME tree 300 deep', () => own('x', 'MIME-Version: 1.0', nested(300)), /^250 2\.0\.0 held/],
  [
    'a charset that nobody knows',
    () => own('x', 'Content-Type: text/plain; charset=x-unheard-of', '', 'x'),
    /^250 2\.0\.0 held/,
  ],
  [
    'two Content-Types',
    () => own('x', 'Content-Type: text/plain', 'Content-Type: text/html', '', 'x'),
    /^250 2\.0\.0 held/,
  ],
  [
    'a fragment of a message',
    () => own('x', 'Content-Type: message/partial; id=a; number=1; total=2', '', 'x'),
    /^554 5\.6\.1/,
  ],
  [
    'a header of 100 kB',
    () => own('x', ...Array.from({ length: 150 }, (_, n) => `X-Fill-${n}: ${'a'.repeat(700)}`), '', 'x'),
    /^554 5\.3\.4/,
  ],
  [
    '51 Received lines',
    () => own('x', ...Array.from({ length: 51 }, () => 'Received: by a.test'), '', 'x'),
    /^554 5\.4\.6/,
  ],
];

const smuggling: readonly (readonly [name: string, end: string])[] = [
  ['LF . LF', '\n.\n'],
  ['LF . CR', '\n.\r'],
  ['CR . LF', '\r.\n'],
  ['CR . CR', '\r.\r'],
  ['LF . CRLF', '\n.\r\n'],
  ['CR . CRLF', '\r.\r\n'],
  ['CRLF . LF', '\r\n.\n'],
  ['CRLF . CR', '\r\n.\r'],
  ['CRLF . CR CR LF', '\r\n.\r\r\n'],
  ['CRLF NUL . CRLF', '\r\n\0.\r\n'],
  ['LF .. CRLF', '\n..\r\n'],
];

for (const kind of STORES) {
  describe(`on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    before(async () => {
      scene = await startScenario(kind);
      delivered = 0;
    });
    after(() => scene[Symbol.asyncDispose]());

    for (const [what, data, answer] of attacks) {
      test(`${what}: refused or held with a clear reason, and the next message on the same connection is served`, async () => {
        const { pair, relay } = scene;
        await using client = await connectSmtp(relay.ports.mx);
        const send = async (bytes: string): Promise<Reply> => {
          for (const line of [
            'EHLO client.test',
            `MAIL FROM:<${pair.seller}>`,
            `RCPT TO:<${pair.aliases.buyer}>`,
            'DATA',
          ]) {
            const reply = await client.say(line);
            assert.ok(reply.code < 400, reply.text);
          }
          client.write(Buffer.from(bytes, 'latin1'));
          return await client.say('\r\n.');
        };
        const refused = await send(data());
        assert.match(refused.text, answer);
        assert.ok(!refused.text.includes('evil.test'), 'nothing of the message is repeated');
        const next = await send(mail({ from: pair.seller, to: pair.aliases.buyer, text: `after ${what}` }));
        assert.equal(next.code, 250, next.text);
        delivered += 1;
        const { mail: arrived } = await scene.arrival(delivered, 'buyer');
        assert.match(arrived.text, /^after /);
      });
    }

    for (const [name, end] of smuggling) {
      test(`an end of data written as ${name} ends nothing: one answer, and no second message`, async () => {
        const { pair, relay } = scene;
        await using client = await connectSmtp(relay.ports.mx);
        for (const line of [
          'EHLO client.test',
          `MAIL FROM:<${pair.seller}>`,
          `RCPT TO:<${pair.aliases.buyer}>`,
          'DATA',
        ])
          await client.say(line);
        const inner = mail({ from: pair.seller, to: pair.aliases.buyer, text: 'smuggled' });
        const carried = `${mail({ from: pair.seller, to: pair.aliases.buyer, text: 'outer' })}${end}MAIL FROM:<${pair.seller}>\r\nRCPT TO:<${pair.aliases.buyer}>\r\nDATA\r\n${inner}`;
        client.write(carried);
        const reply = await client.say('\r\n.');
        assert.match(reply.text, /^550 5\.6\.0/);
        assert.equal((await client.say('NOOP')).code, 250);
        assert.equal(scene.sink.messages.length, delivered);
      });
    }
  });
}
