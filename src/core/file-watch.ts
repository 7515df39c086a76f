/**
 * file-watch: notices that files were changed, by looking at them.
 *
 * Not `fs.watch`: it says nothing on network file systems, and goes deaf when a file is replaced or a link is turned, which is how
 * certificates and mounted secrets are renewed. Looking is a `stat` of each file, through links.
 */
import { stat } from 'node:fs/promises';
import type { Clock } from './time.ts';

export interface FileWatch extends AsyncDisposable {
  /** Looks now, and reads the files again also when they look the same. */
  reload(): void;
}

export interface Watching {
  readonly paths: readonly string[];
  readonly everyMs: number;
  readonly clock: Clock;
  /** Reads the files. Must not reject; while it runs nothing else is noticed. */
  readonly changed: () => Promise<void>;
}

/** The files as they are when this resolves are known: read them after that. */
export async function watchFiles({ paths, everyMs, clock, changed }: Watching): Promise<FileWatch> {
  const stop = new AbortController();
  let nap = new AbortController();
  let isAsked = false;
  let seen = await lookAt(paths);

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      if (!isAsked) await clock.wait(everyMs, AbortSignal.any([nap.signal, stop.signal]));
      if (stop.signal.aborted) return;
      nap = new AbortController();
      // Looked at before they are read: a file that is being written changes once more, and is read once more.
      const now = await lookAt(paths);
      if (now === seen && !isAsked) continue;
      [seen, isAsked] = [now, false];
      await changed();
    }
  }

  const running = run();
  return {
    reload() {
      isAsked = true;
      nap.abort();
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

/** A file that is not there, for a moment, is a change too. */
async function lookAt(paths: readonly string[]): Promise<string> {
  const looks = paths.map(async (path) => {
    const found = await stat(path, { bigint: true }).catch(() => undefined);
    return found === undefined ? '-' : `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}:${found.ctimeNs}`;
  });
  return (await Promise.all(looks)).join(' ');
}
