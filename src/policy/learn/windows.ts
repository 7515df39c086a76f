/**
 * windows: an example as the stretches that the model learns from: each sentence, and each with the next.
 *
 * What was marked tells which of them are guilty; the rest of a guilty message is innocent. Features are counted once and kept.
 */
import type { Concepts } from '../model/concepts.ts';
import { featuresOf, type Emit } from '../model/features.ts';
import { HEADS } from '../model/heads.ts';
import { viewsOf, type View } from '../text.ts';
import { textOf, type Example } from './corpus.ts';

export interface SentenceFeatures {
  /** What is written, then what it means. */
  readonly written: Counted;
  readonly meant: Counted;
}

export interface Counted {
  readonly buckets: Int32Array;
  readonly weights: Float32Array;
  /** The sum of the weights. */
  readonly total: number;
}

export interface Window {
  readonly first: number;
  readonly last: number;
  /** How many units of the marks it covers. */
  readonly marked: number;
}

export interface Prepared {
  readonly example: Example;
  readonly sentences: readonly SentenceFeatures[];
  readonly windows: readonly Window[];
  /** For each head 1, 0, or -1 where the corpus does not say. */
  readonly labels: Int8Array;
}

export function prepare(example: Example, concepts: Concepts): Prepared {
  const view = viewsOf(textOf(example))[0];
  if (view === undefined) throw new Error('a text without a reading');
  const featured = featuresOf(view.wording, concepts);
  const sentences = featured.sentences.map((_, index) => collect((emit) => featured.emit(index, emit)));
  const marked = featured.sentences.map(({ first, last }) => markedUnits(view, first, last, example));
  return { example, sentences, windows: windowsOf(marked), labels: labelsOf(example) };
}

function collect(walk: (emit: Emit) => void): SentenceFeatures {
  const counts = [new Map<number, number>(), new Map<number, number>()] as const;
  walk((bucket, group) => void counts[group].set(bucket, (counts[group].get(bucket) ?? 0) + 1));
  return { written: counted(counts[0]), meant: counted(counts[1]) };
}

function counted(counts: ReadonlyMap<number, number>): Counted {
  let total = 0;
  for (const count of counts.values()) total += count;
  return { buckets: Int32Array.from(counts.keys()), weights: Float32Array.from(counts.values()), total };
}

function markedUnits(view: View, first: number, last: number, example: Example): number {
  const span = view.sourceOf({ start: view.words[first]?.start ?? 0, end: view.words[last]?.end ?? 0 });
  return example.marks.reduce(
    (sum, mark) => sum + Math.max(0, Math.min(mark.end, span.end) - Math.max(mark.start, span.start)),
    0,
  );
}

function windowsOf(marked: readonly number[]): readonly Window[] {
  const windows: Window[] = [];
  for (const [index, units] of marked.entries()) {
    windows.push({ first: index, last: index, marked: units });
    const next = marked[index + 1];
    if (next !== undefined) windows.push({ first: index, last: index + 1, marked: units + next });
  }
  return windows;
}

function labelsOf({ isStop, classes }: Example): Int8Array {
  return Int8Array.from(HEADS, (head) => {
    if (head === 'stop') return isStop ? 1 : 0;
    if (!isStop) return 0;
    if (classes.length === 0) return -1;
    const isOwn = classes.some((policyClass) => policyClass === head);
    // Which of several classes a stretch belongs to is not written down.
    return classes.length > 1 && isOwn ? -1 : isOwn ? 1 : 0;
  });
}
