/**
 * office: a worker on a real store and vault, with a clock that is moved by hand and a far side that answers as it is told.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { createEvents } from '../../src/core/events.ts';
import { mintMessageId, parseBuyerId, parseOrderId, parseSellerId, type MessageId } from '../../src/core/ids.ts';
import type { LogFields } from '../../src/core/log.ts';
import { HOUR } from '../../src/core/time.ts';
import { mailItem } from '../../src/mail/queue.ts';
import { registerOrder, registerSeller } from '../../src/orders/register.ts';
import type { Delivery, Shipment, Transport } from '../../src/outbox/transport.ts';
import { startWorker, type Worker } from '../../src/outbox/worker.ts';
import type { MessageRecord, OrderRecord } from '../../src/store/records.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import type { Store } from '../../src/store/store.ts';
import { manualClock, type ManualClock } from '../support/manual-clock.ts';
import { openScenarioVault } from '../support/vault.ts';

export const SELLER = 'canary.shop@seller-7.test';
export const BUYER = 'canary.kim@buyer-7.test';
export const LEASE_MS = 30_000;
export const RETRY_FOR_MS = 48 * HOUR;

export interface Office extends AsyncDisposable {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly order: OrderRecord;
  readonly shipments: readonly Shipment[];
  readonly lines: readonly { readonly name: string; readonly fields: LogFields }[];
  /** What the far side does with the next shipments, in turn; then it takes everything. */
  answer(...answers: readonly (() => Delivery | Promise<Delivery>)[]): void;
  /** A message from the seller to the buyer, in the queue. */
  queue(): Promise<MessageId>;
  start(): Worker;
  /** Moves the clock, and lets every worker look at it, also one that is about to sleep. */
  advance(ms: number): void;
  /** Looks again, a turn of the event loop later, until it is so. */
  until(isSo: () => boolean | Promise<boolean>): Promise<void>;
  status(id: MessageId): Promise<string | undefined>;
}

/** `aliasDomain` is the domain of new aliases; the order's are on relay.test. */
export async function openOffice(aliasDomain = 'relay.test'): Promise<Office> {
  const { vault, keys, ...keyPlace } = await openScenarioVault();
  const folder = await mkdtemp(join(tmpdir(), 'veilpost-office-'));
  const store = await openSqliteStore({ folder, writer: undefined });
  const clock = manualClock(Date.UTC(2026, 10, 23, 12));
  const order = await register({ store, vault, clock, aliasDomain: 'relay.test', aliasKey: keys.alias });
  const shipments: Shipment[] = [];
  const lines: { name: string; fields: LogFields }[] = [];
  const answers: (() => Delivery | Promise<Delivery>)[] = [];
  const transport: Transport = {
    async send(shipment) {
      shipments.push(shipment);
      return (await answers.shift()?.()) ?? { kind: 'delivered' };
    },
    async [Symbol.asyncDispose]() {},
  };
  const settings = {
    store,
    vault,
    clock,
    transport,
    dkim: () => keys.dkim,
    aliasKey: keys.alias,
    aliasDomain,
    hostName: 'mail.relay.test',
    rulesUrl: 'https://relay.test/rules',
    confirmUrl: 'https://relay.test/confirm',
    confirmKey: keys.alias,
    marketplaceName: 'Marketplace',
    concurrency: 4,
    leaseMs: LEASE_MS,
    retryForMs: RETRY_FOR_MS,
  };
  const workers: Worker[] = [];
  const wakeAll = (): void => {
    for (const worker of workers) worker.wake();
  };
  return {
    store,
    clock,
    order,
    shipments,
    lines,
    answer: (...more) => void answers.push(...more),
    start() {
      const worker = startWorker({
        ...settings,
        events: createEvents({ write: (_level, name, fields) => lines.push({ name, fields }) }),
      });
      workers.push(worker);
      return worker;
    },
    async queue() {
      const id = mintMessageId();
      const outgoing = vault.sealBytes(
        Buffer.from(`From: <${order.aliases.seller}>\r\nMessage-ID: <${id}@relay.test>\r\n\r\nHello\r\n`),
        `outgoing/${id}`,
      );
      await store.acceptMail({
        messages: [messageOf(id, order, vault.sealJson({ subject: 'Hello', verdict: undefined }, `content/${id}`))],
        bodies: [{ messageId: id, kind: 'outgoing', bytes: outgoing }],
        cases: [],
        outbox: [
          mailItem({ id, orderId: order.orderId, size: 100, isAutomatic: false }, 'buyer', clock.now(), RETRY_FOR_MS),
        ],
        threads: [],
        tallies: [],
        bypasses: [],
        rareNotices: [],
        charges: [],
        clocks: [],
        sightings: [],
      });
      wakeAll();
      return id;
    },
    advance(ms) {
      clock.advance(ms);
      wakeAll();
    },
    async until(isSo) {
      while (!(await isSo())) await turn();
    },
    status: async (id) => (await store.findMessage(id))?.status,
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
      await store[Symbol.asyncDispose]();
      await keyPlace[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

async function register(parts: Parameters<typeof registerOrder>[1]): Promise<OrderRecord> {
  const [orderId, sellerId, buyerId] = [parseOrderId('ORDER-7'), parseSellerId('seller-7'), parseBuyerId('kim')];
  if (orderId === undefined || sellerId === undefined || buyerId === undefined)
    throw new Error('the test support is wrong');
  await registerSeller(
    { sellerId, name: 'Nord', inbox: SELLER, senders: [SELLER], locale: undefined, notify: undefined },
    parts,
  );
  const buyer = { id: buyerId, address: BUYER, name: undefined, locale: undefined, acceptsUnsolicited: true };
  const { order } = await registerOrder(
    { orderId, sellerId, buyer, placedAt: undefined, closesAt: undefined, carriers: [] },
    parts,
  );
  return order;
}

const BY_A_PERSON = { origin: 'person', proof: 'sandbox-loopback' } as const;

function messageOf(id: MessageId, order: OrderRecord, content: MessageRecord['content']): MessageRecord {
  const { orderId, sellerId } = order;
  const about = { id, orderId, sellerId, from: 'seller', door: 'mx', receivedAt: order.placedAt, size: 100 } as const;
  return {
    ...about,
    ...BY_A_PERSON,
    status: 'queued',
    action: 'deliver',
    policyVersion: '1',
    rules: [],
    caseId: undefined,
    content,
  };
}
