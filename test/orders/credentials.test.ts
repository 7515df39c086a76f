import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiKeyRecord, hashApiKey, hashPassword, mintApiKey, verifyPassword } from '../../src/orders/credentials.ts';

test('a password is kept as a salted, memory-hard hash that only the password verifies', async () => {
  const [one, two] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
  assert.match(one, /^scrypt\$16384\$8\$1\$/);
  assert.notEqual(one, two);
  assert.ok(!one.includes('correct'));
  assert.equal(await verifyPassword('correct horse', one), true);
  assert.equal(await verifyPassword('correct hors', one), false);
  assert.equal(await verifyPassword('', one), false);
});

test('an API key is found by its hash and named by an id that does not give it away', () => {
  const key = mintApiKey('live');
  const record = apiKeyRecord(key, ['admin'], 0);
  assert.match(key, /^vk_live_[\w-]{43}$/);
  assert.equal(record.keyHash, hashApiKey(key));
  assert.ok(!JSON.stringify(record).includes(key.slice(8)));
  assert.notEqual(mintApiKey('test'), mintApiKey('test'));
});
