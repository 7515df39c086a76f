/**
 * lexicon: words and phrases by what they mean for a rule, and the one pass that finds them.
 *
 * Entries are written as people write them, separated by commas: `refund*` is any word that begins so, `#` a number from one to five,
 * `_` any one word, `..` up to four words. Umlauts also match their two-letter spelling. `none` entries are homonyms: what lies
 * inside one is no hit. Each text is walked once, whatever the number of languages: a trie for first words, then the rest of the few
 * phrases that begin there. Linear time.
 */
import { STAR } from '../fold.ts';
import { fold } from '../text.ts';
import type { Language } from '../language.ts';
import type { Word } from '../text.ts';

export const MEANINGS = [
  'review',
  'positive',
  'negative',
  'cited',
  'post',
  'change',
  'changeIt',
  'gift',
  'remedy',
  'if',
  'exchange',
  'get',
  'ask',
  'proof',
  'unbound',
  'before',
  'contact',
  'unhappy',
  'payment',
  'payAsk',
  'payTo',
  'payOk',
  'payAround',
  'none',
] as const;
export type Meaning = (typeof MEANINGS)[number];

export type LexiconLanguage = Extract<Language, 'en' | 'de' | 'fr' | 'es' | 'it'>;
export type Lexicon = { readonly language: LexiconLanguage } & Readonly<Record<Meaning, string>>;

/** A word or phrase that was found; `first` and `last` count words. */
export interface Hit {
  readonly meaning: Meaning;
  readonly language: LexiconLanguage;
  readonly first: number;
  readonly last: number;
}

type Step =
  | { readonly kind: 'word'; readonly text: string; readonly isPrefix: boolean }
  | { readonly kind: 'number' | 'any' | 'gap' };

interface Phrase {
  readonly meaning: Meaning;
  readonly language: LexiconLanguage;
  readonly rest: readonly Step[];
}

interface Node {
  /** By slot: small, so that the array stays an array. */
  readonly next: (Node | undefined)[];
  readonly exact: Phrase[];
  readonly prefix: Phrase[];
}

export interface CompiledLexicon {
  readonly root: Node;
  readonly numbers: Phrase[];
}

const GAP_WORDS = 4;
const NUMBER =
  /^(?:[1-5]|one|two|three|four|five|ein|eine|einem|einen|zwei|drei|vier|funf|fuenf|une?|deux|trois|quatre|cinq|una|uno|dos|tres|cuatro|cinco|due|tre|quattro|cinque)$/;

export function compileLexicon(lexicons: readonly Lexicon[]): CompiledLexicon {
  const compiled: CompiledLexicon = { root: node(), numbers: [] };
  for (const lexicon of lexicons) {
    for (const meaning of MEANINGS) {
      for (const entry of entriesOf(lexicon[meaning])) add(compiled, meaning, lexicon.language, entry);
    }
  }
  return compiled;
}

function node(): Node {
  return { next: [], exact: [], prefix: [] };
}

/** Each entry as written and, where it has umlauts, with `ae`, `oe` and `ue`. */
function entriesOf(list: string): readonly string[] {
  const entries = list.split(',').map((entry) => entry.trim());
  const spelled = entries
    .filter((entry) => /[äöü]/.test(entry))
    .map((entry) => entry.replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue'));
  return [...entries, ...spelled].filter((entry) => entry !== '');
}

function add(compiled: CompiledLexicon, meaning: Meaning, language: LexiconLanguage, entry: string): void {
  const [first, ...rest] = entry.split(/\s+/).map(stepOf);
  if (first === undefined) return;
  const phrase = { meaning, language, rest };
  if (first.kind === 'number') compiled.numbers.push(phrase);
  if (first.kind !== 'word') return;
  let at = compiled.root;
  for (let index = 0; index < first.text.length; index++) {
    const code = slotOf(first.text, index);
    at = at.next[code] ??= node();
  }
  (first.isPrefix ? at.prefix : at.exact).push(phrase);
}

function stepOf(token: string): Step {
  if (token === '#') return { kind: 'number' };
  if (token === '_') return { kind: 'any' };
  if (token === '..') return { kind: 'gap' };
  const isPrefix = token.endsWith('*');
  return { kind: 'word', text: fold(isPrefix ? token.slice(0, -1) : token).text, isPrefix };
}

/** ASCII has a slot for each unit; of everything else only the star begins or continues a phrase. */
function slotOf(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code < 127) return code;
  return text[index] === STAR ? 127 : 128;
}

/** All hits, in the order of their first words. */
export function findHits(compiled: CompiledLexicon, words: readonly Word[]): readonly Hit[] {
  const hits: Hit[] = [];
  const collect = (phrases: readonly Phrase[], first: number) => {
    for (const { meaning, language, rest } of phrases) {
      const last = matchRest(words, first, rest, 0);
      if (last >= 0) hits.push({ meaning, language, first, last });
    }
  };
  for (let index = 0; index < words.length; index++) {
    const text = words[index]?.text ?? '';
    if (text.length <= 9 && NUMBER.test(text)) collect(compiled.numbers, index);
    let at: Node | undefined = compiled.root;
    for (let letter = 0; at !== undefined; letter++) {
      if (letter > 0 && at.prefix.length > 0) collect(at.prefix, index);
      if (letter === text.length) {
        if (at.exact.length > 0) collect(at.exact, index);
        break;
      }
      at = at.next[slotOf(text, letter)];
    }
  }
  return hits;
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
