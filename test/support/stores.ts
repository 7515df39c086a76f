/**
 * stores: where a scenario keeps its data. Every scenario runs on each of them.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redisIsMissing, startRedis } from './redis-server.ts';

export interface ScenarioStore extends AsyncDisposable {
  readonly folder: string;
  /** `undefined` for SQLite in the folder. */
  readonly dataUrl: string | undefined;
  /** Where Redis keeps its files. */
  readonly redisFolder: string | undefined;
}

export const STORES = ['SQLite', 'Redis'] as const;

export async function openScenarioStore(kind: (typeof STORES)[number]): Promise<ScenarioStore> {
  const folder = await mkdtemp(join(tmpdir(), 'veilpost-scenario-'));
  const redis = kind === 'Redis' ? await startRedis() : undefined;
  return {
    folder,
    dataUrl: redis?.url,
    redisFolder: redis?.folder,
    async [Symbol.asyncDispose]() {
      await redis?.[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The reason why a scenario on this store cannot run here, or `false`. */
export const storeIsMissing = (kind: (typeof STORES)[number]): string | false =>
  kind === 'Redis' ? redisIsMissing : false;
