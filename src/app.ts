/**
 * app: the one composition root. It alone knows every adapter; everything else is handed what it needs.
 *
 * In:  a `Config`, the roles to run, and where log lines go.    Out: a running relay that stops in the reverse order of its start.
 * Threads: doors, and the path of small messages here; the path of what is large or holds files in threads that can be ended; the
 * store's writer in one thread of its own; signing and delivering in the egress threads, which learn what to do from the store: ids cross the threads, bodies do not.
 */
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { MessagePort } from 'node:worker_threads';
import type { Router } from 'express';
import { decideCase } from './cases/decide.ts';
import type { Config } from './config/schema.ts';
import { createEvents, type Events } from './core/events.ts';
import { codeOf } from './core/errors.ts';
import type { LogSink } from './core/log.ts';
import { systemClock } from './core/time.ts';
import { systemResolver } from './dns/system.ts';
import { startEgressThreads } from './threads/egress-threads.ts';
import type { HttpParts } from './http/parts.ts';
import { createFigures, startMetrics, type Figures } from './http/metrics.ts';
import { startHttp } from './http/server.ts';
import { startDeadlines } from './jobs/deadlines.ts';
import { listening } from './listening.ts';
import { openContent } from './mail/content.ts';
import { lintDraft, lintMail } from './mail/lint.ts';
import { decidedIn, outcomesIn, pack, unpack, type Done, type Job } from './mail/crossing.ts';
import { createRelay, type Heavy, type PathParts } from './mail/path.ts';
import { startPathThreads } from './threads/path-threads.ts';
import { postMessage } from './mail/post.ts';
import type { Relay } from './mail/types.ts';
import { apiKeyRecord, SignIn } from './orders/credentials.ts';
import { sellerProfile } from './orders/order.ts';
import { addCredential, registerOrder, registerSeller, type RegisterParts } from './orders/register.ts';
import { smtpTransport } from './outbox/smtp-transport.ts';
import type { Transport } from './outbox/transport.ts';
import { startWorker, type Worker } from './outbox/worker.ts';
import { inboxTransport } from './sandbox/inbox-transport.ts';
import { seedMarketplace, type Marketplace } from './sandbox/seed.ts';
import { sandboxRoutes } from './sandbox/routes.ts';
import { startSmtpDoor } from './smtp/server.ts';
import { openRedisStore } from './store/redis/store.ts';
import { openSqliteStore } from './store/sqlite/store.ts';
import type { Store } from './store/store.ts';
import { createKeyFile, keyFile } from './vault/key-file.ts';
import type { KeyRing } from './vault/keys.ts';
import { Vault } from './vault/seal.ts';

export type Role = 'smtp' | 'http' | 'worker';
export const ROLES: readonly Role[] = ['smtp', 'http', 'worker'];

/** What an egress thread is started with. */
export interface EgressOrder {
  readonly config: Config;
  readonly writer: MessagePort | undefined;
}

export interface RunningRelay extends AsyncDisposable {
  readonly ports: Readonly<Record<'mx' | 'submission' | 'submissions' | 'http', number | undefined>>;
  /** The sandbox's API key and its invented marketplace; `undefined` in production. */
  readonly sandbox: { readonly apiKey: string; readonly marketplace: Marketplace } | undefined;
}

interface Foundation {
  readonly config: Config;
  readonly events: Events;
  readonly keys: KeyRing;
  readonly vault: Vault;
  readonly store: Store;
  readonly shareWriter: () => MessagePort | undefined;
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
  const smtp = await openSmtpDoors(roles.includes('smtp'), relay, base, undo);
  const routers =
    marketplace === undefined ? [] : [sandboxRoutes({ ...base, clock: systemClock, marketplace, ports: smtp })];
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
    ports: { ...smtp, http },
    sandbox: apiKey === undefined || marketplace === undefined ? undefined : { apiKey, marketplace },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** The egress side, in whatever thread this is called. */
export async function startEgress(order: EgressOrder, sink: LogSink): Promise<Worker> {
  const { config } = order;
  const base = await lay(config, sink, order.writer);
  const transport = transportOf(base);
  const worker = startWorker({
    ...base,
    clock: systemClock,
    transport,
    dkim: base.keys.dkim,
    aliasDomain: config['domains.alias'][0],
    aliasKey: base.keys.alias,
    hostName: config['domains.host'],
    rulesUrl: `${config['http.publicUrl']}/rules`,
    concurrency: config['delivery.concurrency'],
    leaseMs: config['delivery.lease'],
    retryForMs: config['delivery.retryFor'],
  });
  return {
    wake: () => worker.wake(),
    async [Symbol.asyncDispose]() {
      await worker[Symbol.asyncDispose]();
      await transport[Symbol.asyncDispose]();
      await base.store[Symbol.asyncDispose]();
    },
  };
}

/** The mail path in a thread that may be ended: what `path-threads.ts` asks for, it does. Never rejects. */
export async function startCarrier(
  order: EgressOrder,
  { sink, wakeOutbox }: { readonly sink: LogSink; readonly wakeOutbox: () => void },
): Promise<{ run(job: Job): Promise<Done> } & AsyncDisposable> {
  const base = await lay(order.config, sink, order.writer);
  const path = pathParts(base, wakeOutbox);
  async function run(job: Job): Promise<Done> {
    try {
      if (job.kind === 'decide') return { decided: await decideCase(job.decision, path) };
      const { admitted, raw, claim } = unpack(job.crossing, base.vault);
      return { outcomes: await createRelay({ ...path, opensFiles: job.opensFiles }).relay(admitted, raw, claim) };
    } catch (error) {
      if (codeOf(error) === 'internal') base.events.unexpected('path.thread', error);
      return { code: codeOf(error) };
    }
  }
  return { run, [Symbol.asyncDispose]: () => base.store[Symbol.asyncDispose]() };
}

function heavyThreads(base: Foundation, wakeOutbox: () => void, sink: LogSink): Heavy & AsyncDisposable {
  const { config, events, vault, shareWriter } = base;
  const threads = startPathThreads({
    count: config['workers.path'],
    order: () => ({ config, writer: shareWriter() }),
    sink,
    events,
    wakeOutbox,
  });
  return {
    async carry(admitted, received, claim) {
      return outcomesIn(
        await threads.run({ kind: 'carry', crossing: pack(admitted, received, claim, vault), opensFiles: true }),
      );
    },
    async decide(decision) {
      return decidedIn(await threads.run({ kind: 'decide', decision }));
    },
    [Symbol.asyncDispose]: () => threads[Symbol.asyncDispose](),
  };
}

/** Keys, vault, store and events: what every role stands on. */
async function lay(config: Config, sink: LogSink, writer: MessagePort | undefined): Promise<Foundation> {
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

/** The configured first key, or the sandbox's own: derived from the key file, so that it is the same after a restart. */
async function admitFirstKey({ config, keys, store }: Foundation): Promise<string | undefined> {
  const derived = createHmac('sha256', keys.alias).update('sandbox API key').digest('base64url');
  const key = config['api.bootstrapKey'] ?? (config.mode === 'sandbox' ? `vk_test_${derived}` : undefined);
  if (key !== undefined) await store.putApiKey(apiKeyRecord(key, ['admin'], systemClock.now()));
  return key;
}

function registerParts({ config, keys, store, vault }: Foundation): RegisterParts {
  return { store, vault, clock: systemClock, aliasDomain: config['domains.alias'][0], aliasKey: keys.alias };
}

function pathParts(base: Foundation, wakeOutbox: () => void): PathParts {
  const { config, keys, store, vault, events } = base;
  return {
    store,
    vault,
    events,
    clock: systemClock,
    aliasDomains: config['domains.alias'],
    aliasKey: keys.alias,
    policy: {
      profile: config['policy.profile'],
      ownDomains: [...config['marketplace.domains'], ...config['domains.alias'], config['domains.host']],
    },
    hostName: config['domains.host'],
    retryForMs: config['delivery.retryFor'],
    holdForMs: config['hold.deadline'],
    perAliasPerHour: config['limits.perAlias'],
    wakeOutbox,
    heavy: undefined,
    opensFiles: true,
  };
}

function transportOf({ config, store, vault }: Foundation): Transport {
  const route = config['delivery.route'];
  if (route.kind === 'sandbox') return inboxTransport({ store, vault, clock: systemClock });
  const servers = config['dns.servers'];
  return smtpTransport({
    route,
    resolver: systemResolver(servers.length === 0 ? undefined : servers),
    hostName: config['domains.host'],
    maxConnectionsPerHost: route.kind === 'mx' ? 5 : config['delivery.concurrency'],
    mxPort: 25,
    allowPrivateTargets: false,
  });
}

function egressThreads({ config, events, shareWriter }: Foundation, sink: LogSink): Worker {
  const order = (): EgressOrder => ({ config, writer: shareWriter() });
  return startEgressThreads({ count: config['workers.egress'], order, sink, events });
}

async function openSmtpDoors(isWanted: boolean, relay: Relay, base: Foundation, undo: AsyncDisposableStack) {
  const { config, events, store, vault } = base;
  const isSandbox = config.mode === 'sandbox';
  const signIn = new SignIn({ store, vault, clock: systemClock });
  const tls = await readTls(config);
  const open = async (
    name: 'smtp.mx' | 'smtp.submission' | 'smtp.submissions',
    door: 'mx' | 'submission',
  ): Promise<number | undefined> => {
    const listen = config[name];
    if (listen === undefined || !isWanted) return undefined;
    const settings = {
      door,
      listen,
      hostName: config['domains.host'],
      tls,
      implicitTls: name === 'smtp.submissions',
      requireTls: door === 'submission' && !isSandbox,
      authRequired: door === 'submission',
      sandboxLoopback: isSandbox,
      maxMessage: config['smtp.maxMessage'],
      maxConnectionsPerPeer: config['smtp.maxConnectionsPerPeer'],
      parts: {
        relay,
        signIn: (username: string, password: string) => signIn.signIn(username, password),
        events,
        clock: systemClock,
        ruleLink: (rule: string) => `${config['http.publicUrl']}/rules#${rule}`,
      },
    };
    const opened = undo.use(await listening(name, listen, () => startSmtpDoor(settings)));
    events.listening({ door: name, port: opened.port });
    return opened.port;
  };
  return {
    mx: await open('smtp.mx', 'mx'),
    submission: await open('smtp.submission', 'submission'),
    submissions: await open('smtp.submissions', 'submission'),
  };
}

async function readTls(config: Config): Promise<{ readonly key: Buffer; readonly cert: Buffer } | undefined> {
  const [cert, key] = [config['smtp.tlsCert'], config['smtp.tlsKey']];
  if (cert === undefined || key === undefined) return undefined;
  return { cert: await readSetting('smtp.tlsCert', cert), key: await readSetting('smtp.tlsKey', key) };
}

async function readSetting(setting: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Error(`${setting}: there is no readable file at ${path}`, { cause: error });
  }
}

async function openHttpDoor(
  parts: HttpParts,
  { config, events }: Foundation,
  routers: readonly Router[],
  undo: AsyncDisposableStack,
): Promise<number | undefined> {
  const listen = config['http.listen'];
  if (listen === undefined) return undefined;
  const start = () => startHttp({ listen, publicUrl: config['http.publicUrl'], parts, routers });
  const door = undo.use(await listening('http.listen', listen, start));
  events.listening({ door: 'http', port: door.port });
  return door.port;
}

/** A second sandbox on this machine finds the port taken, and starts all the same: its newcomer did not ask for figures. */
async function openMetrics(
  figures: Figures,
  { config, events }: Foundation,
  undo: AsyncDisposableStack,
): Promise<void> {
  const listen = config['http.metrics'];
  if (listen === undefined) return;
  try {
    undo.use(await listening('http.metrics', listen, () => startMetrics(listen, figures.registry)));
  } catch (error) {
    if (config.mode !== 'sandbox') throw error;
    events.metricsOff({ port: listen.port });
  }
}

function httpParts(relay: Relay, path: PathParts, base: Foundation): HttpParts {
  const { config, events, store, vault } = base;
  const register = registerParts(base);
  return {
    store,
    events,
    clock: systemClock,
    maxMessage: config['smtp.maxMessage'],
    readContent: (message) => openContent(message, vault),
    readSellerName: (seller) => sellerProfile(seller, vault).name,
    registerSeller: (input) => registerSeller(input, register),
    addCredential: (input) => addCredential(input, register),
    registerOrder: (input) => registerOrder(input, register),
    postMessage: (posted, keyId) => postMessage(posted, keyId, { relay, store, clock: systemClock }),
    lintDraft: (draft) => lintDraft(draft, path.policy),
    lintMail: (raw) => lintMail(raw, path.policy),
    decideCase: (decision) => decideCase(decision, path),
  };
}
