/** learner: from marked messages to weights, always the same ones. */
import { strict as assert } from 'node:assert';
import { suite, test } from 'node:test';
import { calibrate, probabilityOf, thresholdFor } from '../../../src/policy/learn/calibrate.ts';
import type { Example } from '../../../src/policy/learn/corpus.ts';
import { figuresOf, shareOf } from '../../../src/policy/learn/figures.ts';
import { highest, trainModel } from '../../../src/policy/learn/train.ts';
import { learn } from '../../../src/policy/learn/learner.ts';
import { prepare } from '../../../src/policy/learn/windows.ts';
import { Concepts } from '../../../src/policy/model/concepts.ts';
import { Model } from '../../../src/policy/model/model.ts';
import { viewsOf } from '../../../src/policy/text.ts';

const CONCEPTS = new Concepts(new Map([['en', 'rev: review*, stars\ngift: voucher*, gift*\nask: please\n']]));
const GOODS = ['lamp', 'kettle', 'scarf', 'drill', 'teapot', 'bicycle', 'puzzle', 'mirror', 'wallet', 'candle'];

/** Two kinds of messages that differ in one sentence. */
const EXAMPLES: readonly Example[] = GOODS.flatMap((goods, index) => [
  example(
    `bribe-${index}`,
    `Your ${goods} left today. A voucher waits for you after a nice review. Kind regards.`,
    'A voucher waits for you after a nice review.',
  ),
  example(`fine-${index}`, `Your ${goods} left today. The voucher in your order was used. Kind regards.`, undefined),
]);

function example(idea: string, body: string, guilty: string | undefined): Example {
  const start = guilty === undefined ? -1 : body.indexOf(guilty);
  return {
    idea,
    language: 'en',
    isStop: guilty !== undefined,
    classes: guilty === undefined ? [] : ['inducement'],
    subject: '',
    body,
    marks: guilty === undefined ? [] : [{ start, end: start + guilty.length }],
  };
}

suite('the learner', () => {
  const prepared = EXAMPLES.map((entry) => prepare(entry, CONCEPTS));

  test('tells guilty messages from honest ones, and finds the guilty sentence', () => {
    const learnt = learn(prepared);
    const scored = prepared.map((entry) => ({
      prepared: entry,
      logit: highest(learnt, entry),
      isStop: entry.example.isStop,
    }));
    const { card, weights } = trainModel(prepared, scored, 'test');
    const model = new Model({ ...card, threshold: 0.5 }, weights, CONCEPTS);
    const text = 'The parcel with your spoon is here. A voucher waits for you after a nice review. Bye.';
    const [wording] = viewsOf(text).map((view) => view.wording);
    assert.ok(wording !== undefined);
    const [suspicion] = model.suspicionsIn(wording);
    assert.equal(suspicion?.policyClass, 'inducement');
    assert.match(
      wording.text.slice(suspicion.span.start, suspicion.span.end),
      /a voucher waits for you after a nice review/,
    );
    const [honest] = viewsOf('The parcel with your spoon is here. The voucher in your order was used.').map(
      (view) => view.wording,
    );
    assert.deepEqual(honest === undefined ? undefined : model.suspicionsIn(honest), []);
  });

  test('gives the same weights for the same messages, and others for others', () => {
    assert.deepEqual(learn(prepared).values, learn(prepared).values);
    assert.notDeepEqual(learn(prepared).values, learn(prepared.slice(2)).values);
  });
});

suite('the figures', () => {
  test('a share of few messages has a wide interval, of none any', () => {
    const { low, high } = shareOf(19, 20);
    assert.ok(Math.abs(low - 0.7639) < 0.001 && Math.abs(high - 0.9911) < 0.001, `${low} ${high}`);
    assert.deepEqual(shareOf(0, 0), { count: 0, of: 0, low: 0, high: 1 });
  });

  test('precision, recall and false stops are counted from what happened', () => {
    const outcome = (isStop: boolean, wasStopped: boolean) => ({ isStop, wasStopped, language: 'en', classes: [] });
    const { precision, recall, falseStops } = figuresOf([
      outcome(true, true),
      outcome(true, false),
      outcome(false, true),
      outcome(false, false),
      outcome(false, false),
    ]);
    assert.deepEqual([precision.count, precision.of], [1, 2]);
    assert.deepEqual([recall.count, recall.of], [1, 2]);
    assert.deepEqual([falseStops.count, falseStops.of], [1, 3]);
  });

  test('a threshold stops the share of honest messages that was asked for, and no more', () => {
    const scored = Array.from({ length: 200 }, (_, index) => ({ logit: index / 20 - 5, isStop: index >= 100 }));
    const calibration = calibrate(scored);
    const threshold = thresholdFor(scored, calibration, 0.05);
    const stopped = scored.filter(({ isStop, logit }) => !isStop && probabilityOf(calibration, logit) >= threshold);
    assert.equal(stopped.length, 5);
  });
});
