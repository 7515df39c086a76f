/**
 * metrics: figures for Prometheus, on a port of their own that faces nobody outside.
 *
 * In:  the events that are logged anyway.    Out: counters, and the process's own figures (memory, event loop).
 * Labels are words from closed lists; an address, a subject or an id has no way into one.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import { ERRORS } from '../core/errors.ts';
import type { LogFields, LogSink } from '../core/log.ts';

export interface Figures {
  /** The same sink, counted on the way. */
  counted(sink: LogSink): LogSink;
  readonly registry: Registry;
}

export function createFigures(): Figures {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = countersOn(registry);
  return {
    registry,
    counted: (sink) => ({
      write(level, name, fields) {
        count(name, fields, counters);
        sink.write(level, name, fields);
      },
    }),
  };
}

type Counters = ReturnType<typeof countersOn>;

function countersOn(registry: Registry) {
  const registers = [registry];
  return {
    messages: new Counter({
      name: 'veilpost_messages_total',
      help: 'Messages by who wrote them, by which door they came, and what became of them.',
      labelNames: ['from', 'door', 'outcome'],
      registers,
    }),
    masked: new Counter({
      name: 'veilpost_addresses_masked_total',
      help: "Leaks prevented: places in messages where a party's real address was replaced.",
      labelNames: ['from'],
      registers,
    }),
    leaks: new Counter({
      name: 'veilpost_leaks_stopped_total',
      help: 'Rewritten messages in which verify still found a real address. Should stay 0: each one is a place that rewrite does not reach.',
      registers,
    }),
    deliveries: new Counter({
      name: 'veilpost_deliveries_total',
      help: 'Attempts to deliver, by how they ended.',
      labelNames: ['outcome'],
      registers,
    }),
    tls: new Counter({
      name: 'veilpost_tls_results_total',
      help: 'Outgoing connections, by the policy of the domain (RFC 8460 4.4) and by how their encryption went (4.3).',
      labelNames: ['policy', 'result'],
      registers,
    }),
    bounces: new Counter({
      name: 'veilpost_bounces_total',
      help: 'Reports about messages that had been delivered, by what they say.',
      labelNames: ['reason'],
      registers,
    }),
    bypasses: new Counter({
      name: 'veilpost_bypasses_total',
      help: 'Attempts to reach the other party around the alias.',
      labelNames: ['kind'],
      registers,
    }),
    refusedByLimit: new Counter({
      name: 'veilpost_refused_by_limit_total',
      help: 'What was put off or turned away because there was too much of it, by door and by the code of the error.',
      labelNames: ['door', 'code'],
      registers,
    }),
    unexpected: new Counter({
      name: 'veilpost_unexpected_errors_total',
      help: 'Trouble of our own, by place.',
      labelNames: ['place'],
      registers,
    }),
  };
}

const OUTCOMES: Readonly<Record<string, string>> = {
  'mail.queued': 'queued',
  'mail.held': 'held',
  'mail.refused': 'refused',
  'mail.dropped': 'dropped',
  'mail.repeated': 'repeated',
};
const DELIVERIES: Readonly<Record<string, string>> = {
  'outbox.delivered': 'delivered',
  'outbox.deferred': 'deferred',
  'outbox.failed': 'failed',
};

/** Events that carry the code with which somebody was refused, and the codes that say that there was too much. */
const REFUSALS: readonly string[] = ['mail.rejected', 'recipient.refused', 'client.dismissed', 'http.limited'];
const LIMITS: readonly string[] = Object.entries(ERRORS).flatMap(([code, { http }]) => (http === 429 ? [code] : []));

function count(name: string, fields: LogFields, counters: Counters): void {
  const word = (field: string): string => String(fields[field] ?? '');
  const outcome = OUTCOMES[name];
  if (outcome !== undefined) counters.messages.inc({ from: word('from'), door: word('door'), outcome });
  if (name === 'mail.queued' || name === 'mail.released')
    counters.masked.inc({ from: word('from') }, Number(fields['masked'] ?? 0));
  if (name === 'mail.leakStopped') counters.leaks.inc();
  if (name === 'mail.bounced') counters.bounces.inc({ reason: word('reason') });
  if (name === 'outbox.tls') counters.tls.inc({ policy: word('policy'), result: word('result') });
  if (name === 'bypass.tried') counters.bypasses.inc({ kind: word('kind') });
  if (name === 'relay.unexpected') counters.unexpected.inc({ place: word('place') });
  if (REFUSALS.includes(name) && LIMITS.includes(word('code')))
    counters.refusedByLimit.inc({ door: word('door'), code: word('code') });
  const delivery = DELIVERIES[name];
  if (delivery !== undefined) counters.deliveries.inc({ outcome: delivery });
}

export async function startMetrics(
  listen: { readonly host: string; readonly port: number },
  registry: Registry,
): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    void registry.metrics().then((text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text));
  });
  server.listen(listen.port, listen.host);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : listen.port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
