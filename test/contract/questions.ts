/** questions: what the buyer is asked, and is not asked again, of any store. */
import { test } from 'node:test';
import type { Handles } from './handles.ts';
import { fingerprint, message, NOTHING, NOW, outbox } from './rows.ts';
import { same } from './same.ts';
import type { Fingerprint } from '../../src/core/sealed.ts';

export function questionsContract(handles: () => Handles): void {
  test('a question that was declined is not asked again, others are, and every limit holds by itself', async () => {
    const { one, other } = handles();
    const { orderId: order } = message();
    const tallied = (sign: 'confirm' | 'declined', text: Fingerprint, at: number) => {
      const { id } = message({ orderId: order });
      return { orderId: order, from: 'buyer', sign, messageId: id, text, at } as const;
    };
    const ask = async (text: Fingerprint, at: number) => {
      const tally = tallied('confirm', text, at);
      const record = message({ orderId: order, id: tally.messageId });
      const limits = [
        { since: at - 100, atMost: 2 },
        { since: at - 1000, atMost: 3 },
      ];
      const notice = outbox(record, { kind: 'notice', notice: 'confirm', dueAt: at });
      await one.acceptMail({ ...NOTHING, rareNotices: [{ notice, tally, since: at - 100, limits }] });
    };
    const [declined, first, second] = [fingerprint(), fingerprint(), fingerprint()];
    await ask(declined, NOW);
    await other.acceptMail({ ...NOTHING, tallies: [tallied('declined', declined, NOW)] });
    await ask(declined, NOW + 500);
    await ask(first, NOW + 501);
    await ask(second, NOW + 502);
    await ask(second, NOW + 700);
    await ask(second, NOW + 1001);
    const due = await one.leaseOutbox({ now: NOW + 1001, until: NOW + 2000, limit: 1000, lease: 'declined' });
    same(
      due.filter(({ orderId: of }) => of === order).map(({ dueAt }) => dueAt - NOW),
      [0, 501, 502, 1001],
    );
  });
}
