/**
 * html: rebuilds an HTML part from what a reader is shown of it, with every trace of a party's address masked.
 *
 * In:  the author's HTML, decoded; the traces; new content ids.    Out: HTML of ours, and how many traces were masked.
 * Nothing is edited: tags, attributes and URLs are written again from the tables in html-allowed.ts, balanced and escaped, so what
 * one reader takes for text another cannot take for markup. Text is searched across tags, comments and character references.
 * Remote pictures are dropped and their alternative text kept: they tell the other side when and where the mail was read.
 * Linear in the size; elements nested deeper than 200 are flattened. Standards: HTML Living Standard 13.2, RFC 2392 (cid). Never fails.
 */
import { Parser } from 'htmlparser2';
import {
  DROPPED_WITH_CONTENT,
  isFitValue,
  isHidden,
  isKeptTag,
  isDoubtful,
  keptStyle,
  mayHave,
  shownTag,
  VOID_TAGS,
} from './html-allowed.ts';
import { maskAcross, type Piece } from './across.ts';
import { findTraces } from './scrub.ts';
import type { Traces } from '../traces.ts';

export interface HtmlContext {
  readonly traces: Traces;
  /** New content id for an old one, both without angle brackets. A picture without one is dropped. */
  readonly contentIds: ReadonlyMap<string, string>;
}

const MAX_DEPTH = 200;
/** Longer than this is what somebody wrote, not what stands in an address for programs to stumble over. */
const MAX_UNSEEN = 40;

export function rebuildHtml(html: string, context: HtmlContext): { html: string; masked: number } {
  const builder = new HtmlBuilder(context);
  const parser: Parser = new BoundedParser(
    {
      onopentagname: () => builder.enter(),
      onopentag: (tag, attributes) => builder.open(tag, attributes),
      onclosetag: (tag) => builder.close(tag),
      ontext: (text) => builder.text(text),
    },
    () => builder.depth,
  );
  parser.end(html);
  const body = maskAcross(builder.pieces, context.traces, escapeHtml);
  return { html: `<!DOCTYPE html>\n<html><body>${body.text}</body></html>\n`, masked: builder.masked + body.masked };
}

/**
 * htmlparser2 keeps its open elements in an array that it searches and shifts: a million nested tags cost minutes. Here a tag beyond
 * the depth is never opened (the parser itself ignores a second <form> in this way).
 */
class BoundedParser extends Parser {
  readonly #depth: () => number;

  constructor(handler: ConstructorParameters<typeof Parser>[0], depth: () => number) {
    super(handler, { decodeEntities: true, lowerCaseTags: true });
    this.#depth = depth;
  }

  override onopentagname(start: number, endIndex: number): void {
    if (this.#depth() < MAX_DEPTH) super.onopentagname(start, endIndex);
  }
}

/** Turns the parser's events into pieces: markup of ours, and text that is still to be searched and escaped. */
class HtmlBuilder {
  readonly pieces: Piece[] = [];
  masked = 0;
  depth = 0;
  /** Depth of the outermost element that is dropped with its content, or `undefined`. */
  #droppedAt: number | undefined = undefined;
  /** Likewise of the outermost one whose text its author's program may not have shown, or struck out. */
  #doubtfulAt: number | undefined = undefined;
  readonly #context: HtmlContext;

  constructor(context: HtmlContext) {
    this.#context = context;
  }

  enter(): void {
    this.depth++;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#droppedAt !== undefined) return;
    const tag = shownTag(name);
    if (isDoubtful(name, attributes)) this.#doubtfulAt ??= this.depth;
    if (DROPPED_WITH_CONTENT.has(tag) || isHidden(attributes)) this.#droppedAt = this.depth;
    else if (tag === 'img') this.#picture(attributes);
    else if (isKeptTag(tag)) this.#tag(tag, `<${tag}`, attributes);
    else this.#markup('');
  }

  close(name: string): void {
    const tag = shownTag(name);
    if (this.#droppedAt === undefined) this.#markup(isKeptTag(tag) && !VOID_TAGS.has(tag) ? `</${tag}>` : '');
    if (this.#droppedAt === this.depth) this.#droppedAt = undefined;
    if (this.#doubtfulAt === this.depth) this.#doubtfulAt = undefined;
    this.depth--;
  }

  text(text: string): void {
    if (this.#droppedAt !== undefined) return;
    const mayBeUnseen = this.#doubtfulAt !== undefined && text.length <= MAX_UNSEEN;
    this.pieces.push({ kind: 'text', content: text, mayBeUnseen });
  }

  #markup(content: string): void {
    this.pieces.push({ kind: 'markup', content });
  }

  #picture(attributes: Readonly<Record<string, string>>): void {
    const contentId = this.#context.contentIds.get(contentIdOf(attributes['src'] ?? ''));
    if (contentId === undefined) {
      this.#markup('');
      this.text(attributes['alt'] ?? '');
      this.#markup('');
    } else this.#tag('img', `<img src="cid:${escapeHtml(contentId)}"`, attributes);
  }

  /** What a reader is shown of an attribute is text like any other: half an address may stand in it. */
  #tag(tag: string, opening: string, attributes: Readonly<Record<string, string>>): void {
    let written = opening;
    for (const [name, value] of Object.entries(attributes)) {
      if (!mayHave(tag, name)) continue;
      if (name === 'title' || name === 'alt') {
        this.#markup(`${written} ${name}="`);
        this.text(value);
        written = '"';
      } else {
        const kept = this.#value(name, value);
        if (kept !== undefined) written += ` ${name}="${escapeHtml(kept)}"`;
      }
    }
    this.#markup(`${written}>`);
  }

  #value(name: string, value: string): string | undefined {
    if (name === 'src') return undefined; // written by #picture
    if (name === 'href') return this.#link(value);
    if (name === 'style') return this.#unlessTraced(keptStyle(value));
    return isFitValue(value) ? this.#unlessTraced(value) : undefined;
  }

  #unlessTraced(value: string): string | undefined {
    const hits = findTraces(value, this.#context.traces).length;
    this.masked += hits;
    return hits === 0 && value !== '' ? value : undefined;
  }

  /** http, https and mailto only. A link that names a party keeps its text and leads nowhere. */
  #link(value: string): string | undefined {
    const url = value.replace(/[\u0000-\u0020\u007f-\u00a0\u2028\u2029]/g, '');
    if (!/^(?:https?:\/\/|mailto:)/i.test(url)) return undefined;
    return this.#unlessTraced(url);
  }
}

/** `cid:` URLs are percent-coded (RFC 2392 2). */
function contentIdOf(url: string): string {
  const id = /^\s*cid:(.*?)\s*$/is.exec(url)?.[1] ?? '';
  try {
    return decodeURIComponent(id);
  } catch {
    return id; // not percent-coded at all
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\0': '' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"\0]/g, (character) => ESCAPES[character] ?? '');
}
