/**
 * kills: what a crash may not do to mail, as a suite of one store and one moment: fifty kills that came within it. A file for each, so
 * that they run beside each other.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertNoCanaryInFolder } from '../support/canary.ts';
import { openScenarioStore, storeIsMissing, type STORES } from '../support/stores.ts';
import { crashRepeatedly, type Moment } from './crash.ts';

const KILLS = 50;
const WORDS: Readonly<Record<Moment, string>> = {
  before250: 'between DATA and its 250',
  beforeDelivery: 'between the 250 and the delivery',
};

export function crashSuite(kind: (typeof STORES)[number], moment: Moment): void {
  describe(`on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    test(`killed ${KILLS} times ${WORDS[moment]}, the relay loses nothing that it acknowledged`, async (t) => {
      await using store = await openScenarioStore(kind);
      const books = await crashRepeatedly(store, moment, KILLS);
      t.diagnostic(
        `${books.inTheWindow} of ${books.kills} kills were in the window; ${books.acknowledged.size} acknowledged`,
      );
      assert.equal(books.inTheWindow, KILLS, 'every round counts only when its kill came in the window');
      const lost = [...books.acknowledged].filter((mark) => !books.arrived.has(mark));
      assert.deepEqual(lost, [], 'acknowledged and lost');
      const forked = [...books.arrived].filter(([, ids]) => ids.size > 1);
      assert.deepEqual(forked, [], 'one message under two Message-IDs');
      assert.equal(books.blockedArrived, 0, 'what was blocked stays so through any crash');
      await assertNoCanaryInFolder(store.folder, books.canaries);
    });
  });
}
