/** standing: what is counted of a seller, of any store: its orders, its messages, and how long its buyers wait. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SellerId } from '../../src/core/ids.ts';
import { DAY, HOUR, MINUTE, type Instant } from '../../src/core/time.ts';
import type { Charge, ClockMove, Meter } from '../../src/store/records.ts';
import { RESPONSES_KEPT_MS, type Store } from '../../src/store/store.ts';
import type { Handles } from './handles.ts';
import {
  fingerprint,
  full,
  KEPT,
  message,
  NOTHING,
  NOW,
  onHold,
  order,
  orderId,
  queued,
  SEEN,
  seller,
  sighting,
} from './rows.ts';
import { same } from './same.ts';

const LAST_MOMENT = Date.UTC(2026, 10, 23, 23, 59, 59, 999);

const charge = (sellerId: SellerId, atMost?: number, fields: { at?: Instant; meter?: Meter } = {}): Charge => ({
  sellerId,
  meter: 'day',
  at: NOW,
  atMost,
  ...fields,
});

/** A message that costs its seller one of each. */
const sent = (charges: readonly Charge[]) => ({ ...queued().acceptance, charges });

export function standingContract(handles: () => Handles): void {
  orders(handles);
  meters(handles);
  clocks(handles);
}

function orders(handles: () => Handles): void {
  test('an order is counted once, for its day, whichever handle keeps it and however often', async () => {
    const { one, other } = handles();
    const [mine, theirs] = [seller(), seller()];
    for (const owner of [mine, theirs]) await one.putSeller(owner);
    const kept = order(mine.sellerId);
    await one.registerOrder(kept, NOW);
    await other.registerOrder(kept, NOW + DAY);
    await one.registerOrder(order(theirs.sellerId, { orderId: kept.orderId }), NOW);
    assert.equal(await other.countOrders(mine.sellerId, NOW), 1, 'an update is none, nor is a conflict');
    assert.equal(await other.countOrders(theirs.sellerId, NOW), 0);
    const both = Array.from({ length: 10 }, (_, index) =>
      (index % 2 === 0 ? one : other).registerOrder(order(mine.sellerId), NOW),
    );
    await Promise.all(both);
    assert.equal(await one.countOrders(mine.sellerId, NOW), 11);
  });

  test('orders count on thirty days: of a day to come as of today, of long ago never', async () => {
    const { one, other } = handles();
    const owner = seller();
    await one.putSeller(owner);
    for (const placedAt of [NOW + 9 * DAY, NOW, NOW - 29 * DAY, NOW - 30 * DAY]) {
      await one.registerOrder(order(owner.sellerId, { placedAt }), NOW);
    }
    assert.equal(await other.countOrders(owner.sellerId, NOW), 3);
    assert.equal(
      await other.countOrders(owner.sellerId, NOW - 30 * DAY),
      0,
      'nor is it kept for anybody who looks back',
    );
    assert.equal(await other.countOrders(owner.sellerId, NOW + DAY), 2);
    assert.equal(await other.countOrders(owner.sellerId, NOW + 29 * DAY), 2);
    assert.equal(await other.countOrders(owner.sellerId, NOW + 30 * DAY), 0);
    await one.registerOrder(order(owner.sellerId, { placedAt: NOW + 30 * DAY }), NOW + 30 * DAY);
    assert.equal(await other.countOrders(owner.sellerId, NOW), 0, 'days that are over are gone');
  });
}

function meters(handles: () => Handles): void {
  test('a full meter keeps the whole transaction out, and what was kept out is not counted', async () => {
    const { one, other } = handles();
    const { sellerId } = seller();
    const stranger = seller().sellerId;
    same(await one.acceptMail(sent([charge(sellerId, 2)])), KEPT);
    same(await other.acceptMail(sent([charge(sellerId, 2)])), KEPT);
    const over = sent([charge(stranger, 2, { meter: 'minute' }), charge(sellerId, 2)]);
    same(await one.acceptMail(over), full('day'));
    assert.equal(await other.findMessage(over.messages[0]?.id ?? message().id), undefined);
    same(await other.findThreads(over.messages[0]?.orderId ?? orderId()), []);
    same(await other.readMeters(sellerId, NOW), { day: 2, minute: 0 });
    same(await other.readMeters(stranger, NOW), { day: 0, minute: 0 }, 'nor is anything else of it');
    same(await one.acceptMail(sent([charge(sellerId)])), KEPT, 'what is never refused');
    same(await other.readMeters(sellerId, NOW), { day: 3, minute: 0 }, 'counts all the same');
  });

  test('of many at once, no more than may come through do', async () => {
    const { one, other } = handles();
    const { sellerId } = seller();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? one : other).acceptMail(sent([charge(sellerId, 7, { meter: 'minute' })])),
      ),
    );
    assert.equal(answers.filter(({ outcome }) => outcome === 'kept').length, 7);
    same(
      answers.filter(({ outcome }) => outcome !== 'kept'),
      Array(13).fill(full('minute')),
    );
    same(await one.readMeters(sellerId, NOW), { day: 0, minute: 7 });
  });

  test('what cannot be kept is not counted, and what is sent again is counted once', async () => {
    const { one, other } = handles();
    const { sellerId } = seller();
    const kept = sent([charge(sellerId, 5)]);
    await one.acceptMail(kept);
    await assert.rejects(other.acceptMail(kept));
    same(await one.readMeters(sellerId, NOW), { day: 1, minute: 0 });
  });

  test('what was seen before costs nothing, also when the meter is full', async () => {
    const { one, other } = handles();
    const { sellerId } = seller();
    const [mark, alias] = [fingerprint(), fingerprint()];
    const copy = () => {
      const { acceptance, record } = queued();
      return { ...acceptance, charges: [charge(sellerId, 2)], sightings: [sighting(record, { mark, alias })] };
    };
    same(await one.acceptMail(copy()), KEPT);
    same(await other.acceptMail(copy()), SEEN);
    same(await other.readMeters(sellerId, NOW), { day: 1, minute: 0 });
    same(await one.acceptMail(sent([charge(sellerId, 2)])), KEPT);
    same(await other.acceptMail(copy()), SEEN);
    same(await one.readMeters(sellerId, NOW), { day: 2, minute: 0 });
    const refused = queued();
    const another = [sighting(refused.record, { mark: fingerprint(), alias })];
    same(
      await one.acceptMail({ ...refused.acceptance, charges: [charge(sellerId, 2)], sightings: another }),
      full('day'),
    );
    same(await other.findSightings(another[0]?.mark ?? mark, NOW), [], 'what was put off may come again');
  });

  test('a transaction for many is as many, and goes whole when the meter was not full before it', async () => {
    const { one, other } = handles();
    const { sellerId } = seller();
    same(await one.acceptMail(sent([charge(sellerId, 2), charge(sellerId, 2), charge(sellerId, 2)])), KEPT);
    same(await other.readMeters(sellerId, NOW), { day: 3, minute: 0 });
    same(await other.acceptMail(sent([charge(sellerId, 2)])), full('day'));
  });

  test('a day begins at midnight UTC, a minute when it is full; the readings before are gone by and by', async () => {
    const { one, other } = handles();
    const { sellerId } = seller();
    const both = (at: Instant) => [charge(sellerId, 1, { at }), charge(sellerId, 1, { at, meter: 'minute' })];
    await one.acceptMail(sent(both(LAST_MOMENT)));
    same(await other.acceptMail(sent(both(LAST_MOMENT))), full('day'));
    same(await other.acceptMail(sent(both(LAST_MOMENT + 1))), KEPT, 'a millisecond later');
    same(await one.readMeters(sellerId, LAST_MOMENT), { day: 1, minute: 1 });
    same(await one.readMeters(sellerId, LAST_MOMENT + 1), { day: 1, minute: 1 });
    await one.acceptMail(sent(both(LAST_MOMENT + 1 + DAY)));
    same(await other.readMeters(sellerId, LAST_MOMENT), { day: 0, minute: 0 });
    same(await other.readMeters(sellerId, LAST_MOMENT + 1), { day: 1, minute: 0 });
  });
}

function clocks(handles: () => Handles): void {
  /** One order of one seller, and how its clock is moved. */
  function clock(id = orderId(), { sellerId } = seller()) {
    const move = (kind: ClockMove['kind'], at: Instant, writtenAt = at): ClockMove => ({
      kind,
      orderId: id,
      sellerId,
      writtenAt,
      at,
    });
    const go = async (store: Store, ...moves: readonly ClockMove[]) =>
      void (await store.acceptMail({ ...NOTHING, clocks: moves }));
    const times = async (store: Store, now: Instant) => {
      const { answered, waiting } = await store.responseTimes(sellerId, now);
      return { answered: answered.toSorted((a, b) => a - b), waiting: waiting.toSorted((a, b) => a - b) };
    };
    return { sellerId, move, go, times };
  }

  test('the clock runs from the first question to the answer, once', async () => {
    const { one, other } = handles();
    const { move, go, times } = clock();
    await go(one, move('answered', NOW - 1));
    await go(one, move('asked', NOW));
    await go(other, move('asked', NOW + HOUR));
    same(await times(other, NOW + 2 * HOUR), { answered: [], waiting: [2 * HOUR] });
    await go(other, move('answered', NOW + 3 * HOUR));
    await go(one, move('answered', NOW + 4 * HOUR));
    same(await times(one, NOW + 5 * HOUR), { answered: [3 * HOUR], waiting: [] });
    await go(one, move('asked', NOW + 6 * HOUR));
    same(await times(other, NOW + 7 * HOUR), { answered: [3 * HOUR], waiting: [HOUR] });
  });

  test('it stands still while an answer is held, and what was held ends it as of when it was written', async () => {
    const { one, other } = handles();
    const { move, go, times } = clock();
    await go(one, move('asked', NOW), move('held', NOW + HOUR));
    same(await times(other, NOW + 9 * HOUR), { answered: [], waiting: [HOUR] });
    await go(other, move('answered', NOW + 9 * HOUR, NOW + HOUR));
    same(await times(one, NOW + 9 * HOUR), { answered: [HOUR], waiting: [] });
  });

  test('it runs on when what was held is turned down, the last of it if there is more', async () => {
    const { one, other } = handles();
    const { move, go, times } = clock();
    await go(one, move('asked', NOW), move('held', NOW + HOUR), move('held', NOW + 2 * HOUR));
    await go(other, move('turnedDown', NOW + 5 * HOUR, NOW + 2 * HOUR));
    same(await times(one, NOW + 6 * HOUR), { answered: [], waiting: [HOUR] }, 'one is held still');
    await go(other, move('turnedDown', NOW + 7 * HOUR, NOW + HOUR));
    same(await times(one, NOW + 9 * HOUR), { answered: [], waiting: [3 * HOUR] });
    await go(one, move('held', NOW + 9 * HOUR));
    await go(one, move('answered', NOW + 10 * HOUR));
    same(await times(other, NOW + 10 * HOUR), { answered: [3 * HOUR], waiting: [] }, 'another answer meanwhile');
  });

  test('what was written before the question neither answers it nor holds it up', async () => {
    const { one, other } = handles();
    const { move, go, times } = clock();
    await go(one, move('held', NOW - 1), move('asked', NOW));
    await go(other, move('answered', NOW + HOUR, NOW - 1));
    same(await times(one, NOW + 2 * HOUR), { answered: [], waiting: [2 * HOUR] });
    await go(other, move('turnedDown', NOW + HOUR, NOW - 1));
    same(await times(one, NOW + 2 * HOUR), { answered: [], waiting: [2 * HOUR] });
  });

  test('the orders of a seller are counted together, another seller by itself, and all for thirty days', async () => {
    const { one, other } = handles();
    const mine = seller();
    const [first, second, foreign] = [clock(orderId(), mine), clock(orderId(), mine), clock()];
    await first.go(one, first.move('asked', NOW), first.move('answered', NOW + MINUTE));
    await second.go(one, second.move('asked', NOW));
    await foreign.go(one, foreign.move('asked', NOW), foreign.move('answered', NOW + HOUR));
    same(await first.times(other, NOW + HOUR), { answered: [MINUTE], waiting: [HOUR] });
    same(await first.times(other, NOW + MINUTE + RESPONSES_KEPT_MS), { answered: [], waiting: [] });
    const later = NOW + MINUTE + RESPONSES_KEPT_MS;
    await first.go(other, first.move('asked', later), first.move('answered', later + HOUR));
    same(await first.times(one, NOW + HOUR), { answered: [HOUR], waiting: [] }, 'what is over is gone');
    await second.go(one, second.move('answered', later));
    same(await first.times(one, later + HOUR), { answered: [HOUR], waiting: [] }, 'so is a question of long ago');
  });

  test('it moves with what is delivered and what is decided, and with neither when that is for nothing', async () => {
    const { one, other } = handles();
    const asked = queued({ from: 'buyer' }, { to: 'seller', dueAt: 1 });
    const { move, times } = clock(asked.record.orderId);
    await one.acceptMail(asked.acceptance);
    const leased = await one.leaseOutbox({ now: 1, until: NOW, limit: 1, lease: 'clock' });
    same(
      leased.map(({ id }) => id),
      [asked.item.id],
    );
    const delivered = { kind: 'delivered', clocks: [move('asked', NOW)] } as const;
    assert.equal(await other.settleOutbox(asked.item.id, 'somebody else', delivered), false);
    same(await times(one, NOW + 1), { answered: [], waiting: [] });
    assert.equal(await one.settleOutbox(asked.item.id, 'clock', delivered), true);
    same(await times(other, NOW + 1), { answered: [], waiting: [1] });

    const { opened, acceptance } = onHold();
    await one.acceptMail({ ...acceptance, clocks: [move('held', NOW + 2)] });
    const settle = (kind: 'turnedDown' | 'answered', at: Instant) => ({
      caseId: opened.id,
      decision: { outcome: 'return', reason: 'deadline', note: undefined, by: 'deadline', at } as const,
      status: 'refused' as const,
      bodies: [],
      outbox: [],
      threads: [],
      tallies: [],
      clocks: [move(kind, at, NOW + 2)],
      accepts: undefined,
      dropsOriginal: false,
    });
    assert.equal(await other.decideCase(settle('turnedDown', NOW + 5)), 'decided');
    assert.equal(await one.decideCase(settle('answered', NOW + 6)), 'alreadyDecided');
    same(await times(one, NOW + 8), { answered: [], waiting: [5] });
  });
}
