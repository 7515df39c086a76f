/**
 * features: a wording as numbers that a linear model can weigh, sentence by sentence.
 *
 * Each sentence yields hashed features: its words, pairs of words, the letter groups of each word (so that typing errors and endings
 * that were never seen still resemble what was), and what the lexicon says of it: meanings, in any language, and their order. The
 * last kind carries what was learned in one language over to the others. Quoted lines have features of their own: a buyer's words
 * below a reply are not the seller's. Linear in the text; the same code serves training and judging, so both see the same numbers.
 */
import type { Wording } from '../text.ts';
import type { ConceptHit, Concepts } from './concepts.ts';
import { sentencesOf, type SentenceSpan } from './sentences.ts';

/** Features fall into this many buckets. 2^18 with eight heads of one byte is 2 MB. */
export const BUCKETS = 1 << 18;
const MASK = BUCKETS - 1;

/** Told once for each feature of a sentence, in a fixed order. `group`: 0 for what is written, 1 for what it means. */
export type Emit = (bucket: number, group: 0 | 1) => void;

const FIRST_CJK = 0x2e80;
const MAX_LETTERS = 24;
/** More hits than any sentence of a person has; bounds the pairs. */
const MAX_HITS = 32;

/** The sentences of a wording, each with a walk over its features. */
export interface Featured {
  readonly sentences: readonly SentenceSpan[];
  emit(sentence: number, emit: Emit): void;
}

export function featuresOf(wording: Wording, concepts: Concepts): Featured {
  const sentences = sentencesOf(wording);
  const meant = meaningsOf(wording, sentences, concepts);
  const groups = meant.map((hits) => groupsOf(hits, concepts.groups));
  return {
    sentences,
    emit: (index, emit) => {
      const sentence = sentences[index];
      if (sentence === undefined) return;
      const seed = sentence.isQuoted ? 0x51ed270b : 0x811c9dc5;
      emitWords(wording, sentence, seed, emit);
      emitMeanings(meant[index] ?? [], meant[index - 1] ?? [], seed, emit);
      emitGroups(groups[index] ?? [], groups[index - 1] ?? [], seed, emit);
    },
  };
}

function emitWords({ text, words }: Wording, { first, last }: SentenceSpan, seed: number, emit: Emit): void {
  let before = 0;
  let beforeThat = 0;
  for (let index = first; index <= last; index++) {
    const word = words[index];
    if (word === undefined) break;
    const hash = hashOfWord(text, word.start, word.end, seed);
    emit(bucketOf(hash), 0);
    if (before !== 0) emit(bucketOf(mix(before, hash)), 0);
    const isCjk = text.charCodeAt(word.start) >= FIRST_CJK;
    if (beforeThat !== 0) emit(bucketOf(mix(mix(beforeThat, isCjk ? before : 7), hash)), 0);
    if (!isCjk) emitLetters(text, word.start, word.end, seed, emit);
    beforeThat = before;
    before = hash;
  }
}

/** Groups of three to five letters, with the borders of the word as letters of their own. */
function emitLetters(text: string, start: number, end: number, seed: number, emit: Emit): void {
  const stop = Math.min(end, start + MAX_LETTERS);
  if (stop - start < 3) return;
  for (let from = start - 1; from <= stop - 2; from++) {
    let hash = seed ^ 0x2545f491;
    for (let at = from; at <= from + 4 && at <= stop; at++) {
      hash = step(hash, at < start || at >= stop ? 95 : text.charCodeAt(at));
      if (at - from >= 2) emit(bucketOf(mix(hash, at - from)), 0);
    }
  }
}

/** What a sentence means: each concept, pairs in order and how near, and each with what the sentence before it meant. */
function emitMeanings(own: readonly ConceptHit[], previous: readonly ConceptHit[], seed: number, emit: Emit): void {
  for (let a = 0; a < own.length; a++) {
    const hit = own[a];
    if (hit === undefined) continue;
    emit(bucketOf(mix(seed ^ 0x1f83d9ab, hit.concept)), 1);
    for (let b = a + 1; b < own.length; b++) {
      const other = own[b];
      if (other === undefined || other.concept === hit.concept) continue;
      const between = other.first - hit.last;
      if (between > 14) break;
      const pair = mix(mix(seed ^ 0x5be0cd19, hit.concept), other.concept);
      emit(bucketOf(pair), 1);
      if (between <= 3) emit(bucketOf(mix(pair, 3)), 1);
    }
    for (const earlier of previous) emit(bucketOf(mix(mix(seed ^ 0x3c6ef372, earlier.concept), hit.concept)), 1);
  }
}

/** The groups that are spoken of, in the order of their numbers. */
function groupsOf(hits: readonly ConceptHit[], groupOf: Uint8Array): readonly number[] {
  const groups: number[] = [];
  for (const { concept } of hits) {
    const group = groupOf[concept] ?? 0;
    if (group !== 0 && !groups.includes(group)) groups.push(group);
  }
  return groups.sort((a, b) => a - b);
}

/** Pairs and triples of what a sentence, and it with the one before, is about. */
function emitGroups(own: readonly number[], previous: readonly number[], seed: number, emit: Emit): void {
  emitTriples(own, seed ^ 0x1111, emit);
  const added = previous.filter((group) => !own.includes(group));
  if (added.length > 0)
    emitTriples(
      [...own, ...added].sort((a, b) => a - b),
      seed ^ 0x2222,
      emit,
    );
}

/** More than any sentence of a person speaks of; bounds the triples. */
const MAX_GROUPS = 16;

function emitTriples(groups: readonly number[], seed: number, emit: Emit): void {
  const count = Math.min(groups.length, MAX_GROUPS);
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      const pair = mix(mix(seed, groups[a] ?? 0), groups[b] ?? 0);
      emit(bucketOf(pair), 1);
      for (let c = b + 1; c < count; c++) emit(bucketOf(mix(pair, groups[c] ?? 0)), 1);
    }
  }
}

/** For each sentence its concepts in order, in the one language that most of its words speak. */
function meaningsOf(
  wording: Wording,
  sentences: readonly SentenceSpan[],
  concepts: Concepts,
): readonly (readonly ConceptHit[])[] {
  const hits = concepts.find(wording.words);
  let next = 0;
  return sentences.map(({ last }) => {
    const own: ConceptHit[] = [];
    for (; (hits[next]?.first ?? Infinity) <= last; next++) {
      const hit = hits[next];
      if (hit !== undefined) own.push(hit);
    }
    const language = commonest(own);
    return own.filter((hit) => hit.language === language).slice(0, MAX_HITS);
  });
}

function commonest(hits: readonly ConceptHit[]): number {
  const counts = new Map<number, number>();
  for (const { language, first, last } of hits) counts.set(language, (counts.get(language) ?? 0) + 1 + last - first);
  let best = -1;
  for (const [language, count] of counts) if (count > (counts.get(best) ?? 0)) best = language;
  return best;
}

/** Numbers weigh by their length, not their digits: an order number teaches nothing. */
function hashOfWord(text: string, start: number, end: number, seed: number): number {
  let hash = seed;
  const isNumber = isDigit(text.charCodeAt(start)) && isDigit(text.charCodeAt(end - 1)) && end - start > 1;
  const stop = Math.min(end, start + MAX_LETTERS);
  for (let at = start; at < stop; at++) hash = step(hash, isNumber ? 48 : text.charCodeAt(at));
  return hash === 0 ? 1 : hash;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** FNV-1a over UTF-16 units. */
function step(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

function mix(a: number, b: number): number {
  const mixed = Math.imul(a ^ (a >>> 15) ^ b, 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) | 1;
}

function bucketOf(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (mixed ^ (mixed >>> 15)) & MASK;
}
