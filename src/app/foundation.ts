/**
 * foundation: what every role and every thread stands on: keys, vault, store, events, and what the mail path needs of them.
 */
import type { MessagePort } from 'node:worker_threads';
import { modelOnDemand } from '../policy/model/load.ts';
import type { Config } from '../config/schema.ts';
import { createEvents, type Events } from '../core/events.ts';
import type { LogSink } from '../core/log.ts';
import { systemClock } from '../core/time.ts';
import { systemResolver } from '../dns/system.ts';
import type { PathParts } from '../mail/path.ts';
import type { AllowanceParts } from '../orders/allowance.ts';
import type { RegisterParts } from '../orders/register.ts';
import { openRedisStore } from '../store/redis/store.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import type { Store } from '../store/store.ts';
import { createKeyFile, keyFile } from '../vault/key-file.ts';
import type { KeyRing } from '../vault/keys.ts';
import { Vault } from '../vault/seal.ts';

export interface Foundation {
  readonly config: Config;
  readonly events: Events;
  readonly keys: KeyRing;
  readonly vault: Vault;
  readonly store: Store;
  readonly shareWriter: () => MessagePort | undefined;
}

/** Keys, vault, store and events: what every role stands on. */
export async function lay(config: Config, sink: LogSink, writer: MessagePort | undefined): Promise<Foundation> {
  if (config.mode === 'sandbox') await createKeyFile(config['keys.file']);
  const keys = await keyFile(config['keys.file']).load();
  return { config, events: createEvents(sink), keys, vault: new Vault(keys), ...(await openStore(config, writer)) };
}

async function openStore(
  config: Config,
  writer: MessagePort | undefined,
): Promise<Pick<Foundation, 'store' | 'shareWriter'>> {
  const url = config['data.url'];
  if (url.kind === 'sqlite') {
    const store = await openSqliteStore({ folder: url.folder, writer });
    return { store, shareWriter: () => store.shareWriter() };
  }
  const store = await openRedisStore({ url: url.url, allowUnsafePersistence: config['data.allowUnsafePersistence'] });
  return { store, shareWriter: () => undefined };
}

export function registerParts({ config, keys, store, vault }: Foundation): RegisterParts {
  return { store, vault, clock: systemClock, aliasDomain: config['domains.alias'][0], aliasKey: keys.alias };
}

/** The system's name servers, or those that the operator names. */
export function resolverOf(config: Config): ReturnType<typeof systemResolver> {
  const servers = config['dns.servers'];
  return systemResolver(servers.length === 0 ? undefined : servers);
}

export function allowanceParts({ config, store }: Foundation): AllowanceParts {
  return {
    store,
    volumeBase: config['limits.volumeBase'],
    volumePerOrder: config['limits.volumePerOrder'],
    perSellerPerMinute: config['limits.perSeller'],
  };
}

export function pathParts(base: Foundation, wakeOutbox: () => void): PathParts {
  const { config, keys, store, vault, events } = base;
  const model = modelOnDemand();
  return {
    ...allowanceParts(base),
    store,
    vault,
    events,
    clock: systemClock,
    aliasDomains: config['domains.alias'],
    aliasKey: keys.alias,
    records: resolverOf(config).records,
    sealers: config['auth.sealers'],
    policy: {
      profile: config['policy.profile'],
      get model() {
        return model();
      },
      ownDomains: [...config['marketplace.domains'], ...config['domains.alias'], config['domains.host']],
    },
    hostName: config['domains.host'],
    retryForMs: config['delivery.retryFor'],
    holdForMs: config['hold.deadline'],
    unconfirmedForMs: config['hold.unconfirmed'],
    perAliasPerHour: config['limits.perAlias'],
    proactiveMs: config['window.proactive'],
    criticalReasons: config['window.reasons'],
    wakeOutbox,
    heavy: undefined,
    beforeKeeping: () => undefined,
    opensFiles: true,
  };
}
