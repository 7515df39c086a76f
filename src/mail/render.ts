/**
 * render: writes a message from a header list and a tree, and from nothing else.
 *
 * In:  header fields (MIME-Version among them; the Content fields are written here) and the body.
 * Out: RFC 5322 bytes: CRLF, ASCII only, lines within the limits, closed by CRLF. The same for the same input but for the boundaries.
 * Standards: RFC 5322, 2045-2047, 2183, 2231. Nothing in the input can become a field or a boundary line of its own. Never throws.
 */
import { isUtf8 } from 'node:buffer';
import { randomLetters } from '../core/ids.ts';
import { discard } from '../core/memory.ts';
import type { FilePart, MultipartPart, NestedPart, Part, TextPart } from './message.ts';
import { encodeBodyText, encodeBytes, type EncodedBody } from './mime/encode-body.ts';
import { encodeText, filenameParameters, headerField } from './mime/encode-header.ts';

export { encodeMailbox, encodeText } from './mime/encode-header.ts';

const CRLF = Buffer.from('\r\n');

export function render(headers: readonly (readonly [name: string, value: string])[], body: Part): Uint8Array {
  const head = headers.map(([name, value]) => headerField(name, value)).join('');
  const pieces = [ascii(head), ...entity(body), CRLF];
  const message = Buffer.concat(pieces);
  for (const piece of pieces) discard(piece);
  return message;
}

type Field = readonly [name: string, value: string];

/** A delivery status notification (RFC 3464): words for people, then fields in groups for programs. No third part, no original. */
export function renderReport(
  headers: readonly Field[],
  text: string,
  groups: readonly (readonly Field[])[],
): Uint8Array {
  const head = headers.map(([name, value]) => headerField(name, value)).join('');
  const boundary = `=_${randomLetters(24)}`;
  const fields = groups.map((group) => group.map(([name, value]) => headerField(name, value)).join('')).join('\r\n');
  return Buffer.concat([
    ascii(`${head}Content-Type: multipart/report; report-type=delivery-status;\r\n boundary="${boundary}"\r\n\r\n`),
    ascii(`--${boundary}\r\n`),
    ...textEntity({ kind: 'text', subtype: 'plain', text }),
    ascii(`\r\n--${boundary}\r\nContent-Type: message/delivery-status\r\n\r\n${fields}\r\n--${boundary}--\r\n`),
  ]);
}

/** Content fields, blank line, content: without a last line end, which belongs to what follows. */
function* entity(part: Part): Generator<Buffer> {
  switch (part.kind) {
    case 'multipart':
      yield* multipartEntity(part);
      break;
    case 'text':
      yield* textEntity(part);
      break;
    case 'file':
      yield* fileEntity(part);
      break;
    case 'message':
      yield* nestedEntity(part);
      break;
  }
}

function* multipartEntity({ subtype, parts }: MultipartPart): Generator<Buffer> {
  // 120 random bits: no content can hold it, whoever wrote that. `=_` cannot stand in base64 or quoted-printable (RFC 2045 6.7).
  const boundary = `=_${randomLetters(24)}`;
  yield ascii(`Content-Type: multipart/${subtype};\r\n boundary="${boundary}"\r\n\r\n`);
  // RFC 2046 5.1.1: at least one part.
  const first: readonly Part[] = parts.length > 0 ? parts : [{ kind: 'text', subtype: 'plain', text: '' }];
  for (const [index, part] of first.entries()) {
    yield ascii(`${index === 0 ? '' : '\r\n'}--${boundary}\r\n`);
    yield* entity(part);
  }
  yield ascii(`\r\n--${boundary}--`);
}

function textEntity(part: TextPart): readonly Buffer[] {
  return encoded(`Content-Type: text/${part.subtype}; charset=utf-8\r\n`, encodeBodyText(part.text));
}

function encoded(fields: string, { encoding, body }: EncodedBody): readonly Buffer[] {
  return [ascii(`${fields}Content-Transfer-Encoding: ${encoding}\r\n\r\n`), body];
}

function fileEntity(part: FilePart): readonly Buffer[] {
  const filename = part.filename === undefined ? '' : filenameParameters(part.filename.toWellFormed());
  const contentId = part.contentId?.replace(/[^\x21-\x7e]|[<>]/g, '') ?? '';
  const fields = [
    `Content-Type: ${safeType(part)}${charsetOf(part)}${methodOf(part)}\r\n`,
    `Content-Disposition: ${part.disposition}${filename}\r\n`,
    contentId === '' ? '' : headerField('Content-ID', `<${contentId}>`),
  ];
  return encoded(fields.join(''), encodeBytes(part.content));
}

const TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;
/** Types that a reader would take apart: nobody has looked at what it would find. */
const STRUCTURED = /^(?:multipart|message)\//;

function safeType({ contentType, text: readable }: FilePart): string {
  const type = contentType.toLowerCase();
  if (STRUCTURED.test(type)) return readable === undefined ? 'application/octet-stream' : 'text/plain';
  return TYPE.test(type) ? type : 'application/octet-stream';
}

/** RFC 6047 2.4: readers offer the buttons of an invitation when the type says what the calendar says. */
function methodOf(part: FilePart): string {
  if (part.contentType !== 'text/calendar') return '';
  const method = /^METHOD:([A-Z]{1,20})\s*$/m.exec(part.text ?? '')?.[1];
  return method === undefined ? '' : `; method=${method}`;
}

/** Said of text only when it is so; a file in another charset keeps its bytes, and its reader has to find out. */
function charsetOf(part: FilePart): string {
  return safeType(part).startsWith('text/') && isUtf8(part.content) ? '; charset=utf-8' : '';
}

/** Of a nested message only what the tree holds: its subject and its body. */
function* nestedEntity({ subject, body }: NestedPart): Generator<Buffer> {
  yield ascii('Content-Type: message/rfc822\r\n\r\n');
  if (subject !== '') yield ascii(headerField('Subject', encodeText(subject)));
  yield ascii('MIME-Version: 1.0\r\n');
  yield* entity(body);
}

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
