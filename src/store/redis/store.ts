/**
 * store: the port on Redis, for several nodes. Each write is one Lua script, so it happens whole or not at all, and nobody sees half.
 */
import type { Store } from '../store.ts';
import { casesOn } from './cases.ts';
import { connectRedis } from './connect.ts';
import { directoryOn } from './directory.ts';
import { inboxesOn } from './inboxes.ts';
import { mailOn } from './mail.ts';
import { outboxOn } from './outbox.ts';
import { standingOn } from './standing.ts';
import { stsOn } from './sts.ts';

/** `allowUnsafePersistence` starts even on a Redis that may lose what it acknowledged. */
export async function openRedisStore(options: {
  readonly url: string;
  readonly allowUnsafePersistence: boolean;
}): Promise<Store> {
  const redis = await connectRedis(options);
  return {
    ...directoryOn(redis),
    ...mailOn(redis),
    ...casesOn(redis),
    ...outboxOn(redis),
    ...stsOn(redis),
    ...inboxesOn(redis),
    ...standingOn(redis),
    async ping() {
      await redis.ping();
    },
    async [Symbol.asyncDispose]() {
      // After the commands that are under way; a Redis that is gone does not hold up the end.
      await redis.quit().catch(() => redis.disconnect());
    },
  };
}
