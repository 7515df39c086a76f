import { openRedisStore } from '../../src/store/redis/store.ts';
import { redisIsMissing, startRedis } from '../support/redis-server.ts';
import { storeContract } from './contract.ts';
import { handlesOn } from './handles.ts';

async function open() {
  const redis = await startRedis();
  const connect = () => openRedisStore({ url: redis.url, allowUnsafePersistence: false });
  return handlesOn(await connect(), await connect(), () => redis[Symbol.asyncDispose]());
}

storeContract('Redis', open, redisIsMissing);
