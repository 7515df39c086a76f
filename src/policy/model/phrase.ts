/**
 * phrase: an entry of a list of concepts, and the table that finds it by its first word.
 *
 * Fifty thousand entries are read at every start, so an entry is taken apart only when its first word was met for the first time.
 */
import { foldCodePoint } from '../fold.ts';
import { Wording, type Word } from '../text.ts';

type Step =
  | { readonly kind: 'word'; readonly text: string; readonly isPrefix: boolean }
  | { readonly kind: 'number' | 'any' | 'gap' };

/** An entry. `first` is how its first word begins, or what it contains; the rest is read when that was found for the first time. */
export class Phrase {
  readonly concept: number;
  readonly language: number;
  readonly first: string;
  readonly #entry: string;
  #rest: readonly Step[] | undefined;

  constructor(concept: number, language: number, first: string, entry: string) {
    this.concept = concept;
    this.language = language;
    this.first = first;
    this.#entry = entry;
  }

  /** The last word of the phrase when its first is the one at `index`, or -1. */
  endFrom(words: readonly Word[], index: number): number {
    return matchRest(words, index, this.#more, 0);
  }

  get #more(): readonly Step[] {
    this.#rest ??= this.#entry.split(/\s+/).flatMap(stepsOf).slice(1);
    return this.#rest;
  }
}

const GAP_WORDS = 4;
export const NUMBER =
  /^(?:[1-5]|one|two|three|four|five|ein|eine|einem|einen|zwei|drei|vier|funf|fuenf|une?|deux|trois|quatre|cinq|una|uno|dos|tres|cuatro|cinco|due|tre|quattro|cinque|een|twee|drie|vijf|jeden|jedna|jednej|jedno|dwie|dwa|dwoch|trzy|cztery|piec|pieciu|um|uma|dois|duas|quatro|en|ett|tva|fyra|fem|bir|iki|uc|dort|bes|[一二三四五两兩])$/;

export const SEED = 0x811c9dc5;
export const MAX_LETTERS = 32;

/** FNV-1a. */
export function hashOn(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

/** Phrases by the hash of their first word. A table of bytes says first whether there is anything to look for: mostly there is not. */
export class PhraseTable {
  readonly #phrases = new Map<number, Phrase[]>();
  readonly #isUsed = new Uint8Array(1 << 16);

  add(phrase: Phrase): void {
    let hash = SEED;
    for (let index = 0; index < phrase.first.length; index++) hash = hashOn(hash, phrase.first.charCodeAt(index));
    const known = this.#phrases.get(hash);
    if (known === undefined) this.#phrases.set(hash, [phrase]);
    else known.push(phrase);
    this.#isUsed[slotOf(hash)] = 1;
  }

  at(hash: number): readonly Phrase[] | undefined {
    return this.#isUsed[slotOf(hash)] === 1 ? this.#phrases.get(hash) : undefined;
  }
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 16)) & 0xffff;
}

/** The same letters as `fold` gives, without the way back. */
function folded(token: string): string {
  let text = '';
  for (const character of token) text += foldCodePoint(character.codePointAt(0) ?? 0);
  return text;
}

/** Most entries are folded already. */
const PLAIN = /^[a-z0-9]+\*?$/;

/** The letters by which an entry is found: of its first word, or the first sign where each stands alone. */
export function firstOf(token: string): string {
  if (PLAIN.test(token)) return token.endsWith('*') ? token.slice(0, -1) : token;
  return new Wording(folded(token)).words[0]?.text ?? '';
}

function stepsOf(token: string): readonly Step[] {
  if (token === '#') return [{ kind: 'number' }];
  if (token === '_') return [{ kind: 'any' }];
  if (token === '..') return [{ kind: 'gap' }];
  const isPrefix = token.endsWith('*');
  if (PLAIN.test(token)) return [{ kind: 'word', text: isPrefix ? token.slice(0, -1) : token, isPrefix }];
  const parts = new Wording(folded(isPrefix ? token.slice(0, -1) : token)).words;
  return parts.map(({ text }, index) => ({ kind: 'word', text, isPrefix: isPrefix && index === parts.length - 1 }));
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
