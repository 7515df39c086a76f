import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createEvents } from '../../src/core/events.ts';
import { openGate, passGate } from '../../src/core/gate.ts';
import type { Job } from '../../src/mail/crossing.ts';
import { startPathThreads } from '../../src/threads/path-threads.ts';

const WITHIN_MS = 400;

function start() {
  const sink = { write: () => undefined };
  return startPathThreads({
    entry: join(import.meta.dirname, 'made-up-thread.ts'),
    withinMs: WITHIN_MS,
    count: 1,
    order: () => ({ config: {}, writer: undefined }) as never,
    sink,
    events: createEvents(sink),
    wakeOutbox: () => undefined,
  });
}

const job = (raw: string): Job => ({
  kind: 'carry',
  crossing: {
    admitted: [],
    raw: Buffer.from(raw),
    claim: { door: 'mx', seller: undefined, apiKey: undefined, isSandboxLoopback: true, peer: undefined },
  },
  opensFiles: true,
});

/** What the made-up thread answers at a first attempt, and at one that opens no files. */
const FIRST = { code: 'message.blocked' };
const SECOND = { code: 'message.loop' };

test('of two sides that ask, the gate lets through the first, as often as it asks', () => {
  const gate = openGate();
  assert.deepEqual(
    [passGate(gate, 'ends'), passGate(gate, 'keeps'), passGate(gate, 'ends'), passGate(gate, 'keeps')],
    [true, false, true, false],
  );
});

test('a message that takes too long to read is carried once more, by a thread that opens no files', async () => {
  await using threads = start();
  assert.deepEqual(await threads.run(job('reads 60000')), SECOND);
  assert.deepEqual(await threads.run(job('reads 0')), FIRST, 'and the next is carried as ever');
});

test('a thread that writes is not ended, however long the store takes: what it keeps is kept once', async () => {
  await using threads = start();
  assert.deepEqual(await threads.run(job(`writes ${3 * WITHIN_MS}`)), FIRST);
});

test('whether a thread that died while it wrote has kept the message is not known: it is not carried under another id', async () => {
  await using threads = start();
  await assert.rejects(threads.run(job('dies')), /the thread was ended/);
  assert.deepEqual(await threads.run(job('reads 0')), FIRST);
});
