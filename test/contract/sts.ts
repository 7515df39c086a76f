/** sts: the policies of domains for the encryption of their mail, of any store. */
import { test } from 'node:test';
import { DAY } from '../../src/core/time.ts';
import type { StsPolicyRecord } from '../../src/store/records.ts';
import type { Handles } from './handles.ts';
import { fingerprint, NOW, sealed } from './rows.ts';
import { same } from './same.ts';

const policy = (fields: Partial<StsPolicyRecord> = {}): StsPolicyRecord => ({
  domain: fingerprint(),
  content: sealed(200),
  expiresAt: NOW + DAY,
  ...fields,
});

export function stsContract(handles: () => Handles): void {
  test('the policy of a domain is found by the other handle, and a newer one takes its place', async () => {
    const { one, other } = handles();
    const first = policy();
    await one.keepStsPolicy(first, NOW);
    same(await other.findStsPolicy(first.domain), first);
    const second = policy({ domain: first.domain, expiresAt: NOW + 2 * DAY });
    await other.keepStsPolicy(second, NOW);
    same(await one.findStsPolicy(first.domain), second);
    same(await one.findStsPolicy(fingerprint()), undefined);
  });

  test('policies that have expired go with the next that is kept; one that was renewed in time stays', async () => {
    const { one, other } = handles();
    const [short, long, renewed] = [policy(), policy({ expiresAt: NOW + DAY + 1 }), policy()];
    for (const kept of [short, long, renewed]) await one.keepStsPolicy(kept, NOW);
    await other.keepStsPolicy({ ...renewed, expiresAt: NOW + 2 * DAY }, NOW);
    await one.keepStsPolicy(policy({ expiresAt: NOW + 3 * DAY }), NOW + DAY);
    same(await other.findStsPolicy(short.domain), undefined);
    same(await other.findStsPolicy(long.domain), long);
    same(await other.findStsPolicy(renewed.domain), { ...renewed, expiresAt: NOW + 2 * DAY });
  });
}
