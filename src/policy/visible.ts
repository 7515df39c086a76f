/**
 * visible: what a reader sees of HTML, with the way back into the markup.
 *
 * Character references are decoded; comments and tags inside a word vanish; blocks break the line. What style or element hides is
 * kept apart from the sentence that it stands in, so it can neither split a word nor join two, and is read after it: hidden words
 * are evidence too. Link targets and titles follow. Uses htmlparser2's tokenizer alone: no tree, no stack, linear time, never fails.
 * Attacks: inducement.md 3.1 rows 15, 19 and 20.
 */
import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';
import { MappedTextBuilder, type MappedText } from './mapped.ts';

const BREAKS: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol ' +
    'option p pre section table tbody tfoot thead tr ul'
  ).split(' '),
);
/** Never shown, and no words of the author: scripts and styles. The tokenizer reads them as one run of text. */
const DROPPED: ReadonlySet<string> = new Set(['script', 'style']);
/** Shown to nobody by the mail that we build, yet able to hold words. */
const ASIDE: ReadonlySet<string> = new Set(
  (
    'applet audio canvas datalist embed frameset head iframe map math noembed noframes noscript object select svg template textarea ' +
    'title video xml xmp'
  ).split(' '),
);
const VOID: ReadonlySet<string> = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));
const HIDING =
  /display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:font-size|max-height|opacity)\s*:\s*0*\.?0*(?:px|pt|em|rem|%)?\s*(?:;|!|$)|mso-hide\s*:\s*all/i;
/** Attributes that are read; those of the first group where they stand, the others after everything. */
const INLINE: ReadonlySet<string> = new Set(['alt', 'placeholder', 'value']);
const APPENDED: ReadonlySet<string> = new Set([
  'href',
  'title',
  'aria-label',
  'xlink:href',
  'action',
  'formaction',
  'cite',
]);

export function visibleText(markup: string): MappedText {
  const reader = new VisibleReader(markup);
  const tokenizer = new Tokenizer({ xmlMode: false, decodeEntities: true }, reader);
  tokenizer.write(markup);
  tokenizer.end();
  return reader.build();
}

interface Unit {
  readonly code: number;
  readonly start: number;
  readonly end: number;
}

class VisibleReader implements TokenizerCallbacks {
  readonly #markup: string;
  readonly #shown: MappedTextBuilder;
  /** What is read after the rest. Few units in ordinary mail. */
  readonly #aside: Unit[] = [];
  #tag = '';
  #attribute = '';
  #value: Unit[] = [];
  #isHiding = false;
  /** The element that hides its content, and how many of its name are open. */
  #hidden: { readonly tag: string; depth: number } | undefined;
  #textEnd = 0;

  constructor(markup: string) {
    this.#markup = markup;
    this.#shown = new MappedTextBuilder(markup.length);
  }

  ontext(start: number, endIndex: number): void {
    this.#textEnd = endIndex;
    if (DROPPED.has(this.#tag)) return;
    for (let index = start; index < endIndex; index++) {
      const code = this.#markup.charCodeAt(index);
      this.#write(code <= 32 ? 32 : code, index, index + 1);
    }
  }

  ontextentity(codepoint: number, endIndex: number): void {
    const start = Math.max(this.#textEnd, this.#markup.lastIndexOf('&', endIndex - 1));
    this.#textEnd = endIndex;
    for (const unit of unitsOf(codepoint)) this.#write(unit, start, endIndex);
  }

  onopentagname(start: number, endIndex: number): void {
    this.#tag = this.#markup.slice(start, endIndex).toLowerCase();
    this.#isHiding = ASIDE.has(this.#tag);
    if (BREAKS.has(this.#tag) || this.#tag === 'br') this.#break(start, this.#tag === 'br' ? 1 : 2);
    else if (this.#tag === 'td' || this.#tag === 'th') this.#write(32, start, start);
  }

  onattribname(start: number, endIndex: number): void {
    this.#attribute = this.#markup.slice(start, endIndex).toLowerCase();
    this.#value = [];
    if (this.#attribute === 'hidden') this.#isHiding = true;
  }

  onattribdata(start: number, endIndex: number): void {
    for (let index = start; index < endIndex; index++) {
      this.#value.push({ code: this.#markup.charCodeAt(index), start: index, end: index + 1 });
    }
  }

  /** The tokenizer does not say where the reference stood; it stands between its neighbours. */
  onattribentity(codepoint: number): void {
    for (const code of unitsOf(codepoint)) this.#value.push({ code, start: -1, end: -1 });
  }

  onattribend(_quote: number, endIndex: number): void {
    const units = placed(this.#value, endIndex);
    const name = this.#attribute;
    if (name === 'style' && HIDING.test(String.fromCharCode(...units.slice(0, 4096).map((unit) => unit.code)))) {
      this.#isHiding = true;
    } else if (INLINE.has(name)) for (const { code, start, end } of units) this.#write(code, start, end);
    else if (APPENDED.has(name)) this.#append(units);
  }

  onopentagend(): void {
    this.#enter();
  }

  onselfclosingtag(): void {
    this.#enter();
  }

  onclosetag(start: number, endIndex: number): void {
    const tag = this.#markup.slice(start, endIndex).toLowerCase();
    this.#tag = '';
    if (this.#hidden?.tag === tag && --this.#hidden.depth === 0) this.#hidden = undefined;
    if (BREAKS.has(tag)) this.#break(start, 2);
  }

  oncomment(): void {}
  oncdata(start: number, endIndex: number): void {
    this.ontext(start, endIndex);
  }
  ondeclaration(): void {}
  onprocessinginstruction(): void {}
  onend(): void {}

  build(): MappedText {
    if (this.#aside.length > 0) for (const unit of this.#aside) this.#shown.unit(unit.code, unit.start, unit.end);
    return this.#shown.build();
  }

  #enter(): void {
    if (this.#hidden?.tag === this.#tag) this.#hidden.depth++;
    else if (this.#hidden === undefined && this.#isHiding && !VOID.has(this.#tag)) {
      this.#hidden = { tag: this.#tag, depth: 1 };
      this.#append([]);
    }
  }

  #write(code: number, start: number, end: number): void {
    if (this.#hidden === undefined) this.#shown.unit(code, start, end);
    else this.#aside.push({ code, start, end });
  }

  #break(at: number, lineEnds: number): void {
    for (let count = 0; count < lineEnds; count++) this.#write(10, at, at);
  }

  /** A piece of its own: an empty line keeps it out of every sentence. */
  #append(units: readonly Unit[]): void {
    const at = units[0]?.start ?? this.#textEnd;
    this.#aside.push({ code: 10, start: at, end: at }, { code: 10, start: at, end: at });
    // One by one: a value of 200,000 characters as arguments of one call is more than the stack holds.
    for (const unit of units) this.#aside.push(unit);
  }
}

function unitsOf(codepoint: number): readonly number[] {
  const text = String.fromCodePoint(codepoint);
  return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
}

/** Units of character references take the room between the units beside them. */
function placed(units: readonly Unit[], endIndex: number): readonly Unit[] {
  const result: Unit[] = [];
  let next = 0;
  let after = 0;
  for (const [index, unit] of units.entries()) {
    if (unit.start >= 0) {
      result.push(unit);
      continue;
    }
    if (after <= index) {
      after = index + 1;
      while (after < units.length && (units[after]?.start ?? -1) < 0) after++;
      next = units[after]?.start ?? endIndex;
    }
    const start = result.at(-1)?.end ?? next;
    result.push({ code: unit.code, start: Math.min(start, next), end: next });
  }
  return result;
}
