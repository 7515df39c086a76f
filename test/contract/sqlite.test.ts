import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { storeContract } from './contract.ts';

storeContract('SQLite, as two processes open it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'veilpost-contract-'));
  const one = await openSqliteStore({ folder, writer: undefined });
  const other = await openSqliteStore({ folder, writer: undefined });
  return {
    one,
    other,
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
});

storeContract('SQLite, as two threads of one process share it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'veilpost-contract-'));
  const one = await openSqliteStore({ folder, writer: undefined });
  const other = await openSqliteStore({ folder, writer: one.shareWriter() });
  return {
    one,
    other,
    async [Symbol.asyncDispose]() {
      await other[Symbol.asyncDispose]();
      await one[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
});
