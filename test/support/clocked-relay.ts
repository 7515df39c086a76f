/**
 * clocked-relay: a whole relay in this process, on a clock that is moved by hand: a real store, the SMTP door, the HTTP door, the mail
 * path and a worker. Only the far side is made up: it takes everything and keeps it.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { httpParts } from '../../src/app/doors.ts';
import { lay, pathParts } from '../../src/app/foundation.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { LogFields } from '../../src/core/log.ts';
import { systemClock } from '../../src/core/time.ts';
import { createFigures } from '../../src/http/metrics.ts';
import { startHttp } from '../../src/http/server.ts';
import { confirmKey } from '../../src/mail/confirm-token.ts';
import { createRelay, type PathParts } from '../../src/mail/path.ts';
import { apiKeyRecord, mintApiKey } from '../../src/orders/credentials.ts';
import type { Shipment } from '../../src/outbox/transport.ts';
import { startWorker } from '../../src/outbox/worker.ts';
import type { Scope } from '../../src/store/records.ts';
import { createLimits } from '../../src/smtp/limits.ts';
import { startSmtpDoor } from '../../src/smtp/server.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';
import { mail, registerPair, type Registered } from './registered.ts';
import type { RelayProcess } from './relay-process.ts';
import { sendRaw, type Reply } from './smtp-client.ts';
import { openScenarioStore, type STORES } from './stores.ts';
import { NO_DESKS } from './smtp-door.ts';

const START = Date.UTC(2026, 10, 23, 12);

type Answer = Awaited<ReturnType<RelayProcess['api']>>;

export interface ClockedRelay extends AsyncDisposable {
  readonly clock: ManualClock;
  readonly smtpPort: number;
  readonly url: string;
  /** What went out, in the order in which it did. */
  readonly shipments: readonly Shipment[];
  readonly lines: readonly { readonly name: string; readonly fields: LogFields }[];
  /** What Prometheus would read. */
  figures(): Promise<string>;
  /** A request with the admin key, or with another one. */
  api(method: string, path: string, body?: unknown, key?: string): Promise<Answer>;
  addKey(...scopes: readonly Scope[]): Promise<string>;
  /** A fresh seller with one order. */
  register(): Promise<Registered>;
  /** A message over SMTP, from the seller to the buyer's alias or the other way round. */
  send(
    pair: Registered,
    from: 'seller' | 'buyer',
    text: string,
    more?: { readonly headers?: readonly string[] },
  ): Promise<Reply>;
  /** Resolves when so many are out in all, and settled. To be asked before the clock is moved: a lease that ends sends once more. */
  out(count: number): Promise<void>;
}

export async function startClockedRelay(
  kind: (typeof STORES)[number],
  env: Readonly<Record<string, string>> = {},
): Promise<ClockedRelay> {
  await using undo = new AsyncDisposableStack();
  const place = undo.use(await openScenarioStore(kind));
  const config = loadConfig({
    env: {
      VEILPOST_DATA__URL: place.dataUrl ?? `sqlite:${join(place.folder, 'data')}`,
      VEILPOST_KEYS__FILE: join(place.folder, 'keys.json'),
      ...env,
    },
    cwd: place.folder,
  });
  const lines: { name: string; fields: LogFields }[] = [];
  const figures = createFigures();
  const sink = figures.counted({ write: (_level, name, fields) => lines.push({ name, fields }) });
  const base = await lay(config, sink, undefined);
  undo.use(base.store);
  const clock = manualClock(START);
  const shipments: Shipment[] = [];
  const worker = undo.use(
    startWorker({
      ...base,
      clock,
      transport: {
        async send(shipment) {
          shipments.push(shipment);
          return { kind: 'delivered' };
        },
        async [Symbol.asyncDispose]() {},
      },
      dkim: () => base.keys.dkim,
      aliasDomain: 'relay.test',
      aliasKey: base.keys.alias,
      hostName: 'mail.relay.test',
      rulesUrl: 'https://relay.test/rules',
      confirmUrl: 'https://relay.test/confirm',
      confirmKey: confirmKey(base.keys.alias),
      marketplaceName: 'Marketplace',
      concurrency: 4,
      leaseMs: 30_000,
      retryForMs: config['delivery.retryFor'],
    }),
  );
  const path: PathParts = { ...pathParts(base, () => worker.wake()), clock };
  const relay = createRelay(path);
  const listen = { host: '127.0.0.1', port: 0 };
  const smtp = undo.use(
    await startSmtpDoor({
      door: 'mx',
      listen,
      hostName: 'mail.relay.test',
      tls: undefined,
      implicitTls: false,
      requireTls: false,
      authRequired: false,
      sandboxLoopback: true,
      maxMessage: config['smtp.maxMessage'],
      limits: createLimits({ perAddress: 200, perNetwork: 200, inAll: 1000 }, systemClock),
      // A refusal takes its time there, and nobody would move the clock for it.
      parts: {
        relay,
        desks: NO_DESKS,
        signIn: async () => undefined,
        events: base.events,
        clock: systemClock,
        ruleLink: (rule) => rule,
      },
    }),
  );
  const http = undo.use(
    await startHttp({
      listen,
      publicUrl: 'http://127.0.0.1',
      trustedProxies: config['http.trustedProxies'],
      parts: httpParts(relay, path, base),
      routers: [],
    }),
  );
  const addKey = async (...scopes: readonly Scope[]): Promise<string> => {
    const key = mintApiKey('test');
    await base.store.putApiKey(apiKeyRecord(key, scopes, clock.now()));
    return key;
  };
  const admin = await addKey('admin');
  const url = `http://127.0.0.1:${http.port}`;
  const api: ClockedRelay['api'] = async (method, at, body, key = admin) => {
    const headers = { 'authorization': `Bearer ${key}`, 'content-type': 'application/json' };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(url + at, init);
    const text = await response.text();
    return { status: response.status, body: JSON.parse(text), text, headers: response.headers };
  };
  const running = undo.move();
  return {
    clock,
    smtpPort: smtp.port,
    url,
    shipments,
    lines,
    figures: () => figures.registry.metrics(),
    api,
    addKey,
    register: () => registerPair({ api }),
    send(pair, from, text, more = {}) {
      const to = pair.aliases[from === 'seller' ? 'buyer' : 'seller'];
      const data = mail({ from: pair[from], to, text, ...more });
      return sendRaw(smtp.port, { from: pair[from], to: [to], data });
    },
    async out(count) {
      while (shipments.length < count || (await base.store.nextDue()) !== undefined) {
        worker.wake();
        await turn();
      }
      assert.equal(shipments.length, count);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
