/**
 * key-file: the key ring in one local file (mode 0600), for one machine or several that share the file.
 *
 * In:  a path.    Out: `KeyRing`, parsed once; private keys never leave this process as text again.
 * `createKeyFile` makes new keys and never overwrites: a key that is lost takes every sealed address with it. `changeDkimKeys` changes
 * the DKIM keys and nothing else.
 */
import { createPrivateKey, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { randomLetters } from '../core/ids.ts';
import { systemClock, type Clock, type Instant } from '../core/time.ts';
import { newPair, type DkimEntry } from './dkim-rotation.ts';
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
        // Files from before there were states hold one pair, and it signs.
        state: z.enum(['next', 'active', 'retiring']).default('active'),
        created: z.iso.datetime().optional(),
        since: z.iso.datetime().optional(),
      }),
    )
    .refine((keys) => keys.some(({ state }) => state === 'active'), 'one DKIM key must be active'),
});

type KeyFile = z.infer<typeof fileShape>;

export function keyFile(path: string): KeyProvider {
  return {
    async load() {
      return ringOf(parseKeyFile(path, await readKeyFile(path)));
    },
  };
}

/** The DKIM keys of the file, those that do not sign too. */
export async function readDkimKeys(path: string): Promise<readonly DkimEntry[]> {
  return entriesOf(parseKeyFile(path, await readKeyFile(path)));
}

const entriesOf = (file: KeyFile): readonly DkimEntry[] =>
  file.dkim.map((key) => ({ ...key, created: key.created, since: key.since }));

/**
 * Replaces the list of DKIM keys by what `change` makes of it, whole or not at all; readers see the old file or the new one. A copy of
 * the old file is not kept: it would hold the sealing keys once more.
 */
export async function changeDkimKeys(
  path: string,
  change: (keys: readonly DkimEntry[]) => readonly DkimEntry[],
): Promise<readonly DkimEntry[]> {
  // Through a symbolic link: a rename would put a file in the place of the link.
  const place = await realpath(path).catch(() => path);
  await using _lock = await lockKeyFile(place);
  const file = parseKeyFile(path, await readKeyFile(place));
  const dkim = change(entriesOf(file));
  const text = textOf({ ...file, dkim: dkim.map((key) => ({ ...key })) });
  parseKeyFile(path, text);
  const draft = await writeDraft(place, text);
  try {
    await keepOwner(place, draft);
    await rename(draft, place);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(dirname(place));
  return dkim;
}

/** Two changes at once would lose the keys of one of them. */
async function lockKeyFile(path: string): Promise<AsyncDisposable> {
  const lock = `${path}.lock`;
  try {
    await (await open(lock, 'wx', 0o600)).close();
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw unwritable(path, error);
    throw new Error(`keys.file: another command is changing ${path}. If none is running, remove ${lock}`, {
      cause: error,
    });
  }
  return { [Symbol.asyncDispose]: () => rm(lock, { force: true }) };
}

/** An operator works as root; the relay that must go on reading the file does not. */
async function keepOwner(path: string, draft: string): Promise<void> {
  const { uid, gid } = await stat(path);
  await using handle = await open(draft, 'r+');
  const own = await handle.stat();
  if (own.uid !== uid || own.gid !== gid) await handle.chown(uid, gid);
  await chmod(draft, 0o600);
}

/** A rename is on disk when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

const textOf = (file: KeyFile): string => `${JSON.stringify(file, null, 2)}\n`;

/** Next to `path`, so that it can take its place. */
async function writeDraft(path: string, text: string): Promise<string> {
  const draft = `${path}.${randomLetters(8)}`;
  const handle = await newFile(draft).catch((error: unknown) => {
    throw unwritable(path, error);
  });
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}

const unwritable = (path: string, cause: unknown): Error =>
  new Error(`keys.file: cannot write ${path}: let this user own the folder, or name another`, { cause });

/** `created` when the file was made, `exists` when there was one: two processes that start at once share the first's. */
export async function createKeyFile(path: string, clock: Clock = systemClock): Promise<'created' | 'exists'> {
  const draft = await writeDraft(path, textOf(newKeys(clock.now())));
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
    dkim: file.dkim
      .filter(({ state }) => state === 'active')
      .map(({ selector, algorithm, privateKey }): DkimKey => ({
        selector,
        algorithm,
        privateKey: createPrivateKey(privateKey),
      })),
  };
}

const secretOf = (base64: string): KeyObject => createSecretKey(Buffer.from(base64, 'base64'));

function newKeys(now: Instant): KeyFile {
  return {
    version: 1,
    sealing: [{ id: randomBytes(4).toString('hex'), key: randomBytes(32).toString('base64') }],
    fingerprint: randomBytes(32).toString('base64'),
    alias: randomBytes(32).toString('base64'),
    dkim: [...newPair('active', now)],
  };
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
