import assert from 'node:assert/strict';
import { createSecretKey, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { DAY } from '../../src/core/time.ts';
import { mintMessageId } from '../../src/core/ids.ts';
import { bounceAddress, checkLocal, messageOfBounce, mintAlias, mintLocal } from '../../src/orders/alias.ts';

const key = createSecretKey(randomBytes(32));

const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);

test('an alias is at most 32 lower-case characters, holds 100 random bits, and never repeats', () => {
  const seen = new Set<string>();
  for (let index = 0; index < 2000; index++) {
    const local = mintLocal('buyer', key);
    assert.match(local, /^b[0-9a-hjkmnp-tv-z]{26}$/);
    assert.ok(local.length <= 32);
    seen.add(local);
  }
  assert.equal(seen.size, 2000);
});

test('an alias passes its check in any letter case', () => {
  const local = mintLocal('seller', key);
  assert.deepEqual(checkLocal(local.toUpperCase(), key), { kind: 'seller', local });
});

test('an alias with one letter changed, another kind, or the check of another key fails', () => {
  const local = mintLocal('buyer', key);
  for (let index = 0; index < local.length; index++) {
    const changed = local.slice(0, index) + (local[index] === '0' ? '1' : '0') + local.slice(index + 1);
    assert.equal(checkLocal(changed, key), undefined, changed);
  }
  assert.equal(checkLocal(`s${local.slice(1)}`, key), undefined);
  assert.equal(checkLocal(local, createSecretKey(randomBytes(32))), undefined);
  for (const junk of ['', 'b', 'postmaster', `${local}x`, ` ${local}`]) assert.equal(checkLocal(junk, key), undefined);
});

test('a return path names its message and fits the local part of an address', () => {
  const id = mintMessageId();
  const local = bounceAddress(id, NOW, 'relay.test', key).split('@')[0] ?? '';
  assert.deepEqual(checkLocal(local, key), { kind: 'bounce', local });
  assert.equal(messageOfBounce(local, NOW + 20 * DAY), id);
  assert.equal(messageOfBounce(local, NOW + 22 * DAY), undefined, 'its time is over');
  assert.ok(local.length <= 64);
});

test('an alias is on the domain that the operator chose', () => {
  assert.match(mintAlias('buyer', 'relay.test', key), /@relay\.test$/);
});
