import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mail } from '../support/registered.ts';
import { startScenario } from '../support/scenario.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

const TEXT =
  'Your parcel is with Swift Parcels now. Ask help@swift-parcels.test, or see https://swift-parcels.test/t/17.';

for (const kind of STORES) {
  describe(`on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    test("the address and page of a carrier that the order was given arrive as written; of any other company they don't", async () => {
      await using scene = await startScenario(kind);
      const { pair, relay } = scene;
      const draft = mail({ from: pair.seller, to: pair.aliases.buyer, text: TEXT });
      const before = await scene.sellerWrites(draft);
      assert.match(before.text, /^550 5\.7\.1 /, 'nobody has said that this is a carrier');

      const put = await relay.api('PUT', `/v1/orders/${pair.orderId}`, {
        sellerId: pair.sellerId,
        buyer: { id: pair.sellerId.replace('seller', 'buyer'), address: pair.buyer },
        carriers: ['@Swift-Parcels.test', 'one.person@gmail.com'],
      });
      assert.equal(put.status, 200, put.text);
      assert.equal((await scene.sellerWrites(draft)).code, 250);
      const { mail: arrived } = await scene.arrival(1, 'buyer');
      assert.ok(arrived.text.includes(TEXT), arrived.text);

      const other = mail({ from: pair.seller, to: pair.aliases.buyer, text: 'Write to somebody.else@gmail.com.' });
      assert.match((await scene.sellerWrites(other)).text, /^550 5\.7\.1 /, "one person's address opens no whole host");
    });
  });
}
