import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';
import { redisIsMissing } from '../support/redis-server.ts';
import { mail } from '../support/registered.ts';
import { SECOND_HOST, startScenario, type Scenario } from '../support/scenario.ts';
import { sendRaw } from '../support/smtp-client.ts';

const MESSAGES = 60;

describe('two relays on one Redis', { skip: redisIsMissing }, () => {
  test('share the work: every message arrives once, and both deliver', async () => {
    await using scene = await startScenario('Redis');
    await sendToBoth(scene, MESSAGES);
    const arrived = await scene.sink.waitFor(MESSAGES);
    assert.deepEqual(marksOf(arrived), [...Array(MESSAGES).keys()]);
    const names = scene.sink.commands.filter((line) => line.startsWith('EHLO ')).map((line) => line.slice(5));
    assert.deepEqual([...new Set(names)].sort(), [SECOND_HOST, 'mail.relay.test']);
  });

  test('one of them killed with -9: the other takes over what it had in hand', async () => {
    await using scene = await startScenario('Redis', { VEILPOST_DELIVERY__LEASE: '2s' });
    // No greeting is answered, so both relays have messages in hand and none is delivered.
    const waiting: Socket[] = [];
    scene.sink.answer({ EHLO: (socket) => void waiting.push(socket) });
    await sendToBoth(scene, MESSAGES);
    assert.ok(waiting.length > 0);
    await scene.relays[0]?.kill();
    scene.sink.answer('accept');
    for (const socket of waiting) socket.write('250 sink.test\r\n');
    const arrived = await scene.sink.waitFor(MESSAGES);
    assert.deepEqual([...new Set(marksOf(arrived))], [...Array(MESSAGES).keys()]);
  });
});

async function sendToBoth({ relays, pair }: Scenario, count: number): Promise<void> {
  for (let number = 0; number < count; number++) {
    const relay = relays[number % relays.length];
    assert.ok(relay !== undefined);
    const data = mail({ from: pair.seller, to: pair.aliases.buyer, text: `parcel-${number}- is on its way.` });
    const reply = await sendRaw(relay.ports.mx, { from: pair.seller, to: [pair.aliases.buyer], data });
    assert.equal(reply.code, 250, reply.text);
  }
}

const marksOf = (messages: readonly { readonly bytes: Uint8Array }[]): readonly number[] =>
  messages
    .map(({ bytes }) => Number(/parcel-(\d+)-/.exec(Buffer.from(bytes).toString('latin1'))?.[1]))
    .sort((a, b) => a - b);
