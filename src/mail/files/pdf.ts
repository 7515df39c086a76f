/**
 * pdf: PDF documents, without metadata, with the addresses of links, forms and notes masked.
 *
 * In:  the bytes of a PDF, the traces.    Out: the document written anew, and its text; or why nobody can look into it.
 * What stands in strings (links, fields, titles, notes) is masked. The text of a page is drawn, glyph by glyph, and cannot be: an
 * address there is a reason to hold. Writing anew also leaves out what earlier versions of the document said (ISO 32000-1 7.5.6).
 * Document information, XMP and private data of programs name the author; scripts and launch actions are left out with them.
 * A signature of the document does not survive this: it vouched for bytes that the reader must not get. Never throws.
 */
import { isUtf8 } from 'node:buffer';
import {
  decodePDFRawStream,
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFRawStream,
  PDFString,
  type PDFContext,
  type PDFObject,
  type PDFRef,
} from '@cantoo/pdf-lib';
import { extractText, getDocumentProxy } from 'unpdf';
import type { Anomaly } from '../message.ts';
import { findTraces, maskText } from '../mask/scrub.ts';
import type { Traces } from '../traces.ts';
import { unreadable, type Bounds, type LookedInto } from './looked-into.ts';
import { withoutMetadata } from './pictures.ts';

export async function lookIntoPdf(content: Uint8Array, traces: Traces, bounds: Bounds): Promise<LookedInto> {
  const words = await wordsOf(content);
  if (words === undefined) return isBare(content) ? bare(content, traces) : unreadable(content);
  try {
    const document = await PDFDocument.load(content, { updateMetadata: false, throwOnInvalidObject: false });
    const cleaning = new Cleaning(document.context, traces, bounds);
    cleaning.all();
    if ([words.text, words.placed].some((text) => findTraces(text, traces).length > 0))
      cleaning.anomalies.add('address-in-file');
    const cleaned = await document.save({
      useObjectStreams: false,
      updateFieldAppearances: false,
      addDefaultPage: false,
    });
    return { content: cleaned, words: words.text, masked: cleaning.masked, anomalies: [...cleaning.anomalies] };
  } catch {
    return unreadable(content); // encrypted, or damaged beyond what the writer can put right
  }
}

interface Words {
  readonly text: string;
  /** The same from left to right and from top to bottom: a page may be drawn in any order. */
  readonly placed: string;
}

async function placedText(document: PdfDocument): Promise<string> {
  let text = '';
  for (let number = 1; number <= document.numPages; number++) {
    const { items } = await (await document.getPage(number)).getTextContent();
    const pieces = items.flatMap((item) =>
      'str' in item ? [{ text: item.str, x: place(item, 4), y: place(item, 5) }] : [],
    );
    const ordered = pieces.toSorted((a, b) => (Math.abs(a.y - b.y) > SAME_LINE ? b.y - a.y : a.x - b.x));
    for (const [index, piece] of ordered.entries()) {
      const isNext = Math.abs(piece.y - (ordered[index - 1]?.y ?? piece.y)) > SAME_LINE;
      text += `${isNext ? '\n' : ''}${piece.text}`;
    }
    text += '\n';
  }
  return text;
}

/** In points. */
const SAME_LINE = 3;
const place = ({ transform }: { readonly transform: readonly unknown[] }, index: number): number =>
  Number(transform[index]);

/** The pages as a reader is shown them; `undefined` when they need a password or cannot be read. */
async function wordsOf(content: Uint8Array): Promise<Words | undefined> {
  try {
    // The reader takes the bytes for itself, so it gets a copy. Nothing is fetched, nothing of the document is run.
    const document = await getDocumentProxy(Uint8Array.from(content), {
      verbosity: 0,
      enableXfa: false,
    });
    try {
      const { text } = await extractText(document, { mergePages: true });
      return { text, placed: await placedText(document) };
    } finally {
      await document.loadingTask.destroy();
    }
  } catch {
    return undefined;
  }
}

/** Without a stream there is nothing packed: every byte can be read as it stands, damaged or not. */
const isBare = (content: Uint8Array): boolean => !Buffer.from(content).includes('stream');

function bare(content: Uint8Array, traces: Traces): LookedInto {
  const words = Buffer.from(content).toString('latin1');
  const isClean = findTraces(words, traces).length === 0;
  return isClean ? { content, words, masked: 0, anomalies: [] } : unreadable(content, 'address-in-file');
}

/** Keys of any dictionary that name its maker, or make a reader run something (ISO 32000-1 14.3, 14.5, 12.6.3, 12.6.4). */
const LEFT_OUT = ['Metadata', 'PieceInfo', 'LastModified', 'AA', 'JS', 'JavaScript', 'XFA'].map((name) =>
  PDFName.of(name),
);
const RUNS: ReadonlySet<string> = new Set(['/JavaScript', '/Launch', '/ImportData']);

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;

class Cleaning {
  masked = 0;
  readonly anomalies = new Set<Anomaly>();
  readonly #context: PDFContext;
  readonly #traces: Traces;
  readonly #bounds: Bounds;

  constructor(context: PDFContext, traces: Traces, bounds: Bounds) {
    this.#context = context;
    this.#traces = traces;
    this.#bounds = bounds;
  }

  all(): void {
    const { trailerInfo } = this.#context;
    delete trailerInfo.Info;
    delete trailerInfo.ID;
    for (const [ref, object] of this.#context.enumerateIndirectObjects()) this.#indirect(ref, object);
  }

  #indirect(ref: PDFRef, object: PDFObject): void {
    const dict = object instanceof PDFRawStream ? object.dict : object;
    if (dict instanceof PDFDict && (isMetadata(dict) || isPacking(dict))) return void this.#context.delete(ref);
    this.#clean(dict, (cleaned) => this.#context.assign(ref, cleaned));
    if (object instanceof PDFRawStream) this.#stream(ref, object);
  }

  /** `replace` puts another object where this one stood. */
  #clean(object: PDFObject | undefined, replace: (cleaned: PDFObject) => void): void {
    if (object instanceof PDFString || object instanceof PDFHexString) this.#text(object, replace);
    else if (object instanceof PDFArray) {
      for (let index = 0; index < object.size(); index++)
        this.#clean(object.get(index), (cleaned) => object.set(index, cleaned));
    } else if (object instanceof PDFDict) {
      for (const key of LEFT_OUT) object.delete(key);
      if (RUNS.has(String(object.get(PDFName.of('S'))))) object.delete(PDFName.of('S'));
      for (const [key, value] of object.entries()) this.#clean(value, (cleaned) => object.set(key, cleaned));
    }
  }

  #text(object: PDFString | PDFHexString, replace: (cleaned: PDFObject) => void): void {
    const { text, masked } = maskText(object.decodeText(), this.#traces);
    if (masked > 0) replace(PDFHexString.fromText(text));
    this.masked += masked;
  }

  /** Photographs keep their picture only; whatever else is packed is unpacked and searched. */
  #stream(ref: PDFRef, stream: PDFRawStream): void {
    const filter = String(stream.dict.get(PDFName.of('Filter')) ?? '');
    if (/^\[?\s*\/DCTDecode\s*\]?$/.test(filter)) return this.#photo(ref, stream);
    if (/DCTDecode|JPXDecode|CCITTFaxDecode|JBIG2Decode/.test(filter)) return;
    const unpacked = Buffer.from(filter === '' ? stream.getContents() : decodePDFRawStream(stream).decode());
    this.#bounds.left.octets -= unpacked.length;
    if (this.#bounds.left.octets < 0) this.anomalies.add('unreadable-file');
    else if (findTraces(unpacked.toString('latin1'), this.#traces).length > 0) this.anomalies.add('address-in-file');
    else if (isAttachment(stream.dict) && !isPlainText(unpacked)) this.anomalies.add('unreadable-file');
  }

  #photo(ref: PDFRef, stream: PDFRawStream): void {
    const cleaned = withoutMetadata(stream.getContents());
    if (cleaned === undefined) return void this.anomalies.add('unreadable-file');
    stream.dict.set(PDFName.of('Length'), this.#context.obj(cleaned.length));
    this.#context.assign(ref, PDFRawStream.of(stream.dict, cleaned));
  }
}

/** A file in the file (ISO 32000-1 7.11.4): the pages do not show it, and nothing here opens it. An archive would pass unread. */
const isAttachment = (dict: PDFDict): boolean => String(dict.get(PDFName.of('Type'))) === '/EmbeddedFile';
const isPlainText = (content: Uint8Array): boolean => isUtf8(content) && !content.includes(0);

/** What stood in these is read and is written again by itself (ISO 32000-1 7.5.7 and 7.5.8). */
const isPacking = (dict: PDFDict): boolean => /^\/(?:ObjStm|XRef)$/.test(String(dict.get(PDFName.of('Type'))));

/** Document information has no type; XMP has, and is a stream that Metadata keys point at. */
function isMetadata(dict: PDFDict): boolean {
  if (String(dict.get(PDFName.of('Type'))) === '/Metadata') return true;
  return dict.get(PDFName.of('Type')) === undefined && INFO.some((key) => dict.get(key) !== undefined);
}
const INFO = ['Producer', 'CreationDate', 'Creator'].map((name) => PDFName.of(name));
