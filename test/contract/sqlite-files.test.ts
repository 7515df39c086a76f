import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { prepareDatabase } from '../../src/store/sqlite/schema.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { DAY } from '../../src/core/time.ts';
import { fingerprint, KEPT, NOTHING, NOW, order, orderId, queued, sealed, seller, sighting } from './rows.ts';
import { same } from './same.ts';

const TAKE_FORMAT_5_AWAY = `
  DROP TABLE sts_policies; DROP TABLE order_days; DROP TABLE meters; DROP TABLE clocks; DROP TABLE responses;
  DROP TABLE sightings; DROP TABLE waiting; ALTER TABLE accepted DROP COLUMN masked;
`;

async function temporary(): Promise<AsyncDisposable & { readonly folder: string }> {
  const parent = await mkdtemp(join(tmpdir(), 'veilpost-files-'));
  return { folder: join(parent, 'data'), [Symbol.asyncDispose]: () => rm(parent, { recursive: true }) };
}

test('every connection writes ahead, and waits for the disk before it says that something is kept', async () => {
  await using place = await temporary();
  await using store = await openSqliteStore({ folder: place.folder, writer: undefined });
  await store.ping();
  using db = new DatabaseSync(join(place.folder, 'veilpost.db'));
  prepareDatabase(db);
  assert.equal(db.prepare('PRAGMA journal_mode').get()?.['journal_mode'], 'wal');
  assert.equal(db.prepare('PRAGMA synchronous').get()?.['synchronous'], 2, 'FULL');
});

test('a database of the format before this one is read, and counts on', async () => {
  await using place = await temporary();
  const { record, acceptance } = queued();
  const tally = { orderId: record.orderId, from: 'buyer', sign: 'mail', messageId: record.id, at: NOW } as const;
  const words = fingerprint();
  {
    await using store = await openSqliteStore({ folder: place.folder, writer: undefined });
    await store.acceptMail({ ...acceptance, tallies: [{ ...tally, text: undefined }] });
  }
  {
    using db = new DatabaseSync(join(place.folder, 'veilpost.db'));
    db.exec(`${TAKE_FORMAT_5_AWAY} ALTER TABLE tallies DROP COLUMN text; DROP TABLE accepted; PRAGMA user_version = 2`);
  }
  await using store = await openSqliteStore({ folder: place.folder, writer: undefined });
  await store.acceptMail({ ...NOTHING, tallies: [{ ...tally, text: words }] });
  const about = { orderId: record.orderId, from: 'buyer', sign: 'mail', since: 0 } as const;
  assert.equal(await store.countTallies({ ...about, text: undefined }), 2);
  assert.equal(await store.countTallies({ ...about, text: words }), 1);
  assert.equal(await store.isAccepted(record.orderId, words), false);
});

test('a database of format 4 counts the orders that it has, and keeps whom its buyers accepted', async () => {
  await using place = await temporary();
  const owner = seller();
  const accepted = { orderId: orderId(), author: fingerprint(), at: NOW };
  {
    await using store = await openSqliteStore({ folder: place.folder, writer: undefined });
    await store.putSeller(owner);
    await store.registerOrder(order(owner.sellerId), NOW);
    await store.registerOrder(order(owner.sellerId, { placedAt: NOW - 40 * DAY }), NOW);
  }
  {
    using db = new DatabaseSync(join(place.folder, 'veilpost.db'));
    db.exec(`${TAKE_FORMAT_5_AWAY} PRAGMA user_version = 4`);
    db.prepare('INSERT INTO accepted VALUES (?, ?, ?)').run(accepted.orderId, accepted.author, accepted.at);
  }
  await using store = await openSqliteStore({ folder: place.folder, writer: undefined });
  assert.equal(await store.countOrders(owner.sellerId, NOW), 1);
  await store.registerOrder(order(owner.sellerId), NOW);
  assert.equal(await store.countOrders(owner.sellerId, NOW), 2);
  same(await store.listAccepted(accepted.orderId), [accepted]);
  const { record, acceptance } = queued();
  const seen = sighting(record, { mark: fingerprint() });
  same(await store.acceptMail({ ...acceptance, sightings: [seen] }), KEPT);
  assert.equal((await store.findSightings(seen.mark, NOW)).length, 1);
  const domain = fingerprint();
  await store.keepStsPolicy({ domain, content: sealed(), expiresAt: NOW + DAY }, NOW);
  assert.equal((await store.findStsPolicy(domain))?.expiresAt, NOW + DAY);
});

test('what was kept is there when the folder is opened again, and nobody else can read the folder', async () => {
  await using place = await temporary();
  const { record, acceptance } = queued();
  {
    await using store = await openSqliteStore({ folder: place.folder, writer: undefined });
    await store.acceptMail(acceptance);
  }
  await using store = await openSqliteStore({ folder: place.folder, writer: undefined });
  assert.equal((await store.findMessage(record.id))?.id, record.id);
  assert.deepEqual(await store.readBody(record.id, 'original'), acceptance.bodies[0]?.bytes);
  assert.equal((await stat(place.folder)).mode & 0o077, 0);
});
