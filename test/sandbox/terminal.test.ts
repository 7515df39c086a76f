/**
 * What `npm start` shows.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEvents } from '../../src/core/events.ts';
import { mintMessageId, mintOutboxId, parseOrderId, type OrderId } from '../../src/core/ids.ts';
import { RemoteText } from '../../src/core/remote-text.ts';
import { terminalSink } from '../../src/sandbox/terminal.ts';

function terminal(hasColours: boolean) {
  const lines: string[] = [];
  const sink = terminalSink({ out: (text) => void lines.push(text), clock: { now: () => 0 }, hasColours });
  return { events: createEvents(sink), lines, sink };
}

const message = mintMessageId();
const order: OrderId = parseOrderId('A-1001') ?? assert.fail();
const mail = { message, order, from: 'seller', door: 'submission' } as const;

test('each message has one line with its direction, its verdict and its rule', () => {
  const { events, lines } = terminal(false);
  events.mailQueued({ ...mail, action: 'deliver', rule: undefined, masked: 0 });
  events.mailRefused({ ...mail, from: 'buyer', action: 'block', rule: 'refund-for-review-change' });
  assert.equal(lines.length, 2);
  assert.match(lines[0] ?? '', /^\d\d:\d\d:\d\d {2}seller → buyer {2}A-1001 .*✓ deliver .*msg_[0-9a-z]{20}\n$/);
  assert.match(lines[1] ?? '', /seller ← buyer .*✕ block +refund-for-review-change/);
});

test('what goes well otherwise is quiet, and trouble is told without an address', () => {
  const { events, lines, sink } = terminal(false);
  events.listening({ door: 'smtp.mx', port: 25 });
  events.delivered({ outbox: mintOutboxId(), message, attempt: 1, milliseconds: 3 });
  assert.deepEqual(lines, []);
  events.failed({
    outbox: mintOutboxId(),
    message,
    attempt: 1,
    reply: new RemoteText('550 5.1.1 <kim@post.test> unknown'),
  });
  sink.write('error', 'anything', { field: 'kim@post.test' });
  assert.equal(lines.length, 2);
  assert.match(lines[0] ?? '', /! outbox\.failed .*code=550 enhanced=5\.1\.1/);
  assert.doesNotMatch(lines.join(''), /kim@/);
});

test('colours are there only where they are wanted', () => {
  const escape = String.fromCharCode(27);
  for (const hasColours of [true, false]) {
    const { events, lines } = terminal(hasColours);
    events.mailQueued({ ...mail, action: 'deliver', rule: undefined, masked: 0 });
    assert.equal(lines.join('').includes(escape), hasColours);
  }
});
