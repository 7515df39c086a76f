/**
 * vault: a vault with keys of its own, for scenarios that build a part without the whole relay.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyFile, keyFile } from '../../src/vault/key-file.ts';
import type { KeyRing } from '../../src/vault/keys.ts';
import { Vault } from '../../src/vault/seal.ts';

export interface ScenarioVault extends AsyncDisposable {
  readonly folder: string;
  readonly keys: KeyRing;
  readonly vault: Vault;
}

export async function openScenarioVault(): Promise<ScenarioVault> {
  const folder = await mkdtemp(join(tmpdir(), 'veilpost-vault-'));
  await createKeyFile(join(folder, 'keys.json'));
  const keys = await keyFile(join(folder, 'keys.json')).load();
  return {
    folder,
    keys,
    vault: new Vault(keys),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
