/**
 * sides: the two halves of a relay that run in threads of their own: carrying what is heavy, and delivering.
 */
import { networkInterfaces } from 'node:os';
import type { MessagePort } from 'node:worker_threads';
import { decideCase } from '../cases/decide.ts';
import type { Config } from '../config/schema.ts';
import { codeOf, RelayError } from '../core/errors.ts';
import { passGate, type Gate } from '../core/gate.ts';
import type { LogSink } from '../core/log.ts';
import { systemClock } from '../core/time.ts';
import { validatingResolver } from '../dns/validating.ts';
import { confirmKey } from '../mail/confirm-token.ts';
import { decidedIn, outcomesIn, pack, unpack, type Done, type Job } from '../mail/crossing.ts';
import { createRelay, type Heavy } from '../mail/path.ts';
import { smtpTransport } from '../outbox/smtp-transport.ts';
import type { Transport } from '../outbox/transport.ts';
import { startWorker, type Worker } from '../outbox/worker.ts';
import { inboxTransport } from '../sandbox/inbox-transport.ts';
import { startEgressThreads } from '../threads/egress-threads.ts';
import { CARRIED_WITHIN_MS, PATH_THREAD, startPathThreads } from '../threads/path-threads.ts';
import { keptPolicies } from './kept-policies.ts';
import { lay, pathParts, resolverOf, type Foundation } from './foundation.ts';
import { liveDkim, type Reloading } from './reloading.ts';

/** What a thread is started with. */
export interface ThreadOrder {
  readonly config: Config;
  readonly writer: MessagePort | undefined;
}

/** The egress side, in whatever thread this is called. */
export async function startEgress(order: ThreadOrder, sink: LogSink): Promise<Worker & Reloading> {
  const { config } = order;
  const base = await lay(config, sink, order.writer);
  const dkim = await liveDkim(base, { isTold: true });
  const transport = transportOf(base);
  const worker = startWorker({
    ...base,
    clock: systemClock,
    transport,
    dkim: dkim.keys,
    aliasDomain: config['domains.alias'][0],
    aliasKey: base.keys.alias,
    hostName: config['domains.host'],
    rulesUrl: `${config['http.publicUrl']}/rules`,
    confirmUrl: `${config['http.publicUrl']}/confirm`,
    confirmKey: confirmKey(base.keys.alias),
    marketplaceName: config['marketplace.name'],
    concurrency: config['delivery.concurrency'],
    leaseMs: config['delivery.lease'],
    retryForMs: config['delivery.retryFor'],
  });
  return {
    wake: () => worker.wake(),
    reload: () => dkim.reload(),
    async [Symbol.asyncDispose]() {
      await worker[Symbol.asyncDispose]();
      await dkim[Symbol.asyncDispose]();
      await transport[Symbol.asyncDispose]();
      await base.store[Symbol.asyncDispose]();
    },
  };
}

/** The mail path in a thread that may be ended: what `path-threads.ts` asks for, it does. Never rejects. */
export async function startCarrier(
  order: ThreadOrder,
  { sink, wakeOutbox }: { readonly sink: LogSink; readonly wakeOutbox: () => void },
): Promise<{ run(job: Job, gate: Gate): Promise<Done> } & AsyncDisposable> {
  const base = await lay(order.config, sink, order.writer);
  const path = pathParts(base, wakeOutbox);
  async function run(job: Job, gate: Gate): Promise<Done> {
    const beforeKeeping = (): void => {
      if (!passGate(gate, 'keeps')) throw new Error('this thread was given up');
    };
    try {
      if (job.kind === 'decide') return { decided: await decideCase(job.decision, { ...path, beforeKeeping }) };
      const { admitted, raw, claim } = unpack(job.crossing, base.vault);
      const relay = createRelay({ ...path, beforeKeeping, opensFiles: job.opensFiles });
      return { outcomes: await relay.relay(admitted, raw, claim) };
    } catch (error) {
      if (codeOf(error) === 'internal') base.events.unexpected('path.thread', error);
      return { code: codeOf(error), retryAfterMs: error instanceof RelayError ? error.retryAfterMs : undefined };
    }
  }
  return { run, [Symbol.asyncDispose]: () => base.store[Symbol.asyncDispose]() };
}

export function heavyThreads(base: Foundation, wakeOutbox: () => void, sink: LogSink): Heavy & AsyncDisposable {
  const { config, events, vault, shareWriter } = base;
  const threads = startPathThreads({
    entry: PATH_THREAD,
    withinMs: CARRIED_WITHIN_MS,
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

export function transportOf({ config, events, store, vault }: Foundation): Transport {
  const route = config['delivery.route'];
  if (route.kind === 'sandbox') return inboxTransport({ store, vault, clock: systemClock });
  const own = ownAddresses();
  return smtpTransport({
    route,
    resolver: resolverOf(config),
    policies: keptPolicies({ store, vault, clock: systemClock }),
    validating: config['dns.validates'] ? validatingResolver(config['dns.servers']) : undefined,
    clock: systemClock,
    countTls: (policy, result) => events.tlsTried({ policy, result }),
    isOwnAddress: (address) => own.has(address),
    hostName: config['domains.host'],
    maxConnectionsPerHost: route.kind === 'mx' ? 5 : config['delivery.concurrency'],
    mxPort: 25,
    policyPort: 443,
    allowPrivateTargets: false,
    trusted: undefined,
  });
}

/** Whatever listens on this machine, a mailbox at the far end of the world it is not. */
function ownAddresses(): ReadonlySet<string> {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return new Set(all.map(({ address }) => address));
}

export function egressThreads({ config, events, shareWriter }: Foundation, sink: LogSink): Worker & Reloading {
  const order = (): ThreadOrder => ({ config, writer: shareWriter() });
  return startEgressThreads({ count: config['workers.egress'], order, sink, events });
}
