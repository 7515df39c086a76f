import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/core/time.ts';
import { watchFiles } from '../../src/core/file-watch.ts';
import { manualClock } from '../support/manual-clock.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilpost-watch-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A watch over `paths`, looking each minute of a clock that is moved by hand. */
async function watching(...paths: readonly string[]) {
  const manual = manualClock(0);
  let [naps, changes] = [0, 0];
  const clock: Clock = {
    now: () => manual.now(),
    wait: (ms, signal) => {
      naps += 1;
      return manual.wait(ms, signal);
    },
  };
  const changed = async () => void (changes += 1);
  const watch = await watchFiles({ paths, everyMs: 60_000, clock, changed });
  /** Changes noticed by the time when it sleeps again. */
  const afterwards = async (wake: () => void) => {
    const before = naps;
    wake();
    const isAsleep = () => naps > before;
    while (!isAsleep()) await turn();
    return changes;
  };
  return {
    changes: () => changes,
    minute: () => afterwards(() => manual.advance(60_000)),
    reload: () => afterwards(() => watch.reload()),
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  };
}

test('a file that is written, replaced or gone is noticed within the interval, once', async () => {
  const path = join(folder, 'a');
  await writeFile(path, 'one');
  await using watch = await watching(path);
  assert.equal(await watch.minute(), 0);
  await writeFile(path, 'two');
  assert.equal(watch.changes(), 0, 'not before the interval is over');
  assert.equal(await watch.minute(), 1);
  assert.equal(await watch.minute(), 1);
  await writeFile(join(folder, 'b'), 'two');
  await rename(join(folder, 'b'), path);
  assert.equal(await watch.minute(), 2);
  await rm(path);
  assert.equal(await watch.minute(), 3);
});

test('a link that is turned to another folder is a change, as certificates and mounted secrets are renewed', async () => {
  for (const name of ['old', 'new']) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'cert'), 'same');
  }
  await symlink('old', join(folder, 'live'));
  await using watch = await watching(join(folder, 'live', 'cert'));
  await symlink('new', join(folder, 'live.next'));
  await rename(join(folder, 'live.next'), join(folder, 'live'));
  assert.equal(await watch.minute(), 1);
});

test('who asks has the files read at once, also when they look the same', async () => {
  await using watch = await watching(join(folder, 'none'));
  assert.equal(await watch.reload(), 1);
  assert.equal(await watch.reload(), 2);
  assert.equal(await watch.minute(), 2);
});
