/**
 * What `npm test` installs, on machines that are a folder of programs: an apt-get that does as it is told, or none.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { installPrograms } from '../../tools/test/programs.ts';

let folder = '';
let said: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilpost-programs-'));
  said = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const program = (name: string, script: string) =>
  writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
const log = () => readFile(join(folder, 'log'), 'utf8');
const install = (isRoot: boolean) => installPrograms({ path: folder, isRoot }, (line) => said.push(line));

test('what is missing is installed, without a question, and nothing else', async () => {
  for (const name of ['swaks', 'curl', 'python3', 'openssl', 'google-chrome', 'dkimverify']) await program(name, '');
  await program(
    'apt-get',
    `echo "$DEBIAN_FRONTEND $*" >> ${folder}/log
     case "$*" in *install*) echo '#!/bin/sh' > ${folder}/redis-server; /bin/chmod +x ${folder}/redis-server;; esac`,
  );
  install(true);
  assert.equal(
    await log(),
    'noninteractive -qq update\nnoninteractive -qq install -y --no-install-recommends redis-server\n',
  );
  assert.deepEqual(said, ['Installing for the tests: redis-server']);
  install(true);
  assert.equal(said.length, 1, 'a machine that has everything is left alone');
});

test('where the installation fails it says so and names the suites that go without', async () => {
  await program('apt-get', 'echo "no network" >&2; exit 100');
  install(true);
  assert.ok(said.includes('apt-get install failed: no network'));
  assert.ok(
    said.some((line) => line.startsWith('Missing: redis-server (it could not be installed). Skipped: the Redis store')),
  );
});

test('where we may not install it says how', async () => {
  await program('apt-get', `echo called >> ${folder}/log`);
  install(false);
  await assert.rejects(log(), { code: 'ENOENT' });
  assert.ok(
    said.some((line) => line.startsWith('Missing: swaks (install it with: apt-get install swaks libnet-ssleay-perl)')),
  );
  assert.equal(said.length, 7);
});
