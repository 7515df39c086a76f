/**
 * relay-process: the whole product as its users run it: a process of its own, on free ports of the loopback, with its own data.
 * Everything that it prints is kept, so that a scenario can search it for what must not be there.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';

export interface RelayProcess extends AsyncDisposable {
  readonly ports: { readonly mx: number; readonly submission: number; readonly http: number; readonly metrics: number };
  readonly apiKey: string;
  readonly url: string;
  readonly pid: number;
  /** All that the process has written to standard output and standard error. */
  printed(): string;
  /** A request to the API with the admin key. */
  api(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Json; text: string; headers: Headers }>;
  /** SIGKILL, now. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface RelaySetup {
  /** Data folder of this relay; its key file lives there too. */
  readonly folder: string;
  readonly dataUrl?: string;
  readonly route?: string;
  readonly apiKey?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, '../..');
const START_LIMIT_MS = 30_000;

export async function startRelayProcess(setup: RelaySetup): Promise<RelayProcess> {
  const [mx, submission, http, metrics] = await freePorts(4);
  const apiKey = setup.apiKey ?? `vk_test_${randomBytes(32).toString('base64url')}`;
  const child = spawn(process.execPath, [join(root, 'bin/veilpost.js'), 'serve'], {
    cwd: setup.folder,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: setup.folder,
      VEILPOST_SMTP__MX: `127.0.0.1:${mx}`,
      VEILPOST_SMTP__SUBMISSION: `127.0.0.1:${submission}`,
      VEILPOST_SMTP__MAX_CONNECTIONS_PER_PEER: '200',
      VEILPOST_SMTP__MAX_CONNECTIONS_PER_NETWORK: '200',
      VEILPOST_HTTP__LISTEN: `127.0.0.1:${http}`,
      VEILPOST_HTTP__PUBLIC_URL: `http://127.0.0.1:${http}`,
      VEILPOST_HTTP__METRICS: `127.0.0.1:${metrics}`,
      VEILPOST_DATA__URL: setup.dataUrl ?? `sqlite:${join(setup.folder, 'data')}`,
      VEILPOST_KEYS__FILE: join(setup.folder, 'data', 'keys.json'),
      VEILPOST_API__BOOTSTRAP_KEY: apiKey,
      ...(setup.route === undefined ? {} : { VEILPOST_DELIVERY__ROUTE: setup.route }),
      ...setup.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const relay = handleOf(
    child,
    { mx: mx ?? 0, submission: submission ?? 0, http: http ?? 0, metrics: metrics ?? 0 },
    apiKey,
  );
  await untilReady(child, relay);
  return relay;
}

function handleOf(child: ChildProcess, ports: RelayProcess['ports'], apiKey: string): RelayProcess {
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  const url = `http://127.0.0.1:${ports.http}`;
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    }
    return child.exitCode;
  };
  return {
    ports,
    apiKey,
    url,
    pid: child.pid ?? 0,
    printed: () => output,
    api: (method, path, body) => request(url + path, apiKey, method, body),
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    [Symbol.asyncDispose]: async () => void (await end('SIGKILL')),
  };
}

async function request(url: string, apiKey: string, method: string, body: unknown) {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  const parsed: Json = isJson && text !== '' ? JSON.parse(text) : null;
  return { status: response.status, body: parsed, text, headers: response.headers };
}

async function untilReady(child: ChildProcess, relay: RelayProcess): Promise<void> {
  const limit = AbortSignal.timeout(START_LIMIT_MS);
  while (!limit.aborted) {
    if (child.exitCode !== null) break;
    const ready = await fetch(`${relay.url}/readyz`).catch(() => undefined);
    if (ready?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`the relay did not start:\n${relay.printed().slice(-4000)}`);
}

/** `count` ports that were free a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
