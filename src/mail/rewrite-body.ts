/**
 * rewrite-body: builds the outgoing body from the tree of the incoming one.
 *
 * In:  the author's parts, the traces, and how to name new content ids.    Out: parts of ours, and how many traces were masked.
 * Text is masked, HTML rebuilt, text files masked and written again in UTF-8, names masked, content ids new. Other files keep
 * their bytes: verify reads those. Signatures and keys are left out: they name their owner, and the rebuilding voids them.
 * Never fails; a tree of which nothing is left becomes an empty text.
 */
import { leaves, type FilePart, type MultipartPart, type Part } from './message.ts';
import { rebuildHtml } from './html.ts';
import { maskText } from './scrub.ts';
import type { Traces } from './traces.ts';

export interface BodyContext {
  readonly traces: Traces;
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

const SIGNATURES_AND_KEYS: ReadonlySet<string> = new Set([
  'application/pgp-signature',
  'application/pgp-keys',
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
]);
const HTML_FILES: ReadonlySet<string> = new Set(['text/html', 'application/xhtml+xml']);

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
        return { ...part, text: part.subtype === 'html' ? this.#html(part.text) : this.#text(part.text) };
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
    const parts = multipart.parts.flatMap((part) => this.part(part) ?? []);
    return parts.length > 1 ? { ...multipart, parts } : parts[0];
  }

  #file(file: FilePart): FilePart | undefined {
    if (SIGNATURES_AND_KEYS.has(file.contentType)) return undefined;
    const text = file.text === undefined ? undefined : this.#fileText(file.contentType, file.text);
    return {
      ...file,
      filename: file.filename === undefined ? undefined : this.#text(file.filename),
      contentId: file.contentId === undefined ? undefined : this.#contentIds.get(file.contentId),
      text,
      content: text === undefined ? file.content : Buffer.from(text.replace(/\r?\n/g, '\r\n')),
    };
  }

  #fileText(contentType: string, text: string): string {
    return HTML_FILES.has(contentType) ? this.#html(text) : this.#text(text);
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
