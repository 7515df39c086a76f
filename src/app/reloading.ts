/**
 * reloading: what is read again from its file while the relay runs: the DKIM keys in each egress thread, the certificate at the doors.
 *
 * What cannot be read changes nothing: the relay goes on with what it has, and says so.
 */
import { readFile } from 'node:fs/promises';
import type { Config } from '../config/schema.ts';
import type { Events } from '../core/events.ts';
import { watchFiles, type FileWatch } from '../core/file-watch.ts';
import { MINUTE, systemClock } from '../core/time.ts';
import { flawOf, type Certificate } from '../smtp/certificate.ts';
import { keyFile } from '../vault/key-file.ts';
import type { DkimKey } from '../vault/keys.ts';
import type { Foundation } from './foundation.ts';

export interface Reloading {
  /** Looks at the files now, not within the minute. */
  reload(): void;
}

const EVERY_MS = 1 * MINUTE;

/**
 * The DKIM keys that sign, as the key file has them. Its other keys are read at the start only: what they sealed must open. `isTold`: the
 * log hears of it; where several threads read the file, one of them says so.
 */
export async function liveDkim(
  { config, events }: Pick<Foundation, 'config' | 'events'>,
  { isTold }: { readonly isTold: boolean },
) {
  const path = config['keys.file'];
  let current: readonly DkimKey[] = [];
  const watch = await watchFiles({
    paths: [path],
    everyMs: EVERY_MS,
    clock: systemClock,
    async changed() {
      try {
        current = (await keyFile(path).load()).dkim;
        if (isTold) events.reloaded({ what: 'keys' });
      } catch {
        // Not the error: it names a path, and its cause may quote the file.
        if (isTold) events.reloadFailed({ what: 'keys', flaw: 'unreadable' });
      }
    },
  });
  // Once more, now that changes are seen.
  current = (await keyFile(path).load()).dkim;
  return {
    keys: () => current,
    reload: () => watch.reload(),
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  };
}

interface Paths {
  readonly cert: string;
  readonly key: string;
}

function pathsOf(config: Config): Paths | undefined {
  const [cert, key] = [config['smtp.tlsCert'], config['smtp.tlsKey']];
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

/** The certificate of the doors, also an expired one; `undefined` when none is set. Throws a plain `Error` that names the setting. */
export async function readCertificate(config: Config): Promise<Certificate | undefined> {
  const paths = pathsOf(config);
  if (paths === undefined) return undefined;
  const { cert, key } = paths;
  const read = await readFiles(paths);
  const flaw = flawOf(read, systemClock.now());
  if (flaw === 'mismatch') throw new Error(`smtp.tlsKey: ${key} is not the key of the certificate in ${cert}`);
  if (flaw === 'unreadable')
    throw new Error(`smtp.tlsCert, smtp.tlsKey: ${cert} or ${key} is not PEM that can be used`);
  return read;
}

const readFiles = async ({ cert, key }: Paths): Promise<Certificate> => ({
  cert: await readSetting('smtp.tlsCert', cert),
  key: await readSetting('smtp.tlsKey', key),
});

async function readSetting(setting: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Error(`${setting}: there is no readable file at ${path}`, { cause: error });
  }
}

/** Gives every new certificate to `use`, when it is one that clients can accept. */
export async function watchCertificate(
  config: Config,
  events: Events,
  use: (certificate: Certificate) => void,
): Promise<FileWatch | undefined> {
  const paths = pathsOf(config);
  if (paths === undefined) return undefined;
  return await watchFiles({
    paths: [paths.cert, paths.key],
    everyMs: EVERY_MS,
    clock: systemClock,
    async changed() {
      const read = await readFiles(paths).catch(() => undefined);
      const flaw = read === undefined ? 'unreadable' : flawOf(read, systemClock.now());
      if (read === undefined || flaw !== undefined) {
        events.reloadFailed({ what: 'certificate', flaw: flaw ?? 'unreadable' });
        return;
      }
      use(read);
      events.reloaded({ what: 'certificate' });
    },
  });
}
