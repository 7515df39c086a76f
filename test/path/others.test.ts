import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createTransport } from 'nodemailer';
import { assertNoCanary } from '../support/canary.ts';
import { mail, registerPair, type Registered } from '../support/registered.ts';
import { assertNothingReadableAtRest, oneHeader, startScenario, type Scenario } from '../support/scenario.ts';
import { headerValues, readWithPython } from '../support/second-parser.ts';
import { sendRaw } from '../support/smtp-client.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

const STRANGER = 'canary.colleague@elsewhere-company.test';

for (const kind of STORES) {
  describe(`on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    for (const author of ['seller', 'buyer'] as const) {
      test(`whoever a ${author} put into Cc gets nothing from us and is not shown, and the ${author} is told so once`, async () => {
        await using scene = await startScenario(kind);
        const { pair, relay, sink } = scene;
        const reader = author === 'seller' ? 'buyer' : 'seller';
        const headers = [`Cc: A Colleague <${STRANGER}>`, `Reply-To: <${STRANGER}>`];
        for (const text of ['the first', 'the second']) {
          const sent = await write(scene, author, { text, headers });
          assert.match(sent.text, /^250 2\.0\.0 queued/);
        }
        const arrived = await three(scene);
        for (const message of arrived) assertNoCanary('an arrival', message, [...pair.canaries, STRANGER]);
        const about = sink.messages.map((message) => message.to.join());
        assert.deepEqual(about.toSorted(), [pair[author], pair[reader], pair[reader]].toSorted());
        const place = sink.messages.findIndex((message) => message.to[0] === pair[author]);
        const { message, mail: note } = await scene.arrival(place + 1, author);
        assert.equal(message.from, '');
        assert.equal(oneHeader(note, 'Auto-Submitted'), 'auto-replied');
        assert.match(oneHeader(note, 'Subject'), /^Taken for the alias only \(order /);
        const first = sink.messages.findIndex((one) => one.to[0] === pair[reader]);
        const { mail: seen } = await scene.arrival(first + 1, reader);
        for (const name of ['Cc', 'Bcc', 'Reply-To']) assert.deepEqual(headerValues(seen, name), [], name);
        assert.equal(oneHeader(seen, 'To').endsWith(`<${pair.aliases[reader]}>`), true);
        assert.ok(sink.commands.every((line) => !line.includes('elsewhere')));

        const isTold = relay.printed().includes('real-address-beside-alias');
        assert.equal(isTold, author === 'seller', 'a buyer may write to whom they like');
        assertNoCanary('the log', relay.printed(), [STRANGER]);
        await assertNothingReadableAtRest(scene);
      });
    }

    test("a seller who puts the buyer's real address into Cc reaches the alias alone, and the log says which kind it was", async () => {
      await using scene = await startScenario(kind);
      const { pair, relay } = scene;
      await write(scene, 'seller', { text: 'Hello', headers: [`Cc: <${pair.buyer}>`] });
      const messages = await scene.sink.waitFor(2);
      for (const message of messages) assertNoCanary('an arrival', message.bytes, pair.canaries);
      assert.deepEqual(messages.flatMap(({ to }) => to).toSorted(), [pair.buyer, pair.seller].toSorted());
      const tried = relay
        .printed()
        .split('\n')
        .filter((line) => line.includes('bypass.tried'));
      assert.equal(tried.length, 1);
      assert.match(tried[0] ?? '', /real-recipient/);
    });

    test('an answer to all, with both aliases of the order in it, is one message to the other party and no offence', async () => {
      await using scene = await startScenario(kind);
      const { pair, relay } = scene;
      const both = [`Cc: <${pair.aliases.buyer}>, Shop <${pair.aliases.seller}>`];
      assert.equal((await write(scene, 'buyer', { text: 'an answer to all', headers: both })).code, 250);
      const { mail: first } = await scene.arrival(1, 'seller');
      assert.match(first.text, /an answer to all/);
      assert.deepEqual(headerValues(first, 'Cc'), []);
      assert.equal((await write(scene, 'seller', { text: 'and one back', headers: both })).code, 250);
      await scene.arrival(2, 'buyer');

      // A program that gives its server every address of the header: its author's own alias is no mailbox for them.
      const transport = createTransport({ host: '127.0.0.1', port: relay.ports.mx, ignoreTLS: true });
      const { seller: to, buyer: cc } = pair.aliases;
      const told = await transport.sendMail({ from: pair.buyer, to, cc, subject: 'Re', text: 'to both aliases' });
      transport.close();
      assert.deepEqual([told.accepted, told.rejected], [[to], [cc]]);
      assert.match((await scene.arrival(3, 'seller')).mail.text, /to both aliases/);
      assert.equal((await write(scene, 'buyer', { text: 'the last' })).code, 250);
      await scene.arrival(4, 'seller');
      assert.equal(scene.sink.messages.length, 4, 'no note');
      assert.equal(relay.printed().includes('real-address-beside-alias'), false);
    });

    test('whose own address was hidden in what they wrote is told once a day; in a quote it is hidden without a word', async () => {
      await using scene = await startScenario(kind);
      const { pair, sink } = scene;
      const quote = `Thank you!\r\n\r\nOn 23 Nov 2026, Nord Tools wrote:\r\n> To: ${pair.buyer}\r\n> It is sent.`;
      await write(scene, 'buyer', { text: quote });
      const { mail: quoted } = await scene.arrival(1, 'seller');
      assert.match(quoted.text, /> To: \[address hidden\]/);
      for (const text of ['Please write to', 'Once more:'])
        await write(scene, 'buyer', { text: `${text} ${pair.buyer}` });
      await scene.sink.waitFor(4);
      await write(scene, 'buyer', { text: 'the last' });
      await scene.sink.waitFor(5);
      const readers = sink.messages.map(({ to }) => to[0]);
      assert.equal(readers.filter((reader) => reader === pair.seller).length, 4);
      const { message, mail: note } = await scene.arrival(readers.indexOf(pair.buyer) + 1, 'buyer');
      assert.equal(message.from, '');
      assert.match(oneHeader(note, 'Subject'), /^Delivered without an address \(order /);
      assert.match(note.text, /"\[address hidden\]"/);
      for (const [place, reader] of readers.entries())
        if (reader === pair.seller) assertNoCanary('an arrival', sink.messages[place]?.bytes ?? '', pair.canaries);
      const masked = await figure(scene, 'veilpost_addresses_masked_total{from="buyer"}');
      assert.ok(masked >= 3, `${masked} places`);
    });

    test('each kind of note has a day of its own: who was told of an address hears of the people beside the alias all the same', async () => {
      await using scene = await startScenario(kind);
      const { pair } = scene;
      await write(scene, 'buyer', { text: `Write to ${pair.buyer}.` });
      assert.deepEqual(await notesTo(scene, 'buyer', 2), ['Delivered without an address']);
      await write(scene, 'buyer', { text: 'Hello', headers: [`Cc: <${STRANGER}>`] });
      assert.deepEqual(await notesTo(scene, 'buyer', 4), ['Delivered without an address', 'Taken for the alias only']);
    });

    test('an address of the author in a file, in the name of a file or behind a link in HTML was meant, and the author is told', async () => {
      await using scene = await startScenario(kind);
      let count = 0;
      for (const part of OWN_PARTS) {
        const pair = await registerPair(scene.relay);
        const data = multipart(pair, part.replaceAll('ADDRESS', pair.buyer));
        const relay = scene.relays.at(-1);
        assert.ok(relay !== undefined);
        const sent = await sendRaw(relay.ports.mx, { from: pair.buyer, to: [pair.aliases.seller], data });
        assert.match(sent.text, /^250 2\.0\.0 queued/, part);
        count += 2;
        assert.deepEqual(await notesTo({ ...scene, pair }, 'buyer', count), ['Delivered without an address'], part);
      }
    });

    test('of a held message its author hears at once who got nothing, and what was hidden when it is let go; both are counted', async () => {
      await using scene = await startScenario(kind);
      const { pair, relay } = scene;
      const text = `Write to ${pair.seller}.\r\n${LOCKED}`;
      const sent = await write(scene, 'seller', { text, headers: [`Cc: <${STRANGER}>`] });
      assert.match(sent.text, /^250 2\.0\.0 held/);
      assert.deepEqual(await notesTo(scene, 'seller', 1), ['Taken for the alias only']);
      const { data }: { data: readonly { id: string }[] } = JSON.parse((await relay.api('GET', '/v1/cases')).text);
      const decided = await relay.api('POST', `/v1/cases/${data[0]?.id}/decision`, {
        outcome: 'release',
        reason: 'fine',
      });
      assert.equal(decided.status, 200, decided.text);
      assert.deepEqual(await notesTo(scene, 'seller', 3), ['Taken for the alias only', 'Delivered without an address']);
      await write(scene, 'seller', { text: `Again: ${pair.seller}` });
      await write(scene, 'seller', { text: 'the last' });
      await scene.sink.waitFor(5);
      assert.equal((await notesTo(scene, 'seller', 5)).length, 2, 'the note at the release counts for the day');
      assert.equal(
        await figure(scene, 'veilpost_addresses_masked_total{from="seller"}'),
        2,
        'one was let go, one came after',
      );
      assert.equal(await figure(scene, 'veilpost_bypasses_total{kind="real-address-beside-alias"}'), 1);
    });

    test('an answer that should go to another address is no message to it: neither an offence nor worth a note', async () => {
      await using scene = await startScenario(kind);
      await write(scene, 'seller', { text: 'Hello', headers: [`Reply-To: Helpdesk <${STRANGER}>`] });
      await write(scene, 'seller', { text: 'the next' });
      const messages = await scene.sink.waitFor(2);
      for (const { to } of messages) assert.deepEqual(to, [scene.pair.buyer]);
      assert.equal(scene.relay.printed().includes('bypass.tried'), false);
    });

    test('what was told to come later is one offence when it has come', async () => {
      await using scene = await startScenario(kind, { VEILPOST_LIMITS__PER_ALIAS: '1' });
      const { pair, relay } = scene;
      const buyer = { id: 'buyer-2', address: 'canary.second@buyer-2.test' };
      const put = await relay.api('PUT', `/v1/orders/${pair.orderId}-2`, { sellerId: pair.sellerId, buyer });
      const { aliases }: { aliases: { buyer: string } } = JSON.parse(put.text);
      const send = (to: readonly string[], headers: readonly string[]) => {
        const data = mail({ from: pair.seller, to: pair.aliases.buyer, text: 'Hello', headers });
        return sendRaw(scene.relays[0]?.ports.mx ?? 0, { from: pair.seller, to, data });
      };
      assert.equal((await send([aliases.buyer], [])).code, 250);
      const headers = [`Cc: <${STRANGER}>`];
      assert.equal((await send([pair.aliases.buyer, aliases.buyer], headers)).code, 451, 'the second has had enough');
      assert.equal(relay.printed().includes('bypass.tried'), false, 'nothing was taken');
      assert.equal((await send([pair.aliases.buyer], headers)).code, 250);
      await scene.sink.waitFor(3);
      assert.equal(relay.printed().split('bypass.tried').length - 1, 1);
    });

    test('the figures count what was masked, know of no leak, and name nobody', async () => {
      await using scene = await startScenario(kind);
      const { pair } = scene;
      assert.equal(await figure(scene, 'veilpost_addresses_masked_total{from="buyer"}'), 0);
      await write(scene, 'buyer', { text: `It is ${pair.buyer}, or ${pair.buyer.toUpperCase()}.` });
      await write(scene, 'seller', { text: 'Hello', headers: [`Cc: <${STRANGER}>`] });
      await scene.sink.waitFor(4);
      assert.equal(await figure(scene, 'veilpost_addresses_masked_total{from="buyer"}'), 2);
      assert.equal(await figure(scene, 'veilpost_bypasses_total{kind="real-address-beside-alias"}'), 1);
      for (const relay of scene.relays) {
        const text = await metricsOf(relay.ports.metrics);
        assert.match(text, /^veilpost_leaks_stopped_total 0$/m);
        assertNoCanary('the figures', text, [...pair.canaries, STRANGER]);
        for (const word of [pair.orderId, pair.sellerId, pair.aliases.buyer, pair.aliases.seller])
          assert.equal(text.includes(word), false, word);
      }
    });

    test('the addresses of the marketplace and the page of a carrier arrive as the seller wrote them', async () => {
      await using scene = await startScenario(kind);
      const text =
        'Track it at https://www.dhl.de/track?id=1. Questions: help@market.test or service@mail.market.test.';
      const sent = await write(scene, 'seller', { text, headers: ['Cc: <help@market.test>'] });
      assert.match(sent.text, /^250 2\.0\.0 queued/);
      const { mail: arrived } = await scene.arrival(1, 'buyer');
      assert.ok(arrived.text.includes(text), arrived.text);
      await write(scene, 'seller', { text: 'the next' });
      await scene.arrival(2, 'buyer');
      assert.equal(scene.sink.messages.length, 2, 'no note about the people of the marketplace');
    });
  });
}

function write(
  scene: Scenario,
  author: 'buyer' | 'seller',
  draft: { readonly text: string; readonly headers?: readonly string[] },
) {
  const { pair } = scene;
  return author === 'seller'
    ? scene.sellerWrites(mail({ from: pair.seller, to: pair.aliases.buyer, ...draft }))
    : scene.buyerWrites(mail({ from: pair.buyer, to: pair.aliases.seller, ...draft }));
}

/** Nobody can look into this, so it is held. */
const LOCKED = '-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA1rQ\r\n-----END PGP MESSAGE-----';

/** `ADDRESS` stands for the author's own. */
const OWN_PARTS: readonly string[] = [
  'Content-Type: text/csv; name=list.csv\r\nContent-Disposition: attachment; filename=list.csv\r\n\r\nJane;ADDRESS',
  'Content-Type: text/csv\r\nContent-Disposition: attachment; filename="ADDRESS.csv"\r\n\r\nJane;Kim',
  'Content-Type: text/html; charset=utf-8\r\n\r\n<p>Write <a href="mailto:ADDRESS">to me</a>.</p>',
];

/** A text that says nothing, and beside it another part. */
function multipart({ buyer, aliases }: Registered, part: string): string {
  const subtype = part.includes('text/html') ? 'alternative' : 'mixed';
  return [
    `From: <${buyer}>`,
    `To: <${aliases.seller}>`,
    'Subject: A list',
    'MIME-Version: 1.0',
    `Content-Type: multipart/${subtype}; boundary=b`,
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Write to me.',
    '--b',
    part,
    '--b--',
  ].join('\r\n');
}

/** What the author was told, when the mail server has had `count` messages, without the order. */
async function notesTo(
  { sink, pair }: Scenario,
  author: 'buyer' | 'seller',
  count: number,
): Promise<readonly string[]> {
  const messages = (await sink.waitFor(count)).slice(0, count);
  const mine = messages.filter(({ from, to }) => from === '' && to.includes(pair[author]));
  return mine.map(({ bytes }) => oneHeader(readWithPython(bytes), 'Subject').replace(/ \(order .*/, ''));
}

async function three({ sink }: Scenario): Promise<readonly Uint8Array[]> {
  return (await sink.waitFor(3)).map(({ bytes }) => bytes);
}

const metricsOf = async (port: number): Promise<string> => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();

/** Over all relays; 0 for what was not counted yet. */
async function figure({ relays }: Scenario, name: string): Promise<number> {
  const texts = await Promise.all(relays.map((relay) => metricsOf(relay.ports.metrics)));
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line.startsWith(`${name} `));
  return lines.reduce((sum, line) => sum + Number(line.slice(name.length)), 0);
}
