import { openRedisStore } from '../../src/store/redis/store.ts';
import { redisIsMissing, startRedis } from '../support/redis-server.ts';
import { storeContract } from './contract.ts';

storeContract(
  'Redis',
  async () => {
    const redis = await startRedis();
    const open = () => openRedisStore({ url: redis.url, allowUnsafePersistence: false });
    const [one, other] = [await open(), await open()];
    return {
      one,
      other,
      async [Symbol.asyncDispose]() {
        await one[Symbol.asyncDispose]();
        await other[Symbol.asyncDispose]();
        await redis[Symbol.asyncDispose]();
      },
    };
  },
  redisIsMissing,
);
