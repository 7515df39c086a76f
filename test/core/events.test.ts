import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEvents } from '../../src/core/events.ts';
import { mintMessageId, mintOutboxId } from '../../src/core/ids.ts';
import { jsonLines, type LogFields } from '../../src/core/log.ts';
import { RemoteText } from '../../src/core/remote-text.ts';

function capture() {
  const lines: string[] = [];
  const events = createEvents(
    jsonLines(
      () => 0,
      (line) => lines.push(line),
    ),
  );
  return { events, lines };
}

test('a deferred delivery is logged with the codes of the reply and none of its words', () => {
  const { events, lines } = capture();
  events.deferred({
    outbox: mintOutboxId(),
    message: mintMessageId(),
    attempt: 1,
    retryInMs: 60_000,
    reply: new RemoteText('451 4.7.1 <canary@hidden.test> greylisted'),
  });
  assert.match(lines.join(''), /"code":451,"enhanced":"4.7.1"/);
  assert.ok(!lines.join('').includes('canary'));
});

test('an unexpected error is logged by its class and our own place, never by its words', () => {
  const { events, lines } = capture();
  events.unexpected('outbox.turn', new TypeError("cannot read 'canary@hidden.test'"));
  assert.match(lines.join(''), /"error":"TypeError"/);
  assert.ok(!lines.join('').includes('canary'));
});

test('whatever still looks like an address is masked before it is written', () => {
  const lines: string[] = [];
  const fields: LogFields = { place: 'x <canary@hidden.test> y' };
  jsonLines(
    () => 0,
    (line) => lines.push(line),
  ).write('info', 'test', fields);
  assert.match(lines.join(''), /x <\[address\]> y/);
});
