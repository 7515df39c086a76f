import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { RealAddress } from '../../src/core/real-address.ts';
import type { Sealed } from '../../src/core/sealed.ts';
import { createKeyFile, keyFile } from '../../src/vault/key-file.ts';
import { Vault } from '../../src/vault/seal.ts';

let folder = '';
let path = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilpost-keys-'));
  path = join(folder, 'deep', 'keys.json');
  await createKeyFile(path);
});
after(() => rm(folder, { recursive: true }));

const openVault = async () => new Vault(await keyFile(path).load());
const ann = RealAddress.parse('ann.canary@hidden.test');

test('the key file is for its owner only', async () => {
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test('a key file is never overwritten, and of many that start at once one makes it', async () => {
  const before = await readFile(path, 'utf8');
  const outcomes = await Promise.all([createKeyFile(path), createKeyFile(path), createKeyFile(path)]);
  assert.deepEqual(outcomes, ['exists', 'exists', 'exists']);
  assert.equal(await readFile(path, 'utf8'), before);
  const fresh = join(folder, 'race.json');
  const raced = await Promise.all([createKeyFile(fresh), createKeyFile(fresh), createKeyFile(fresh)]);
  assert.equal(raced.filter((outcome) => outcome === 'created').length, 1);
});

test('a sealed address opens for what it belongs to and for nothing else', async () => {
  const vault = await openVault();
  const sealed = vault.sealAddress(ann, 'buyer/ORDER-1');
  assert.ok(vault.openAddress(sealed, 'buyer/ORDER-1', 'deliver').is(ann));
  assert.throws(() => vault.openAddress(sealed, 'buyer/ORDER-2', 'deliver'));
  assert.throws(() => vault.openAddress(sealed, 'inbox/ORDER-1', 'deliver'));
});

test('one flipped bit anywhere is noticed', async () => {
  const vault = await openVault();
  const sealed = vault.sealText('hello', 'note/1');
  for (let index = 0; index < sealed.length; index++) {
    const broken = Uint8Array.from(sealed);
    broken[index] = (broken[index] ?? 0) ^ 1;
    assert.throws(() => vault.openBytes(broken as Sealed, 'note/1'), `byte ${index}`);
  }
});

test('sealed bytes do not hold the address, and sealing twice gives different bytes', async () => {
  const vault = await openVault();
  const [one, two] = [vault.sealAddress(ann, 'buyer/1'), vault.sealAddress(ann, 'buyer/1')];
  assert.notDeepEqual(one, two);
  assert.ok(!Buffer.from(one).toString('latin1').includes('canary'));
});

test('a fingerprint finds every spelling of a mailbox, and differs between key files', async () => {
  const vault = await openVault();
  const other = join(folder, 'other.json');
  await createKeyFile(other);
  const stranger = new Vault(await keyFile(other).load());
  const fingerprint = vault.fingerprint(ann);
  assert.equal(vault.fingerprint(RealAddress.parse('ANN.canary@HIDDEN.test')), fingerprint);
  assert.notEqual(stranger.fingerprint(ann), fingerprint);
  assert.match(fingerprint, /^[0-9a-f]{32}$/);
});

test('a new sealing key seals from then on, and what the old one sealed still opens', async () => {
  const vault = await openVault();
  const sealed = vault.sealText('kept', 'note/1');
  const file = JSON.parse(await readFile(path, 'utf8'));
  file.sealing.unshift({ id: '0badcafe', key: Buffer.alloc(32, 7).toString('base64') });
  const rotatedPath = join(folder, 'rotated.json');
  await writeFile(rotatedPath, JSON.stringify(file), { mode: 0o600 });
  const rotated = new Vault(await keyFile(rotatedPath).load());
  assert.equal(rotated.openText(sealed, 'note/1'), 'kept');
  assert.equal(Buffer.from(rotated.sealText('x', 'note/1')).toString('hex', 1, 5), '0badcafe');
});

test('a missing and a broken key file say what to do', async () => {
  await assert.rejects(keyFile(join(folder, 'none.json')).load(), /veilpost keys new/);
  const broken = join(folder, 'broken.json');
  await writeFile(broken, '{"version": 1');
  await assert.rejects(keyFile(broken).load(), /Restore it from your backup/);
});
