import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/store.ts';
import { storeContract } from './contract.ts';
import { handlesOn, type Open } from './handles.ts';

const open =
  (second: (folder: string, one: SqliteStore) => Promise<SqliteStore>): Open =>
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'veilpost-contract-'));
    const one = await openSqliteStore({ folder, writer: undefined });
    return handlesOn(one, await second(folder, one), () => rm(folder, { recursive: true }));
  };

storeContract(
  'SQLite, as two processes open it',
  open((folder) => openSqliteStore({ folder, writer: undefined })),
);
storeContract(
  'SQLite, as two threads of one process share it',
  open((folder, one) => openSqliteStore({ folder, writer: one.shareWriter() })),
);
