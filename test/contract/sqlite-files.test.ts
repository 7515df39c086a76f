import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { prepareDatabase } from '../../src/store/sqlite/schema.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { queued } from './rows.ts';

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
