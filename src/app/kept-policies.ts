/**
 * kept-policies: the MTA-STS policies of domains in the store, where a restart does not lose them. The store is told neither the domain
 * nor its hosts: their names say where buyers have their mailboxes.
 */
import type { Clock } from '../core/time.ts';
import type { KeptPolicies, KeptPolicy } from '../outbox/sts.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/seal.ts';

export function keptPolicies({
  store,
  vault,
  clock,
}: {
  readonly store: Pick<Store, 'keepStsPolicy' | 'findStsPolicy'>;
  readonly vault: Vault;
  readonly clock: Clock;
}): KeptPolicies {
  const fingerprintOf = (domain: string) => vault.fingerprintOf('sts-domain', domain);
  return {
    async find(name) {
      const domain = fingerprintOf(name);
      const record = await store.findStsPolicy(domain);
      if (record === undefined) return undefined;
      try {
        return vault.openJson<KeptPolicy>(record.content, `sts/${domain}`);
      } catch {
        // Sealed with a key that was taken out of the key file: fetched anew. Mail would wait for it until it expires, up to a year.
        return undefined;
      }
    },
    async keep(name, kept) {
      const domain = fingerprintOf(name);
      const content = vault.sealJson(kept, `sts/${domain}`);
      await store.keepStsPolicy({ domain, content, expiresAt: kept.expiresAt }, clock.now());
    },
  };
}
