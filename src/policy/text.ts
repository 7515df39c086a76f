/**
 * text: the readings of a text that the rules work on, each with the way back to what was sent.
 *
 * `folded` is what a reader sees, in lower-case letters without marks and with white space folded (a line end stays one line end,
 * an empty line two, a wrapped line one space). `joined` also closes up letters that were spaced out or dotted (w.h.a.t.s); `leet`
 * also reads digits and signs inside words as letters (r3view). Later readings guess more, so only rules about words use them.
 * Linear time, never fails.
 */
import { foldCodePoint } from './fold.ts';
import { MappedTextBuilder, sourceOf, type MappedText } from './mapped.ts';
import type { Span } from './rule.ts';

export type ViewName = 'folded' | 'joined' | 'leet';

export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * What a view says, without where it came from: the text and the HTML of a message mostly say the same, so it is divided into words
 * once for both. Words are taken on first use, and kept: every rule about words needs the same ones.
 */
export class Wording {
  readonly text: string;
  #words: readonly Word[] | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** Letters and digits, runs of stars, and the signs of money and per cent. Apostrophes and hyphens divide. */
  get words(): readonly Word[] {
    this.#words ??= Array.from(
      this.text.matchAll(Buffer.byteLength(this.text) === this.text.length ? ASCII_WORD : WORD),
      (match) => ({
        text: match[0],
        start: match.index,
        end: match.index + match[0].length,
      }),
    );
    return this.#words;
  }
}

/** One reading. */
export class View {
  readonly name: ViewName;
  readonly wording: Wording;
  readonly #source: string;
  readonly #mapped: MappedText;

  constructor(name: ViewName, source: string, mapped: MappedText, wording: Wording) {
    this.name = name;
    this.#source = source;
    this.#mapped = mapped;
    this.wording = wording;
  }

  get text(): string {
    return this.wording.text;
  }

  get words(): readonly Word[] {
    return this.wording.words;
  }

  /** Where a span of this reading stands in the text that was sent. */
  sourceOf(span: Span): Span {
    return sourceOf(this.#mapped, span);
  }

  /** The span as it was written, capitals and all. */
  written(span: Span): string {
    const { start, end } = this.sourceOf(span);
    return this.#source.slice(start, end);
  }
}

// Han and kana are not divided by spaces: each sign is a word, and phrases of the lexicon are runs of them.
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]|[[\p{L}\p{N}]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]]+|★+|[%$€£¥]/gv;
/** The same for folded text without anything else, which most is: half the time. */
const ASCII_WORD = /[a-z0-9]+|[%$]/g;

/** The three readings; one that would equal the one before it is left out. `known` are the wordings of this message so far. */
export function viewsOf(text: string, known = new Map<string, Wording>()): readonly View[] {
  const folded = fold(text);
  const joined = joinSpaced(folded);
  const leet = readLeet(joined ?? folded);
  const view = (name: ViewName, mapped: MappedText) => {
    const wording = known.get(mapped.text) ?? new Wording(mapped.text);
    known.set(mapped.text, wording);
    return new View(name, text, mapped, wording);
  };
  return [
    view('folded', folded),
    ...(joined === undefined ? [] : [view('joined', joined)]),
    ...(leet === undefined ? [] : [view('leet', leet)]),
  ];
}

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;

/** Lower case, compatibility forms, no marks, no invisible characters, white space folded. */
export function fold(text: string): MappedText {
  const builder = new MappedTextBuilder(text.length);
  const gap = new Gap();
  for (let index = 0; index < text.length;) {
    const code = text.codePointAt(index) ?? SPACE;
    const end = index + (code > 0xffff ? 2 : 1);
    const folded = code < 128 ? undefined : foldCodePoint(code);
    if (isSpace(code) || folded === ' ' || code === 0x2028 || code === 0x2029) gap.add(code, index, end);
    else if (folded !== undefined) {
      if (folded !== '') gap.closeInto(builder);
      builder.whole(folded, index, end);
    } else if (code > SPACE && code < 127) {
      gap.closeInto(builder);
      builder.unit(code >= 65 && code <= 90 ? code + 32 : code, index, end);
    }
    index = end;
  }
  return builder.build();
}

function isSpace(code: number): boolean {
  return code === SPACE || (code >= TAB && code <= CR);
}

/** Lines between these lengths end where a mail client broke them, not where the writer did. */
const WRAPPED_FROM = 55;
const WRAPPED_TO = 80;

/** A run of white space: nothing is written before the first word or after the last. */
class Gap {
  /** Where the line before this gap began, in the folded text. */
  #lineStart = 0;
  #start = -1;
  #end = 0;
  #lineEnds = 0;
  #lastWasCr = false;

  add(code: number, start: number, end: number): void {
    if (this.#start < 0) this.#start = start;
    this.#end = end;
    const isLf = code === LF || code === 0x2028 || code === 0x2029;
    if (code === CR || (isLf && !this.#lastWasCr)) this.#lineEnds++;
    this.#lastWasCr = code === CR;
  }

  closeInto(builder: MappedTextBuilder): void {
    if (this.#start >= 0 && builder.length > 0) {
      const length = builder.length - this.#lineStart;
      const isWrap = this.#lineEnds === 1 && length >= WRAPPED_FROM && length <= WRAPPED_TO;
      builder.unit(this.#lineEnds > 0 && !isWrap ? LF : SPACE, this.#start, this.#end);
      if (this.#lineEnds > 1) builder.unit(LF, this.#start, this.#end);
      if (this.#lineEnds > 0) this.#lineStart = builder.length;
    }
    this.#start = -1;
    this.#lineEnds = 0;
    this.#lastWasCr = false;
  }
}

// Three or more single letters with the same kind of gap between them; the first look is cheap and nearly always says no.
const MAY_BE_SPACED =
  /(?<![\p{L}\p{N}])[\p{L}\p{N}][^\p{L}\p{N}\n]{1,2}[\p{L}\p{N}][^\p{L}\p{N}\n]{1,2}[\p{L}\p{N}](?![\p{L}\p{N}])/u;
const TOKEN = /[\p{L}\p{N}@]+/gu;
const MIN_SPACED = 4;
const SIGNS = /^[ .\-_*~·|/,'+]{1,2}$/;
const DIGIT = /\d/;

/** Letters that stand alone, four or more in a row, are read as one word. `undefined` when there are none. */
function joinSpaced(folded: MappedText): MappedText | undefined {
  if (!MAY_BE_SPACED.test(folded.text)) return undefined;
  const dropped = spacesWithinRuns(folded.text);
  if (dropped.length === 0) return undefined;
  const builder = new MappedTextBuilder(folded.text.length);
  let next = 0;
  for (let index = 0; index < folded.text.length; index++) {
    while ((dropped[next]?.end ?? Infinity) <= index) next++;
    if (index >= (dropped[next]?.start ?? Infinity)) continue;
    builder.unit(folded.text.charCodeAt(index), folded.starts[index] ?? 0, folded.ends[index] ?? 0);
  }
  return builder.build();
}

function spacesWithinRuns(text: string): readonly Span[] {
  const gaps: Span[] = [];
  let run: Span[] = [];
  let before: { end: number; isSingle: boolean } | undefined;
  const finish = () => {
    // Digits after spaced letters are a number of their own: e i g h t 9.
    while (
      run.length > 0 &&
      DIGIT.test(text[run.at(-1)?.end ?? 0] ?? '') &&
      !DIGIT.test(text[(run[0]?.start ?? 1) - 1] ?? '')
    )
      run.pop();
    // One by one: as arguments of one call, a hundred thousand of them are more than the stack holds.
    if (run.length >= MIN_SPACED - 1) for (const gap of run) gaps.push(gap);
    run = [];
  };
  for (const match of text.matchAll(TOKEN)) {
    const isSingle = match[0].length === 1;
    const gap = before === undefined ? '' : text.slice(before.end, Math.min(match.index, before.end + 3));
    if (before?.isSingle === true && isSingle && SIGNS.test(gap)) run.push({ start: before.end, end: match.index });
    else finish();
    before = { end: match.index + match[0].length, isSingle };
  }
  finish();
  return gaps;
}

const LETTER_FOR: ReadonlyMap<string, string> = new Map([
  ['0', 'o'],
  ['1', 'i'],
  ['3', 'e'],
  ['4', 'a'],
  ['5', 's'],
  ['7', 't'],
  ['@', 'a'],
  ['$', 's'],
  ['!', 'i'],
  ['|', 'l'],
]);
const MIXED = /[a-z][013457@$!|]+[a-z]|[013457@$|][a-z]{3}|[a-z]{3}[013457@$|]/;
const MIXED_WORD = /[a-z0-9@$!|]{4,40}/g;
const MASKED_END = /!+$/;

/** Digits and signs among the letters of a word, as letters. `undefined` when no word mixes them. */
function readLeet(mapped: MappedText): MappedText | undefined {
  if (!MIXED.test(mapped.text)) return undefined;
  const text = mapped.text.replace(MIXED_WORD, (word) => (isMixed(word) ? lettersOf(word) : word));
  return text === mapped.text ? undefined : { text, starts: mapped.starts, ends: mapped.ends };
}

/** More letters than signs, and not a number with a unit (250ml): guesses on codes and sizes would only make noise. */
function isMixed(word: string): boolean {
  const letters = word.replace(/[^a-z]/g, '').length;
  return MIXED.test(word) && !/^\d\d/.test(word) && letters >= 3 && letters * 2 > word.length;
}

function lettersOf(word: string): string {
  const tail = MASKED_END.exec(word)?.[0] ?? '';
  const body = word.slice(0, word.length - tail.length);
  return Array.from(body, (sign) => LETTER_FOR.get(sign) ?? sign).join('') + tail;
}
