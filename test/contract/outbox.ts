/** outbox: leases and how they end, of any store. Each case empties the queue first, so that it sees its own items only. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Handles } from './handles.ts';
import { NOW, outbox, queued } from './rows.ts';
import { same } from './same.ts';

const lease = (name: string, fields: { now?: number; until?: number; limit?: number } = {}) => ({
  now: NOW,
  until: NOW + 100,
  limit: 100,
  lease: name,
  ...fields,
});

export function outboxContract(handles: () => Handles): void {
  beforeEach(() => emptied(handles()));

  test('an item is taken when it is due, once, and its attempt is counted before it is handed over', async () => {
    const { one, other } = handles();
    const { item, acceptance } = queued({}, { dueAt: NOW + 10 });
    await one.acceptMail(acceptance);
    same(await other.leaseOutbox(lease('early', { now: NOW + 9 })), []);
    assert.equal(await other.nextDue(), NOW + 10);
    same(await other.leaseOutbox(lease('mine', { now: NOW + 10 })), [{ ...item, attempt: 1, lease: 'mine' }]);
    same(await one.leaseOutbox(lease('theirs', { now: NOW + 11 })), []);
  });

  test('two workers that take at once never get the same item', async () => {
    const { one, other } = handles();
    const items = Array.from({ length: 40 }, () => queued());
    for (const { acceptance } of items) await one.acceptMail(acceptance);
    const taken = await Promise.all(
      Array.from({ length: 8 }, (_, turn) =>
        (turn % 2 === 0 ? one : other).leaseOutbox(lease(`w${turn}`, { limit: 5 })),
      ),
    );
    const ids = taken.flat().map((item) => item.id);
    assert.equal(ids.length, 40);
    same(ids.toSorted(), items.map(({ item }) => item.id).toSorted());
  });

  test('what falls due first is taken first, and no more than asked for', async () => {
    const { one, other } = handles();
    const items = [3, 1, 2].map((after) => queued({}, { dueAt: NOW - 10 + after }));
    for (const { acceptance } of items) await one.acceptMail(acceptance);
    const taken = await other.leaseOutbox(lease('two', { limit: 2 }));
    same(
      taken.map((item) => item.id),
      [items[1]?.item.id, items[2]?.item.id],
    );
  });

  test('the items of a worker that died come back when its lease ends, as another attempt', async () => {
    const { one, other } = handles();
    const { item, acceptance } = queued();
    await one.acceptMail(acceptance);
    await one.leaseOutbox(lease('dead'));
    assert.equal(await other.nextDue(), NOW + 100, 'until then there is nothing to do');
    same(await other.leaseOutbox(lease('next', { now: NOW + 99 })), []);
    const later = { now: NOW + 100, until: NOW + 200 };
    same(await other.leaseOutbox(lease('next', later)), [{ ...item, attempt: 2, lease: 'next' }]);
    assert.equal(
      await one.settleOutbox(item.id, 'dead', { kind: 'delivered', clocks: [] }),
      false,
      'the dead one has no say any more',
    );
    assert.equal((await one.findMessage(item.messageId))?.status, 'queued');
    assert.equal(await other.settleOutbox(item.id, 'next', { kind: 'delivered', clocks: [] }), true);
  });

  test('a worker that is alive keeps what it has in hand, and only that', async () => {
    const { one, other } = handles();
    const [mine, theirs] = [queued(), queued()];
    await one.acceptMail(mine.acceptance);
    await one.leaseOutbox(lease('alive'));
    await one.acceptMail(theirs.acceptance);
    await other.leaseOutbox(lease('dead'));
    await one.renewOutbox('alive', NOW + 500);
    const taken = await other.leaseOutbox(lease('third', { now: NOW + 101, until: NOW + 900 }));
    same(
      taken.map((item) => item.id),
      [theirs.item.id],
    );
    assert.equal(await one.settleOutbox(mine.item.id, 'alive', { kind: 'delivered', clocks: [] }), true);
  });

  test('a renewal after the lease was lost takes nothing back', async () => {
    const { one, other } = handles();
    const { item, acceptance } = queued();
    await one.acceptMail(acceptance);
    await one.leaseOutbox(lease('slow'));
    await other.leaseOutbox(lease('quick', { now: NOW + 100, until: NOW + 300 }));
    await one.renewOutbox('slow', NOW + 9000);
    assert.equal(await other.nextDue(), NOW + 300);
    assert.equal(await one.settleOutbox(item.id, 'slow', { kind: 'delivered', clocks: [] }), false);
  });

  test('a delivered message leaves the queue, and its outgoing body is dropped', async () => {
    const { one, other } = handles();
    const { record, item, acceptance } = queued();
    await one.acceptMail(acceptance);
    await one.leaseOutbox(lease('mine'));
    assert.equal(await one.settleOutbox(item.id, 'mine', { kind: 'delivered', clocks: [] }), true);
    assert.equal((await other.findMessage(record.id))?.status, 'delivered');
    assert.equal(await other.readBody(record.id, 'outgoing'), undefined);
    assert.notEqual(await other.readBody(record.id, 'original'), undefined);
    assert.equal(await other.nextDue(), undefined);
    assert.equal(
      await one.settleOutbox(item.id, 'mine', { kind: 'delivered', clocks: [] }),
      false,
      'twice changes nothing',
    );
  });

  test('what was put off comes back at its time, with its body', async () => {
    const { one, other } = handles();
    const { record, item, acceptance } = queued();
    await one.acceptMail(acceptance);
    await one.leaseOutbox(lease('mine'));
    assert.equal(await one.settleOutbox(item.id, 'mine', { kind: 'deferred', until: NOW + 700 }), true);
    await one.renewOutbox('mine', NOW + 9000);
    same(await other.leaseOutbox(lease('early', { now: NOW + 699 })), []);
    const [again] = await other.leaseOutbox(lease('again', { now: NOW + 700, until: NOW + 800 }));
    same([again?.id, again?.attempt], [item.id, 2]);
    assert.equal((await other.findMessage(record.id))?.status, 'queued');
    assert.notEqual(await other.readBody(record.id, 'outgoing'), undefined);
  });

  for (const status of ['bounced', 'expired'] as const) {
    test(`a message that has ${status} leaves its notice in the queue in the same step`, async () => {
      const { one, other } = handles();
      const { record, item, acceptance } = queued();
      await one.acceptMail(acceptance);
      await one.leaseOutbox(lease('mine'));
      const notice = outbox(record, {
        to: 'seller',
        kind: 'notice',
        notice: status === 'bounced' ? 'undeliverable' : 'expired',
      });
      assert.equal(await one.settleOutbox(item.id, 'mine', { kind: 'failed', status, notices: [notice] }), true);
      assert.equal((await other.findMessage(record.id))?.status, status);
      same(await other.leaseOutbox(lease('notice')), [{ ...notice, attempt: 1, lease: 'notice' }]);
      assert.equal(await other.settleOutbox(notice.id, 'notice', { kind: 'delivered', clocks: [] }), true);
      assert.equal((await one.findMessage(record.id))?.status, status, 'a delivered notice is not a delivered message');
    });
  }
}

/** Takes everything that is due at the end of time, and ends it. */
async function emptied({ one }: Handles): Promise<void> {
  for (;;) {
    const rest = await one.leaseOutbox(lease('sweep', { now: NOW * 2, until: NOW * 2 + 1 }));
    if (rest.length === 0) return;
    for (const item of rest) await one.settleOutbox(item.id, 'sweep', { kind: 'delivered', clocks: [] });
  }
}
