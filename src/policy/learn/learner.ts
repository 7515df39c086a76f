/**
 * learner: weights for windows, by logistic regression with one head for each class.
 *
 * A guilty message has at least one guilty window, and which one is found out while learning: in each round the marked window that
 * scores highest is taught as guilty. In honest messages every window is innocent, the highest one most of all. AdaGrad with weight
 * decay; the order is drawn from a fixed seed, so the same corpus always gives the same bytes.
 */
import { BUCKETS } from '../model/features.ts';
import { HEADS } from '../model/heads.ts';
import { normsOf } from '../model/model.ts';
import type { Counted, Prepared, Window } from './windows.ts';

export interface Weights {
  /** `bucket * HEADS.length + head`. */
  readonly values: Float32Array;
  readonly bias: Float32Array;
}

export interface LearningPlan {
  readonly rounds: number;
  readonly rate: number;
  readonly decay: number;
  readonly seed: number;
}

const PLAN: LearningPlan = { rounds: 12, rate: 0.2, decay: 1e-3, seed: 20261125 };

const K = HEADS.length;
/** The parts of a guilty message that nobody marked, and all but the worst window of an honest one, teach less. */
const LIGHT = 0.3;

export function learn(examples: readonly Prepared[], plan: LearningPlan = PLAN): Weights {
  const learner = new Learner(plan);
  const random = seeded(plan.seed);
  const order = examples.map((_, index) => index);
  for (let round = 0; round < plan.rounds; round++) {
    shuffle(order, random);
    for (const index of order) {
      const example = examples[index];
      if (example !== undefined) learner.teach(example);
    }
  }
  return learner.weights;
}

/** The score of each head into `out`; the norms of both groups of features come back for whoever moves the weights. */
export function scoreWindow(
  { values, bias }: Weights,
  { sentences }: Prepared,
  window: Window,
  out: Float64Array,
): Norms {
  const norms = normsIn(sentences, window);
  for (let head = 0; head < K; head++) out[head] = bias[head] ?? 0;
  for (let index = window.first; index <= window.last; index++) {
    const sentence = sentences[index];
    if (sentence === undefined) continue;
    add(values, sentence.written, norms.written, out);
    add(values, sentence.meant, norms.meant, out);
  }
  return norms;
}

type Norms = ReturnType<typeof normsOf>;

function normsIn(sentences: Prepared['sentences'], window: Window): Norms {
  let written = 0;
  let meant = 0;
  for (let index = window.first; index <= window.last; index++) {
    written += sentences[index]?.written.total ?? 0;
    meant += sentences[index]?.meant.total ?? 0;
  }
  return normsOf(written, meant);
}

function add(values: Float32Array, { buckets, weights }: Counted, norm: number, out: Float64Array): void {
  for (let at = 0; at < buckets.length; at++) {
    const base = (buckets[at] ?? 0) * K;
    const weight = (weights[at] ?? 0) * norm;
    for (let head = 0; head < K; head++) out[head] = (out[head] ?? 0) + weight * (values[base + head] ?? 0);
  }
}

class Learner {
  readonly weights: Weights = { values: new Float32Array(BUCKETS * K), bias: new Float32Array(K).fill(-1) };
  readonly #squares = new Float32Array(BUCKETS * K).fill(1e-3);
  readonly #biasSquares = new Float32Array(K).fill(1);
  readonly #plan: LearningPlan;
  readonly #scores = new Float64Array(K);
  readonly #push = new Float64Array(K);

  constructor(plan: LearningPlan) {
    this.#plan = plan;
  }

  teach(prepared: Prepared): void {
    const isStop = prepared.labels[0] === 1;
    const worst = this.#worst(prepared, isStop);
    for (const window of prepared.windows) {
      if (isStop && window !== worst && window.marked > 0) continue;
      const isGuilty = isStop && window === worst;
      this.#step(prepared, window, isGuilty, window === worst ? 1 : LIGHT);
    }
  }

  #worst(prepared: Prepared, isStop: boolean): Window | undefined {
    let best: Window | undefined;
    let highest = -Infinity;
    for (const window of prepared.windows) {
      if (isStop && window.marked === 0) continue;
      scoreWindow(this.weights, prepared, window, this.#scores);
      const score = this.#scores[0] ?? 0;
      if (score > highest) [best, highest] = [window, score];
    }
    return best;
  }

  #step(prepared: Prepared, window: Window, isGuilty: boolean, share: number): void {
    const norms = scoreWindow(this.weights, prepared, window, this.#scores);
    let most = 0;
    for (let head = 0; head < K; head++) {
      const label = isGuilty ? (prepared.labels[head] ?? -1) : 0;
      const push = label < 0 ? 0 : share * (sigmoid(this.#scores[head] ?? 0) - label);
      this.#push[head] = push;
      most = Math.max(most, Math.abs(push));
    }
    if (most < 0.005) return;
    this.#move(prepared, window, norms);
  }

  #move({ sentences }: Prepared, window: Window, norms: Norms): void {
    const { bias } = this.weights;
    for (let head = 0; head < K; head++) {
      const push = this.#push[head] ?? 0;
      const squares = (this.#biasSquares[head] = (this.#biasSquares[head] ?? 0) + push * push);
      bias[head] = (bias[head] ?? 0) - (this.#plan.rate * push) / Math.sqrt(squares);
    }
    for (let index = window.first; index <= window.last; index++) {
      const sentence = sentences[index];
      if (sentence === undefined) continue;
      this.#shift(sentence.written, norms.written);
      this.#shift(sentence.meant, norms.meant);
    }
  }

  #shift({ buckets, weights }: Counted, norm: number): void {
    const { values } = this.weights;
    const { rate, decay } = this.#plan;
    for (let at = 0; at < buckets.length; at++) {
      const base = (buckets[at] ?? 0) * K;
      const scale = (weights[at] ?? 0) * norm;
      for (let head = 0; head < K; head++) {
        const slope = (this.#push[head] ?? 0) * scale + decay * (values[base + head] ?? 0);
        if (slope === 0) continue;
        const squares = (this.#squares[base + head] = (this.#squares[base + head] ?? 0) + slope * slope);
        values[base + head] = (values[base + head] ?? 0) - (rate * slope) / Math.sqrt(squares);
      }
    }
  }
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** Mulberry32: 32 bits of state are enough to shuffle a corpus, and the same everywhere. */
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffle(order: number[], random: () => number): void {
  for (let index = order.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [order[index], order[other]] = [order[other] ?? 0, order[index] ?? 0];
  }
}
