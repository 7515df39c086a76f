/**
 * app: the one composition root. It and its folder alone know every adapter; everything else is handed what it needs.
 *
 * In:  a `Config`, the roles to run, and where log lines go.    Out: a running relay that stops in the reverse order of its start.
 * Threads: doors, and the path of small messages here; the path of what is large or holds files in threads that can be ended; the
 * store's writer in one thread of its own; signing and delivering in the egress threads, which learn what to do from the store: ids cross the threads, bodies do not.
 */
import { createHmac } from 'node:crypto';
import { openHttpDoor, openMetrics, openSmtpDoors, httpParts } from './app/doors.ts';
import { lay, pathParts, registerParts, type Foundation } from './app/foundation.ts';
import { egressThreads, heavyThreads } from './app/sides.ts';
import type { Config } from './config/schema.ts';
import type { LogSink } from './core/log.ts';
import { systemClock } from './core/time.ts';
import { createFigures } from './http/metrics.ts';
import { startDeadlines } from './jobs/deadlines.ts';
import { createRelay, type PathParts } from './mail/path.ts';
import { apiKeyRecord } from './orders/credentials.ts';
import { sandboxRoutes } from './sandbox/routes.ts';
import { seedMarketplace, type Marketplace } from './sandbox/seed.ts';

export type Role = 'smtp' | 'http' | 'worker';
export const ROLES: readonly Role[] = ['smtp', 'http', 'worker'];

export interface RunningRelay extends AsyncDisposable {
  readonly ports: Readonly<Record<'mx' | 'submission' | 'submissions' | 'http', number | undefined>>;
  /** The sandbox's API key and its invented marketplace; `undefined` in production. */
  readonly sandbox: { readonly apiKey: string; readonly marketplace: Marketplace } | undefined;
  /** Reads the certificate and the DKIM keys again, now; a change is noticed within a minute by itself. */
  reload(): void;
}

export async function startRelay(config: Config, roles: readonly Role[], log: LogSink): Promise<RunningRelay> {
  const begun = performance.now();
  const figures = createFigures();
  const sink = figures.counted(log);
  await using undo = new AsyncDisposableStack();
  const base = await lay(config, sink, undefined);
  undo.use(base.store);
  const apiKey = await admitFirstKey(base);
  const marketplace = config.mode === 'sandbox' ? await seedMarketplace(registerParts(base)) : undefined;

  const egress = roles.includes('worker') ? undo.use(egressThreads(base, sink)) : undefined;
  const wakeOutbox = () => egress?.wake();
  const path: PathParts = { ...pathParts(base, wakeOutbox), heavy: undo.use(heavyThreads(base, wakeOutbox, sink)) };
  const relay = createRelay(path);
  if (roles.includes('worker')) {
    undo.use(startDeadlines({ path, ...path, outcome: config['hold.onDeadline'] }));
  }
  const smtp = await openSmtpDoors(
    { isWanted: roles.includes('smtp'), hasEgress: egress !== undefined },
    relay,
    base,
    path,
    undo,
  );
  const routers =
    marketplace === undefined ? [] : [sandboxRoutes({ ...base, clock: systemClock, marketplace, ports: smtp.ports })];
  const http = roles.includes('http')
    ? await openHttpDoor(httpParts(relay, path, base), base, routers, undo)
    : undefined;
  await openMetrics(figures, base, undo);
  base.events.started({
    role: roles.join('+'),
    mode: config.mode,
    store: config['data.url'].kind,
    milliseconds: Math.round(performance.now() - begun),
  });
  const running = undo.move();
  running.defer(() => base.events.stopped({ role: roles.join('+') }));
  return {
    ports: { ...smtp.ports, http },
    sandbox: apiKey === undefined || marketplace === undefined ? undefined : { apiKey, marketplace },
    reload() {
      smtp.reload();
      egress?.reload();
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** The configured first key, or the sandbox's own: derived from the key file, so that it is the same after a restart. */
async function admitFirstKey({ config, keys, store }: Foundation): Promise<string | undefined> {
  const derived = createHmac('sha256', keys.alias).update('sandbox API key').digest('base64url');
  const key = config['api.bootstrapKey'] ?? (config.mode === 'sandbox' ? `vk_test_${derived}` : undefined);
  if (key !== undefined) await store.putApiKey(apiKeyRecord(key, ['admin'], systemClock.now()));
  return key;
}
