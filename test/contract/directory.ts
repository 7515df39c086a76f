/** directory: sellers, logins, keys, orders and aliases, of any store. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderRecord } from '../../src/store/records.ts';
import type { Handles } from './handles.ts';
import { apiKey, credential, fingerprint, localOf, NOW, order, sealed, seller } from './rows.ts';
import { same } from './same.ts';

export function directoryContract(handles: () => Handles): void {
  test('a seller that one handle keeps is found by the other, by id and by sender, and updated whole', async () => {
    const { one, other } = handles();
    const kept = seller();
    await one.putSeller(kept);
    same(await other.findSeller(kept.sellerId), kept);
    const [before] = kept.senders;
    assert.ok(before !== undefined);
    same(await other.findSellersBySender(before), [kept.sellerId]);
    const moved = { ...kept, inbox: sealed(), senders: [fingerprint()] };
    await other.putSeller(moved);
    same(await one.findSeller(kept.sellerId), moved);
    same(await one.findSellersBySender(before), [], 'an address that was taken away proves nothing any more');
    assert.equal(await one.findSeller(seller().sellerId), undefined);
  });

  test('one address may belong to two sellers, and both are found', async () => {
    const { one, other } = handles();
    const shared = fingerprint();
    const [first, second] = [seller({ senders: [shared] }), seller({ senders: [shared, fingerprint()] })];
    await one.putSeller(first);
    await other.putSeller(second);
    same([...(await one.findSellersBySender(shared))].sort(), [first.sellerId, second.sellerId].sort());
  });

  test('a login is replaced by its own seller and never moves to another', async () => {
    const { one, other } = handles();
    const [owner, thief] = [seller(), seller()];
    const first = credential(owner.sellerId);
    assert.equal(await one.putCredential(first), 'stored');
    const rotated = { ...first, secret: 'scrypt$rotated' };
    assert.equal(await other.putCredential(rotated), 'stored');
    assert.equal(await other.putCredential({ ...first, sellerId: thief.sellerId }), 'taken');
    same(await one.findCredential(first.userHash), rotated);
  });

  test('an API key is found by its hash', async () => {
    const { one, other } = handles();
    const key = apiKey();
    await one.putApiKey(key);
    same(await other.findApiKey(key.keyHash), key);
    assert.equal(await other.findApiKey(apiKey().keyHash), undefined);
  });

  test('an order is created once; again it keeps its parties and aliases and takes the new address and window', async () => {
    const { one, other } = handles();
    const owner = seller();
    await one.putSeller(owner);
    const first = order(owner.sellerId);
    same(await one.registerOrder(first, NOW), { outcome: 'created', order: first });
    const second = {
      ...order(owner.sellerId),
      orderId: first.orderId,
      buyerId: first.buyerId,
      closesAt: first.placedAt + 5,
    };
    const kept: OrderRecord = { ...second, aliases: first.aliases };
    same(await other.registerOrder(second, NOW), { outcome: 'updated', order: kept });
    same(await one.findOrder(first.orderId), kept);
    assert.equal(
      await one.findAlias(localOf(second.aliases.buyer)),
      undefined,
      'the aliases that were not used do not exist',
    );
  });

  test('an order of an unknown seller, of another seller or of another buyer changes nothing', async () => {
    const { one, other } = handles();
    const [owner, stranger] = [seller(), seller()];
    await one.putSeller(owner);
    await one.putSeller(stranger);
    const first = order(owner.sellerId);
    same(await other.registerOrder(order(seller().sellerId), NOW), { outcome: 'noSeller' });
    await one.registerOrder(first, NOW);
    const sameOrder = { orderId: first.orderId };
    same(await other.registerOrder(order(owner.sellerId, sameOrder), NOW), { outcome: 'conflict' });
    const sameBuyer = order(stranger.sellerId, { ...sameOrder, buyerId: first.buyerId });
    same(await other.registerOrder(sameBuyer, NOW), { outcome: 'conflict' });
    same(await one.findOrder(first.orderId), first);
  });

  test('two handles that register one order at once agree on one pair of aliases', async () => {
    const { one, other } = handles();
    const owner = seller();
    await one.putSeller(owner);
    const first = order(owner.sellerId);
    const second = { ...order(owner.sellerId), orderId: first.orderId, buyerId: first.buyerId };
    const answers = await Promise.all([one.registerOrder(first, NOW), other.registerOrder(second, NOW)]);
    same(answers.map(({ outcome }) => outcome).sort(), ['created', 'updated']);
    const aliases = answers.map((answer) => ('order' in answer ? answer.order.aliases : undefined));
    same(aliases[0], aliases[1]);
  });

  test('an alias names its order and the party that it stands for', async () => {
    const { one, other } = handles();
    const owner = seller();
    await one.putSeller(owner);
    const kept = order(owner.sellerId);
    await one.registerOrder(kept, NOW);
    same(await other.findAlias(localOf(kept.aliases.buyer)), { party: 'buyer', order: kept });
    same(await other.findAlias(localOf(kept.aliases.seller)), { party: 'seller', order: kept });
    assert.equal(await other.findAlias('bunknown'), undefined);
  });

  test('pages of orders show each once, newest first, whatever is added in between', async () => {
    const { one, other } = handles();
    const owner = seller();
    await one.putSeller(owner);
    const kept = Array.from({ length: 7 }, () => order(owner.sellerId));
    for (const entry of kept) await one.registerOrder(entry, NOW);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await other.listOrders({ limit: 3, after });
      seen.push(...page.rows.map((row) => row.orderId));
      await one.registerOrder(order(owner.sellerId), NOW);
      after = page.next;
    } while (after !== undefined && seen.length < 7);
    same(seen.slice(0, 7), kept.map((entry) => entry.orderId).reverse());
  });
}
