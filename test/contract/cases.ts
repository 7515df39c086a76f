/** cases: holds, decisions and deadlines, of any store. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CaseRecord, MessageRecord } from '../../src/store/records.ts';
import type { Fingerprint } from '../../src/core/sealed.ts';
import type { CaseConfirmation, CaseSettlement } from '../../src/store/store.ts';
import type { Handles } from './handles.ts';
import { bodies, fingerprint, held, message, NOW, onHold, outbox, sealed, thread } from './rows.ts';
import { same } from './same.ts';

export function casesContract(handles: () => Handles): void {
  test('a decision sets free what it names, in one piece, and both handles see it', async () => {
    const { one, other } = handles();
    const { record, opened, acceptance } = onHold();
    await one.acceptMail(acceptance);
    const settlement = release(record, opened);
    assert.equal(await other.decideCase(settlement), 'decided');
    same(await one.findCase(opened.id), { ...opened, status: 'decided', decision: settlement.decision });
    assert.equal((await one.findMessage(record.id))?.status, 'queued');
    same(await one.readBody(record.id, 'outgoing'), settlement.bodies[0]?.bytes);
    same(await one.findThreads(record.orderId), settlement.threads);
    const told = { orderId: record.orderId, from: record.from, sign: 'masked', text: undefined, since: NOW } as const;
    assert.equal(await one.countTallies(told), 1);
    const due = await one.leaseOutbox({ now: NOW + 5, until: NOW + 10, limit: 1000, lease: 'released' });
    assert.ok(due.some((item) => item.messageId === record.id));
  });

  test('two that decide at once: one decides, the other is told so and changes nothing', async () => {
    const { one, other } = handles();
    const { record, opened, acceptance } = onHold();
    await one.acceptMail(acceptance);
    const [first, second] = [release(record, opened), turnDown(record, opened)];
    const answers = await Promise.all([one.decideCase(first), other.decideCase(second)]);
    same(answers.toSorted(), ['alreadyDecided', 'decided']);
    const winner = answers[0] === 'decided' ? first : second;
    same((await one.findCase(opened.id))?.decision, winner.decision);
    assert.equal((await one.findMessage(record.id))?.status, winner.status);
    const told = { orderId: record.orderId, from: record.from, sign: 'masked', text: undefined, since: NOW } as const;
    assert.equal(await one.countTallies(told), winner === first ? 1 : 0);
    assert.equal((await other.readBody(record.id, 'outgoing')) === undefined, winner === second);
  });

  test('an author whom the buyer accepts is accepted with the decision, for that order alone, and both handles see it', async () => {
    const { one, other } = handles();
    const [first, second] = [onHold(), onHold()];
    const author = fingerprint();
    for (const { acceptance } of [first, second]) await one.acceptMail(acceptance);
    const { orderId } = first.record;
    assert.equal(await one.isAccepted(orderId, author), false);
    const accepts = { orderId, author, masked: sealed(), at: NOW + 5 };
    assert.equal(await one.decideCase({ ...release(first.record, first.opened), accepts }), 'decided');
    assert.equal(await other.isAccepted(orderId, author), true);
    assert.equal(await other.isAccepted(orderId, fingerprint()), false);
    assert.equal(await other.isAccepted(second.record.orderId, author), false);
    const late = { orderId, author: fingerprint(), masked: undefined, at: NOW + 6 };
    assert.equal(await other.decideCase({ ...turnDown(first.record, first.opened), accepts: late }), 'alreadyDecided');
    assert.equal(await one.isAccepted(orderId, late.author), false, 'whoever is late accepts nobody');
  });

  test('what the buyer accepted is listed oldest first, and is taken back once, in that order alone', async () => {
    const { one, other } = handles();
    const [first, second] = [onHold(), onHold()];
    for (const { acceptance } of [first, second]) await one.acceptMail(acceptance);
    const { orderId } = first.record;
    const author = fingerprint();
    const accepts = { orderId, author, masked: sealed(), at: NOW + 5 };
    await one.decideCase({ ...release(first.record, first.opened), accepts });
    const elsewhere = { ...accepts, orderId: second.record.orderId };
    await one.confirmCase({ caseId: second.opened.id, at: NOW, deadline: NOW + 9000, accepts: elsewhere });
    const third = onHold();
    const earlier = { orderId, author: fingerprint(), masked: undefined, at: NOW + 1 };
    await one.acceptMail(third.acceptance);
    await other.decideCase({ ...release(third.record, third.opened), accepts: earlier });
    same(await other.listAccepted(orderId), [earlier, accepts]);
    same(await other.listAccepted(second.record.orderId), [elsewhere]);
    const answers = await Promise.all([one.removeAccepted(orderId, author), other.removeAccepted(orderId, author)]);
    assert.equal(answers.filter((isRemoved) => isRemoved).length, 1);
    same(await one.listAccepted(orderId), [earlier]);
    assert.deepEqual(
      [await one.isAccepted(orderId, author), await one.isAccepted(elsewhere.orderId, author)],
      [false, true],
    );
  });

  test('cases wait for the answer to their question until they are decided or confirmed, oldest first', async () => {
    const { one, other } = handles();
    const [asks, another] = [fingerprint(), fingerprint()];
    const { orderId } = message();
    const wait = async (question: Fingerprint, of = orderId) => {
      const { acceptance, opened, record } = onHold();
      const waiting: CaseRecord = { ...opened, orderId: of, asks: question };
      await one.acceptMail({ ...acceptance, cases: [waiting] });
      return { opened: waiting, record };
    };
    const cases = [await wait(asks), await wait(asks), await wait(asks)] as const;
    const [apart, elsewhere] = [await wait(another), await wait(asks, message().orderId)];
    const waiting = async (question = asks) => await other.findWaiting(orderId, question);
    same(
      await waiting(),
      cases.map(({ opened }) => opened),
    );
    same(await waiting(another), [apart.opened]);
    same(await other.findWaiting(elsewhere.opened.orderId, asks), [elsewhere.opened]);
    await one.decideCase(turnDown(cases[1].record, cases[1].opened));
    await one.confirmCase({ caseId: cases[0].opened.id, at: NOW, deadline: NOW + 9000, accepts: undefined });
    same(await waiting(), [cases[2].opened]);
  });

  test('a decision that throws the original away leaves no body, and one that came too late throws nothing away', async () => {
    const { one, other } = handles();
    const [gone, kept] = [onHold(), onHold()];
    for (const { acceptance } of [gone, kept]) await one.acceptMail(acceptance);
    const thrown = ({ record, opened }: typeof gone): CaseSettlement => ({
      ...turnDown(record, opened),
      dropsOriginal: true,
    });
    assert.equal(await one.decideCase(thrown(gone)), 'decided');
    assert.equal(await other.readBody(gone.record.id, 'original'), undefined);
    assert.equal((await other.findMessage(gone.record.id))?.status, 'refused');
    assert.equal(await one.decideCase(turnDown(kept.record, kept.opened)), 'decided');
    assert.equal(await other.decideCase(thrown(kept)), 'alreadyDecided');
    assert.ok((await one.readBody(kept.record.id, 'original')) !== undefined);
  });

  test('a case is confirmed once: it stays open, has a new deadline, and its author may be accepted', async () => {
    const { one, other } = handles();
    const { record, opened, acceptance } = onHold(NOW - 6000);
    await one.acceptMail(acceptance);
    const author = fingerprint();
    const confirmation = confirm(record, opened, author);
    assert.equal(await other.confirmCase(confirmation), 'confirmed');
    const confirmed = { ...opened, confirmedAt: confirmation.at, deadline: confirmation.deadline };
    same(await one.findCase(opened.id), confirmed);
    same((await one.listCases({ status: 'open' }, { limit: 1, after: undefined })).rows, [confirmed]);
    assert.equal(await one.isAccepted(record.orderId, author), true);
    const due = async (now: number) => (await one.dueCases(now, 1000)).filter(({ id }) => id === opened.id);
    same(await due(NOW), [], 'the deadline that it had is over');
    same(await due(confirmation.deadline), [confirmed]);
    const again = confirm(record, opened, fingerprint());
    assert.equal(await one.confirmCase(again), 'alreadyDecided');
    assert.equal(await one.isAccepted(record.orderId, again.accepts?.author ?? author), false);
    const settlement = turnDown(record, opened);
    assert.equal(await one.decideCase(settlement), 'decided');
    same(await other.findCase(opened.id), { ...confirmed, status: 'decided', decision: settlement.decision });
  });

  test('what is decided, and what nobody knows, cannot be confirmed', async () => {
    const { one, other } = handles();
    const { record, opened, acceptance } = onHold();
    const confirmation = confirm(record, opened, fingerprint());
    assert.equal(await one.confirmCase(confirmation), 'unknown');
    await one.acceptMail(acceptance);
    await one.decideCase(turnDown(record, opened));
    assert.equal(await other.confirmCase(confirmation), 'alreadyDecided');
    assert.equal((await one.findCase(opened.id))?.confirmedAt, undefined);
  });

  test('a case that nobody knows, and one that was never open, cannot be decided', async () => {
    const { one, other } = handles();
    const record = message();
    assert.equal(await one.decideCase(release(record, held(record))), 'unknown');
    const refused = onHold();
    const closed: CaseRecord = { ...refused.opened, kind: 'refused', status: 'decided', deadline: undefined };
    await one.acceptMail({ ...refused.acceptance, cases: [closed] });
    assert.equal(await other.decideCase(release(refused.record, closed)), 'alreadyDecided');
    same(await other.findCase(closed.id), closed);
  });

  test('cases are listed newest first, all of them or by status', async () => {
    const { one, other } = handles();
    const [first, second] = [onHold(), onHold()];
    for (const { acceptance } of [first, second]) await one.acceptMail(acceptance);
    await other.decideCase(turnDown(first.record, first.opened));
    const ids = async (status: CaseRecord['status'] | undefined) =>
      (await one.listCases({ status }, { limit: 50, after: undefined })).rows.map((row) => row.id);
    same((await ids(undefined)).slice(0, 2), [second.opened.id, first.opened.id]);
    assert.equal((await ids('open'))[0], second.opened.id);
    assert.ok(!(await ids('open')).includes(first.opened.id));
    assert.ok((await ids('decided')).includes(first.opened.id));
    const page = await other.listCases({ status: undefined }, { limit: 1, after: undefined });
    const next = await other.listCases({ status: undefined }, { limit: 1, after: page.next });
    same(
      [...page.rows, ...next.rows].map((row) => row.id),
      [second.opened.id, first.opened.id],
    );
  });

  test('what is due is what is open and past its deadline, the oldest first, and no more than asked for', async () => {
    const { one, other } = handles();
    const early = [onHold(NOW - 9000), onHold(NOW - 8000), onHold(NOW - 7000)];
    const late = onHold(NOW + 1);
    for (const { acceptance } of [...early.toReversed(), late]) await one.acceptMail(acceptance);
    const due = async (limit: number) => (await other.dueCases(NOW, limit)).map((entry) => entry.id);
    same(
      await due(3),
      early.map(({ opened }) => opened.id),
    );
    assert.ok(!(await due(1000)).includes(late.opened.id));
    const [first] = early;
    assert.ok(first !== undefined);
    await one.decideCase(turnDown(first.record, first.opened));
    assert.equal((await due(1))[0], early[1]?.opened.id);
    for (const { record, opened } of early.slice(1)) await one.decideCase(turnDown(record, opened));
  });
}

function release(record: MessageRecord, opened: CaseRecord): CaseSettlement {
  return {
    caseId: opened.id,
    decision: { outcome: 'release', reason: 'fine', note: sealed(), by: 'key_1', at: NOW + 5 },
    status: 'queued',
    bodies: bodies(record).slice(1),
    outbox: [outbox(record)],
    threads: [thread(record)],
    tallies: [
      {
        orderId: record.orderId,
        from: record.from,
        sign: 'masked',
        messageId: record.id,
        text: undefined,
        at: NOW + 5,
      },
    ],
    clocks: [],
    accepts: undefined,
    dropsOriginal: false,
  };
}

function turnDown(record: MessageRecord, opened: CaseRecord): CaseSettlement {
  return {
    caseId: opened.id,
    decision: { outcome: 'return', reason: 'rule', note: undefined, by: 'key_2', at: NOW + 6 },
    status: 'refused',
    bodies: [],
    outbox: [outbox(record, { to: 'seller', kind: 'notice', notice: 'returned' })],
    threads: [],
    tallies: [],
    clocks: [],
    accepts: undefined,
    dropsOriginal: false,
  };
}

function confirm({ orderId }: MessageRecord, { id }: CaseRecord, author: Fingerprint) {
  const at = NOW + 7;
  return {
    caseId: id,
    at,
    deadline: NOW + 5000,
    accepts: { orderId, author, masked: undefined, at },
  } satisfies CaseConfirmation;
}
