/**
 * key-file: the key ring in one local file (mode 0600), for one machine or several that share the file.
 *
 * In:  a path.    Out: `KeyRing`, parsed once; private keys never leave this process as text again.
 * `createKeyFile` makes new keys and never overwrites: a key that is lost takes every sealed address with it.
 */
import { createPrivateKey, createSecretKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { link, mkdir, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { randomLetters } from '../core/ids.ts';
import type { DkimKey, KeyProvider, KeyRing, SealingKey } from './keys.ts';

const secret = z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 bytes in base64');

const fileShape = z.strictObject({
  version: z.literal(1),
  sealing: z.array(z.strictObject({ id: z.string().regex(/^[0-9a-f]{8}$/), key: secret })).min(1),
  fingerprint: secret,
  alias: secret,
  dkim: z
    .array(
      z.strictObject({
        selector: z.string().regex(/^[a-z0-9-]{1,63}$/),
        algorithm: z.enum(['rsa-sha256', 'ed25519-sha256']),
        privateKey: z.string(),
      }),
    )
    .min(1),
});

type KeyFile = z.infer<typeof fileShape>;

export function keyFile(path: string): KeyProvider {
  return {
    async load() {
      return ringOf(parseKeyFile(path, await readKeyFile(path)));
    },
  };
}

/** `created` when the file was made, `exists` when there was one: two processes that start at once share the first's. */
export async function createKeyFile(path: string): Promise<'created' | 'exists'> {
  const draft = `${path}.${randomLetters(8)}`;
  const handle = await newFile(draft).catch((error: unknown) => {
    throw new Error(`keys.file: cannot write ${path}: let this user own the folder, or name another`, { cause: error });
  });
  try {
    await handle.writeFile(`${JSON.stringify(newKeys(), null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    // A link appears whole or not at all, and fails when the name is taken: no reader ever sees half a file.
    await link(draft, path);
    return 'created';
  } catch (error) {
    if (isCode(error, 'EEXIST')) return 'exists';
    throw error;
  } finally {
    await rm(draft);
  }
}

async function newFile(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  return await open(path, 'wx', 0o600);
}

async function readKeyFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
    throw new Error(
      `keys.file: there is no key file at ${path}. Create one with "veilpost keys new", or restore your backup of it.`,
      {
        cause: error,
      },
    );
  }
}

function parseKeyFile(path: string, text: string): KeyFile {
  try {
    return fileShape.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(
      `keys.file: ${path} is not a key file of this version. Restore it from your backup; nothing was changed.`,
      {
        cause: error,
      },
    );
  }
}

function ringOf(file: KeyFile): KeyRing {
  const [current, ...older] = file.sealing.map((entry): SealingKey => ({
    id: entry.id,
    key: secretOf(entry.key),
  }));
  if (current === undefined) throw new Error('keys.file: holds no sealing key');
  return {
    sealing: [current, ...older],
    fingerprint: secretOf(file.fingerprint),
    alias: secretOf(file.alias),
    dkim: file.dkim.map((entry): DkimKey => ({
      selector: entry.selector,
      algorithm: entry.algorithm,
      privateKey: createPrivateKey(entry.privateKey),
    })),
  };
}

const secretOf = (base64: string): KeyObject => createSecretKey(Buffer.from(base64, 'base64'));

function newKeys(): KeyFile {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ed25519 = generateKeyPairSync('ed25519');
  const stamp = randomLetters(6);
  return {
    version: 1,
    sealing: [{ id: randomBytes(4).toString('hex'), key: randomBytes(32).toString('base64') }],
    fingerprint: randomBytes(32).toString('base64'),
    alias: randomBytes(32).toString('base64'),
    dkim: [
      {
        selector: `vp-${stamp}-r`,
        algorithm: 'rsa-sha256',
        privateKey: rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      },
      {
        selector: `vp-${stamp}-e`,
        algorithm: 'ed25519-sha256',
        privateKey: ed25519.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      },
    ],
  };
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
