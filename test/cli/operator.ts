/**
 * operator: somebody at a shell: the command with a folder, a key file and a name server of its own.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDkimKeys } from '../../src/vault/key-file.ts';
import { startNameServer, type Zone } from '../support/name-server.ts';

export interface Run {
  readonly code: unknown;
  readonly out: string;
  readonly err: string;
}

export interface Operator extends AsyncDisposable {
  /** What DNS says; records may be added and taken away. */
  readonly zone: Record<string, Zone[string]>;
  veilpost(...words: readonly string[]): Promise<Run>;
  /** Puts lines of zone text into DNS. */
  publish(text: string): void;
  keys(): ReturnType<typeof readDkimKeys>;
}

const PROGRAM = join(import.meta.dirname, '../../bin/veilpost.js');

export async function startOperator(): Promise<Operator> {
  const folder = await mkdtemp(join(tmpdir(), 'veilpost-operator-'));
  const path = join(folder, 'keys.json');
  const zone: Record<string, Zone[string]> = {};
  const names = await startNameServer(zone);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    VEILPOST_KEYS__FILE: path,
    VEILPOST_DNS__SERVERS: `127.0.0.1:${names.port}`,
    VEILPOST_DOMAINS__ALIAS: 'ord.market.example',
    VEILPOST_DOMAINS__HOST: 'mail.market.example',
  };
  const veilpost = (...words: readonly string[]) => run(words, folder, env);
  assert.equal((await veilpost('keys', 'new')).code, 0);
  return {
    zone,
    veilpost,
    publish(text) {
      for (const line of text.split('\n')) publishLine(line, zone);
    },
    keys: () => readDkimKeys(path),
    async [Symbol.asyncDispose]() {
      await names[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

async function run(words: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<Run> {
  const child = spawn(process.execPath, [PROGRAM, ...words], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  const [code]: unknown[] = await once(child, 'close');
  assert.doesNotMatch(err, /\n\s+at /, 'no stack trace in front of a person');
  assert.doesNotMatch(out + err, /PRIVATE KEY/);
  return { code, out, err };
}

/** RFC 1035 5.1, as far as the command writes it. */
function publishLine(line: string, zone: Record<string, Zone[string]>): void {
  const [, name = '', type, data = ''] = /^(\S+)\. \d+ IN (MX|TXT) (.+)$/.exec(line) ?? [];
  if (type === 'TXT') zone[`TXT ${name}`] = [[...data.matchAll(/"([^"]*)"/g)].map(([, piece = '']) => piece)];
  if (type === 'MX') {
    const [priority, exchange = ''] = data.split(' ');
    zone[`MX ${name}`] = [{ priority: Number(priority), exchange: exchange.replace(/\.$/, '') }];
  }
}
