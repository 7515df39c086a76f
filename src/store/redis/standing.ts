/**
 * standing: what is counted of a seller's mail in Redis: its messages, and how long its buyers wait for an answer.
 */
import type { Redis } from 'ioredis';
import { METER_MS, RESPONSES_KEPT_MS, type Store } from '../store.ts';
import { listOf, MAIL, mailKey as key, operate } from './connect.ts';

type Standing = Pick<Store, 'readMeters' | 'responseTimes'>;

export function standingOn(redis: Redis): Standing {
  return {
    async readMeters(sellerId, now) {
      const read = async (meter: keyof typeof METER_MS): Promise<number> =>
        Number(await redis.hget(key('meter', meter, sellerId), String(Math.floor(now / METER_MS[meter]))));
      const [day, minute] = await Promise.all([read('day'), read('minute')]);
      return { day, minute };
    },
    async responseTimes(sellerId, now) {
      const since = now - RESPONSES_KEPT_MS;
      const [answered, waiting] = listOf(await operate(redis, 'responseTimes', MAIL, { sellerId, now, since }));
      return {
        answered: listOf(answered).map((member) => Number(String(member).split(' ').at(-1))),
        waiting: listOf(waiting).map(Number),
      };
    },
  };
}
