/**
 * standing: what is counted of a seller: its orders, its messages, and how long its buyers wait for an answer. The functions that
 * write are part of the operation that calls them, inside its transaction.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { SellerId } from '../../core/ids.ts';
import { DAY, type Instant } from '../../core/time.ts';
import type { Charge, ClockMove, Meter, OrderRecord, ResponseTimes } from '../records.ts';
import { METER_MS, ORDER_DAYS, RESPONSES_KEPT_MS } from '../store.ts';
import { all, one, run } from './statements.ts';

const dayOf = (at: Instant): number => Math.floor(at / DAY);
const readingOf = (meter: Meter, at: Instant): number => Math.floor(at / METER_MS[meter]);

/** An order that is to be placed tomorrow is one of today. */
export function countOrder(db: DatabaseSync, { sellerId, placedAt }: OrderRecord, at: Instant): void {
  const first = dayOf(at) - ORDER_DAYS + 1;
  run(db, 'DELETE FROM order_days WHERE day < ?', first);
  const day = dayOf(Math.min(placedAt, at));
  if (day < first) return;
  run(
    db,
    'INSERT INTO order_days VALUES (?, ?, 1) ON CONFLICT (seller_id, day) DO UPDATE SET orders = orders + 1',
    sellerId,
    day,
  );
}

export function countOrders(db: DatabaseSync, sellerId: SellerId, now: Instant): number {
  const today = dayOf(now);
  const sum = 'SELECT total(orders) AS orders FROM order_days WHERE seller_id = ? AND day > ? AND day <= ?';
  return one<{ orders: number }>(db, sum, sellerId, today - ORDER_DAYS, today)?.orders ?? 0;
}

/** The first of the meters that are full before anything of this is counted. */
export function fullMeter(db: DatabaseSync, charges: readonly Charge[]): Meter | undefined {
  return charges.find(
    ({ sellerId, meter, at, atMost }) => atMost !== undefined && readMeter(db, sellerId, meter, at) >= atMost,
  )?.meter;
}

/** The reading before stays: the clock of another process may be a little behind. */
export function chargeMeter(db: DatabaseSync, { sellerId, meter, at }: Charge): void {
  const reading = readingOf(meter, at);
  run(db, 'DELETE FROM meters WHERE meter = ? AND reading < ?', meter, reading - 1);
  run(
    db,
    `INSERT INTO meters VALUES (?, ?, ?, 1) ON CONFLICT (meter, seller_id, reading)
     DO UPDATE SET messages = messages + 1`,
    meter,
    sellerId,
    reading,
  );
}

export function readMeters(db: DatabaseSync, sellerId: SellerId, now: Instant): Readonly<Record<Meter, number>> {
  return { day: readMeter(db, sellerId, 'day', now), minute: readMeter(db, sellerId, 'minute', now) };
}

function readMeter(db: DatabaseSync, sellerId: SellerId, meter: Meter, at: Instant): number {
  const counted = 'SELECT messages FROM meters WHERE meter = ? AND seller_id = ? AND reading = ?';
  return one<{ messages: number }>(db, counted, meter, sellerId, readingOf(meter, at))?.messages ?? 0;
}

export function moveClock(db: DatabaseSync, move: ClockMove): void {
  const { kind, orderId, sellerId, writtenAt, at } = move;
  if (kind === 'asked') {
    run(db, 'DELETE FROM clocks WHERE seller_id = ? AND asked_at <= ?', sellerId, at - RESPONSES_KEPT_MS);
    run(db, 'INSERT OR IGNORE INTO clocks VALUES (?, ?, ?, ?, NULL, 0)', orderId, sellerId, at, at);
    return;
  }
  const MOVES = { held: stopClock, turnedDown: letClockRun, answered: endClock } as const;
  const isOfQuestion = one(db, 'SELECT 1 FROM clocks WHERE order_id = ? AND asked_at <= ?', orderId, writtenAt);
  if (isOfQuestion !== undefined) MOVES[kind](db, move);
}

function stopClock(db: DatabaseSync, { orderId, at }: ClockMove): void {
  const stop = 'UPDATE clocks SET holds = holds + 1, stopped_at = coalesce(stopped_at, ?) WHERE order_id = ?';
  run(db, stop, at, orderId);
}

function letClockRun(db: DatabaseSync, { orderId, at }: ClockMove): void {
  run(db, 'UPDATE clocks SET holds = holds - 1 WHERE order_id = ? AND holds > 0', orderId);
  run(
    db,
    `UPDATE clocks SET runs_from = runs_from + ? - stopped_at, stopped_at = NULL
     WHERE order_id = ? AND holds = 0 AND stopped_at IS NOT NULL`,
    at,
    orderId,
  );
}

function endClock(db: DatabaseSync, { orderId, sellerId, writtenAt, at }: ClockMove): void {
  run(
    db,
    `INSERT INTO responses SELECT seller_id, ?, max(0, coalesce(stopped_at, ?) - runs_from)
     FROM clocks WHERE order_id = ?`,
    at,
    writtenAt,
    orderId,
  );
  run(db, 'DELETE FROM clocks WHERE order_id = ?', orderId);
  run(db, 'DELETE FROM responses WHERE seller_id = ? AND at <= ?', sellerId, at - RESPONSES_KEPT_MS);
}

export function responseTimes(db: DatabaseSync, sellerId: SellerId, now: Instant): ResponseTimes {
  const since = now - RESPONSES_KEPT_MS;
  const times = (sql: string, ...values: readonly (string | number)[]) =>
    all<{ milliseconds: number }>(db, sql, ...values).map(({ milliseconds }) => milliseconds);
  return {
    answered: times('SELECT milliseconds FROM responses WHERE seller_id = ? AND at > ?', sellerId, since),
    waiting: times(
      `SELECT max(0, coalesce(stopped_at, ?) - runs_from) AS milliseconds FROM clocks
       WHERE seller_id = ? AND asked_at > ?`,
      now,
      sellerId,
      since,
    ),
  };
}
