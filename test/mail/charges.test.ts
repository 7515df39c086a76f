/** Whose mail costs a seller something, and whose moves the clock of its answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chargesFor, type ChargeParts } from '../../src/mail/charges.ts';
import { outcomesIn } from '../../src/mail/crossing.ts';
import { clockAtArrival, clockAtDecision, clockAtDelivery } from '../../src/mail/response-clock.ts';
import type { Arrival } from '../../src/mail/types.ts';
import type { MessageRecord, Origin, Party, ProofKind } from '../../src/store/records.ts';
import { message, NOW } from '../contract/rows.ts';
import { BARE, deliverable } from '../support/deliverable.ts';

const PERSON: Pick<MessageRecord, 'from' | 'origin' | 'proof'> = {
  from: 'seller',
  origin: 'person',
  proof: 'smtp-auth',
};

const arrivalOf = (from: Party, proof: ProofKind): Arrival => ({ ...deliverable(BARE, from).arrival, proof });

/** Parts of a seller who has sent nothing; a store that is asked for anything else fails the test. */
const parts = {
  store: { readMeters: async () => ({ day: 0, minute: 0 }), countOrders: async () => 60 },
  volumeBase: 600,
  volumePerOrder: 5,
  perSellerPerMinute: 100,
} as unknown as ChargeParts;

test("a seller's own mail costs it one of the minute and one of the day, a carrier's and a buyer's nothing", async () => {
  const own = await chargesFor(arrivalOf('seller', 'dkim'), BARE, parts);
  assert.deepEqual(
    own.map(({ meter, atMost }) => [meter, atMost]),
    [
      ['minute', 100],
      ['day', 610],
    ],
  );
  assert.deepEqual(await chargesFor(arrivalOf('seller', 'carrier'), BARE, parts), []);
  assert.deepEqual(await chargesFor(arrivalOf('buyer', 'dkim'), BARE, parts), []);
});

test('only what a person of the seller writes is an answer', () => {
  const asAnswer = (origin: Origin, proof: ProofKind = 'smtp-auth', from: Party = 'seller') =>
    clockAtArrival(arrivalOf(from, proof), { origin }, 'answered').length;
  assert.equal(asAnswer('person'), 1);
  for (const origin of ['program', 'responder', 'receipt', 'report'] as const)
    assert.equal(asAnswer(origin), 0, origin);
  assert.equal(asAnswer('person', 'carrier'), 0);
  assert.equal(asAnswer('person', 'dkim', 'buyer'), 0);
});

test('a decision ends or restarts the clock of what it was about, from the time at which it was written', () => {
  const held = message({ ...PERSON, receivedAt: NOW - 5 });
  assert.deepEqual(
    clockAtDecision(held, 'answered', NOW).map(({ kind, writtenAt, at }) => [kind, writtenAt, at]),
    [['answered', NOW - 5, NOW]],
  );
  assert.deepEqual(clockAtDecision({ ...held, from: 'buyer' }, 'turnedDown', NOW), []);
  assert.deepEqual(clockAtDecision({ ...held, origin: 'program' }, 'answered', NOW), []);
  assert.equal(clockAtDecision({ ...held, origin: undefined }, 'answered', NOW).length, 1, 'of an older Veilpost');
});

test('a question is what a person of the buyer wrote, when it is delivered', () => {
  const asked = message({ ...PERSON, from: 'buyer' });
  assert.deepEqual(
    clockAtDelivery(asked, NOW).map(({ kind, at }) => [kind, at]),
    [['asked', NOW]],
  );
  assert.deepEqual(clockAtDelivery({ ...asked, origin: 'responder' }, NOW), []);
  assert.deepEqual(clockAtDelivery({ ...asked, from: 'seller' }, NOW), []);
});

test('when to come again is told by a thread that carries what is large, too', () => {
  assert.throws(() => outcomesIn({ code: 'seller.volume', retryAfterMs: 5 }), {
    code: 'seller.volume',
    retryAfterMs: 5,
  });
});
