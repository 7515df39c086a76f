import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createTransport } from 'nodemailer';
import { assertNoCanary } from '../support/canary.ts';
import { mail } from '../support/registered.ts';
import { assertNothingReadableAtRest, oneHeader, startScenario, type Scenario } from '../support/scenario.ts';
import { headerValues } from '../support/second-parser.ts';
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
        assert.match(oneHeader(note, 'Subject'), /^Delivered to the alias only \(order /);
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
