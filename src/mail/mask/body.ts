/**
 * body: builds the outgoing body from the tree of the incoming one.
 *
 * In:  the author's parts, the traces, and how to name new content ids.    Out: parts of ours, and how many traces were masked.
 * Text is masked, HTML rebuilt, text files masked and written again in UTF-8, names masked, content ids new; in calendars the parties
 * become their aliases. Other files were cleaned when they were opened: verify reads those. Signatures and keys name their owner, and
 * the rebuilding voids them: a line for the reader stands in their place.
 * Never fails; a tree of which nothing is left becomes an empty text.
 */
import { leaves, type FilePart, type MultipartPart, type Part, type TextPart } from '../message.ts';
import { isSignatureOrKey } from '../signatures.ts';
import { rebuildHtml } from './html.ts';
import { hasContentLines, rewriteContentLines, type Standing } from './content-lines.ts';
import { findTraces, maskText } from './scrub.ts';
import type { Traces } from '../traces.ts';

export interface BodyContext {
  readonly traces: Traces;
  readonly standings: readonly Standing[];
  /** Without angle brackets, for the file of this number. */
  readonly contentIdOf: (number: number) => string;
}

export function rewriteBody(body: Part, context: BodyContext): { body: Part; masked: number } {
  const rewriting = new BodyRewriting(context, newContentIds(body, context));
  const rewritten = rewriting.part(body) ?? { kind: 'text', subtype: 'plain', text: '' };
  return { body: rewritten, masked: rewriting.masked };
}

function newContentIds(body: Part, context: BodyContext): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const leaf of leaves(body)) {
    if (leaf.kind === 'file' && leaf.contentId !== undefined && !ids.has(leaf.contentId)) {
      ids.set(leaf.contentId, context.contentIdOf(ids.size + 1));
    }
  }
  return ids;
}

const UNTYPED = 'application/octet-stream';
const HTML_FILES: ReadonlySet<string> = new Set(['text/html', 'application/xhtml+xml']);

/** What the reader is told where a signature or a key stood. */
const SIGNATURE_NOTE: TextPart = {
  kind: 'text',
  subtype: 'plain',
  text: '[A digital signature or key was taken out here by the mail relay, because it names its owner.]\n',
};
/** RFC 9580 7 (signed text) and 6.2 (armour). Linear: no armour line holds another dash at its start. */
const SIGNED_HEAD = /^-----BEGIN PGP SIGNED MESSAGE-----\n(?:Hash: [^\n]{1,80}\n){0,5}\n?/gm;
const ARMOUR =
  /^-----BEGIN PGP (?:SIGNATURE|PUBLIC KEY BLOCK|PRIVATE KEY BLOCK)-----\n(?:[^-\n][^\n]*\n|\n)*-----END PGP [A-Z ]{1,30}-----\n?/gm;

class BodyRewriting {
  masked = 0;
  readonly #context: BodyContext;
  readonly #contentIds: ReadonlyMap<string, string>;

  constructor(context: BodyContext, contentIds: ReadonlyMap<string, string>) {
    this.#context = context;
    this.#contentIds = contentIds;
  }

  /** `undefined` when nothing of the part is to leave. */
  part(part: Part): Part | undefined {
    switch (part.kind) {
      case 'multipart':
        return this.#multipart(part);
      case 'text':
        return { ...part, text: part.subtype === 'html' ? this.#html(part.text) : this.#plain(part.text) };
      case 'file':
        return this.#file(part);
      case 'message': {
        const body = this.part(part.body) ?? { kind: 'text', subtype: 'plain', text: '' };
        return { kind: 'message', subject: this.#text(part.subject), body };
      }
    }
  }

  /** RFC 2046 5.1: a multipart has at least one part; one with just one is that part. */
  #multipart(multipart: MultipartPart): Part | undefined {
    const rewritten = multipart.parts.flatMap((part) => this.part(part) ?? []);
    // Of alternatives one is shown: a note among them would stand for the text.
    const parts = multipart.subtype === 'alternative' ? rewritten.filter((part) => part !== SIGNATURE_NOTE) : rewritten;
    return parts.length > 1 ? { ...multipart, parts } : parts[0];
  }

  #file(file: FilePart): FilePart | TextPart {
    if (isSignatureOrKey(file)) return SIGNATURE_NOTE;
    this.masked += file.masked ?? 0;
    const text =
      file.text === undefined ? undefined : this.#fileText({ contentType: file.contentType, text: file.text });
    return {
      ...file,
      contentType: findTraces(file.contentType, this.#context.traces).length > 0 ? UNTYPED : file.contentType,
      filename: file.filename === undefined ? undefined : this.#text(file.filename),
      contentId: file.contentId === undefined ? undefined : this.#contentIds.get(file.contentId),
      text,
      content: text === undefined ? file.content : Buffer.from(text.replace(/\r?\n/g, '\r\n')),
    };
  }

  #fileText({ contentType, text }: { readonly contentType: string; readonly text: string }): string {
    if (hasContentLines({ contentType, text })) return this.#count(rewriteContentLines(text, this.#context)).text;
    return HTML_FILES.has(contentType) ? this.#html(text) : this.#text(text);
  }

  /** A signature within text, or a key, is a block of lines. */
  #plain(text: string): string {
    if (!text.includes('-----BEGIN PGP ')) return this.#text(text);
    return this.#text(text.replace(SIGNED_HEAD, '').replace(ARMOUR, SIGNATURE_NOTE.text));
  }

  #text(text: string): string {
    return this.#count(maskText(text, this.#context.traces)).text;
  }

  #html(html: string): string {
    return this.#count(rebuildHtml(html, { traces: this.#context.traces, contentIds: this.#contentIds })).html;
  }

  #count<Result extends { readonly masked: number }>(result: Result): Result {
    this.masked += result.masked;
    return result;
  }
}
