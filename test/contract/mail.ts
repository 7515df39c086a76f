/** mail: messages, bodies, threads, bounces and bypasses, of any store. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Handles } from './handles.ts';
import {
  bypass,
  fingerprint,
  KEPT,
  message,
  NOTHING,
  NOW,
  onHold,
  orderId,
  outbox,
  queued,
  sealed,
  SEEN,
  sighting,
  thread,
} from './rows.ts';
import { same } from './same.ts';
import type { OrderId } from '../../src/core/ids.ts';
import type { Fingerprint } from '../../src/core/sealed.ts';
import type { RareNotice, Sighting, TallyRecord } from '../../src/store/records.ts';
import { TALLIES_KEPT_MS } from '../../src/store/store.ts';

const ALL = { orderId: undefined, sellerId: undefined, status: undefined };

export function mailContract(handles: () => Handles): void {
  test('what one handle accepts the other has whole: message, both bodies, thread and queue', async () => {
    const { one, other } = handles();
    const { record, acceptance } = queued();
    await one.acceptMail(acceptance);
    same(await other.findMessage(record.id), record);
    const [original, outgoing] = acceptance.bodies;
    same(await other.readBody(record.id, 'original'), original?.bytes);
    same(await other.readBody(record.id, 'outgoing'), outgoing?.bytes);
    same(await other.findThreads(record.orderId), acceptance.threads);
    assert.equal(await other.readBody(message().id, 'original'), undefined);
    assert.equal(await other.findMessage(message().id), undefined);
  });

  test('several arrivals of one transaction are kept together', async () => {
    const { one, other } = handles();
    const [first, second] = [queued(), onHold()];
    await one.acceptMail({
      messages: [...first.acceptance.messages, ...second.acceptance.messages],
      bodies: [...first.acceptance.bodies, ...second.acceptance.bodies],
      cases: second.acceptance.cases,
      outbox: first.acceptance.outbox,
      threads: first.acceptance.threads,
      tallies: [],
      bypasses: [],
      rareNotices: [],
      charges: [],
      clocks: [],
      sightings: [],
    });
    assert.equal((await other.findMessage(first.record.id))?.status, 'queued');
    assert.equal((await other.findMessage(second.record.id))?.status, 'held');
    same(await other.findCase(second.opened.id), second.opened);
  });

  test('an acceptance that cannot be kept leaves nothing of itself', async () => {
    const { one, other } = handles();
    const known = queued();
    await one.acceptMail(known.acceptance);
    const fresh = queued();
    // The second message is there already: ids are never used twice, so nobody may write over it.
    const tried = bypass();
    const messages = [...fresh.acceptance.messages, known.record];
    const clash = { ...fresh.acceptance, messages, bypasses: [tried] };
    await assert.rejects(one.acceptMail(clash));
    assert.equal(await other.findMessage(fresh.record.id), undefined);
    assert.equal(await other.readBody(fresh.record.id, 'original'), undefined);
    same(await other.findThreads(fresh.record.orderId), []);
    const { rows } = await other.listBypasses({ limit: 50, after: undefined });
    assert.equal(
      rows.some(({ id }) => id === tried.id),
      false,
      'nor of the offence: it comes again with the message',
    );
    same(await other.findMessage(known.record.id), known.record);
  });

  test('messages are listed by order, by seller, by status, and by all of them', async () => {
    const { one, other } = handles();
    const mine = queued();
    const sameSeller = queued({ sellerId: mine.record.sellerId });
    const waiting = onHold();
    for (const { acceptance } of [mine, sameSeller, waiting]) await one.acceptMail(acceptance);
    const ids = async (filter: Partial<typeof ALL> | object) =>
      (await other.listMessages({ ...ALL, ...filter }, { limit: 50, after: undefined })).rows.map((row) => row.id);
    same(await ids({ orderId: mine.record.orderId }), [mine.record.id]);
    same(await ids({ sellerId: mine.record.sellerId }), [sameSeller.record.id, mine.record.id]);
    same(await ids({ sellerId: mine.record.sellerId, status: 'held' }), []);
    const held = await ids({ status: 'held' });
    assert.ok(held.includes(waiting.record.id) && !held.includes(mine.record.id));
    same((await ids({})).slice(0, 3), [waiting.record.id, sameSeller.record.id, mine.record.id]);
  });

  test('pages of messages show each once, also when a filter skips most of them', async () => {
    const { one, other } = handles();
    const mine = message().sellerId;
    const kept: string[] = [];
    for (let number = 0; number < 9; number++) {
      const entry = number % 3 === 0 ? queued({ sellerId: mine }) : onHold();
      await one.acceptMail(entry.acceptance);
      if (entry.record.sellerId === mine) kept.push(entry.record.id);
    }
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await other.listMessages({ ...ALL, sellerId: mine, status: 'queued' }, { limit: 2, after });
      assert.ok(page.rows.length <= 2);
      seen.push(...page.rows.map((row) => row.id));
      after = page.next;
    } while (after !== undefined);
    same(seen, kept.reverse());
  });

  test('of a thread the newest 200 links are found, oldest first', async () => {
    const { one, other } = handles();
    const order = orderId();
    const links = Array.from({ length: 205 }, () => thread(message({ orderId: order })));
    for (const link of links) await one.acceptMail({ ...NOTHING, threads: [link] });
    same(await other.findThreads(order), links.slice(-200));
  });

  test('what one party of an order did is counted by what it was and since when, and nobody else with it', async () => {
    const { one, other } = handles();
    const [order, another] = [orderId(), orderId()];
    const tally = (fields: Partial<TallyRecord>): TallyRecord => ({
      orderId: order,
      from: 'buyer',
      sign: 'mail',
      messageId: message().id,
      text: undefined,
      at: NOW,
      ...fields,
    });
    await one.acceptMail({
      ...NOTHING,
      tallies: [
        tally({}),
        tally({ at: NOW + 10 }),
        tally({ sign: 'automatic' }),
        tally({ from: 'seller' }),
        tally({ orderId: another }),
      ],
    });
    const count = (since: number) =>
      other.countTallies({ orderId: order, from: 'buyer', sign: 'mail', text: undefined, since });
    assert.deepEqual([await count(NOW - 1), await count(NOW), await count(NOW + 10)], [2, 1, 0]);
    await other.acceptMail({ ...NOTHING, tallies: [tally({ at: NOW + TALLIES_KEPT_MS + 5 })] });
    assert.equal(await count(0), 2, 'what is older than any window is gone');
  });

  test('the same words of one party are counted by themselves, for each order and since when', async () => {
    const { one, other } = handles();
    const [order, another] = [orderId(), orderId()];
    const [words, others] = [fingerprint(), fingerprint()];
    const tally = (text: TallyRecord['text'], at: number, of = order): TallyRecord => ({
      orderId: of,
      from: 'buyer',
      sign: 'mail',
      messageId: message().id,
      text,
      at,
    });
    await one.acceptMail({ ...NOTHING, tallies: [tally(words, NOW), tally(others, NOW), tally(undefined, NOW)] });
    await one.acceptMail({ ...NOTHING, tallies: [tally(words, NOW + 10), tally(words, NOW, another)] });
    const count = (text: TallyRecord['text'], since: number) =>
      other.countTallies({ orderId: order, from: 'buyer', sign: 'mail', text, since });
    assert.deepEqual(
      [await count(words, NOW - 1), await count(words, NOW), await count(others, NOW - 1), await count(undefined, 0)],
      [2, 1, 1, 4],
    );
    assert.equal(await count(fingerprint(), 0), 0);
  });

  test('a question is asked again when nobody waits for its answer any more, and no more than so many in its time', async () => {
    const { one, other } = handles();
    const { orderId: order } = message();
    const asked: number[] = [];
    const ask = async (asks: Fingerprint, at: number) => {
      const { acceptance, opened, record } = onHold();
      const cases = [{ ...opened, orderId: order, asks }];
      const notice = outbox(record, { orderId: order, kind: 'notice', notice: 'confirm', dueAt: at });
      const tally = { orderId: order, from: 'buyer', sign: 'confirm', messageId: record.id, text: asks, at } as const;
      await one.acceptMail({
        ...acceptance,
        cases,
        rareNotices: [{ notice, tally, since: at - 100, limits: [{ since: at - 100, atMost: 3 }] }],
      });
      return opened.id;
    };
    const [first, second, third] = [fingerprint(), fingerprint(), fingerprint()];
    const waiting = [await ask(first, NOW), await ask(first, NOW + 1)];
    for (const caseId of waiting)
      await other.confirmCase({ caseId, at: NOW, deadline: NOW + 9000, accepts: undefined });
    await ask(first, NOW + 2);
    await ask(first, NOW + 3);
    await ask(second, NOW + 4);
    await ask(third, NOW + 5);
    await ask(third, NOW + 150);
    const due = await one.leaseOutbox({ now: NOW + 150, until: NOW + 300, limit: 1000, lease: 'asked' });
    asked.push(...due.filter(({ orderId: of }) => of === order).map(({ dueAt }) => dueAt - NOW));
    same(asked, [0, 2, 4, 150]);
  });

  test('a rare notice goes out once in its time, whoever asks at the same moment, for each order by itself', async () => {
    const { one, other } = handles();
    const [order, another] = [orderId(), orderId()];
    const ask = (of: OrderId, at: number): RareNotice => {
      const record = message({ orderId: of });
      return {
        notice: outbox(record, { kind: 'notice', notice: 'confirm', dueAt: at }),
        tally: { orderId: of, from: 'buyer', sign: 'confirm', messageId: record.id, text: undefined, at },
        since: at - 100,
        limits: [{ since: at - 100, atMost: 1 }],
      };
    };
    const asks = [...Array.from({ length: 10 }, () => ask(order, NOW)), ask(another, NOW)];
    await Promise.all(
      asks.map((rare, index) => (index % 2 === 0 ? one : other).acceptMail({ ...NOTHING, rareNotices: [rare] })),
    );
    await other.acceptMail({ ...NOTHING, rareNotices: [ask(order, NOW + 99), ask(order, NOW + 100)] });
    const due = await one.leaseOutbox({ now: NOW + 100, until: NOW + 200, limit: 1000, lease: 'rare' });
    const sent = (of: OrderId) => due.filter(({ orderId: to }) => to === of).map(({ dueAt }) => dueAt);
    same([sent(order), sent(another)], [[NOW, NOW + 100], [NOW]]);
    const count = (of: OrderId) =>
      other.countTallies({ orderId: of, from: 'buyer', sign: 'confirm', text: undefined, since: 0 });
    assert.deepEqual([await count(order), await count(another)], [2, 1]);
  });

  test('a message is taken once for an alias, whoever comes at the same moment, and nothing of the copy is kept', async () => {
    const { one, other } = handles();
    const mark = fingerprint();
    const copies = Array.from({ length: 10 }, () => queued());
    const alias = fingerprint();
    const answers = await Promise.all(
      copies.map(({ acceptance, record }, index) =>
        (index % 2 === 0 ? one : other).acceptMail({ ...acceptance, sightings: [sighting(record, { mark, alias })] }),
      ),
    );
    assert.equal(answers.filter(({ outcome }) => outcome === 'kept').length, 1);
    const first = copies[answers.findIndex(({ outcome }) => outcome === 'kept')]?.record.id;
    for (const { record } of copies) {
      assert.equal((await other.findMessage(record.id)) !== undefined, record.id === first);
      assert.equal((await other.readBody(record.id, 'original')) !== undefined, record.id === first);
    }
    const known = (now: number) => other.findSightings(mark, now);
    same(await known(NOW + 999_999), [{ alias, isConfirmed: true, messageId: first }]);
    same(await known(NOW + 1_000_000), [], 'until its end');
    const late = queued();
    const again = sighting(late.record, { mark, alias, at: NOW + 1_000_000, endsAt: NOW + 2_000_000 });
    same(await one.acceptMail({ ...late.acceptance, sightings: [again] }), KEPT);
    same(await known(NOW + 1_000_001), [{ alias, isConfirmed: true, messageId: late.record.id }]);
    same(await one.findSightings(fingerprint(), NOW), []);
  });

  test('the same for another alias is another message, unless it may be for one only; who is proved comes after who is not', async () => {
    const { one, other } = handles();
    const accept = async (fields: Partial<Sighting>) => {
      const { acceptance, record } = queued();
      return await one.acceptMail({ ...acceptance, sightings: [sighting(record, fields)] });
    };
    const [mark, exclusive, doubtful] = [fingerprint(), fingerprint(), fingerprint()];
    assert.deepEqual([await accept({ mark }), await accept({ mark })], [KEPT, KEPT]);
    assert.equal((await other.findSightings(mark, NOW)).length, 2);
    const isExclusive = true;
    same(await accept({ mark: exclusive, isExclusive }), KEPT);
    same(await accept({ mark: exclusive, isExclusive }), SEEN);
    same(await accept({ mark: exclusive }), KEPT, 'it was held for that one');
    const [alias, isConfirmed] = [fingerprint(), false];
    same(await accept({ mark: doubtful, alias, isConfirmed }), KEPT);
    same(await accept({ mark: doubtful, alias, isConfirmed }), SEEN);
    same(await accept({ mark: doubtful, alias }), KEPT);
    for (const confirmed of [true, false]) same(await accept({ mark: doubtful, alias, isConfirmed: confirmed }), SEEN);
    same(
      (await other.findSightings(doubtful, NOW)).map((known) => known.isConfirmed),
      [true],
    );
  });

  test('one transaction may bring the same message to several aliases', async () => {
    const { one, other } = handles();
    const [first, second] = [queued(), queued()];
    const mark = fingerprint();
    const sightings = [first, second].map(({ record }) => sighting(record, { mark, isExclusive: true }));
    same(await one.acceptMail({ ...first.acceptance, sightings }), KEPT);
    assert.equal((await other.findSightings(mark, NOW)).length, 2);
  });

  test('a delivered message that came back has bounced once, and once only its author is told', async () => {
    const { one, other } = handles();
    const { record, item, acceptance } = queued();
    await one.acceptMail(acceptance);
    await one.leaseOutbox({ now: NOW, until: NOW + 50, limit: 1000, lease: 'bounce' });
    assert.equal(await one.settleOutbox(item.id, 'bounce', { kind: 'delivered', clocks: [] }), true);
    const notice = () => outbox(record, { to: 'seller', kind: 'notice', notice: 'undeliverable', dueAt: NOW + 60 });
    const [first, second] = [notice(), notice()];
    const answers = await Promise.all([one.recordBounce(record.id, [first]), other.recordBounce(record.id, [second])]);
    assert.equal(answers.filter((isFirst) => isFirst).length, 1);
    assert.equal((await other.findMessage(record.id))?.status, 'bounced');
    const due = await other.leaseOutbox({ now: NOW + 60, until: NOW + 70, limit: 1000, lease: 'notices' });
    const mine = due.filter((entry) => entry.messageId === record.id);
    same(
      mine.map((entry) => entry.id),
      [answers[0] ? first.id : second.id],
    );
    assert.equal(await one.recordBounce(message().id, []), false, 'nobody has heard of this message');
  });

  for (const ending of ['delivered', 'deferred', 'failed'] as const) {
    test(`a report that is faster than our own note of the handing over counts, once: the attempt ends as ${ending}`, async () => {
      const { one, other } = handles();
      const { record, item, acceptance } = queued();
      await one.acceptMail(acceptance);
      await one.leaseOutbox({ now: NOW, until: NOW + 50, limit: 1000, lease: `fast-${ending}` });
      const notice = () => outbox(record, { to: 'seller', kind: 'notice', notice: 'undeliverable', dueAt: NOW + 60 });
      const [told, again] = [notice(), notice()];
      assert.equal(await other.recordBounce(record.id, [told]), true);
      assert.equal(await other.readBody(record.id, 'outgoing'), undefined, 'nothing is sent once more');
      const settlement = {
        delivered: { kind: 'delivered', clocks: [] },
        deferred: { kind: 'deferred', until: NOW + 60 },
        failed: { kind: 'failed', status: 'expired', notices: [again] },
      } as const;
      assert.equal(await one.settleOutbox(item.id, `fast-${ending}`, settlement[ending]), true);
      assert.equal((await other.findMessage(record.id))?.status, 'bounced');
      assert.equal(await other.recordBounce(record.id, [notice()]), false);
      const due = await other.leaseOutbox({ now: NOW + 60, until: NOW + 70, limit: 1000, lease: `told-${ending}` });
      const mine = due.filter((entry) => entry.messageId === record.id && entry.kind === 'notice');
      same(
        mine.map(({ id }) => id),
        [told.id],
      );
      for (const left of due.filter((entry) => entry.id === item.id)) {
        // What is left of the queue item finds nothing to send: that is a failure, and no news.
        const end = { kind: 'failed', status: 'bounced', notices: [notice()] } as const;
        assert.equal(await one.settleOutbox(left.id, `told-${ending}`, end), true);
      }
      assert.equal((await other.findMessage(record.id))?.status, 'bounced');
      const rest = await one.leaseOutbox({ now: NOW + 80, until: NOW + 90, limit: 1000, lease: `rest-${ending}` });
      same(
        rest.filter((entry) => entry.messageId === record.id && entry.id !== told.id),
        [],
      );
    });
  }

  test('a message that was held, refused, dropped or given up does not bounce', async () => {
    const { one, other } = handles();
    for (const status of ['held', 'refused', 'dropped', 'expired'] as const) {
      const record = message({ status });
      await one.acceptMail({ ...NOTHING, messages: [record] });
      assert.equal(await other.recordBounce(record.id, []), false, status);
      assert.equal((await one.findMessage(record.id))?.status, status);
    }
  });

  test('bypasses are listed newest first', async () => {
    const { one, other } = handles();
    const [first, second] = [bypass(), bypass()];
    await one.recordBypass(first);
    await other.recordBypass(second);
    const page = await one.listBypasses({ limit: 2, after: undefined });
    same(page.rows, [second, first]);
    const [third, fourth] = [bypass(), bypass()];
    await one.acceptMail({ ...NOTHING, bypasses: [third, fourth] });
    same(
      (await other.listBypasses({ limit: 3, after: undefined })).rows,
      [fourth, third, second],
      'with a message, too',
    );
  });

  test('a body may be as large as a message may be', async () => {
    const { one, other } = handles();
    const record = message();
    const bytes = sealed(26_000_000);
    const copy = Buffer.from(bytes);
    const large = { messageId: record.id, kind: 'original', bytes } as const;
    await one.acceptMail({ ...NOTHING, messages: [record], bodies: [large] });
    const kept = await other.readBody(record.id, 'original');
    assert.ok(kept !== undefined && Buffer.from(kept).equals(copy));
  });

  test('a fingerprint that no seller has finds none', async () => {
    same(await handles().one.findSellersBySender(fingerprint()), []);
  });
}
