/**
 * frame: a text as sentences, and in each sentence who is asked for what and what is offered.
 *
 * An offence is a relation, not a word (inducement.md 0.1): an act on a review, something of value, and a tie between the two, all in
 * one language. The rules combine what is gathered here; nothing here is a finding. One frame for each language with hits, made once
 * for each view. Linear in the number of words.
 */
import { LEXICON } from './lexicon/all.ts';
import { findHits, type Hit, type LexiconLanguage, type Meaning } from './lexicon/lexicon.ts';
import type { Span } from './rule.ts';
import type { View, Word, Wording } from './text.ts';

/** Hits of one meaning inside a sentence, in order. */
export class Sentence {
  readonly index: number;
  /** The first word of each comma-separated clause; the sentence's own first. */
  readonly clauseStarts: readonly number[];
  readonly #hits = new Map<Meaning, Hit[]>();
  /** Sums of money ("20 EUR", "$15"), the same in all languages. */
  amounts: readonly Hit[] = [];

  constructor(index: number, clauseStarts: readonly number[]) {
    this.index = index;
    this.clauseStarts = clauseStarts;
  }

  add(hit: Hit): void {
    const hits = this.#hits.get(hit.meaning);
    if (hits === undefined) this.#hits.set(hit.meaning, [hit]);
    else hits.push(hit);
  }

  all(meaning: Meaning): readonly Hit[] {
    return this.#hits.get(meaning) ?? [];
  }

  first(...meanings: readonly Meaning[]): Hit | undefined {
    for (const meaning of meanings) {
      const hit = this.#hits.get(meaning)?.[0];
      if (hit !== undefined) return hit;
    }
    return undefined;
  }

  has(...meanings: readonly Meaning[]): boolean {
    return this.first(...meanings) !== undefined;
  }

  /** The number of the clause that a word stands in. */
  clauseOf(word: number): number {
    let low = 0;
    let high = this.clauseStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.clauseStarts[middle] ?? 0) <= word) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  startsClause(word: number): boolean {
    return this.clauseStarts[this.clauseOf(word)] === word;
  }
}

/** The sentences of a text that hold hits of one language, by number; neighbours may be missing. */
export interface Frame {
  readonly language: LexiconLanguage;
  readonly sentences: ReadonlyMap<number, Sentence>;
  spanOf(first: number, last: number): Span;
}

const frames = new WeakMap<Wording, readonly Frame[]>();

export function framesOf({ wording }: View): readonly Frame[] {
  const known = frames.get(wording);
  if (known !== undefined) return known;
  const made = makeFrames(wording);
  frames.set(wording, made);
  return made;
}

/** Two hits of a sentence, neither further than `reach` words from the other; the nearest for each `a`. In linear time. */
export function* pairs(as: readonly Hit[], bs: readonly Hit[], reach: number): Generator<readonly [Hit, Hit]> {
  let next = 0;
  for (const a of as) {
    while ((bs[next]?.last ?? Infinity) < a.first) next++;
    for (const b of [bs[next], bs[next - 1]]) {
      if (b !== undefined && distance(a, b) <= reach) yield [a, b];
    }
  }
}

/** Words between two hits; 0 when they touch or overlap. */
export function distance(a: Hit, b: Hit): number {
  return Math.max(0, Math.max(a.first, b.first) - Math.min(a.last, b.last) - 1);
}

interface Divided {
  readonly sentenceOf: Int32Array;
  readonly clauses: readonly (readonly number[])[];
}

function makeFrames({ text, words }: Wording): readonly Frame[] {
  const hits = findHits(LEXICON, words);
  if (hits.length === 0) return [];
  const divided = divide(text, words);
  const amounts = amountsOf(words);
  const spanOf = (first: number, last: number) => ({ start: words[first]?.start ?? 0, end: words[last]?.end ?? 0 });
  const languages = [...new Set(hits.map((hit) => hit.language))];
  return languages.map((language) => ({
    language,
    spanOf,
    sentences: gather(
      hits.filter((hit) => hit.language === language),
      amounts,
      divided,
      words.length,
    ),
  }));
}

function gather(
  hits: readonly Hit[],
  amounts: readonly Hit[],
  divided: Divided,
  wordCount: number,
): ReadonlyMap<number, Sentence> {
  const isHomonym = coverOf(hits, 'none', wordCount);
  const isCited = coverOf(hits, 'cited', wordCount);
  const sentences = new Map<number, Sentence>();
  for (const hit of hits) {
    if (hit.meaning === 'none' || isHomonym(hit)) continue;
    // A review that is only spoken of is the reason for writing, not what is asked for.
    if (isCited(hit) && ['review', 'positive', 'negative', 'exchange', 'post'].includes(hit.meaning)) continue;
    const index = divided.sentenceOf[hit.first] ?? 0;
    const sentence = sentences.get(index) ?? new Sentence(index, divided.clauses[index] ?? [0]);
    sentences.set(index, sentence);
    sentence.add(hit);
  }
  for (const amount of amounts) {
    const sentence = sentences.get(divided.sentenceOf[amount.first] ?? 0);
    if (sentence !== undefined) sentence.amounts = [...sentence.amounts.slice(0, 3), amount];
  }
  return sentences;
}

/** Does a phrase of `meaning` cover the hit? One sweep: the furthest end of the phrases that began so far. */
function coverOf(hits: readonly Hit[], meaning: Meaning, wordCount: number): (hit: Hit) => boolean {
  const covering = hits.filter((hit) => hit.meaning === meaning);
  if (covering.length === 0) return () => false;
  const furthest = new Int32Array(wordCount).fill(-1);
  for (const hit of covering) furthest[hit.first] = Math.max(furthest[hit.first] ?? -1, hit.last);
  for (let word = 1; word < wordCount; word++) {
    furthest[word] = Math.max(furthest[word] ?? -1, furthest[word - 1] ?? -1);
  }
  return (hit) => hit.meaning !== meaning && (furthest[hit.first] ?? -1) >= hit.last;
}

const SENTENCE_END = /[.!?…;。！？]["'”»)\]]?(?:\s|$)|\n\n|\n\s*[-*•·▪–]\s/;
const CLAUSE_END = /[,:()–—]|\s-\s|\n/;

function divide(text: string, words: readonly Word[]): Divided {
  const sentenceOf = new Int32Array(words.length);
  const clauses: number[][] = [[0]];
  let end = 0;
  for (const [index, word] of words.entries()) {
    // A gap of signs alone; one that is not short divides anyway.
    const gap = text.slice(end, Math.min(word.start, end + 40));
    if (index > 0 && SENTENCE_END.test(gap)) clauses.push([index]);
    else if (index > 0 && CLAUSE_END.test(gap)) clauses.at(-1)?.push(index);
    sentenceOf[index] = clauses.length - 1;
    end = word.end;
  }
  return { sentenceOf, clauses };
}

const CURRENCY =
  /^(?:[$€£]|usd|eur|euros?|gbp|dollars?|bucks?|pounds?|quid|chf|franken|francs?|pln|zl|sek|dolares|dollari|dolar|sterline|libras)$/;
const SUM = /^\d{1,4}$/;

function amountsOf(words: readonly Word[]): readonly Hit[] {
  const amounts: Hit[] = [];
  for (const [index, word] of words.entries()) {
    if (!CURRENCY.test(word.text)) continue;
    const before = SUM.test(words[index - 1]?.text ?? '');
    const after = SUM.test(words[index + 1]?.text ?? '');
    if (!before && !after) continue;
    const first = before ? index - 1 : index;
    amounts.push({ meaning: 'gift', language: 'en', first, last: before ? index : index + 1 });
  }
  return amounts;
}
