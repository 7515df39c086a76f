/**
 * The first step of both commands: a Node that can run Veilpost, whatever Node was called.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { isRecent } from '../../bin/node-24.js';

const isBundled = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);

test('the oldest Node is 24.15', () => {
  assert.deepEqual(['18.20.4', '20.20.2', '24.14.9', '24.15.0', '24.21.0', '26.0.0'].map(isRecent), [
    false,
    false,
    false,
    true,
    true,
    true,
  ]);
});

describe('called with an older Node', () => {
  let home = '';

  /** A copy of bin/ whose process believes it is Node 20, beside a main that tells about the process it runs in. */
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'veilpost-house-'));
    await cp('bin', join(home, 'bin'), { recursive: true });
    await mkdir(join(home, 'src'));
    await writeFile(join(home, 'package.json'), '{"type":"module"}');
    await writeFile(join(home, 'old.cjs'), `Object.defineProperty(process.versions, 'node', { value: '20.20.2' });`);
    await writeFile(
      join(home, 'src/main.ts'),
      `const words: readonly string[] = process.argv.slice(2);
       if (words[0] === 'wait') {
         process.on('SIGTERM', () => process.exit(7));
         setInterval(() => {}, 1000);
       } else process.exitCode = 3;
       console.log(JSON.stringify({ node: process.versions.node, words }));`,
    );
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const bundle = async () => {
    await mkdir(join(home, 'node_modules'));
    const name = `node-linux-${process.arch}`;
    await symlink(join(process.cwd(), 'node_modules', name), join(home, 'node_modules', name));
  };
  const args = (...words: string[]) => ['--require', join(home, 'old.cjs'), join(home, 'bin/veilpost.js'), ...words];

  test('without npm ci it says what to do, and ends with 1', () => {
    const { status, stderr, stdout } = spawnSync(process.execPath, args('serve'), { encoding: 'utf8' });
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /needs Node 24\.15 or newer; this is Node 20\.20\.2/);
    assert.match(stderr, /npm ci/);
    assert.ok(!stderr.includes('    at '), 'no stack');
  });

  test(
    'after npm ci it goes on in the Node that npm installed, with the same words and exit code',
    { skip: !isBundled },
    async () => {
      await bundle();
      const { status, stdout } = spawnSync(process.execPath, args('lint', 'a b'), { encoding: 'utf8' });
      assert.deepEqual(JSON.parse(stdout), { node: process.versions.node, words: ['lint', 'a b'] });
      assert.equal(status, 3);
    },
  );

  test('a SIGTERM reaches the process that does the work', { skip: !isBundled }, async () => {
    await bundle();
    const child = spawn(process.execPath, args('wait'), { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    await once(child, 'exit');
    assert.equal(child.exitCode, 7);
  });
});
