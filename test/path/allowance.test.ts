/** How much a seller may send, over real SMTP and HTTP: at the limit, one over, ten times over, and when it flows again. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts';
import { startClockedRelay, type ClockedRelay } from '../support/clocked-relay.ts';
import { mail, type Registered } from '../support/registered.ts';
import { headerValues, readWithPython } from '../support/second-parser.ts';
import { connectSmtp } from '../support/smtp-client.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

const LATER = /^451 4\.7\.1 /;
const DAY_FULL = /^451 4\.7\.1 This seller has sent all the messages of its day/;
const MINUTE_FULL = /^451 4\.7\.1 Too many messages of this seller within a minute/;
const SEEN = /^250 2\.0\.0 taken before as /;
const TAKEN = /^250 2\.0\.0 queued as /;

const post = (relay: ClockedRelay, { orderId }: Registered, text: string) =>
  relay.api('POST', '/v1/messages', { orderId, from: 'seller', subject: 'Your order', text });

async function limitsOf(relay: ClockedRelay, { sellerId }: Registered): Promise<Limits> {
  const { status, text } = await relay.api('GET', `/v1/sellers/${sellerId}/standing`);
  assert.equal(status, 200, text);
  const standing: { limits: Limits } = JSON.parse(text);
  return standing.limits;
}

interface Limits {
  readonly day: { readonly used: number; readonly allowed: number; readonly resetsAt: string };
  readonly minute: { readonly used: number; readonly allowed: number; readonly resetsAt: string };
}

async function addOrders(
  relay: ClockedRelay,
  { sellerId }: Registered,
  count: number,
  placedAt: number,
  mark: string,
): Promise<void> {
  for (let number = 1; number <= count; number++) {
    const answer = await relay.api('PUT', `/v1/orders/${mark}-${sellerId}-${number}`, {
      sellerId,
      buyer: { id: `kim-${number}`, address: `kim-${number}@post.test` },
      placedAt: new Date(placedAt).toISOString(),
    });
    assert.equal(answer.status, 201, answer.text);
  }
}

for (const kind of STORES) {
  describe(`on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    test('a seller who has sent what a day allows is put off to the next, and nothing of it is lost', async () => {
      await using relay = await startClockedRelay(kind, { VEILPOST_LIMITS__VOLUME_BASE: '4' });
      const [shop, neighbour] = [await relay.register(), await relay.register()];
      for (let number = 1; number <= 4; number++) {
        assert.match((await relay.send(shop, 'seller', `Note ${number}`)).text, TAKEN, `message ${number}`);
      }
      for (let over = 1; over <= 36; over++) {
        assert.match((await relay.send(shop, 'seller', 'Note 5')).text, DAY_FULL, `${over} over`);
      }
      const posted = await post(relay, shop, 'Note 5 by the API');
      assert.equal(posted.status, 429, posted.text);
      assert.match(posted.text, /"code":"seller\.volume"/);
      assert.equal(posted.headers.get('retry-after'), String(12 * 60 * 60), 'to midnight UTC');
      assert.match((await relay.send(neighbour, 'seller', 'Hello')).text, TAKEN, 'another seller is not touched');
      assert.match((await relay.send(shop, 'buyer', 'Where is it?')).text, TAKEN, 'nor is the buyer');
      await relay.out(6);

      relay.clock.advance(12 * HOUR - 1);
      assert.match((await relay.send(shop, 'seller', 'Note 5')).text, DAY_FULL, 'a millisecond before midnight');
      relay.clock.advance(1);
      assert.match((await relay.send(shop, 'seller', 'Note 5')).text, TAKEN, 'the same message, tried again');
      assert.equal((await post(relay, shop, 'Note 5 by the API')).status, 202);
      await relay.out(8);
      assert.equal((await limitsOf(relay, shop)).day.used, 2, 'what was put off was counted never, then once');
    });

    test('for each order that a seller has a day, it may send five more', async () => {
      await using relay = await startClockedRelay(kind, { VEILPOST_LIMITS__VOLUME_BASE: '2' });
      const shop = await relay.register();
      assert.equal((await limitsOf(relay, shop)).day.allowed, 2, 'one order in thirty days is a sixth of a message');
      await addOrders(relay, shop, 5, relay.clock.now(), 'A');
      assert.equal((await limitsOf(relay, shop)).day.allowed, 3, 'six are one message');
      await addOrders(relay, shop, 6, relay.clock.now() - 29 * DAY, 'B');
      await addOrders(relay, shop, 6, relay.clock.now() - 30 * DAY, 'C');
      assert.equal((await limitsOf(relay, shop)).day.allowed, 4, 'those of a month ago are none');
      await addOrders(relay, shop, 5, relay.clock.now(), 'D');
      for (let number = 1; number <= 4; number++)
        assert.match((await relay.send(shop, 'seller', `Note ${number}`)).text, TAKEN);
      assert.match((await relay.send(shop, 'seller', 'Note 5')).text, DAY_FULL);
      relay.clock.advance(DAY);
      assert.equal((await limitsOf(relay, shop)).day.allowed, 3, 'the days of the orders move on');
    });

    test('a client that sends once more is answered 250 on a day that is full, and nothing more is counted', async () => {
      await using relay = await startClockedRelay(kind, { VEILPOST_LIMITS__VOLUME_BASE: '2' });
      const shop = await relay.register();
      const again = { headers: ['Message-ID: <first@shop.test>'] };
      const first = await relay.send(shop, 'seller', 'Note 1', again);
      assert.match(first.text, TAKEN);
      assert.match((await relay.send(shop, 'seller', 'Note 1', again)).text, SEEN);
      assert.equal((await limitsOf(relay, shop)).day.used, 1);
      assert.match((await relay.send(shop, 'seller', 'Note 2')).text, TAKEN);
      assert.match((await relay.send(shop, 'seller', 'Note 3')).text, DAY_FULL);
      assert.match((await relay.send(shop, 'seller', 'Note 1', again)).text, SEEN);
      assert.equal((await limitsOf(relay, shop)).day.used, 2);
      await relay.out(2);
    });

    test('an answer to the buyer goes on a day that is full, and counts', async () => {
      await using relay = await startClockedRelay(kind, { VEILPOST_LIMITS__VOLUME_BASE: '2' });
      const [shop, other] = [await relay.register(), await relay.register()];
      assert.match((await relay.send(shop, 'buyer', 'Which bits fit my drill?')).text, TAKEN);
      await relay.out(1);
      const [asked] = headerValues(readWithPython(relay.shipments[0]?.bytes ?? Buffer.of()), 'Message-ID');
      assert.ok(asked !== undefined);
      const answering = { headers: [`In-Reply-To: ${asked}`] };
      for (let number = 1; number <= 4; number++) {
        assert.match((await relay.send(shop, 'seller', `Those of ${number} mm.`, answering)).text, TAKEN);
      }
      assert.equal((await limitsOf(relay, shop)).day.used, 4);
      assert.match((await relay.send(shop, 'seller', 'And a saw?')).text, DAY_FULL);
      const invented = { headers: ['In-Reply-To: <invented@relay.test>'] };
      assert.match((await relay.send(shop, 'seller', 'And a saw?', invented)).text, DAY_FULL);
      for (const text of ['One', 'Two']) assert.match((await relay.send(other, 'seller', text)).text, TAKEN);
      assert.match(
        (await relay.send(other, 'seller', 'Three', answering)).text,
        DAY_FULL,
        'the question of another order',
      );
    });

    test('a seller who floods is put off to the next minute, however it sends, and another is not', async () => {
      await using relay = await startClockedRelay(kind, { VEILPOST_LIMITS__PER_SELLER: '5' });
      const [shop, neighbour] = [await relay.register(), await relay.register()];
      const replies = await Promise.all(
        Array.from({ length: 50 }, (_, number) => relay.send(shop, 'seller', `Note ${number}`)),
      );
      assert.equal(replies.filter(({ text }) => TAKEN.test(text)).length, 5, 'of fifty at once');
      assert.equal(replies.filter(({ text }) => MINUTE_FULL.test(text)).length, 45);
      const posted = await post(relay, shop, 'By the API');
      assert.equal(posted.status, 429, posted.text);
      assert.match(posted.text, /"code":"seller\.tooMany"/);
      assert.equal(posted.headers.get('retry-after'), '60');
      assert.match((await relay.send(neighbour, 'seller', 'Hello')).text, TAKEN);
      await relay.out(6);
      relay.clock.advance(MINUTE);
      assert.match((await relay.send(shop, 'seller', 'Note 6')).text, TAKEN);
      await relay.out(7);
      assert.equal((await limitsOf(relay, shop)).minute.used, 1);
      assert.equal((await limitsOf(relay, shop)).day.used, 6);
    });

    test('a transaction is put off whole, and can always be taken when the minute is new', async () => {
      await using relay = await startClockedRelay(kind, { VEILPOST_LIMITS__PER_SELLER: '1' });
      const shop = await relay.register();
      const second = await relay.api('PUT', `/v1/orders/SECOND-${shop.sellerId}`, {
        sellerId: shop.sellerId,
        buyer: { id: 'kim', address: 'kim@post.test' },
      });
      const { aliases }: Pick<Registered, 'aliases'> = JSON.parse(second.text);
      const toBoth = async () => {
        await using client = await connectSmtp(relay.smtpPort);
        await client.say('EHLO client.test');
        await client.say(`MAIL FROM:<${shop.seller}>`);
        for (const to of [shop.aliases.buyer, aliases.buyer])
          assert.equal((await client.say(`RCPT TO:<${to}>`)).code, 250);
        await client.say('DATA');
        client.write(mail({ from: shop.seller, to: shop.aliases.buyer, text: 'Closed on Monday' }));
        return await client.say('\r\n.');
      };
      assert.match((await toBoth()).text, /^250 /);
      assert.match((await toBoth()).text, LATER);
      await relay.out(2);
      assert.equal((await limitsOf(relay, shop)).minute.used, 2, 'nothing of what was put off');
      relay.clock.advance(MINUTE);
      assert.match((await toBoth()).text, /^250 /);
    });

    test('one order takes so many messages of one party in an hour, and the next hour as many again', async () => {
      await using relay = await startClockedRelay(kind, { VEILPOST_LIMITS__PER_ALIAS: '3' });
      const [shop, neighbour] = [await relay.register(), await relay.register()];
      for (let number = 1; number <= 3; number++)
        assert.match((await relay.send(shop, 'seller', `Note ${number}`)).text, TAKEN);
      for (let over = 1; over <= 27; over++) assert.match((await relay.send(shop, 'seller', 'Note 4')).text, LATER);
      assert.match((await relay.send(neighbour, 'seller', 'Hello')).text, TAKEN);
      await relay.out(4);
      relay.clock.advance(HOUR);
      assert.match((await relay.send(shop, 'seller', 'Note 4')).text, TAKEN);
      await relay.out(5);
    });

    test('what is refused by a limit is a figure, with words only', async () => {
      await using relay = await startClockedRelay(kind, { VEILPOST_LIMITS__VOLUME_BASE: '1' });
      const shop = await relay.register();
      await relay.send(shop, 'seller', 'Note 1');
      await relay.send(shop, 'seller', 'Note 2');
      await post(relay, shop, 'Note 2');
      const figures = await relay.figures();
      assert.match(figures, /^veilpost_refused_by_limit_total\{door="mx",code="seller\.volume"\} 1$/m);
      assert.match(figures, /^veilpost_refused_by_limit_total\{door="http",code="seller\.volume"\} 1$/m);
      assert.ok(!figures.includes(shop.sellerId) && !figures.includes(shop.seller));
    });
  });
}
