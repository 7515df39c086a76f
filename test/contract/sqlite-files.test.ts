import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { prepareDatabase } from '../../src/store/sqlite/schema.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { fingerprint, NOTHING, NOW, queued } from './rows.ts';

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
    db.exec(
      'ALTER TABLE tallies DROP COLUMN text; DROP TABLE accepted; DROP TABLE sightings; DROP TABLE waiting; PRAGMA user_version = 2',
    );
  }
  await using store = await openSqliteStore({ folder: place.folder, writer: undefined });
  await store.acceptMail({ ...NOTHING, tallies: [{ ...tally, text: words }] });
  const about = { orderId: record.orderId, from: 'buyer', sign: 'mail', since: 0 } as const;
  assert.equal(await store.countTallies({ ...about, text: undefined }), 2);
  assert.equal(await store.countTallies({ ...about, text: words }), 1);
  assert.equal(await store.isAccepted(record.orderId, words), false);
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
