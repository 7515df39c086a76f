/**
 * sandbox: a relay process as `npm start` runs it, and its pages as a program asks for them.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Marketplace } from '../../src/sandbox/seed.ts';
import { startRelayProcess, type RelayProcess } from './relay-process.ts';

export interface Sandbox extends AsyncDisposable {
  readonly relay: RelayProcess;
  readonly marketplace: Marketplace;
  /** A page under /sandbox that must answer 200 with JSON. */
  get<T>(path: string): Promise<T>;
  send(message: object): Promise<{ isAccepted: boolean; code: number; line: string; messageId?: string }>;
  /** Asks again until `isThere` is content with the answer. */
  until<T>(path: string, isThere: (answer: T) => boolean): Promise<T>;
}

const PATIENCE_MS = 10_000;

export async function startSandboxProcess(): Promise<Sandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'veilpost-sandbox-'));
  const relay = await startRelayProcess({ folder });
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${relay.url}/sandbox${path}`);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return JSON.parse(text) as T;
  };
  return {
    relay,
    marketplace: await get('/marketplace'),
    get,
    async send(message) {
      const { status, text } = await relay.api('POST', '/sandbox/messages', message);
      assert.equal(status, 200, text);
      return JSON.parse(text);
    },
    async until(path, isThere) {
      const limit = AbortSignal.timeout(PATIENCE_MS);
      for (;;) {
        const answer = await get<Parameters<typeof isThere>[0]>(path);
        if (isThere(answer)) return answer;
        if (limit.aborted) assert.fail(`${path} still answers ${JSON.stringify(answer).slice(0, 600)}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    async [Symbol.asyncDispose]() {
      await relay[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
