/**
 * MTA-STS over a restart: who stops the relay, or waits for it, and blocks the domain's records, gets no plain text for it (RFC 8461 10.2).
 */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { keptPolicies } from '../../src/app/kept-policies.ts';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/store.ts';
import { Vault } from '../../src/vault/seal.ts';
import { manualClock, type ManualClock } from '../support/manual-clock.ts';
import { openScenarioVault } from '../support/vault.ts';
import { policyText } from './policy-host.ts';
import { DELAYED, world, type Setting } from './sts-world.ts';

const LASTS_A_DAY = policyText('enforce', ['mx.buyer.example'], 86_400);
/** The record, and the host of the policy. */
const BLOCKED = { 'SERVFAIL _mta-sts.buyer.example': [], 'SERVFAIL mta-sts.buyer.example': [] };

/** One relay after another, on the same data and the same clock. Its far side takes mail without encryption. */
async function openData() {
  const folder = await mkdtemp(join(tmpdir(), 'veilpost-sts-'));
  const scenario = await openScenarioVault();
  const clock = manualClock(Date.now());
  return {
    folder,
    clock,
    keys: scenario.keys,
    async send(setting: Partial<Setting>, vault = scenario.vault, change = (store: SqliteStore) => store) {
      const { relay, store } = await startRelay(folder, vault, clock, setting, change);
      try {
        return { codes: await relay.send(), fetches: relay.policyHost.requests.length };
      } finally {
        await relay[Symbol.asyncDispose]();
        await store[Symbol.asyncDispose]();
      }
    },
    async [Symbol.asyncDispose]() {
      await scenario[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

async function startRelay(
  folder: string,
  vault: Vault,
  clock: ManualClock,
  setting: Partial<Setting>,
  change: (store: SqliteStore) => SqliteStore,
) {
  const store = await openSqliteStore({ folder, writer: undefined });
  const policies = keptPolicies({ store: change(store), vault, clock });
  return { relay: await world({ policy: LASTS_A_DAY, ...setting, parts: { policies, clock } }), store };
}

test('a relay that starts anew keeps to the policy that it fetched before, though its record and host are blocked', async () => {
  await using data = await openData();
  assert.deepEqual(await data.send({}), { codes: DELAYED, fetches: 1 });
  data.clock.advance(80_000_000);
  assert.deepEqual(await data.send({ zone: BLOCKED }), { codes: DELAYED, fetches: 0 });
});

test('until max_age: then nothing is known of the domain, and mail goes out', async () => {
  await using data = await openData();
  await data.send({});
  data.clock.advance(86_400_000);
  assert.deepEqual(await data.send({ zone: BLOCKED }), { codes: 'delivered', fetches: 0 });
});

test('a policy of another id takes the place of the one that was kept', async () => {
  await using data = await openData();
  await data.send({});
  const withdrawn = { policy: policyText('none', []), zone: { 'TXT _mta-sts.buyer.example': [['v=STSv1; id=2;']] } };
  assert.deepEqual(await data.send(withdrawn), { codes: 'delivered', fetches: 1 });
  assert.deepEqual(await data.send({ zone: BLOCKED }), { codes: 'delivered', fetches: 0 });
});

test('where the store does not say whether there is a policy, mail waits', async () => {
  await using data = await openData();
  const broken = (store: SqliteStore) => ({ ...store, findStsPolicy: () => Promise.reject(new Error('no store')) });
  assert.match((await data.send({ zone: BLOCKED }, undefined, broken)).codes, /^temporary/);
});

test('the data does not say to which domains mail goes', async () => {
  await using data = await openData();
  await data.send({});
  const files = await readdir(data.folder);
  assert.ok(files.includes('veilpost.db'));
  for (const name of files) assert.doesNotMatch(await readFile(join(data.folder, name), 'latin1'), /buyer\.example/);
});

test('a policy whose key is gone is fetched anew', async () => {
  await using data = await openData();
  await data.send({});
  await using other = await openScenarioVault();
  // The fingerprint key stays: it is the sealing key that is taken out of the file.
  const vault = new Vault({ ...data.keys, sealing: other.keys.sealing });
  assert.deepEqual(await data.send({}, vault), { codes: DELAYED, fetches: 1 });
  assert.deepEqual(await data.send({ zone: BLOCKED }, vault), { codes: DELAYED, fetches: 0 });
});
