/**
 * leaf: the content of one entity that is not divided further, as text that is shown or as a file.
 *
 * In:  what its fields say, and its encoded bytes.    Out: a text or a file part; `undefined` for what is left out.
 * text/plain and text/html without a name are shown; everything else is a file, with its text beside it when the type says text.
 * Left out: AMP, a second HTML body that only some programs show, with remote content (security.md MI-13). Never throws.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import type { Anomaly, FilePart, TextPart } from '../message.ts';
import { decodeCharset, type DecodedText } from './charset.ts';
import type { Content } from './content.ts';
import { isTextual } from '../files/kind.ts';
import { safeFilename } from './filename.ts';
import { unfoldFlowed } from './flowed.ts';
import { decodeBase64, decodeQuotedPrintable } from './transfer.ts';
import { unreadIn } from './unread.ts';

const LEFT_OUT: ReadonlySet<string> = new Set(['text/x-amp-html']);

export function readLeaf(content: Content, encoded: Buffer, anomalies: Set<Anomaly>): TextPart | FilePart | undefined {
  if (LEFT_OUT.has(content.type)) return undefined;
  const bytes = decodeTransfer(content, encoded, anomalies);
  if (UNREADABLE.has(content.type)) anomalies.add('encrypted');
  const subtype = isShown(content) ? content.type.slice('text/'.length) : '';
  if (subtype !== 'plain' && subtype !== 'html') return fileOf(content, bytes, anomalies);
  const text = textOf(decodeCharset(bytes, content.charset), anomalies);
  const isFlowed = content.isFlowed && subtype === 'plain';
  return { kind: 'text', subtype, text: isFlowed ? unfoldFlowed(text, content) : text };
}

const isShown = (content: Content): boolean => content.disposition !== 'attachment' && content.filename === undefined;

export function decodeTransfer(content: Content, encoded: Buffer, anomalies: Set<Anomaly>): Buffer {
  if (content.encoding === 'none') {
    if (content.isSevenBit && !isAscii(encoded)) anomalies.add('broken-encoding');
    return encoded;
  }
  const decoded = content.encoding === 'base64' ? decodeBase64(encoded) : decodeQuotedPrintable(encoded);
  if (decoded.isBroken) anomalies.add('broken-encoding');
  return decoded.content;
}

/** Content that only the addressee can open: nobody here can judge it (MI-16). */
const UNREADABLE: ReadonlySet<string> = new Set([
  'application/pkcs7-mime',
  'application/x-pkcs7-mime',
  'application/pgp-encrypted',
]);

function fileOf(content: Content, bytes: Buffer, anomalies: Set<Anomaly>): FilePart {
  const filename = content.filename === undefined ? undefined : safeFilename(content.filename);
  return {
    kind: 'file',
    contentType: content.type,
    filename,
    disposition: content.disposition ?? (isPlaced(content) ? 'inline' : 'attachment'),
    contentId: content.contentId,
    content: bytes,
    text:
      isTextFile(content.type, filename) && isTextual(bytes) ? textOf(fileText(content, bytes), anomalies) : undefined,
  };
}

/** Shown where it stands: a picture that the HTML names, an invitation beside the text. */
const isPlaced = ({ contentId, type }: Content): boolean => contentId !== undefined || type === 'text/calendar';

const TEXT_TYPE = /^(?:text|message)\/|[/+](?:json|xml)$/;
const TEXT_TYPES: ReadonlySet<string> = new Set(['application/ics', 'application/javascript', 'application/rtf']);
const UNTYPED: ReadonlySet<string> = new Set(['application/octet-stream', 'application/x-unknown']);
const TEXT_NAME = /\.(?:txt|csv|tsv|html?|xhtml|svg|xml|json|md|log|ics|vcf|eml)$/i;

function isTextFile(type: string, filename: string | undefined): boolean {
  return TEXT_TYPE.test(type) || TEXT_TYPES.has(type) || (UNTYPED.has(type) && TEXT_NAME.test(filename ?? ''));
}

/**
 * A text file is written again in UTF-8, so whatever is read here is what its reader gets: a mark at its beginning is believed (Windows
 * saves `Unicode text` like that), and without a charset eight bits are Windows' (as its spreadsheets save tables).
 */
function fileText({ charset }: Content, bytes: Buffer): DecodedText {
  const isMarked = charset === undefined || /^utf-?16(?:[lb]e)?$/i.test(charset.trim());
  if (isMarked && bytes.length % 2 === 0) {
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return readAs(bytes, 'utf-16le');
    if (bytes[0] === 0xfe && bytes[1] === 0xff) return readAs(bytes, 'utf-16be');
  }
  return charset === undefined && !isUtf8(bytes) ? readAs(bytes, 'windows-1252') : decodeCharset(bytes, charset);
}

function readAs(bytes: Buffer, encoding: string): DecodedText {
  const text = new TextDecoder(encoding).decode(bytes);
  return { text, anomaly: text.includes('\ufffd') ? 'mismatched-charset' : undefined };
}

function textOf({ text, anomaly }: DecodedText, anomalies: Set<Anomaly>): string {
  if (anomaly !== undefined) anomalies.add(anomaly);
  for (const reason of unreadIn(text)) anomalies.add(reason);
  return shown(text);
}

const ODD_LINE_END = /[\r\v\f]/g;
const NOT_SHOWN = /[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]/g;

/** LF for every line end that a reader could see, no control characters, no byte order mark. */
function shown(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').replace(ODD_LINE_END, '\n').replace(NOT_SHOWN, '');
  return lines.startsWith('\ufeff') ? lines.slice(1) : lines;
}
