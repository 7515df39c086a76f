/**
 * concepts: what words stand for, in any language, so that what was learned from one language holds for the others.
 *
 * `config/policy/concepts/LANG.txt` lists for each concept the words and phrases that carry it: `refund*` is any word that begins so,
 * `~rezension` any word that contains it, `#` a number from one to five, `_` any one word, `..` up to four. Han and kana are words of one
 * sign. One walk over the words for all languages; linear time.
 */
import { fold, Wording, type Word } from '../text.ts';
import type { Language } from '../language.ts';

/** A concept found in a text; `first` and `last` count words. */
export interface ConceptHit {
  readonly concept: number;
  readonly language: number;
  readonly first: number;
  readonly last: number;
}

type Step =
  | { readonly kind: 'word'; readonly text: string; readonly isPrefix: boolean }
  | { readonly kind: 'number' | 'any' | 'gap' };

interface Phrase {
  readonly concept: number;
  readonly language: number;
  readonly rest: readonly Step[];
}

interface Node {
  readonly next: Map<number, Node>;
  readonly exact: Phrase[];
  readonly prefix: Phrase[];
}

const GAP_WORDS = 4;
const NUMBER =
  /^(?:[1-5]|one|two|three|four|five|ein|eine|einem|einen|zwei|drei|vier|funf|fuenf|une?|deux|trois|quatre|cinq|una|uno|dos|tres|cuatro|cinco|due|tre|quattro|cinque|een|twee|drie|vijf|jeden|jedna|jednej|jedno|dwie|dwa|dwoch|trzy|cztery|piec|pieciu|um|uma|dois|duas|quatro|en|ett|tva|fyra|fem|bir|iki|uc|dort|bes|[一二三四五两兩])$/;
/** Shorter stretches inside a word are chance. */
const MIN_INFIX = 4;

export class Concepts {
  readonly names: readonly string[];
  readonly languages: readonly Language[];
  readonly #words = node();
  readonly #infixes = node();
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
    for (const { language, line } of lines) {
      const concept = this.names.indexOf(nameIn(line));
      for (const entry of spellings(line.slice(line.indexOf(':') + 1))) this.#add(concept, this.languages.indexOf(language), entry);
    }
  }

  find(words: readonly Word[]): readonly ConceptHit[] {
    const hits: ConceptHit[] = [];
    for (let index = 0; index < words.length; index++) {
      const text = words[index]?.text ?? '';
      const collect = (phrases: readonly Phrase[]) => {
        for (const { concept, language, rest } of phrases) {
          const last = matchRest(words, index, rest, 0);
          if (last >= 0) hits.push({ concept, language, first: index, last });
        }
      };
      if (text.length <= 9 && NUMBER.test(text)) collect(this.#numbers);
      walk(this.#words, text, 0, collect);
      for (let from = 0; from + MIN_INFIX <= text.length && from < 30; from++) walk(this.#infixes, text, from, collect);
    }
    return hits;
  }

  #add(concept: number, language: number, entry: string): void {
    const isInfix = entry.startsWith('~');
    const [first, ...rest] = (isInfix ? entry.slice(1) : entry).split(/\s+/).flatMap(stepsOf);
    if (first === undefined) return;
    const phrase = { concept, language, rest };
    if (first.kind === 'number') this.#numbers.push(phrase);
    if (first.kind !== 'word') return;
    let at = isInfix ? this.#infixes : this.#words;
    for (let index = 0; index < first.text.length; index++) {
      const code = first.text.charCodeAt(index);
      const known = at.next.get(code) ?? node();
      at.next.set(code, known);
      at = known;
    }
    (isInfix || first.isPrefix ? at.prefix : at.exact).push(phrase);
  }
}

function node(): Node {
  return { next: new Map(), exact: [], prefix: [] };
}

function nameIn(line: string): string {
  const colon = line.indexOf(':');
  if (colon < 1) throw new Error(`a line of concepts is "name: word, word", not "${line.slice(0, 40)}"`);
  return line.slice(0, colon).trim();
}

/** Each entry as written and, where it has umlauts, with `ae`, `oe` and `ue`. */
function spellings(list: string): readonly string[] {
  const entries = list.split(/[,、，]/).map((entry) => entry.trim().toLowerCase());
  const spelled = entries
    .filter((entry) => /[äöü]/.test(entry))
    .map((entry) => entry.replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue'));
  return [...entries, ...spelled].filter((entry) => entry !== '');
}

function stepsOf(token: string): readonly Step[] {
  if (token === '#') return [{ kind: 'number' }];
  if (token === '_') return [{ kind: 'any' }];
  if (token === '..') return [{ kind: 'gap' }];
  const isPrefix = token.endsWith('*');
  const parts = new Wording(fold(isPrefix ? token.slice(0, -1) : token).text).words;
  return parts.map(({ text }, index) => ({ kind: 'word', text, isPrefix: isPrefix && index === parts.length - 1 }));
}

function walk(root: Node, text: string, from: number, collect: (phrases: readonly Phrase[]) => void): void {
  let at: Node | undefined = root;
  for (let letter = from; at !== undefined; letter++) {
    if (letter > from && at.prefix.length > 0) collect(at.prefix);
    if (letter === text.length) {
      if (at.exact.length > 0) collect(at.exact);
      return;
    }
    at = at.next.get(text.charCodeAt(letter));
  }
}

/** The last word of the phrase, or -1. A gap tries each of its few lengths, shortest first. */
function matchRest(words: readonly Word[], before: number, rest: readonly Step[], step: number): number {
  const wanted = rest[step];
  if (wanted === undefined) return before;
  if (wanted.kind === 'gap') {
    for (let skipped = 0; skipped <= GAP_WORDS; skipped++) {
      const last = matchRest(words, before + skipped, rest, step + 1);
      if (last >= 0) return last;
    }
    return -1;
  }
  const word = words[before + 1];
  return word !== undefined && fits(word.text, wanted) ? matchRest(words, before + 1, rest, step + 1) : -1;
}

function fits(text: string, step: Step): boolean {
  switch (step.kind) {
    case 'word':
      return step.isPrefix ? text.startsWith(step.text) : text === step.text;
    case 'number':
      return NUMBER.test(text);
    case 'any':
    case 'gap':
      return true;
  }
}
