import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RemoteText } from '../../src/core/remote-text.ts';
import { HOUR, MINUTE } from '../../src/core/time.ts';
import { retryAfterMs } from '../../src/outbox/schedule.ts';
import type { Delivery, Shipment } from '../../src/outbox/transport.ts';
import { assertNoCanary } from '../support/canary.ts';
import { BUYER, LEASE_MS, openOffice, RETRY_FOR_MS, SELLER, type Office } from './office.ts';

const later = (): Delivery => ({ kind: 'temporary', reply: new RemoteText(`451 4.2.1 <${BUYER}> is over quota`) });
const never = (): Delivery => ({ kind: 'permanent', reply: new RemoteText(`550 5.1.1 <${BUYER}> unknown here`) });
const idOf = ({ bytes }: Shipment): string => /^Message-ID: (\S+)/m.exec(Buffer.from(bytes).toString())?.[1] ?? '';
/** Without the soft line breaks of quoted-printable. */
const textOf = ({ bytes }: Shipment): string => Buffer.from(bytes).toString().replace(/=\r\n/g, '');
/** So long that every retry is due, whatever the dice say. */
const RETRY_AT_MOST_MS = 8 * HOUR;

async function deferred(office: Office): Promise<void> {
  const { store, clock } = office;
  await office.until(async () => ((await store.nextDue()) ?? 0) > clock.now() + LEASE_MS);
}

test('what fails for a while is tried again later, and arrives once, under the same Message-ID', async () => {
  await using office = await openOffice();
  const id = await office.queue();
  office.answer(later, later);
  office.start();
  for (let attempt = 1; attempt <= 2; attempt++) {
    await office.until(() => office.shipments.length === attempt);
    await deferred(office);
    assert.equal(await office.status(id), 'queued');
    office.advance(RETRY_AT_MOST_MS);
  }
  await office.until(async () => (await office.status(id)) === 'delivered');
  assert.equal(office.shipments.length, 3);
  assert.equal(new Set(office.shipments.map(idOf)).size, 1);
  assert.equal(await office.store.nextDue(), undefined);
});

test('mail from an alias on an older domain is signed by that domain, a notice by the newest', async () => {
  await using office = await openOffice('new.relay.test');
  await office.queue();
  office.answer(never);
  office.start();
  await office.until(() => office.shipments.length === 2);
  const domains = office.shipments.map(({ bytes }) => [
    ...new Set(
      [
        ...Buffer.from(bytes)
          .toString()
          .matchAll(/^ d=([^;]+);/gm),
      ].map(([, domain]) => domain),
    ),
  ]);
  assert.deepEqual(domains, [['relay.test'], ['new.relay.test']]);
});

test('it is not tried again before its time', async () => {
  await using office = await openOffice();
  await office.queue();
  office.answer(later);
  office.start();
  await office.until(() => office.shipments.length === 1);
  await deferred(office);
  const due = (await office.store.nextDue()) ?? 0;
  assert.ok(due >= office.clock.now() + MINUTE && due <= office.clock.now() + 1.2 * MINUTE);
  office.advance(due - office.clock.now() - 1);
  const other = await office.queue();
  await office.until(async () => (await office.status(other)) === 'delivered');
  assert.equal(office.shipments.length, 2, 'only the new one went out');
});

test('the gaps between tries grow from a minute to six hours, and no two hosts are asked in step', () => {
  const shortest = [1, 2, 3, 4, 5, 6, 7, 8, 50].map((attempt) => retryAfterMs(attempt, 0));
  assert.deepEqual(
    shortest,
    [1, 5, 15, 30, 60, 120, 240, 360, 360].map((minutes) => minutes * MINUTE),
  );
  assert.equal(retryAfterMs(1, 0.999_999), 1.2 * MINUTE);
});

test('a mailbox that is not there: the author gets one notice, with nothing of the other side in it', async () => {
  await using office = await openOffice();
  const id = await office.queue();
  office.answer(never);
  office.start();
  await office.until(() => office.shipments.length === 2);
  const [mail, notice] = office.shipments;
  assert.ok(mail !== undefined && notice !== undefined);
  assert.match(mail.reversePath, /^r[0-9a-z]{30}@relay\.test$/);
  assert.equal(notice.reversePath, '', 'nobody answers a notice');
  assert.match(textOf(notice), /was\s+not\s+delivered/);
  assert.ok(textOf(notice).includes(office.order.aliases.buyer));
  assertNoCanary('the notice', notice.bytes, [BUYER, SELLER]);
  assert.ok(!textOf(notice).includes('unknown here'));
  await office.until(async () => (await office.store.nextDue()) === undefined);
  assert.equal(await office.status(id), 'bounced');
  assertNoCanary('the log', JSON.stringify(office.lines), [BUYER, SELLER]);
});

test('what is refused for two days is given up, and the author is told that', async () => {
  await using office = await openOffice();
  const id = await office.queue();
  office.answer(...Array.from({ length: 30 }, () => later));
  office.start();
  for (let tries = 1; (await office.status(id)) === 'queued'; tries++) {
    await office.until(async () => office.shipments.length === tries || (await office.status(id)) !== 'queued');
    await office.until(
      async () =>
        ((await office.store.nextDue()) ?? 0) > office.clock.now() + LEASE_MS || (await office.status(id)) !== 'queued',
    );
    office.advance(RETRY_AT_MOST_MS);
  }
  assert.equal(await office.status(id), 'expired');
  assert.ok(office.shipments.length >= 6, 'it was tried again and again');
  assert.ok(office.clock.now() - office.order.placedAt <= RETRY_FOR_MS + 2 * RETRY_AT_MOST_MS);
});

test('a notice that cannot be delivered is not followed by another', async () => {
  await using office = await openOffice();
  await office.queue();
  office.answer(never, never);
  office.start();
  await office.until(() => office.shipments.length === 2);
  await office.until(async () => (await office.store.nextDue()) === undefined);
  assert.equal(office.shipments.length, 2);
});

test('a transport that breaks is our own trouble: the message stays, and the log has the place and no words', async () => {
  await using office = await openOffice();
  const id = await office.queue();
  office.answer(() => {
    throw new Error(`cannot reach ${BUYER}`);
  });
  office.start();
  await office.until(() => office.shipments.length === 1);
  await deferred(office);
  assert.equal(await office.status(id), 'queued');
  assert.ok(office.lines.some(({ name }) => name === 'relay.unexpected'));
  assertNoCanary('the log', JSON.stringify(office.lines), [BUYER, SELLER]);
});

test('what a dead worker had in hand waits for the end of its lease, then goes out', async () => {
  await using office = await openOffice();
  const id = await office.queue();
  const now = office.clock.now();
  await office.store.leaseOutbox({ now, until: now + LEASE_MS, limit: 10, lease: 'dead' });
  office.start();
  const other = await office.queue();
  await office.until(async () => (await office.status(other)) === 'delivered');
  assert.equal(office.shipments.length, 1);
  office.advance(LEASE_MS);
  await office.until(async () => (await office.status(id)) === 'delivered');
});

test('a worker that is alive keeps a slow delivery to itself for as long as it takes', async () => {
  await using office = await openOffice();
  const id = await office.queue();
  const slow = Promise.withResolvers<Delivery>();
  office.answer(() => slow.promise);
  office.start();
  await office.until(() => office.shipments.length === 1);
  office.start();
  for (let step = 0; step < 12; step++) {
    office.advance(LEASE_MS / 3);
    // The renewal that is due now is written, and heard of, before the clock moves on.
    await office.until(async () => ((await office.store.nextDue()) ?? 0) >= office.clock.now() + LEASE_MS);
    await office.store.renewOutbox('nobody', 0);
  }
  assert.equal(office.shipments.length, 1, 'the second worker never got it');
  slow.resolve({ kind: 'delivered' });
  await office.until(async () => (await office.status(id)) === 'delivered');
});

test('two workers share the work and send nothing twice', async () => {
  await using office = await openOffice();
  const ids = [];
  for (let count = 0; count < 30; count++) ids.push(await office.queue());
  office.start();
  office.start();
  await office.until(async () => (await office.store.nextDue()) === undefined);
  assert.equal(office.shipments.length, 30);
  assert.equal(new Set(office.shipments.map(idOf)).size, 30);
  for (const id of ids) assert.equal(await office.status(id), 'delivered');
});

test('a worker that is told to stop brings what it has begun to its end', async () => {
  await using office = await openOffice();
  const id = await office.queue();
  const slow = Promise.withResolvers<Delivery>();
  office.answer(() => slow.promise);
  const worker = office.start();
  await office.until(() => office.shipments.length === 1);
  const stopped = worker[Symbol.asyncDispose]();
  slow.resolve({ kind: 'delivered' });
  await stopped;
  assert.equal(await office.status(id), 'delivered');
});

test('deliveries that hang give their places to others after ten seconds, up to ten times as many', async () => {
  await using office = await openOffice();
  const stuck = Promise.withResolvers<Delivery>();
  // A worker of the office has four places.
  office.answer(...Array.from({ length: 40 }, () => () => stuck.promise));
  for (let count = 0; count < 50; count++) await office.queue();
  office.start();
  for (let round = 1; round <= 10; round++) {
    await office.until(() => office.shipments.length === round * 4);
    office.advance(10_000);
  }
  const last = await office.queue();
  for (let round = 0; round < 3; round++) {
    office.advance(10_000);
    await office.until(async () => (await office.store.nextDue()) !== undefined);
  }
  assert.equal(office.shipments.length, 40);
  stuck.resolve({ kind: 'delivered' });
  await office.until(async () => (await office.status(last)) === 'delivered');
  assert.equal(office.shipments.length, 51);
});
