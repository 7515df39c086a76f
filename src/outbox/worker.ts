/**
 * worker: empties the outbox. Lease, deliver, settle; the attempt was counted before it began.
 *
 * A worker that dies keeps nobody's mail: its leases end and another takes the items. At worst a message is delivered twice, with
 * the same Message-ID. What is thrown here is our own trouble, so the item is put off, never dropped.
 */
import { randomBytes } from 'node:crypto';
import type { Events } from '../core/events.ts';
import { releaseMemory } from '../core/memory.ts';
import { SECOND, type Clock, type Instant } from '../core/time.ts';
import { deliver, type DeliverParts } from '../mail/deliver.ts';
import { noticeFor } from '../mail/bounce.ts';
import { noticeItem } from '../mail/queue.ts';
import { clockAtDelivery } from '../mail/response-clock.ts';
import type { LeasedOutbox, NoticeKind } from '../store/records.ts';
import type { Settlement } from '../store/store.ts';
import { Room } from './room.ts';
import { retryAfterMs } from './schedule.ts';
import type { Delivery } from './transport.ts';

/** Octets of messages opened, signed and on their way at once: each takes its size several times over. */
const IN_HAND_AT_MOST = 32_000_000;
/** Renewed so often within one lease: two renewals may fail before anything is taken away. */
const RENEWALS = 3;
const NEVER_IDLE_LONGER_MS = 250;
/** A delivery that takes longer gives its place to another: many slow hosts together must not hold up everybody (security.md OU-10). */
const SLOW_AFTER_MS = 10 * SECOND;
/** The slow ones with the others, in places; so memory and sockets have a bound. */
const PLACES_WITH_SLOW = 10;
/** A reason of our own: without one, each wake-up makes an exception with its stack. */
const WOKEN = 'woken';

type Failed = Exclude<Delivery, { kind: 'delivered' }>;

export interface WorkerParts extends DeliverParts {
  readonly clock: Clock;
  readonly events: Events;
  /** Deliveries under way at once, the slow ones not counted. */
  readonly concurrency: number;
  /** Milliseconds that a dead worker's items wait for another. */
  readonly leaseMs: number;
  readonly retryForMs: number;
}

export interface Worker extends AsyncDisposable {
  /** There may be work: look now instead of at the next turn. */
  wake(): void;
}

export function startWorker(parts: WorkerParts): Worker {
  const stop = new AbortController();
  let nap = new AbortController();
  const wake = () => nap.abort(WOKEN);
  /** With the moment in which each began. */
  const underway = new Map<Promise<void>, Instant>();
  const room = new Room(IN_HAND_AT_MOST);
  // One for the life of this worker: renewing it keeps all that is under way.
  const lease = randomBytes(12).toString('hex');

  async function turn(): Promise<void> {
    nap = new AbortController();
    const free = freePlaces([...underway.values()], parts);
    const items = free > 0 ? await take(free, lease, parts) : [];
    for (const item of items) {
      const work = handle(item, stop.signal, room, parts).finally(() => {
        underway.delete(work);
        wake();
      });
      underway.set(work, parts.clock.now());
    }
    if (items.length === 0) await parts.clock.wait(NEVER_IDLE_LONGER_MS, AbortSignal.any([nap.signal, stop.signal]));
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        await turn();
      } catch (error) {
        parts.events.unexpected('outbox.turn', error);
        await parts.clock.wait(NEVER_IDLE_LONGER_MS, stop.signal);
      }
    }
    await Promise.all(underway.keys());
  }

  const done = new AbortController();
  const running = Promise.all([
    run().finally(() => done.abort()),
    keepRenewing(lease, () => underway.size > 0, done.signal, parts),
  ]);
  return {
    wake,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

function freePlaces(begun: readonly Instant[], { clock, concurrency }: WorkerParts): number {
  const now = clock.now();
  const quick = begun.filter((moment) => now - moment < SLOW_AFTER_MS).length;
  return Math.min(concurrency - quick, concurrency * PLACES_WITH_SLOW - begun.length);
}

function take(limit: number, lease: string, { store, clock, leaseMs }: WorkerParts): Promise<readonly LeasedOutbox[]> {
  const now = clock.now();
  return store.leaseOutbox({ now, until: now + leaseMs, limit, lease });
}

async function keepRenewing(
  lease: string,
  isBusy: () => boolean,
  signal: AbortSignal,
  parts: WorkerParts,
): Promise<void> {
  const { store, clock, events, leaseMs } = parts;
  while (!signal.aborted) {
    await clock.wait(leaseMs / RENEWALS, signal);
    if (!isBusy()) continue;
    try {
      await store.renewOutbox(lease, clock.now() + leaseMs);
    } catch (error) {
      events.unexpected('outbox.renew', error);
    }
  }
}

async function handle(item: LeasedOutbox, signal: AbortSignal, room: Room, parts: WorkerParts): Promise<void> {
  const begun = parts.clock.now();
  try {
    using _place = await room.take(item.size);
    const delivery = await deliver(item, signal, parts);
    const settlement =
      delivery.kind === 'delivered' ? await deliveredOf(item, parts) : settlementOf(item, delivery, parts);
    if (!(await parts.store.settleOutbox(item.id, item.lease, settlement))) {
      parts.events.leaseLost({ outbox: item.id });
      return;
    }
    report(item, delivery, settlement, parts.clock.now() - begun, parts);
  } catch (error) {
    parts.events.unexpected('outbox.deliver', error);
    await putOff(item, parts);
  }
  releaseMemory(item.size);
}

/** From now on its seller is waited for, if it is a buyer's. */
async function deliveredOf(item: LeasedOutbox, { store, clock }: WorkerParts): Promise<Settlement> {
  const isForSeller = item.kind === 'mail' && item.to === 'seller';
  const message = isForSeller ? await store.findMessage(item.messageId) : undefined;
  return { kind: 'delivered', clocks: message === undefined ? [] : clockAtDelivery(message, clock.now()) };
}

function settlementOf(item: LeasedOutbox, delivery: Failed, parts: WorkerParts): Settlement {
  const now = parts.clock.now();
  const until = now + retryAfterMs(item.attempt, Math.random());
  if (delivery.kind === 'temporary' && until < item.expiresAt) return { kind: 'deferred', until };
  const status = delivery.kind === 'temporary' ? 'expired' : 'bounced';
  const notice = noticeOf(delivery);
  const author = item.to === 'buyer' ? 'seller' : 'buyer';
  // A notice that fails is not followed by another: nobody is told about notices (RFC 3464 2, no bounce of a bounce).
  const notices =
    item.kind === 'mail' && !item.hasNullPath
      ? [noticeItem({ ...item, id: item.messageId }, author, notice, now, parts.retryForMs)]
      : [];
  return { kind: 'failed', status, notices };
}

/** What the next hop said last, as one word of ours: its own words go no further. A mailbox that stayed full is worth its word. */
function noticeOf({ kind, reply }: Failed): NoticeKind {
  if (kind === 'temporary') return reply?.reason === 'mailbox-full' ? 'mailbox-full' : 'expired';
  return noticeFor(reply?.reason ?? 'other');
}

function report(
  item: LeasedOutbox,
  delivery: Delivery,
  settlement: Settlement,
  milliseconds: number,
  parts: WorkerParts,
) {
  const fields = { outbox: item.id, message: item.messageId, attempt: item.attempt };
  if (delivery.kind === 'delivered') parts.events.delivered({ ...fields, milliseconds });
  else if (settlement.kind === 'deferred') {
    parts.events.deferred({ ...fields, reply: delivery.reply, retryInMs: settlement.until - parts.clock.now() });
  } else parts.events.failed({ ...fields, reply: delivery.reply });
}

async function putOff(item: LeasedOutbox, parts: WorkerParts): Promise<void> {
  try {
    const until = parts.clock.now() + retryAfterMs(item.attempt, Math.random());
    await parts.store.settleOutbox(item.id, item.lease, { kind: 'deferred', until });
  } catch (error) {
    // The store is away; the lease ends by itself and the item comes back.
    parts.events.unexpected('outbox.putOff', error);
  }
}
