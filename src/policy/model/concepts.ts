/**
 * concepts: what words stand for, in any language, so that what was learned from one language holds for the others.
 *
 * `config/policy/concepts/LANG.txt` lists for each concept the words and phrases that carry it: `refund*` is any word that begins so,
 * `~rezension` any word that contains it, `#` a number from one to five, `_` any one word, `..` up to four. Han and kana are words of one
 * sign. One walk over the words for all languages; linear time.
 */
import type { Word } from '../text.ts';
import { firstOf, hashOn, MAX_LETTERS, NUMBER, Phrase, PhraseTable, SEED } from './phrase.ts';
import { groupTable } from './groups.ts';
import type { Language } from '../language.ts';

/** A concept found in a text; `first` and `last` count words. */
export interface ConceptHit {
  readonly concept: number;
  readonly language: number;
  readonly first: number;
  readonly last: number;
}

/** Shorter stretches inside a word are chance. */
const MIN_INFIX = 4;

/** Told of phrases that may stand where the letters `from` to `end` of a word are theirs. */
type Collect = (phrases: readonly Phrase[], from: number, end: number) => void;

export class Concepts {
  readonly names: readonly string[];
  readonly languages: readonly Language[];
  /** By concept the number of its group: `groups.ts`. */
  readonly groups: Uint8Array;
  readonly #exact = new PhraseTable();
  readonly #prefixes = new PhraseTable();
  readonly #infixes = new PhraseTable();
  readonly #numbers: Phrase[] = [];

  /** `files`: the text of each language's list. Throws on a line that is not `concept: entry, entry`. */
  constructor(files: ReadonlyMap<Language, string>) {
    const names = new Set<string>();
    this.languages = [...files.keys()];
    const lines = [...files].flatMap(([language, text]) =>
      text
        .split('\n')
        .filter((line) => line.trim() !== '' && !line.startsWith('#'))
        .map((line) => ({ language, line })),
    );
    for (const { line } of lines) names.add(nameIn(line));
    this.names = [...names].sort();
    this.groups = groupTable(this.names);
    const numberOf = new Map(this.names.map((name, index) => [name, index]));
    for (const { language, line } of lines) {
      const concept = numberOf.get(nameIn(line)) ?? 0;
      for (const entry of spellings(line.slice(line.indexOf(':') + 1)))
        this.#add(concept, this.languages.indexOf(language), entry);
    }
  }

  find(words: readonly Word[]): readonly ConceptHit[] {
    const hits: ConceptHit[] = [];
    for (const [index, { text }] of words.entries()) {
      const collect = (phrases: readonly Phrase[], from: number, end: number) => {
        for (const phrase of phrases) {
          if (phrase.first.length !== end - from || !text.startsWith(phrase.first, from)) continue;
          const last = phrase.endFrom(words, index);
          if (last >= 0) hits.push({ concept: phrase.concept, language: phrase.language, first: index, last });
        }
      };
      if (text.length <= 9 && NUMBER.test(text)) collect(this.#numbers, 0, 0);
      this.#beginnings(text, collect);
      this.#middles(text, collect);
    }
    return hits;
  }

  #beginnings(text: string, collect: Collect): void {
    let hash = SEED;
    const length = Math.min(text.length, MAX_LETTERS);
    for (let end = 1; end <= length; end++) {
      hash = hashOn(hash, text.charCodeAt(end - 1));
      const prefixes = this.#prefixes.at(hash);
      if (prefixes !== undefined) collect(prefixes, 0, end);
    }
    const exact = length === text.length ? this.#exact.at(hash) : undefined;
    if (exact !== undefined) collect(exact, 0, length);
  }

  #middles(text: string, collect: Collect): void {
    const length = Math.min(text.length, MAX_LETTERS);
    for (let from = 0; from + MIN_INFIX <= length; from++) {
      let hash = SEED;
      for (let end = from + 1; end <= length; end++) {
        hash = hashOn(hash, text.charCodeAt(end - 1));
        const infixes = this.#infixes.at(hash);
        if (infixes !== undefined) collect(infixes, from, end);
      }
    }
  }

  #add(concept: number, language: number, written: string): void {
    const isInfix = written.startsWith('~');
    const entry = isInfix ? written.slice(1) : written;
    const space = entry.indexOf(' ');
    const token = space < 0 ? entry : entry.slice(0, space);
    const isPrefix = token.endsWith('*');
    const first = firstOf(token);
    const phrase = new Phrase(concept, language, first, entry);
    if (token === '#') this.#numbers.push(phrase);
    else if (first !== '') (isInfix ? this.#infixes : isPrefix ? this.#prefixes : this.#exact).add(phrase);
  }
}

function nameIn(line: string): string {
  const colon = line.indexOf(':');
  if (colon < 1) throw new Error(`a line of concepts is "name: word, word", not "${line.slice(0, 40)}"`);
  return line.slice(0, colon).trim();
}

const UMLAUT = /[äöü]/;

/** Each entry as written and, where it has umlauts, with `ae`, `oe` and `ue`. */
function spellings(list: string): readonly string[] {
  const entries = list.split(/[,、，]/).map((entry) => entry.trim().toLowerCase());
  const spelled = entries
    .filter((entry) => UMLAUT.test(entry))
    .map((entry) => entry.replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue'));
  return [...entries, ...spelled].filter((entry) => entry !== '');
}
