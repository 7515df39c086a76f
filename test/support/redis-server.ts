/**
 * redis-server: a real Redis of one test, on a free port, that keeps what it acknowledges.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './relay-process.ts';

export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  readonly folder: string;
  /** SIGKILL, now; the files stay until it is disposed of. */
  kill(): Promise<void>;
}

/** The test runner installs it; where it may not, these suites count as skipped, and in CI a missing Redis is a failure. */
export const redisIsMissing: string | false =
  spawnSync('redis-server', ['--version']).status === 0 || process.env.CI === 'true'
    ? false
    : 'redis-server is not installed';

export async function startRedis(
  settings: readonly string[] = ['--appendonly', 'yes', '--appendfsync', 'always'],
  /** Of a Redis that was killed, to start again on what it kept. */
  kept?: string,
): Promise<RedisServer> {
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'veilpost-redis-')));
  const [port] = await freePorts(1);
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...settings],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let printed = '';
  for await (const chunk of server.stdout) {
    printed += chunk;
    if (printed.includes('Ready to accept connections')) break;
  }
  server.stdout.resume();
  const kill = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    folder,
    kill,
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
