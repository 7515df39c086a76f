import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Redis } from 'ioredis';
import { openRedisStore } from '../../src/store/redis/store.ts';
import { redisIsMissing, startRedis } from '../support/redis-server.ts';
import { apiKey, bypass, fingerprint, inboxMail, NOW, onHold, order, queued, seller } from './rows.ts';

const SAFE = { appendonly: 'yes', appendfsync: 'always' };
const settings = (fields: Record<string, string>) =>
  Object.entries({ ...SAFE, ...fields }).flatMap(([name, value]) => [`--${name}`, value]);

describe('a Redis that could lose mail', { skip: redisIsMissing }, () => {
  const unsafe: readonly (readonly [name: string, value: string, fix: RegExp])[] = [
    ['appendonly', 'no', /appendonly no: .*set "appendonly yes"/],
    ['appendfsync', 'everysec', /appendfsync everysec: .*set "appendfsync always"/],
    ['maxmemory-policy', 'allkeys-lru', /maxmemory-policy allkeys-lru: .*set "maxmemory-policy noeviction"/],
  ];
  for (const [name, value, fix] of unsafe) {
    test(`with ${name} ${value} is refused, with the setting, the reason and what to do`, async () => {
      await using redis = await startRedis(settings({ [name]: value }));
      await assert.rejects(openRedisStore({ url: redis.url, allowUnsafePersistence: false }), (error: Error) => {
        assert.match(error.message, fix);
        assert.match(error.message, /^data\.url: .*data\.allowUnsafePersistence = true$/s);
        return true;
      });
      await using store = await openRedisStore({ url: redis.url, allowUnsafePersistence: true });
      await store.ping();
    });
  }

  test('and one that is not there at all are two different errors; neither repeats a password', async () => {
    await assert.rejects(
      openRedisStore({ url: 'redis://:hush-hush@127.0.0.1:1', allowUnsafePersistence: false }),
      (error: Error) => error.message.startsWith('data.url: ') && !String(error.stack).includes('hush-hush'),
    );
  });
});

describe('what is kept in Redis', { skip: redisIsMissing }, () => {
  test('lies in two hash slots, one for each family of keys, so that a cluster can hold it', async () => {
    await using redis = await startRedis();
    await using store = await openRedisStore({ url: redis.url, allowUnsafePersistence: false });
    const owner = seller();
    await store.putSeller(owner);
    await store.putApiKey(apiKey());
    await store.registerOrder(order(owner.sellerId), NOW);
    const { acceptance, item } = queued();
    await store.acceptMail(acceptance);
    await store.acceptMail(onHold().acceptance);
    await store.leaseOutbox({ now: NOW, until: NOW + 1, limit: 10, lease: 'mine' });
    await store.settleOutbox(item.id, 'mine', { kind: 'deferred', until: NOW + 5 });
    await store.recordBypass(bypass());
    await store.fileInbox(inboxMail(fingerprint()));
    const raw = new Redis(redis.url);
    const keys = await raw.keys('*').finally(() => raw.disconnect());
    assert.ok(keys.length > 15, `only ${keys.length} keys were looked at`);
    // What stands in the first braces decides the slot (Redis Cluster specification, hash tags).
    assert.deepEqual(new Set(keys.map((key) => /^\{vp:\w+\}/.exec(key)?.[0])), new Set(['{vp:dir}', '{vp:mail}']));
  });

  test('is there again after Redis was killed with -9', async () => {
    await using first = await startRedis();
    const { record, acceptance } = queued();
    {
      await using store = await openRedisStore({ url: first.url, allowUnsafePersistence: false });
      await store.acceptMail(acceptance);
      await first.kill();
    }
    await using second = await startRedis(undefined, first.folder);
    await using store = await openRedisStore({ url: second.url, allowUnsafePersistence: false });
    assert.equal((await store.findMessage(record.id))?.id, record.id);
    assert.deepEqual(await store.readBody(record.id, 'outgoing'), acceptance.bodies[1]?.bytes);
  });
});
