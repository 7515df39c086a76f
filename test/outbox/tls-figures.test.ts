import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEvents } from '../../src/core/events.ts';
import { createFigures } from '../../src/http/metrics.ts';
import { startSink } from '../support/sink.ts';
import { BUYER, never, noNames, shipment, toMx } from './far-side.ts';

test('how encryption went is counted in the words of RFC 8460, with no name of a domain, a host or a person', async () => {
  const figures = createFigures();
  const lines: unknown[] = [];
  const events = createEvents(figures.counted({ write: (...line) => void lines.push(line) }));
  await using sink = await startSink();
  await using transport = toMx(
    sink,
    { ...noNames, addresses: async () => ['127.0.0.1'] },
    { countTls: (policy, result) => events.tlsTried({ policy, result }) },
  );
  for (const domain of ['one.example', 'two.example']) await transport.send(shipment('x', `kim@${domain}`), never);
  await transport.send(shipment('x'), never);
  const text = await figures.registry.metrics();
  assert.match(text, /^veilpost_tls_results_total\{policy="no-policy-found",result="starttls-not-supported"\} 3$/m);
  for (const told of [text, JSON.stringify(lines)]) {
    assert.doesNotMatch(told, /example|127\.0\.0\.1|kim/);
    assert.ok(!told.includes(BUYER));
  }
});
