import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseMessageId } from '../../src/core/ids.ts';
import { DAY } from '../../src/core/time.ts';
import { bounceAddress } from '../../src/orders/alias.ts';
import { keyFile } from '../../src/vault/key-file.ts';
import { BOUNCES, NON_REPORTS, PLANTED, PLANTED_HOST } from '../fixtures/bounces.ts';
import { assertNoCanary, canariesIn } from '../support/canary.ts';
import { mail } from '../support/registered.ts';
import { assertNothingReadableAtRest, oneHeader, startScenario, type Scenario } from '../support/scenario.ts';
import type { SinkMoment } from '../support/sink.ts';
import { sendRaw } from '../support/smtp-client.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

/** Words of the remote server and of the message itself: none of them belongs into a notice. */
const REMOTE = ['hidden.test', 'utterance', '203.0.113.9', 'body-of-the-original'];

const REASONS = {
  'mailbox-full': { subject: 'Not delivered: the mailbox is full', status: '5.2.2' },
  'unknown-mailbox': { subject: 'Not delivered: the mailbox is gone', status: '5.1.1' },
  'policy': { subject: 'Not delivered: refused by the mail provider', status: '5.7.1' },
  'too-big': { subject: 'Not delivered: the message is too big', status: '5.3.4' },
  'temporary': { subject: 'Not delivered in time', status: '5.4.7' },
  'other': { subject: 'Not delivered', status: '5.0.0' },
} as const;
type Reason = keyof typeof REASONS;

/** `ADDRESS` stands for the real recipient. */
const REFUSALS: readonly (readonly [moment: SinkMoment, reply: readonly string[], reason: Reason])[] = [
  ['RCPT', ['550 5.1.1 <ADDRESS>: utterance: user unknown at mx.hidden.test'], 'unknown-mailbox'],
  ['RCPT', ['550-5.2.1 utterance: the account of ADDRESS', '550 5.2.1 is disabled, 203.0.113.9'], 'unknown-mailbox'],
  ['RCPT', ['552 5.2.2 utterance: <ADDRESS> is over quota'], 'mailbox-full'],
  ['RCPT', ['552-utterance: the mailbox of ADDRESS is full', '552 see https://hidden.test/quota'], 'mailbox-full'],
  ['RCPT', ['452 4.2.2 utterance: mailbox of <ADDRESS> full'], 'mailbox-full'],
  ['RCPT', ['451 4.7.1 utterance: greylisted, ADDRESS, come again'], 'temporary'],
  ['RCPT', ['550 utterance'], 'other'],
  ['DATA', ['554 5.7.1 utterance: client host [203.0.113.9] blocked for ADDRESS'], 'policy'],
  ['message', ['552 5.3.4 utterance: too big for <ADDRESS>'], 'too-big'],
  [
    'message',
    ['554-5.7.1 utterance: ADDRESS', '554-5.7.1 looks like spam to mx.hidden.test', '554 5.7.1 no'],
    'policy',
  ],
  ['message', ['450 4.3.0 utterance: ADDRESS later'], 'temporary'],
  ['message', ['550 5.1.1 utterance: <ADDRESS> moved to other@hidden.test'], 'unknown-mailbox'],
];

/** Of every shape one; the rest is read in test/mail. */
const SHAPES = BOUNCES.filter(({ what }) =>
  /behind Postfix|full mailbox at Gmail|unauthenticated|too big for|ran out at Sendmail|warning of|confirmed by|in base64|without an action|not name its|as plain text|qmail does|gives no reason|GMX writes|GroupWise|in Japanese|Yahoo has/.test(
    what,
  ),
);
assert.equal(SHAPES.length, 17, 'a fixture was renamed: its shape is not sent any more');
const OTHERS = /receipt that a|complaint|a reply of a person|a person who/;

for (const kind of STORES) {
  describe(`on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    test('whatever a mail server says against a message, its author gets one notice in our words, about an alias', async () => {
      // The first retry comes after a minute, so a refusal for now is the last.
      await using scene = await startScenario(kind, { VEILPOST_DELIVERY__RETRY_FOR: '20s' });
      let count = 0;
      for (const [moment, reply, reason] of REFUSALS) {
        const [author, reader] = count % 2 === 0 ? (['seller', 'buyer'] as const) : (['buyer', 'seller'] as const);
        refuseOnce(scene, moment, reply.join('\r\n').replaceAll('ADDRESS', scene.pair[reader]));
        await write(scene, author);
        count += 1;
        await assertNotice(scene, count, author, reason);
      }
      await write(scene, 'seller');
      await scene.arrival(count + 1, 'buyer');
      assert.equal(scene.sink.messages.length, count + 1, 'each failure is told once');
      await assertNothingReadableAtRest(scene);
    });

    test('reports to the return path in the shapes that servers send give the same notice, each once; the rest gives none', async () => {
      await using scene = await startScenario(kind);
      let count = 0;
      for (const { what, raw, expected } of SHAPES) {
        const { id, returnPath } = await deliveredTo(scene, ++count);
        for (let time = 0; time < 2; time++) {
          const reply = await sendRaw(scene.relay.ports.mx, { from: '', to: [returnPath], data: raw });
          assert.equal(reply.code, 250, `${what}: ${reply.text}`);
        }
        if (expected?.action !== 'failed') continue;
        const bytes = await assertNotice(scene, ++count, 'seller', expected.reason);
        assert.deepEqual(canariesIn(bytes, [PLANTED, PLANTED_HOST]), [], what);
        assert.equal(await statusOf(scene, id), 'bounced', what);
      }
      const { id, returnPath } = await deliveredTo(scene, ++count);
      for (const { what, raw } of NON_REPORTS.filter((one) => OTHERS.test(one.what))) {
        const reply = await sendRaw(scene.relay.ports.mx, { from: '', to: [returnPath], data: raw });
        assert.match(reply.text, /person/.test(what) ? /^550 5\.7\.1 / : /^250 /, what);
      }
      assert.equal(await statusOf(scene, id), 'delivered');
      await deliveredTo(scene, ++count);
      assert.equal(scene.sink.messages.length, count);
    });

    test('every message has a return path of its own; one that is forged, altered or three weeks old is no mailbox', async () => {
      await using scene = await startScenario(kind);
      const { pair, relay } = scene;
      const paths: string[] = [];
      for (let count = 1; count <= 3; count++) paths.push((await deliveredTo(scene, count)).returnPath);
      assert.equal(new Set(paths).size, 3);
      const [path = ''] = paths;
      const { id } = await deliveredTo(scene, 4);
      const messageId = parseMessageId(id);
      assert.ok(messageId !== undefined);
      const { alias } = await keyFile(join(scene.store.folder, 'data', 'keys.json')).load();
      const minted = (days: number): string => bounceAddress(messageId, Date.now() - days * DAY, 'relay.test', alias);
      const other = (letter: string | undefined): string => (letter === 'x' ? 'y' : 'x');
      const altered = [1, 22, 27].map((at) => path.slice(0, at) + other(path[at]) + path.slice(at + 1));
      const wrong = [`r${'0'.repeat(30)}@relay.test`, ...altered, minted(23), minted(400), `b${path.slice(1)}`];
      const ask = async (to: string) => (await sendRaw(relay.ports.mx, { from: '', to: [to], data: SIMPLE })).text;
      const [first, ...others] = await Promise.all(wrong.map(ask));
      assert.match(first ?? '', /^550 5\.1\.1 /);
      for (const answer of others) assert.equal(answer, first);
      assert.equal(await statusOf(scene, id), 'delivered');

      assert.match(await ask(minted(20)), /^250 /);
      await assertNotice(scene, 5, 'seller', 'unknown-mailbox');
      assert.match(await ask(path.toUpperCase().replace('RELAY.TEST', 'relay.test')), /^250 /);
      await assertNotice(scene, 6, 'seller', 'unknown-mailbox');
      assert.deepEqual(scene.sink.messages[5]?.to, [pair.seller]);
    });

    test('a stranger who writes, or sends a report, to an alias is refused and gets no mail from us', async () => {
      await using scene = await startScenario(kind);
      const { pair, relay } = scene;
      for (const to of [pair.aliases.buyer, pair.aliases.seller]) {
        const letter = mail({ from: 'x@stranger.test', to, text: 'Hello' });
        for (const [from, data] of [
          ['x@stranger.test', letter],
          ['x@stranger.test', SIMPLE],
          ['', SIMPLE],
        ] as const)
          assert.match((await sendRaw(relay.ports.mx, { from, to: [to], data })).text, /^550 5\.1\.1 /);
      }
      await deliveredTo(scene, 1);
      assert.equal(scene.sink.messages.length, 1);
      assert.equal(
        scene.sink.commands.some((line) => line.includes('stranger')),
        false,
      );
    });

    test('a notice is the end: nothing that answers it is taken, and nobody is told that it was refused', async () => {
      await using scene = await startScenario(kind);
      const { pair, relay, sink } = scene;
      refuseOnce(scene, 'RCPT', '550 5.1.1 utterance');
      await write(scene, 'seller');
      await assertNotice(scene, 1, 'seller', 'unknown-mailbox');
      for (const to of ['mailer-daemon@relay.test', pair.aliases.seller, pair.aliases.buyer]) {
        const reply = await sendRaw(relay.ports.mx, { from: '', to: [to], data: SIMPLE });
        assert.match(reply.text, /^550 5\.1\.1 /, to);
      }
      const answer = mail({ from: pair.seller, to: 'mailer-daemon@relay.test', text: 'I am away.' });
      const reply = await sendRaw(relay.ports.mx, {
        from: pair.seller,
        to: ['mailer-daemon@relay.test'],
        data: answer,
      });
      assert.match(reply.text, /^550 5\.1\.1 /);

      sink.answer({ RCPT: '550 5.1.1 utterance' });
      await write(scene, 'seller');
      await until(() => relay.printed().split('outbox.failed').length > 3);
      sink.answer('accept');
      await deliveredTo(scene, 2);
      assert.equal(sink.messages.length, 2, 'the notice that was refused had no notice');
    });
  });
}

const SIMPLE = [
  'From: MAILER-DAEMON@mx.hidden.test',
  'Subject: failure notice',
  'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
  '',
  '--b',
  'Content-Type: message/delivery-status',
  '',
  `Final-Recipient: rfc822; ${PLANTED}`,
  'Action: failed',
  'Status: 5.1.1',
  '--b--',
].join('\r\n');

/** The next time that this moment comes, `reply` is said; everything after it is accepted. */
function refuseOnce({ sink }: Scenario, moment: SinkMoment, reply: string): void {
  const refuse = (socket: Socket): void => {
    sink.answer('accept');
    socket.write(`${reply}\r\n`);
  };
  sink.answer({ [moment]: refuse });
}

/** The id of the message that went in. */
async function write(scene: Scenario, author: 'buyer' | 'seller'): Promise<string> {
  const { pair } = scene;
  const draft = { from: pair[author], subject: 'A question', text: 'body-of-the-original' };
  const reply =
    author === 'seller'
      ? await scene.sellerWrites(mail({ ...draft, to: pair.aliases.buyer }))
      : await scene.buyerWrites(mail({ ...draft, to: pair.aliases.seller }));
  const id = /queued as (msg_[0-9a-z]{20})/.exec(reply.text)?.[1];
  assert.ok(id !== undefined, reply.text);
  return id;
}

/** A seller's message that arrived as number `count`, and is known to have. */
async function deliveredTo(scene: Scenario, count: number): Promise<{ id: string; returnPath: string }> {
  const id = await write(scene, 'seller');
  const message = (await scene.sink.waitFor(count))[count - 1];
  assert.ok(message !== undefined);
  assert.deepEqual(message.to, [scene.pair.buyer]);
  assertNoCanary(`message ${count}`, message.bytes, scene.pair.canaries);
  assert.match(message.from, /^r[0-9a-z]{30}@relay\.test$/);
  await until(async () => (await statusOf(scene, id)) === 'delivered');
  return { id, returnPath: message.from };
}

async function statusOf({ relay }: Scenario, id: string): Promise<string> {
  const { status }: { status: string } = JSON.parse((await relay.api('GET', `/v1/messages/${id}`)).text);
  return status;
}

async function assertNotice(
  scene: Scenario,
  count: number,
  author: 'buyer' | 'seller',
  reason: Reason,
): Promise<Uint8Array> {
  const { message, mail: notice } = await scene.arrival(count, author);
  const other = scene.pair.aliases[author === 'seller' ? 'buyer' : 'seller'];
  const { subject, status } = REASONS[reason];
  assert.equal(message.from, '', 'a notice has the null reverse path');
  assert.equal(oneHeader(notice, 'Auto-Submitted'), 'auto-replied');
  assert.equal(oneHeader(notice, 'Subject'), `${subject} (order ${scene.pair.orderId})`);
  assert.equal(oneHeader(notice, 'To'), scene.pair.aliases[author]);
  assert.match(oneHeader(notice, 'Content-Type'), /^multipart\/report;.*report-type="?delivery-status"?/s);
  assert.deepEqual(notice.defects, []);
  assert.deepEqual(canariesIn(message.bytes, REMOTE), [], 'not a word of the remote server, nor of the original');
  const raw = message.bytes.toString('latin1');
  const part = /\r\nContent-Type: message\/delivery-status\r\n(?:[^\r]+\r\n)*\r\n(.*?)\r\n--/s.exec(raw)?.[1] ?? '';
  const field = (name: string) =>
    [...part.matchAll(new RegExp(`^${name}: (.*?)\\r?$`, 'gm'))].map(([, value]) => value);
  assert.deepEqual(field('Final-Recipient'), [`rfc822; ${other}`]);
  assert.deepEqual(field('Action'), ['failed']);
  assert.deepEqual(field('Status'), [status]);
  assert.match(field('Reporting-MTA')[0] ?? '', /^dns; mail(-2)?\.relay\.test$/);
  const known = /^(?:Reporting-MTA|Arrival-Date|Final-Recipient|Action|Status): /;
  assert.deepEqual(
    part.split('\r\n').filter((line) => line !== '' && !known.test(line)),
    [],
    'no other field',
  );
  return message.bytes;
}

/** Looks again until it is so; the test's own time limit ends a wait for what never comes. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}
