/**
 * The invented marketplace, put into a real store.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../src/core/time.ts';
import { verifyPassword } from '../../src/orders/credentials.ts';
import { seedMarketplace } from '../../src/sandbox/seed.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { openScenarioVault } from '../support/vault.ts';

test('the second start finds the same sellers, orders, aliases and passwords', async () => {
  await using secrets = await openScenarioVault();
  await using store = await openSqliteStore({ folder: secrets.folder, writer: undefined });
  const { vault, keys } = secrets;
  const parts = { store, vault, clock: systemClock, aliasDomain: 'relay.test', aliasKey: keys.alias };
  const first = await seedMarketplace(parts);
  const [seller] = first.sellers;
  assert.ok(seller !== undefined);
  const secretOf = async () =>
    (await store.findCredential(vault.fingerprintOf('username', seller.username)))?.secret ?? '';
  const hashed = await secretOf();
  assert.ok(await verifyPassword(seller.password, hashed));

  const second = await seedMarketplace(parts);
  assert.deepEqual(second, first);
  assert.equal(await secretOf(), hashed, 'hashing again would make every start slow');
});

test('there are enough people to try everything, and none of them can exist', async () => {
  await using secrets = await openScenarioVault();
  await using store = await openSqliteStore({ folder: secrets.folder, writer: undefined });
  const { vault, keys } = secrets;
  const { sellers, orders } = await seedMarketplace({
    store,
    vault,
    clock: systemClock,
    aliasDomain: 'relay.test',
    aliasKey: keys.alias,
  });
  assert.ok(sellers.length >= 3, `${sellers.length} sellers`);
  assert.ok(orders.length >= 12, `${orders.length} orders`);
  const addresses = [...sellers.map(({ inbox }) => inbox), ...orders.map(({ buyerAddress }) => buyerAddress)];
  assert.deepEqual(
    addresses.filter((address) => !address.endsWith('.test')),
    [],
  );
  const aliases = orders.flatMap((order) => [order.aliases.buyer, order.aliases.seller]);
  assert.equal(new Set(aliases).size, orders.length * 2);
  for (const order of orders)
    assert.ok(
      sellers.some(({ sellerId }) => sellerId === order.sellerId),
      order.orderId,
    );
});
