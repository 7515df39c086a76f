/**
 * connect: a connection to a Redis that keeps what it acknowledges, with our operations loaded.
 *
 * Fails with a plain `Error` that names the setting, the reason and the fix, when Redis would lose mail after its 250.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** Families of keys. All keys of one operation are in one family, and so in one slot of a cluster. */
export const DIRECTORY = '{vp:dir}';
export const MAIL = '{vp:mail}';

/** A key of the mail family: all of them share one hash slot. */
export const mailKey = (...parts: readonly string[]): string => [MAIL, ...parts].join(':');

const FOLDER = join(import.meta.dirname, 'lua');
const SHARED = '_shared.lua';
const COMMAND_TIMEOUT_MS = 5000;
const RETRIES_AT_MOST = 3;

export async function connectRedis(options: {
  readonly url: string;
  readonly allowUnsafePersistence: boolean;
}): Promise<Redis> {
  const redis = new Redis(options.url, {
    lazyConnect: true,
    // Whoever waits for a Redis that is gone is told so in seconds, and tells the client 451; the connection is tried for ever.
    maxRetriesPerRequest: RETRIES_AT_MOST,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: COMMAND_TIMEOUT_MS,
    enableAutoPipelining: true,
    retryStrategy: (times) => Math.min(times * 50, 1000),
  });
  // Each failed command rejects by itself; without a listener the event would end the process.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    if (!options.allowUnsafePersistence) await refuseUnsafe(redis);
  } catch (error) {
    redis.disconnect();
    throw explain(error);
  }
  defineOperations(redis);
  return redis;
}

async function refuseUnsafe(redis: Redis): Promise<void> {
  const wanted = [
    ['appendonly', 'yes', 'mail would be lost when Redis restarts'],
    ['appendfsync', 'always', 'mail of the last second would be lost when the machine stops'],
    ['maxmemory-policy', 'noeviction', 'Redis would throw mail away when its memory is full'],
  ] as const;
  for (const [name, value, reason] of wanted) {
    const actual = await readSetting(redis, name);
    if (actual !== value) {
      throw new Unsafe(
        `data.url: this Redis has ${name} ${actual}: ${reason}; set "${name} ${value}", or, where mail may be lost, data.allowUnsafePersistence = true`,
      );
    }
  }
}

async function readSetting(redis: Redis, name: string): Promise<string> {
  const answer: unknown = await redis.config('GET', name);
  const [, value] = listOf(answer);
  return typeof value === 'string' ? value : 'unknown';
}

/** A script's or a command's answer as a list; anything else is an empty one. */
export function listOf(answer: unknown): readonly unknown[] {
  return Array.isArray(answer) ? (answer as readonly unknown[]) : [];
}

class Unsafe extends Error {}

/** A connection error names host and port, which the operator wrote; a password never stands in it. */
function explain(error: unknown): Error {
  if (error instanceof Unsafe) return error;
  return new Error(
    'data.url: Redis cannot be reached or does not let us in; check the address, the password and that it runs',
    { cause: error },
  );
}

function defineOperations(redis: Redis): void {
  const shared = readFileSync(join(FOLDER, SHARED), 'utf8');
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.lua') && name !== SHARED)) {
    redis.defineCommand(operationName(file.slice(0, -'.lua'.length)), {
      numberOfKeys: 1,
      lua: `${shared}\n${readFileSync(join(FOLDER, file), 'utf8')}`,
    });
  }
}

/** A prefix of our own: a script may not take the name of a command of Redis. */
function operationName(name: string): string {
  return `vp_${name}`;
}

/** Runs one of the scripts in `lua/`: one atomic operation. `input` is JSON; `bytes` follow as arguments 2, 3, ... */
export async function operate(
  redis: Redis,
  name: string,
  family: string,
  input: object,
  bytes: readonly Uint8Array[] = [],
): Promise<unknown> {
  const script: unknown = Reflect.get(redis, operationName(name));
  if (typeof script !== 'function') throw new Error(`store: there is no operation ${name}`);
  const answer: unknown = await script.call(redis, family, JSON.stringify(input), ...bytes.map(asBuffer));
  return answer;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
