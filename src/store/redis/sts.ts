/**
 * sts: what domains want of the encryption of their mail, in Redis.
 */
import type { Redis } from 'ioredis';
import { decodeRecord, encodeRecord } from '../encode.ts';
import type { StsPolicyRecord } from '../records.ts';
import type { Store } from '../store.ts';
import { MAIL, mailKey as key, operate } from './connect.ts';

export function stsOn(redis: Redis): Pick<Store, 'keepStsPolicy' | 'findStsPolicy'> {
  return {
    async keepStsPolicy(policy, now) {
      const { domain, expiresAt } = policy;
      await operate(redis, 'keepStsPolicy', MAIL, { domain, expiresAt, now, record: encodeRecord(policy) });
    },
    async findStsPolicy(domain) {
      const text = await redis.hget(key('sts'), domain);
      return text === null ? undefined : decodeRecord<StsPolicyRecord>(text);
    },
  };
}
