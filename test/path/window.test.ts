/** When a seller may write to a buyer unasked, over real SMTP and HTTP. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY } from '../../src/core/time.ts';
import { mail } from '../support/registered.ts';
import { oneHeader, startScenario, type Scenario } from '../support/scenario.ts';
import { sendRaw } from '../support/smtp-client.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

const OVER = /^550 5\.7\.1 The time in which this buyer may be written to unasked is over/;
const NOT_WANTED = /^550 5\.7\.1 This buyer wants no mail but answers/;

interface Placed {
  readonly orderId: string;
  readonly aliases: { readonly buyer: string; readonly seller: string };
}

/** An order between the scenario's two, placed so long ago, of a buyer who may not want mail. */
async function placed({ pair, relay }: Scenario, days: number, acceptsUnsolicited = true): Promise<Placed> {
  const orderId = `OF-${days}-DAYS-AGO`;
  const answer = await relay.api('PUT', `/v1/orders/${orderId}`, {
    sellerId: pair.sellerId,
    buyer: { id: pair.sellerId.replace('seller', 'buyer'), address: pair.buyer, acceptsUnsolicited },
    placedAt: new Date(Date.now() - days * DAY).toISOString(),
  });
  assert.equal(answer.status, 201, answer.text);
  const { aliases }: Placed = JSON.parse(answer.text);
  return { orderId, aliases };
}

const post = ({ relay }: Scenario, orderId: string, reason?: string) =>
  relay.api('POST', '/v1/messages', {
    orderId,
    from: 'seller',
    subject: 'Your door',
    text: 'The van comes on Tuesday at ten.',
    ...(reason === undefined ? {} : { reason }),
  });

for (const kind of STORES) {
  describe(`on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    test('a month after the order a seller may answer the buyer, but not write unasked', async () => {
      await using scene = await startScenario(kind);
      const { seller, buyer } = scene.pair;
      const recent = await placed(scene, 29);
      const write = (to: string, text: string, more: object = {}) =>
        sendRaw(scene.relay.ports.mx, { from: seller, to: [to], data: mail({ from: seller, to, text, ...more }) });
      assert.match((await write(recent.aliases.buyer, 'Are you happy with the drill?')).text, /^250 /, 'in time');
      await scene.arrival(1, 'buyer');

      const { aliases } = await placed(scene, 31);
      assert.match((await write(aliases.buyer, 'Are you happy with the drill?')).text, OVER);
      const important = await write(aliases.buyer, 'Hello', { subject: '[Important] Your order' });
      assert.match(important.text, OVER, 'a word in the subject is no reason');

      const asked = mail({ from: buyer, to: aliases.seller, text: 'Which bits fit my drill?' });
      const question = await sendRaw(scene.relay.ports.mx, { from: buyer, to: [aliases.seller], data: asked });
      assert.match(question.text, /^250 /, 'the buyer may always write');
      const { mail: seen } = await scene.arrival(2, 'seller');
      const answering = (id: string) => ({ headers: [`In-Reply-To: ${id}`] });
      const invented = await write(aliases.buyer, 'Those of 6 mm.', answering('<invented@relay.test>'));
      assert.match(invented.text, OVER, 'answers nobody');
      const id = oneHeader(seen, 'Message-ID');
      assert.match((await write(aliases.buyer, 'Those of 6 mm.', answering(id))).text, /^250 /);
      await scene.arrival(3, 'buyer');
      assert.match((await write(aliases.buyer, 'And a saw?')).text, OVER, 'one answer opens no window');

      const other = await placed(scene, 40);
      const moved = await write(other.aliases.buyer, 'Those of 6 mm.', answering(id));
      assert.match(moved.text, OVER, "a question in one order's thread is none in another's");
    });

    test('a buyer who wants no mail gets answers, and what the order cannot do without', async () => {
      await using scene = await startScenario(kind);
      const { seller } = scene.pair;
      const { orderId, aliases } = await placed(scene, 1, false);
      const data = mail({ from: seller, to: aliases.buyer, text: 'Are you happy with the drill?' });
      const unasked = await sendRaw(scene.relay.ports.mx, { from: seller, to: [aliases.buyer], data });
      assert.match(unasked.text, NOT_WANTED);
      const refused = await post(scene, orderId);
      assert.equal(refused.status, 403, refused.text);
      assert.equal(JSON.parse(refused.text).code, 'window.optedOut');
      const invented = await post(scene, orderId, 'because');
      assert.ok(invented.status === 400 || invented.status === 422, invented.text);
      const critical = await post(scene, orderId, 'delivery-scheduling');
      assert.equal(critical.status, 202, critical.text);
      await scene.arrival(1, 'buyer');
    });
  });
}
