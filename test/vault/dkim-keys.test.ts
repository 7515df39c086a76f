/** The life of DKIM keys in the key file: what a change keeps, and what it refuses. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { chmod, chown, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { HOUR } from '../../src/core/time.ts';
import { dkimRecord, isSameKey } from '../../src/vault/dkim-record.ts';
import { activated, newPair, retired, rotated } from '../../src/vault/dkim-rotation.ts';
import { changeDkimKeys, createKeyFile, keyFile, readDkimKeys } from '../../src/vault/key-file.ts';

const NOW = Date.UTC(2026, 10, 24, 10);
let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilpost-dkim-'));
  path = join(folder, 'keys.json');
  await createKeyFile(path);
});
afterEach(() => rm(folder, { recursive: true }));

const states = async () => (await readDkimKeys(path)).map(({ state }) => state);
const signing = async () => (await keyFile(path).load()).dkim.map(({ selector }) => selector);
const json = async () => JSON.parse(await readFile(path, 'utf8'));

test('a new pair waits, then signs, and the pair before it stays until it is retired', async () => {
  const old = await signing();
  const keys = await changeDkimKeys(path, (entries) => rotated(entries, NOW));
  assert.deepEqual(await states(), ['active', 'active', 'next', 'next']);
  assert.deepEqual(await signing(), old);
  const next = keys.filter(({ state }) => state === 'next').map(({ selector }) => selector);
  await changeDkimKeys(path, (entries) => activated(entries, next, NOW));
  assert.deepEqual(await states(), ['retiring', 'retiring', 'active', 'active']);
  assert.deepEqual(await signing(), next);
  for (const selector of old) {
    await changeDkimKeys(path, (entries) => retired(entries, selector, { now: NOW + 73 * HOUR, isForced: false }));
  }
  assert.deepEqual(await states(), ['active', 'active']);
});

test('one algorithm may change alone, and a retiring key may come back', async () => {
  const [oldRsa = '', oldEd25519 = ''] = await signing();
  const keys = await changeDkimKeys(path, (entries) => rotated(entries, NOW));
  const rsa = keys.find(({ state, algorithm }) => state === 'next' && algorithm === 'rsa-sha256')?.selector ?? '';
  await changeDkimKeys(path, (entries) => activated(entries, [rsa], NOW));
  assert.deepEqual(await signing(), [oldEd25519, rsa]);
  await changeDkimKeys(path, (entries) => activated(entries, [oldRsa], NOW));
  assert.deepEqual(await signing(), [oldRsa, oldEd25519]);
});

test('a change touches nothing but the DKIM keys, and the file stays for its owner only', async () => {
  const before = await json();
  await changeDkimKeys(path, (entries) => rotated(entries, NOW));
  const after = await json();
  for (const part of ['version', 'sealing', 'fingerprint', 'alias']) assert.deepEqual(after[part], before[part], part);
  assert.deepEqual(after.dkim.slice(0, 2), before.dkim);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder), ['keys.json'], 'no draft and no lock is left');
});

test('a file of one pair from before there were states is read, signs, and is rotated', async () => {
  const file = await json();
  file.dkim = file.dkim.map(({ selector, algorithm, privateKey }: Record<string, string>) => ({
    selector,
    algorithm,
    privateKey,
  }));
  await writeFile(path, JSON.stringify(file));
  assert.equal((await signing()).length, 2);
  await changeDkimKeys(path, (entries) => rotated(entries, NOW));
  assert.deepEqual(await states(), ['active', 'active', 'next', 'next']);
});

test('a change that is refused, or would leave no key that signs, leaves the file as it was', async () => {
  const before = await readFile(path, 'utf8');
  const refused = [
    () => changeDkimKeys(path, () => []),
    () => changeDkimKeys(path, (entries) => entries.map((entry) => ({ ...entry, state: 'next' as const }))),
    async () => changeDkimKeys(path, (entries) => activated(entries, ['nobody'], NOW)),
    async () => {
      const [selector = ''] = await signing();
      return changeDkimKeys(path, (entries) => retired(entries, selector, { now: NOW, isForced: true }));
    },
  ];
  for (const refusal of refused) await assert.rejects(refusal);
  assert.equal(await readFile(path, 'utf8'), before);
  assert.deepEqual(readdirSync(folder), ['keys.json']);
});

test('of two changes at once one is refused, and no key is lost', async () => {
  const outcomes = await Promise.allSettled(
    [1, 2, 3].map(() => changeDkimKeys(path, (entries) => [...entries, ...newPair('next', NOW)])),
  );
  const done = outcomes.filter(({ status }) => status === 'fulfilled').length;
  assert.ok(done >= 1);
  assert.equal((await readDkimKeys(path)).length, 2 + 2 * done);
});

test('a lock that a killed command left behind is named, so that it can be removed', async () => {
  await writeFile(`${path}.lock`, '');
  await assert.rejects(
    changeDkimKeys(path, (entries) => rotated(entries, NOW)),
    (error: Error) => error.message.includes(`remove ${path}.lock`),
  );
});

test('a link to the key file stays a link', async () => {
  const link = join(folder, 'link.json');
  await symlink(path, link);
  await changeDkimKeys(link, (entries) => rotated(entries, NOW));
  assert.equal((await readDkimKeys(path)).length, 4);
});

test(
  'the owner of the file stays its owner when root changes it',
  { skip: process.getuid?.() !== 0 && 'not root' },
  async () => {
    await chown(path, 1234, 1234);
    await chmod(path, 0o600);
    await changeDkimKeys(path, (entries) => rotated(entries, NOW));
    const { uid, gid, mode } = await stat(path);
    assert.deepEqual([uid, gid, mode & 0o777], [1234, 1234, 0o600]);
  },
);

test('a key cannot be retired while mail signed with it may be on its way', () => {
  const [rsa] = newPair('retiring', NOW);
  assert.ok(rsa);
  const at = (now: number, isForced = false) => retired([rsa], rsa.selector, { now, isForced });
  assert.throws(() => at(NOW + 71 * HOUR), /on its way until 2026-11-27T10:00:00/);
  assert.deepEqual(at(NOW + 71 * HOUR, true), []);
  assert.deepEqual(at(NOW + 72 * HOUR), []);
});

test('two keys of one algorithm cannot sign, and a second pair cannot wait', () => {
  const pairs = [...newPair('active', NOW), ...newPair('next', NOW)];
  const rsa = pairs.filter(({ algorithm }) => algorithm === 'rsa-sha256').map(({ selector }) => selector);
  assert.throws(() => activated(pairs, rsa, NOW), /two of these keys are for rsa-sha256/);
  assert.throws(() => rotated(pairs, NOW), /there are next keys already: vp-/);
});

const [RSA_ENTRY, ED_ENTRY] = newPair('active', NOW);
assert.ok(RSA_ENTRY && ED_ENTRY);
const RSA_RECORD = dkimRecord('rsa-sha256', RSA_ENTRY.privateKey);
const ED_RECORD = dkimRecord('ed25519-sha256', ED_ENTRY.privateKey);

for (const [what, found, isSame] of [
  ['the same words', RSA_RECORD, true],
  [
    'other white space and order',
    `p=${RSA_RECORD.slice(RSA_RECORD.indexOf('p=') + 2).replace('MII', 'MII ')} ;k=rsa`,
    true,
  ],
  ['tags that leave us in', `${RSA_RECORD}; h=sha256; s=email; t=s`, true],
  ['another key', ED_RECORD, false],
  ['a key that is only tried out', `${RSA_RECORD}; t=s:y`, false],
  ['a key for sha1 only', `${RSA_RECORD}; h=sha1`, false],
  ['a key for another service', `${RSA_RECORD}; s=tlsrpt`, false],
  ['another type of key', RSA_RECORD.replace('k=rsa', 'k=ed25519'), false],
  ['a revoked key', 'v=DKIM1; p=', false],
  ['a cut key', RSA_RECORD.slice(0, 255), false],
] as const) {
  test(`${what} in DNS ${isSame ? 'is' : 'is not'} our key`, () => {
    assert.equal(isSameKey(RSA_RECORD, found), isSame);
  });
}
