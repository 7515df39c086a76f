import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertNoCanary } from '../support/canary.ts';
import { mail, registerPair, type Registered } from '../support/registered.ts';
import { assertNothingReadableAtRest, oneHeader, startScenario, type Scenario } from '../support/scenario.ts';
import { headerValues, readWithPython, type ReadMail } from '../support/second-parser.ts';
import { sendRaw, type Reply } from '../support/smtp-client.ts';
import type { SinkMessage } from '../support/sink.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

interface Responder {
  readonly what: string;
  readonly subject: string;
  readonly headers: readonly string[];
}

const RESPONDERS: readonly Responder[] = [
  { what: 'RFC 3834', subject: 'Auto: Your order', headers: ['Auto-Submitted: auto-replied (vacation)'] },
  {
    what: 'Exchange',
    subject: 'Automatic reply: Your order',
    headers: [
      'Auto-Submitted: auto-generated',
      'X-Auto-Response-Suppress: All',
      'X-MS-Exchange-Inbox-Rules-Loop: ADDRESS',
    ],
  },
  { what: 'Gmail', subject: 'On leave Re: Your order', headers: ['Precedence: bulk', 'X-Autoreply: yes'] },
  { what: 'X-Autoreply', subject: 'Re: Your order', headers: ['X-Autoreply: yes', 'X-Autoreply-From: ADDRESS'] },
  { what: 'a subject alone', subject: '=?utf-8?Q?Automatische_Antwort=3A_Bestellung?=', headers: [] },
];

for (const kind of STORES) {
  describe(`on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    test("an out-of-office reaches the other party once, marked, without its writer's address, by either way", async () => {
      await using scene = await startScenario(kind);
      let count = 0;
      for (const responder of RESPONDERS) {
        for (const way of ['alias', 'return path'] as const) {
          const pair = await registerPair(scene.relay);
          await send(scene, pair, 'seller', mail({ from: pair.seller, to: pair.aliases.buyer, text: 'Your order' }));
          const { message } = await nth(scene, ++count, pair, 'buyer');
          const answer = () =>
            way === 'alias'
              ? send(scene, pair, 'buyer', awayOf(pair, responder))
              : sendRaw(scene.relay.ports.mx, { from: '', to: [message.from], data: awayOf(pair, responder) });
          const place = `${responder.what} by the ${way}`;
          const first = await answer();
          assert.match(first.text, /^250 2\.0\.0 queued as /, `${place}: ${first.text}`);
          const { message: passed, mail: away } = await nth(scene, ++count, pair, 'seller');
          assert.equal(passed.from, '', `${place}: nobody answers it`);
          assert.equal(oneHeader(away, 'Auto-Submitted'), 'auto-replied', place);
          assert.equal(oneHeader(away, 'From').includes(`<${pair.aliases.buyer}>`), true, place);
          assert.match(away.text, /away until Monday\. Write to \[/, place);
          assert.deepEqual(headersOf(away), ALLOWED, place);
          const second = await answer();
          await assertDropped(scene, second, place);
        }
      }
      await assertNextIs(scene, ++count);
      await assertNothingReadableAtRest(scene);
    });

    test('a seller who is away is told of in the same way: once, and again for another order', async () => {
      await using scene = await startScenario(kind);
      const [rfc] = RESPONDERS;
      assert.ok(rfc !== undefined);
      const other = await registerPair(scene.relay);
      let count = 0;
      for (const pair of [scene.pair, other]) {
        // A program answers each message with one of its own, not with the same one again.
        const away = (): string =>
          mail({ ...rfc, from: pair.seller, to: pair.aliases.buyer, text: 'We are away until Monday.' });
        assert.equal((await send(scene, pair, 'seller', away())).code, 250);
        const { message, mail: passed } = await nth(scene, ++count, pair, 'buyer');
        assert.equal(message.from, '');
        assert.equal(oneHeader(passed, 'Auto-Submitted'), 'auto-replied');
        await assertDropped(scene, await send(scene, pair, 'seller', away()), pair.orderId);
      }
      await assertNextIs(scene, ++count);
    });

    test('a read receipt is taken and goes no further, and a wish for one never leaves', async () => {
      await using scene = await startScenario(kind);
      const { pair } = scene;
      const wishes = ['Disposition-Notification-To', 'Return-Receipt-To', 'X-Confirm-Reading-To', 'Read-Receipt-To'];
      const headers = wishes.map((name) => `${name}: <${pair.seller}>`);
      await scene.sellerWrites(mail({ from: pair.seller, to: pair.aliases.buyer, text: 'Read this', headers }));
      const { message, mail: arrived } = await scene.arrival(1, 'buyer');
      for (const name of wishes) assert.deepEqual(headerValues(arrived, name), [], name);
      assert.ok(!/receipt|disposition-notification|confirm/i.test(message.bytes.toString('latin1')));

      const receipt = receiptOf(pair);
      await assertDropped(scene, await scene.buyerWrites(receipt), 'a receipt to the alias');
      const back = await sendRaw(scene.relay.ports.mx, { from: '', to: [message.from], data: receipt });
      assert.match(back.text, /^250 /);
      await assertNextIs(scene, 2);
    });

    test('two programs that answer whatever comes, and say so, stop after one exchange', async () => {
      await using scene = await startScenario(kind);
      const sent = await runResponders(scene, { headers: ['Auto-Submitted: auto-replied'] });
      assert.equal(sent.arrived, 3, 'the first message, and one answer of each side');
      await assertDropped(scene, sent.last, 'the second answer of the buyer');
    });

    for (const mark of ['Precedence: bulk', 'Auto-Submitted: auto-generated']) {
      test(`two programs that write "${mark}" stop too, whether they say what they answer or not`, async () => {
        await using scene = await startScenario(kind);
        const named = await runResponders(scene, { headers: [mark], isThreaded: true });
        assert.equal(named.arrived, 2, 'the first message and the answer to it: a program has no answer to a program');
        await assertDropped(scene, named.last, 'the answer to the answer');

        const pair = await registerPair(scene.relay);
        const unnamed = await runResponders({ ...scene, pair }, { headers: [mark], already: named.arrived });
        assert.equal(unnamed.arrived, 3, 'the same words again, to a program that has just written');
        await assertDropped(scene, unnamed.last, 'the second answer of the buyer');

        const other = await registerPair(scene.relay);
        const varying = await runResponders(
          { ...scene, pair: other },
          { headers: [mark], already: 5, text: (count) => `Ticket ${count} was opened.` },
        );
        assert.ok(varying.arrived <= 11, `${varying.arrived} messages, each with words of its own`);
        await assertDropped(scene, varying.last, 'a program in a long exchange with another');
      });
    }

    test('mail of a shop that a program writes arrives each time, and its bounces and absences find their way back', async () => {
      await using scene = await startScenario(kind);
      const { pair, relay } = scene;
      const mark = 'Auto-Submitted: auto-generated';
      const texts = ['We have your order.', 'Here is the invoice.', 'It is sent.', 'It has arrived.'];
      let count = 0;
      for (const text of texts) {
        await send(scene, pair, 'seller', mail({ from: pair.seller, to: pair.aliases.buyer, text, headers: [mark] }));
        const { message, mail: arrived } = await nth(scene, ++count, pair, 'buyer');
        assert.match(message.from, /^r[0-9a-z]{30}@relay\.test$/, 'a bounce finds its author');
        assert.equal(oneHeader(arrived, 'Auto-Submitted'), 'auto-generated');
        if (count > 1) continue;
        const away = (): string =>
          mail({ from: pair.buyer, to: pair.aliases.seller, text: 'I am away.', headers: ['Precedence: bulk'] });
        const back = await sendRaw(relay.ports.mx, { from: '', to: [message.from], data: away() });
        assert.match(
          back.text,
          /^250 2\.0\.0 queued/,
          'whoever answers the return path answers, whatever mark it bears',
        );
        const { message: told, mail: passed } = await nth(scene, ++count, pair, 'seller');
        assert.equal(told.from, '');
        assert.equal(oneHeader(passed, 'Auto-Submitted'), 'auto-replied');
        const again = await sendRaw(relay.ports.mx, { from: '', to: [message.from], data: away() });
        await assertDropped(scene, again, 'once a week');
      }
    });

    test("a helpdesk marks the words of its people as a program's, and each answer to the buyer arrives", async () => {
      await using scene = await startScenario(kind);
      const { pair } = scene;
      let count = 0;
      for (const question of ['Is it blue?', 'Is it new?', 'Is it sent?']) {
        await send(scene, pair, 'buyer', mail({ from: pair.buyer, to: pair.aliases.seller, text: question }));
        const { mail: asked } = await nth(scene, ++count, pair, 'seller');
        const headers = ['Auto-Submitted: auto-generated', `In-Reply-To: ${oneHeader(asked, 'Message-ID')}`];
        const answer = mail({ from: pair.seller, to: pair.aliases.buyer, text: `Yes: ${question}`, headers });
        assert.match((await send(scene, pair, 'seller', answer)).text, /^250 2\.0\.0 queued/);
        await nth(scene, ++count, pair, 'buyer');
      }
    });

    test('the same words of a program again and again go no further than three times an hour, to each order by itself', async () => {
      await using scene = await startScenario(kind);
      const other = await registerPair(scene.relay);
      const write = (pair: Registered, text: string) =>
        send(
          scene,
          pair,
          'seller',
          mail({ from: pair.seller, to: pair.aliases.buyer, subject: 'News', text, headers: ['Precedence: bulk'] }),
        );
      for (let time = 1; time <= 3; time++)
        assert.match((await write(scene.pair, 'It is on its way.')).text, /queued/, `time ${time}`);
      await assertDropped(scene, await write(scene.pair, 'It is  on its\r\nway.'), 'the fourth time');
      assert.match((await write(scene.pair, 'It has arrived.')).text, /queued/, 'other words');
      assert.match((await write(other, 'It is on its way.')).text, /queued/, 'another order');
    });

    test('two programs that answer and do not say so are refused at the fourth of the same words, for good, and people are not', async () => {
      await using scene = await startScenario(kind);
      const sent = await runResponders(scene, { isQuoting: true });
      assert.equal(sent.arrived, 7, 'the first message, and three answers each');
      assert.match(sent.last.text, /^554 5\.4\.6 /);
      const other = await registerPair(scene.relay);
      for (let time = 1; time <= 6; time++) {
        assert.equal((await send(scene, other, 'buyer', plain(other, 'buyer'))).code, 250, 'a person who insists');
        const answer = mail({ from: other.seller, to: other.aliases.buyer, text: `No, not ${time}.` });
        assert.equal((await send(scene, other, 'seller', answer)).code, 250);
      }
    });

    test('two programs that say something else each time stop for good at the budget of the alias; every other order goes on', async () => {
      await using scene = await startScenario(kind, { VEILPOST_LIMITS__PER_ALIAS: '3' });
      const sent = await runResponders(scene, { text: (count) => `Your message ${count} was taken.` });
      assert.equal(sent.arrived, 6, 'three each way');
      assert.match(sent.last.text, /^554 5\.4\.6 /, 'it is not tried again, so nothing goes on when the hour is over');
      const other = await registerPair(scene.relay);
      for (let time = 1; time <= 3; time++)
        assert.equal((await send(scene, other, 'seller', plain(other, 'seller'))).code, 250);
      const over = await send(scene, other, 'seller', plain(other, 'seller'));
      assert.match(over.text, /^451 4\.7\.1 /, 'nobody answers: that is no loop, and may come later');
      await nth(scene, 9, other, 'buyer');
      assert.equal(scene.sink.messages.length, 9);
    });

    test('what has passed three relays or fifty servers is refused, and so is a message of ours that comes back', async () => {
      await using scene = await startScenario(kind);
      const { pair } = scene;
      const from = (headers: readonly string[]): string =>
        mail({ from: pair.buyer, to: pair.aliases.seller, text: 'Hello', headers });
      const received = (times: number): readonly string[] =>
        Array.from({ length: times }, (_, hop) => `Received: by mx${hop}.test; Mon, 23 Nov 2026 10:00:00 +0000`);
      for (const headers of [['Veilpost-Hops: 3'], ['Veilpost-Hops: 12'], received(51)])
        assert.match((await scene.buyerWrites(from(headers))).text, /^554 5\.4\.6 /);
      assert.equal((await scene.buyerWrites(from(['Veilpost-Hops: 2', ...received(50)]))).code, 250);
      const { message, mail: arrived } = await scene.arrival(1, 'seller');
      assert.equal(oneHeader(arrived, 'Veilpost-Hops'), '3');
      assert.equal(headerValues(arrived, 'Received').length, 1);

      const echo = message.bytes.toString('latin1').replace(/\r\n$/, '');
      const forwarded = echo.replace(/^From: .*(?:\r\n[ \t].*)*/m, `From: <${pair.seller}>`);
      const forgetful = forwarded.replace(/^Veilpost-Hops: 3\r\n/m, '');
      assert.equal(new Set([echo, forwarded, forgetful]).size, 3);
      for (const data of [echo, forwarded, forgetful])
        assert.match((await scene.sellerWrites(data)).text, /^554 5\.4\.6 /);
      await assertNextIs(scene, 2);
    });
  });
}

/** Every header that an answer of the buyer's program arrives with. */
const ALLOWED = [
  'ARC-Authentication-Results',
  'ARC-Message-Signature',
  'ARC-Seal',
  'DKIM-Signature',
  'DKIM-Signature',
  'Received',
  'From',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'Auto-Submitted',
  'Veilpost-Hops',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
].sort();
const headersOf = (away: ReadMail): readonly string[] => away.headers.map(([name]) => name).sort();

const plain = (pair: Registered, author: 'buyer' | 'seller'): string =>
  mail({ from: pair[author], to: pair.aliases[author === 'seller' ? 'buyer' : 'seller'], text: 'Hello' });

function awayOf(pair: Registered, { subject, headers }: Responder): string {
  return mail({
    from: pair.buyer,
    to: pair.aliases.seller,
    subject,
    text: `I am away until Monday. Write to ${pair.buyer} then.`,
    headers: headers.map((header) => header.replace('ADDRESS', pair.buyer)),
  });
}

function receiptOf(pair: Registered): string {
  return [
    `From: <${pair.buyer}>`,
    `To: <${pair.aliases.seller}>`,
    'Subject: Read: Your order',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=disposition-notification; boundary=b',
    '',
    '--b',
    '',
    `It was shown to ${pair.buyer}.`,
    '--b',
    'Content-Type: message/disposition-notification',
    '',
    `Final-Recipient: rfc822; ${pair.buyer}`,
    'Disposition: manual-action/MDN-sent-manually; displayed',
    '--b--',
  ].join('\r\n');
}

function send({ relays }: Scenario, pair: Registered, author: 'buyer' | 'seller', data: string): Promise<Reply> {
  const relay = author === 'seller' ? relays[0] : relays.at(-1);
  assert.ok(relay !== undefined);
  const to = pair.aliases[author === 'seller' ? 'buyer' : 'seller'];
  return sendRaw(relay.ports.mx, { from: pair[author], to: [to], data });
}

/** As `scene.arrival`, for any order. */
async function nth(
  { sink }: Scenario,
  count: number,
  pair: Registered,
  reader: 'buyer' | 'seller',
): Promise<{ message: SinkMessage; mail: ReadMail }> {
  const message = (await sink.waitFor(count))[count - 1];
  assert.ok(message !== undefined);
  assert.deepEqual(message.to, [pair[reader]]);
  assertNoCanary(`message ${count}`, message.bytes, pair.canaries);
  return { message, mail: readWithPython(message.bytes) };
}

async function assertDropped({ relay }: Scenario, reply: Reply, what: string): Promise<void> {
  const id = /^250 2\.0\.0 taken and not passed on as (msg_[0-9a-z]{20})\r\n$/.exec(reply.text)?.[1];
  assert.ok(id !== undefined, `${what}: ${reply.text}`);
  const { text } = await relay.api('GET', `/v1/messages/${id}`);
  const { status, action, rules }: { status: string; action: string; rules: readonly string[] } = JSON.parse(text);
  assert.deepEqual(
    [status, action, rules.length],
    ['dropped', 'deliver', 1],
    `${what}: dropped, and held against nobody`,
  );
}

/** Nothing waits in front of the next message: it is number `count`, and the last. */
async function assertNextIs(scene: Scenario, count: number): Promise<void> {
  const marker = mail({ from: scene.pair.seller, to: scene.pair.aliases.buyer, text: 'the next message' });
  assert.equal((await scene.sellerWrites(marker)).code, 250);
  const { mail: arrived } = await scene.arrival(count, 'buyer');
  assert.match(arrived.text, /the next message/);
  assert.equal(scene.sink.messages.length, count);
}

interface Exchange {
  readonly headers?: readonly string[];
  /** Messages that the sink has had before. */
  readonly already?: number;
  readonly text?: (count: number) => string;
  /** The answers name what they answer. */
  readonly isThreaded?: boolean;
  /** The answers quote what they answer. */
  readonly isQuoting?: boolean;
}

/** A seller writes once; from then on both mailboxes answer whatever comes, until an answer is not passed on. */
async function runResponders(
  scene: Scenario,
  { headers = [], already = 0, text = () => 'I got your message.', isThreaded = false, isQuoting = false }: Exchange,
): Promise<{ arrived: number; last: Reply }> {
  const { pair } = scene;
  await send(scene, pair, 'seller', plain(pair, 'seller'));
  for (let arrived = 1; arrived < 30; arrived++) {
    const author = arrived % 2 === 1 ? 'buyer' : 'seller';
    const { mail: got } = await nth(scene, already + arrived, pair, author);
    const to = /<([^>]+)>$/.exec(oneHeader(got, 'From'))?.[1] ?? '';
    assert.equal(to, pair.aliases[author === 'buyer' ? 'seller' : 'buyer']);
    const quote = isQuoting ? got.text.trimEnd().replace(/^/gm, '> ').replace(/\r?\n/g, '\r\n') : '';
    const answer = mail({
      from: pair[author],
      to,
      subject: `Re: ${oneHeader(got, 'Subject')}`,
      text: [text(arrived), quote].join('\r\n'),
      headers: [...headers, ...(isThreaded ? [`In-Reply-To: ${oneHeader(got, 'Message-ID')}`] : [])],
    });
    const last = await send(scene, pair, author, answer);
    if (!last.text.includes('queued')) return { arrived, last };
  }
  assert.fail('the two never stop');
}
