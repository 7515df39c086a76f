/** How long a seller takes to answer, over real SMTP, on a clock that is moved by hand. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts';
import { startClockedRelay, type ClockedRelay } from '../support/clocked-relay.ts';
import type { Registered } from '../support/registered.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

const TAKEN = /^250 2\.0\.0 queued as /;
/** Nobody can look into it, so a person has to. */
const LOCKED = '-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA1rQ\r\n-----END PGP MESSAGE-----';

async function responsesOf(relay: ClockedRelay, { sellerId }: Registered) {
  const { status, text } = await relay.api('GET', `/v1/sellers/${sellerId}/standing`);
  assert.equal(status, 200, text);
  const { responses }: { responses: Record<'within' | 'late' | 'waiting' | 'medianSeconds', number | null> } =
    JSON.parse(text);
  return responses;
}

const responses = (within: number, late: number, waiting: number, medianSeconds: number | null) => ({
  within,
  late,
  waiting,
  medianSeconds,
});

/** The buyer's message, delivered: `out` messages in all are out then. */
async function ask(relay: ClockedRelay, pair: Registered, out: number, text = 'Where is my parcel?'): Promise<void> {
  assert.match((await relay.send(pair, 'buyer', text)).text, TAKEN);
  await relay.out(out);
}

async function answer(relay: ClockedRelay, pair: Registered, text = 'It comes on Tuesday.'): Promise<void> {
  const reply = await relay.send(pair, 'seller', text);
  assert.match(reply.text, TAKEN);
}

/** A message of the seller's that is held: the id of its case. */
async function held(relay: ClockedRelay, pair: Registered): Promise<string> {
  const reply = await relay.send(pair, 'seller', LOCKED);
  assert.match(reply.text, /^250 2\.0\.0 held for review as /);
  const { text } = await relay.api('GET', '/v1/cases?status=open');
  const { data }: { data: readonly { id: string }[] } = JSON.parse(text);
  assert.ok(data[0] !== undefined);
  return data[0].id;
}

async function decide(relay: ClockedRelay, caseId: string, outcome: 'release' | 'return'): Promise<void> {
  const { status, text } = await relay.api('POST', `/v1/cases/${caseId}/decision`, { outcome, reason: 'looked-at' });
  assert.equal(status, 200, text);
}

for (const kind of STORES) {
  describe(`on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    test('an answer within a day is in time, one after it is late, and so is none at all', async () => {
      await using relay = await startClockedRelay(kind);
      const shop = await relay.register();
      assert.deepEqual(await responsesOf(relay, shop), responses(0, 0, 0, null));
      await answer(relay, shop, 'Your order is on its way.');
      await relay.out(1);
      assert.deepEqual(await responsesOf(relay, shop), responses(0, 0, 0, null), 'it answers nobody');

      await ask(relay, shop, 2);
      assert.deepEqual(await responsesOf(relay, shop), responses(0, 0, 1, null));
      relay.clock.advance(DAY);
      await answer(relay, shop);
      await relay.out(3);
      assert.deepEqual(await responsesOf(relay, shop), responses(1, 0, 0, 86_400), 'to the second');

      await ask(relay, shop, 4);
      relay.clock.advance(DAY + 1);
      assert.deepEqual(await responsesOf(relay, shop), responses(1, 1, 0, 86_400), 'late already');
      relay.clock.advance(DAY - 1);
      await ask(relay, shop, 5, 'Hello?');
      await answer(relay, shop);
      await relay.out(6);
      assert.deepEqual(await responsesOf(relay, shop), responses(1, 1, 0, 86_400), 'one answer to both questions');
      await answer(relay, shop, 'And have a nice day.');
      await relay.out(7);
      assert.deepEqual(await responsesOf(relay, shop), responses(1, 1, 0, 86_400));
      relay.clock.advance(31 * DAY);
      assert.deepEqual(await responsesOf(relay, shop), responses(0, 0, 0, null), 'after a month nobody speaks of it');
    });

    test('the clock begins when the question has reached the seller, and each order has its own', async () => {
      await using relay = await startClockedRelay(kind, { VEILPOST_RESPONSE__TARGET: '1h' });
      const [shop, other] = [await relay.register(), await relay.register()];
      await ask(relay, shop, 1);
      await ask(relay, other, 2);
      relay.clock.advance(30 * MINUTE);
      await answer(relay, shop);
      await relay.out(3);
      assert.deepEqual(await responsesOf(relay, shop), responses(1, 0, 0, 1800));
      assert.deepEqual(await responsesOf(relay, other), responses(0, 0, 1, null));
    });

    test('our hold of an answer costs the seller nothing, when it is let go', async () => {
      await using relay = await startClockedRelay(kind, { VEILPOST_RESPONSE__TARGET: '3h' });
      const shop = await relay.register();
      await ask(relay, shop, 1);
      relay.clock.advance(HOUR);
      const caseId = await held(relay, shop);
      relay.clock.advance(4 * HOUR);
      assert.deepEqual(await responsesOf(relay, shop), responses(0, 0, 1, null), 'it stands still');
      await decide(relay, caseId, 'release');
      assert.deepEqual(await responsesOf(relay, shop), responses(1, 0, 0, 3600));
      await relay.out(2);
    });

    test('nor when it is turned down: the clock runs on from where it stood', async () => {
      await using relay = await startClockedRelay(kind, { VEILPOST_RESPONSE__TARGET: '3h' });
      const shop = await relay.register();
      await ask(relay, shop, 1);
      relay.clock.advance(HOUR);
      const caseId = await held(relay, shop);
      relay.clock.advance(4 * HOUR);
      await decide(relay, caseId, 'return');
      await relay.out(2);
      assert.deepEqual(await responsesOf(relay, shop), responses(0, 0, 1, null), 'a notice to the seller is no answer');
      relay.clock.advance(2 * HOUR);
      await answer(relay, shop);
      await relay.out(3);
      assert.deepEqual(await responsesOf(relay, shop), responses(1, 0, 0, 3 * 3600));
    });

    test('an automatic answer and what is refused give no credit, and a machine of the buyer asks nothing', async () => {
      await using relay = await startClockedRelay(kind);
      const shop = await relay.register();
      const away = { headers: ['Auto-Submitted: auto-replied'] };
      assert.match((await relay.send(shop, 'buyer', 'I am away.', away)).text, TAKEN);
      await relay.out(1);
      assert.deepEqual(await responsesOf(relay, shop), responses(0, 0, 0, null));

      await ask(relay, shop, 2);
      assert.match((await relay.send(shop, 'seller', 'We are closed.', away)).text, TAKEN);
      const program = { headers: ['Auto-Submitted: auto-generated'] };
      assert.match((await relay.send(shop, 'seller', 'Ticket 7 is open.', program)).text, TAKEN);
      const bribe = await relay.send(shop, 'seller', 'Change your 1 star to 5 stars and we refund you 20 EUR.');
      assert.match(bribe.text, /^550 5\.7\.1 /);
      await relay.out(4);
      relay.clock.advance(HOUR);
      assert.deepEqual(await responsesOf(relay, shop), responses(0, 0, 1, null));
    });
  });
}

test('there is no standing of a seller that nobody registered, and none for a key that is for something else', async () => {
  await using relay = await startClockedRelay('SQLite');
  const shop = await relay.register();
  assert.equal((await relay.api('GET', '/v1/sellers/nobody/standing')).status, 404);
  const lint = await relay.addKey('lint');
  assert.equal((await relay.api('GET', `/v1/sellers/${shop.sellerId}/standing`, undefined, lint)).status, 403);
});
