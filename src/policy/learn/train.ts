/**
 * train: from the corpus to a model, always the same bytes for the same corpus.
 *
 * In: prepared examples. Out: the weights as they are committed, and the scores of every message by a model that had not seen its
 * idea: from these come calibration, threshold and the figures of `veilpost train`.
 */
import { BUCKETS } from '../model/features.ts';
import { HEADS } from '../model/heads.ts';
import type { ModelCard } from '../model/model.ts';
import { calibrate, thresholdFor, type Scored } from './calibrate.ts';
import { foldsOf } from './folds.ts';
import { learn, scoreWindow, type Weights } from './learner.ts';
import type { Prepared } from './windows.ts';

export const FOLDS = 8;
/** The share of honest messages that the model alone may stop, of a corpus whose honest ones were written to be mistaken. */
const FALSE_STOPS = 0.01;

export interface Trained {
  readonly card: ModelCard;
  readonly weights: Int8Array;
}

export interface OutOfFold extends Scored {
  readonly prepared: Prepared;
}

export function scoreOutOfFold(
  prepared: readonly Prepared[],
  report: (done: number) => void = () => {},
): readonly OutOfFold[] {
  const foldOf = foldsOf(
    prepared.map(({ example }) => example),
    FOLDS,
  );
  return Array.from({ length: FOLDS }, (_, fold) => {
    const isOut = ({ example }: Prepared) => foldOf.get(example.idea) === fold;
    const weights = learn(prepared.filter((entry) => !isOut(entry)));
    report(fold + 1);
    return prepared
      .filter(isOut)
      .map((entry) => ({ prepared: entry, logit: highest(weights, entry), isStop: entry.example.isStop }));
  }).flat();
}

export function trainModel(prepared: readonly Prepared[], scored: readonly OutOfFold[], version: string): Trained {
  const calibration = calibrate(scored);
  const { weights, scales, bias } = pressed(learn(prepared));
  const threshold = thresholdFor(scored, calibration, FALSE_STOPS);
  return { card: { version, threshold, ...calibration, scales, bias }, weights };
}

export function highest(weights: Weights, prepared: Prepared): number {
  const scores = new Float64Array(HEADS.length);
  let best = -Infinity;
  for (const window of prepared.windows) {
    scoreWindow(weights, prepared, window, scores);
    best = Math.max(best, scores[0] ?? 0);
  }
  return Number.isFinite(best) ? best : -10;
}

/** One byte for each weight: by head, 127 is the weight that only one in ten thousand exceeds. */
function pressed({ values, bias }: Weights) {
  const scales = HEADS.map((_, head) => {
    const sizes = new Float32Array(BUCKETS);
    for (let bucket = 0; bucket < BUCKETS; bucket++)
      sizes[bucket] = Math.abs(values[bucket * HEADS.length + head] ?? 0);
    sizes.sort();
    return Math.max(sizes[Math.floor(BUCKETS * 0.9999)] ?? 0, 1e-6) / 127;
  });
  const weights = Int8Array.from(values, (value, index) =>
    Math.max(-127, Math.min(127, Math.round(value / (scales[index % HEADS.length] ?? 1)))),
  );
  return { weights, scales, bias: [...bias] };
}
