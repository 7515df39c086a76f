/**
 * What strangers can do with an alias that they know: fill a budget of their own, and have the buyer asked now and then. Never use up
 * what the parties may send, nor have their mail refused. Over real SMTP and HTTP, as in production.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BUYER, SHOP } from '../support/production.ts';
import { answer, startAsking, UNSIGNED, type Asking } from '../support/questions.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

const HELD = /^250 2\.0\.0 held/;
const QUEUED = /^250 2\.0\.0 queued/;
const LATER = /^451 4\.7\.1 /;

for (const kind of STORES) {
  describe(`mail that nothing proves, on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    let asking: Asking;
    before(async () => {
      asking = await startAsking(kind, { VEILPOST_LIMITS__PER_ALIAS: '4' });
    });
    after(() => asking[Symbol.asyncDispose]());

    /** An order, and what its two parties write to each other, signed. */
    async function newOrder(orderId: string) {
      const toSeller = await asking.order(orderId);
      const { aliases } = JSON.parse((await asking.world.relay.api('GET', `/v1/orders/${orderId}`)).text);
      const write = async (from: string, to: string, domain: string, text: string) =>
        (await asking.world.send({ from, to, text }, { domain })).text;
      return {
        toSeller,
        buyerWrites: (text: string) => write(BUYER, toSeller, 'kim-home.example', text),
        shopWrites: (text: string) => write(SHOP, aliases.buyer, 'nord-shop.example', text),
        strangerWrites: async (text: string) => (await asking.write(toSeller, text, UNSIGNED)).text,
      };
    }

    test('strangers who fill their budget are put off, and the registered buyer is served, whatever the shop has written', async () => {
      const { buyerWrites, shopWrites, strangerWrites } = await newOrder('UNPROVEN-1');
      for (let n = 0; n < 3; n++) assert.match(await shopWrites(`News ${n}`), QUEUED);
      for (let n = 0; n < 4; n++) assert.match(await strangerWrites(`Number ${n}`), HELD);
      assert.match(await strangerWrites('One too many'), LATER, 'not for good: the shop has written half as many');
      for (let n = 0; n < 4; n++) assert.match(await buyerWrites(`An honest question ${n}`), QUEUED);
      assert.match(await buyerWrites('And one more'), /^554 5\.4\.6 /, 'the two parties themselves can be a loop');
    });

    test('what strangers write to the shop does not make a loop of what the shop writes to the buyer', async () => {
      const { shopWrites, strangerWrites } = await newOrder('UNPROVEN-2');
      for (let n = 0; n < 4; n++) assert.match(await strangerWrites(`Number ${n}`), HELD);
      for (let n = 0; n < 4; n++) assert.match(await shopWrites(`News ${n}`), QUEUED);
      assert.match(await shopWrites('And one more'), LATER);
    });

    test('a buyer who said no is not asked about that address again, and what it writes is held', async () => {
      await using world = await startAsking(kind);
      const alias = await world.order('UNPROVEN-4');
      await world.write(alias, 'The first');
      assert.equal((await answer((await world.question()).link, { answer: 'no' })).status, 200);
      assert.match((await world.write(alias, 'The second')).text, HELD);
      await world.nothingElse(alias);
      assert.equal((await world.cases('UNPROVEN-4')).filter(({ status }) => status === 'open').length, 1);
    });

    test('strangers who say what both parties say do not have the party refused', async () => {
      const { buyerWrites, shopWrites, strangerWrites } = await newOrder('UNPROVEN-3');
      const words = 'OK';
      for (let n = 0; n < 3; n++) assert.match(await shopWrites(words), QUEUED);
      for (let n = 0; n < 3; n++) assert.match(await strangerWrites(words), HELD);
      const draft = { from: BUYER, to: await asking.order('UNPROVEN-3'), subject: 'Re: my order', text: words };
      assert.match((await asking.world.send(draft, { domain: 'kim-home.example' })).text, QUEUED);
      assert.match(await buyerWrites('Thank you'), QUEUED);
    });
  });
}
