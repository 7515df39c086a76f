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
  keptStyle,
  mayHave,
  VOID_TAGS,
} from './html-allowed.ts';
import { maskAcross, type Piece } from './mask-across.ts';
import { findTraces, maskText } from './scrub.ts';
import type { Traces } from './traces.ts';

export interface HtmlContext {
  readonly traces: Traces;
  /** New content id for an old one, both without angle brackets. A picture without one is dropped. */
  readonly contentIds: ReadonlyMap<string, string>;
}

const MAX_DEPTH = 200;

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
  readonly #context: HtmlContext;

  constructor(context: HtmlContext) {
    this.#context = context;
  }

  enter(): void {
    this.depth++;
  }

  open(tag: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#droppedAt !== undefined) return;
    if (DROPPED_WITH_CONTENT.has(tag) || isHidden(attributes)) this.#droppedAt = this.depth;
    else if (tag === 'img') this.#picture(attributes);
    else if (isKeptTag(tag)) this.#markup(`<${tag}${this.#attributes(tag, attributes)}>`);
    else this.#markup('');
  }

  close(tag: string): void {
    if (this.#droppedAt === undefined && isKeptTag(tag) && !VOID_TAGS.has(tag)) this.#markup(`</${tag}>`);
    if (this.#droppedAt === this.depth) this.#droppedAt = undefined;
    this.depth--;
  }

  text(text: string): void {
    if (this.#droppedAt === undefined) this.pieces.push({ kind: 'text', content: text });
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
    } else this.#markup(`<img src="cid:${escapeHtml(contentId)}"${this.#attributes('img', attributes)}>`);
  }

  #attributes(tag: string, attributes: Readonly<Record<string, string>>): string {
    let written = '';
    for (const [name, value] of Object.entries(attributes)) {
      const kept = mayHave(tag, name) ? this.#value(name, value) : undefined;
      if (kept !== undefined) written += ` ${name}="${escapeHtml(kept)}"`;
    }
    return written;
  }

  #value(name: string, value: string): string | undefined {
    if (name === 'src') return undefined; // written by #picture
    if (name === 'style') return keptStyle(value) || undefined;
    if (name === 'href') return this.#link(value);
    if (name === 'title' || name === 'alt') return this.#masked(value);
    return isFitValue(value) ? this.#masked(value) : undefined;
  }

  #masked(value: string): string {
    const { text, masked } = maskText(value, this.#context.traces);
    this.masked += masked;
    return text;
  }

  /** http, https and mailto only. A link that names a party keeps its text and leads nowhere. */
  #link(value: string): string | undefined {
    const url = value.replace(/[\u0000-\u0020\u007f-\u00a0\u2028\u2029]/g, '');
    if (!/^(?:https?:\/\/|mailto:)/i.test(url)) return undefined;
    const hits = findTraces(url, this.#context.traces).length;
    this.masked += hits;
    return hits === 0 ? url : undefined;
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
