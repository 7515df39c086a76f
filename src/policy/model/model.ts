/**
 * model: how likely is it that a stretch of text breaks a rule, for what no rule can say in words?
 *
 * A linear model over hashed features with one head for each class, trained from `config/policy/corpus` by `veilpost train`. It only
 * finds: what follows is the verdict table's affair, and the model alone never blocks. Every sentence is scored by itself and with
 * the next one, and the highest window counts, so honest words around an offer do not help it. Linear in the text, never throws.
 */
import type { Wording } from '../text.ts';
import type { Span } from '../rule.ts';
import type { Concepts } from './concepts.ts';
import { BUCKETS, featuresOf } from './features.ts';
import { HEADS, type Head } from './heads.ts';

const K = HEADS.length;
/** Meaning counts for more than letters; training and judging must agree. */
const MEANT = 3;
const MIN_MEANT = 8;

/** What `train` writes beside the weights. Logits become probabilities by `slope * logit + shift`. */
export interface ModelCard {
  readonly version: string;
  readonly scales: readonly number[];
  readonly bias: readonly number[];
  readonly slope: number;
  readonly shift: number;
  /** Probability from which a stretch is evidence. */
  readonly threshold: number;
}

/** A stretch that the model finds guilty. `span` lies in the wording. */
export interface Suspicion {
  readonly policyClass: Exclude<Head, 'stop'>;
  readonly probability: number;
  readonly span: Span;
}

const MAX_SUSPICIONS = 3;

export class Model {
  readonly card: ModelCard;
  readonly concepts: Concepts;
  readonly #weights: Int8Array;
  /** By wording: quotations are asked about once for each rule. */
  readonly #known = new WeakMap<Wording, readonly Suspicion[]>();

  /** Throws when the weights are not those that the card describes. */
  constructor(card: ModelCard, weights: Int8Array, concepts: Concepts) {
    if (weights.length !== BUCKETS * K)
      throw new Error(`the weights hold ${weights.length} numbers, not ${BUCKETS * K}`);
    this.card = card;
    this.concepts = concepts;
    this.#weights = weights;
  }

  /** The stretches above the threshold, the likeliest first; no two share a sentence. */
  suspicionsIn(wording: Wording): readonly Suspicion[] {
    const known = this.#known.get(wording) ?? this.#suspicionsIn(wording);
    this.#known.set(wording, known);
    return known;
  }

  #suspicionsIn(wording: Wording): readonly Suspicion[] {
    return this.#windows(wording)
      .filter((window) => window.probability >= this.card.threshold)
      .sort((a, b) => b.probability - a.probability)
      .reduce<Scored[]>((kept, window) => (kept.some((other) => overlap(window, other)) ? kept : [...kept, window]), [])
      .slice(0, MAX_SUSPICIONS)
      .map(({ policyClass, probability, span }) => ({ policyClass, probability, span }));
  }

  /** The highest probability of any window; 0 for a text without words. */
  probabilityOf(wording: Wording): number {
    return this.#windows(wording).reduce((highest, { probability }) => Math.max(highest, probability), 0);
  }

  #windows(wording: Wording): readonly Scored[] {
    const featured = featuresOf(wording, this.concepts);
    const { sentences } = featured;
    const sums = sentences.map((_, index) => this.#sumOf((told) => featured.emit(index, told)));
    const windows: Scored[] = [];
    for (const [index, sum] of sums.entries()) {
      const next = sums[index + 1];
      for (const [last, parts] of [
        [index, [sum]],
        ...(next === undefined ? [] : [[index + 1, [sum, next]] as const]),
      ] as const) {
        const { logit, policyClass } = this.#score(parts);
        const probability = 1 / (1 + Math.exp(-(this.card.slope * logit + this.card.shift)));
        windows.push({
          first: index,
          last,
          policyClass,
          probability,
          span: {
            start: wording.words[sentences[index]?.first ?? 0]?.start ?? 0,
            end: wording.words[sentences[last]?.last ?? 0]?.end ?? 0,
          },
        });
      }
    }
    return windows;
  }

  #sumOf(walk: (told: (bucket: number, group: 0 | 1) => void) => void): Sum {
    const sum: Sum = { heads: [new Float64Array(K), new Float64Array(K)], totals: [0, 0] };
    const weights = this.#weights;
    walk((bucket, group) => {
      const heads = sum.heads[group];
      const base = bucket * K;
      for (let head = 0; head < K; head++) heads[head] = (heads[head] ?? 0) + (weights[base + head] ?? 0);
      sum.totals[group]++;
    });
    return sum;
  }

  #score(parts: readonly Sum[]): { readonly logit: number; readonly policyClass: Exclude<Head, 'stop'> } {
    const norms = normsOf(
      parts.reduce((total, part) => total + part.totals[0], 0),
      parts.reduce((total, part) => total + part.totals[1], 0),
    );
    const logitOf = (head: number) =>
      (this.card.bias[head] ?? 0) +
      (this.card.scales[head] ?? 0) *
        parts.reduce(
          (total, part) =>
            total + (part.heads[0][head] ?? 0) * norms.written + (part.heads[1][head] ?? 0) * norms.meant,
          0,
        );
    let best = 1;
    for (let head = 2; head < K; head++) if (logitOf(head) > logitOf(best)) best = head;
    return { logit: logitOf(0), policyClass: (HEADS[best] ?? 'other') as Exclude<Head, 'stop'> };
  }
}

interface Sum {
  readonly heads: readonly [Float64Array, Float64Array];
  readonly totals: [number, number];
}

interface Scored extends Suspicion {
  readonly first: number;
  readonly last: number;
}

function overlap(a: Scored, b: Scored): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Both groups of features are divided by the root of their number, so that long sentences do not outweigh short ones. */
export function normsOf(written: number, meant: number): { readonly written: number; readonly meant: number } {
  return { written: 1 / Math.sqrt(Math.max(written, 1)), meant: MEANT / Math.sqrt(Math.max(meant, MIN_MEANT)) };
}
