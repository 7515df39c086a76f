/**
 * tnef: what is in a winmail.dat, the wrapping in which Outlook sends a message to other Outlooks (TNEF).
 *
 * In:  the bytes of the file.    Out: subject, texts and files; `undefined` when it is no TNEF at all.
 * What could not be read makes it incomplete, and so does what two readers could read in two ways: the caller holds the message.
 * Of the properties only the few below are looked at. The others say who wrote it, with which mailbox, on which server.
 * Standards: MS-OXTNEF, MS-OXRTFCP. Attacks: lengths beyond the end, messages in messages, a second text. Linear, never throws.
 */
import { isUtf8 } from 'node:buffer';
import { littleAt } from './bytes.ts';
import { decompressRtf } from './rtf-compressed.ts';
import { CODE_PAGE, Cursor, decodeString, PTYP, readProperties, type Property } from './tnef-properties.ts';

export interface TnefFile {
  readonly filename: string | undefined;
  readonly contentType: string | undefined;
  readonly content: Uint8Array;
}

export interface TnefContent {
  readonly subject: string | undefined;
  readonly text: string | undefined;
  readonly html: string | undefined;
  /** One letter for each byte. */
  readonly rtf: string | undefined;
  readonly files: readonly TnefFile[];
  /** false when something in it could not be read: the caller holds the message */
  readonly isComplete: boolean;
}

const SIGNATURE = 0x223e9f78;
/** The signature and the key, which only says in which order attachments were made (MS-OXTNEF 2.1.3.1). */
const HEADER_LENGTH = 6;
/** Some thousand attachments with all that belongs to them. */
const MAX_ATTRIBUTES = 10_000;
const MAX_DEPTH = 3;

/** The lower half of the attribute ids; the upper half is a type that follows from it (MS-OXTNEF 2.1.3.2). */
const ATT = {
  subject: 0x8004,
  messageClass: 0x8008,
  body: 0x800c,
  attachData: 0x800f,
  attachTitle: 0x8010,
  attachRendData: 0x9002,
  mapiProps: 0x9003,
  attachment: 0x9005,
  oemCodePage: 0x9007,
} as const;
const KNOWN: ReadonlySet<number> = new Set(Object.values(ATT));
const OF_MESSAGE = 1;
const OF_ATTACHMENT = 2;

const PR = {
  messageClass: 0x001a,
  subject: 0x0037,
  body: 0x1000,
  rtfCompressed: 0x1009,
  bodyHtml: 0x1013,
  attachData: 0x3701,
  attachFilename: 0x3704,
  attachLongFilename: 0x3707,
  attachMimeTag: 0x370e,
  internetCodePage: 0x3fde,
} as const;
const WANTED: ReadonlySet<number> = new Set(Object.values(PR));

type Attributes = ReadonlyMap<number, Uint8Array>;

interface Stream {
  readonly message: Attributes;
  readonly attachments: readonly Attributes[];
  readonly isComplete: boolean;
}

/** One stream while it is read. Doubts are gathered here, since the rest is still worth reading: the rules look at it. */
interface Reading {
  readonly depth: number;
  readonly codePage: number;
  isComplete: boolean;
}

type Values = ReadonlyMap<number, Property>;

export function readTnef(content: Uint8Array): TnefContent | undefined {
  return readMessage(content, 0);
}

function readMessage(content: Uint8Array, depth: number): TnefContent | undefined {
  if (littleAt(content, 0, 4) !== SIGNATURE) return undefined;
  const { message, attachments, isComplete } = readStream(content);
  const codePage = littleAt(message.get(ATT.oemCodePage) ?? new Uint8Array(), 0, 4) || CODE_PAGE.windows1252;
  const reading: Reading = { depth, codePage, isComplete };
  const values = valuesIn(message.get(ATT.mapiProps), reading);
  expectNote(message, values, reading);
  return {
    subject: stringOf(values.get(PR.subject), reading) ?? plainString(message.get(ATT.subject), reading),
    text: stringOf(values.get(PR.body), reading) ?? plainString(message.get(ATT.body), reading),
    html: htmlOf(values, reading),
    rtf: rtfOf(values.get(PR.rtfCompressed), reading),
    files: attachments.flatMap((attachment) => filesOf(attachment, reading)),
    isComplete: reading.isComplete, // asked last, when all of it is read
  };
}

/** Attributes until the end of the bytes; each attachment begins with its attAttachRendData (MS-OXTNEF 2.1.3.3.15). */
function readStream(content: Uint8Array): Stream {
  const cursor = new Cursor(content, HEADER_LENGTH);
  const message = new Map<number, Uint8Array>();
  const attachments: Map<number, Uint8Array>[] = [];
  let isComplete = content.length >= HEADER_LENGTH;
  for (let count = 0; !cursor.isAtEnd; count++) {
    const level = cursor.number(1);
    const id = cursor.number(4) & 0xffff;
    const data = cursor.take(cursor.number(4));
    const checksum = cursor.number(2);
    if (cursor.isBroken || count === MAX_ATTRIBUTES) return { message, attachments, isComplete: false };
    isComplete &&= checksum === sumOf(data) && (level === OF_MESSAGE || level === OF_ATTACHMENT);
    if (!KNOWN.has(id)) continue;
    if (level !== OF_MESSAGE && id === ATT.attachRendData) attachments.push(new Map());
    const owner = level === OF_MESSAGE ? message : attachments.at(-1);
    isComplete &&= owner?.has(id) === false; // not one more body behind the first
    owner?.set(id, data);
  }
  return { message, attachments, isComplete };
}

/** MS-OXTNEF 2.1.3.2: all bytes, added up in 16 bits. */
function sumOf(data: Uint8Array): number {
  let sum = 0;
  for (const byte of data) sum = (sum + byte) & 0xffff;
  return sum;
}

function valuesIn(stream: Uint8Array | undefined, reading: Reading): Values {
  if (stream === undefined) return new Map();
  const { values, isComplete } = readProperties(stream, WANTED);
  reading.isComplete &&= isComplete;
  return values;
}

/** Meetings, contacts and tasks say in properties of their own what they mean, and what is signed or encrypted cannot be rebuilt. */
const NOTE = /^IPM\.(?:Microsoft Mail\.)?Note(?!\.(?:SMIME|Secure)\b)(?:\.|$)/i;

function expectNote(message: Attributes, values: Values, reading: Reading): void {
  const classes = [plainString(message.get(ATT.messageClass), reading), stringOf(values.get(PR.messageClass), reading)];
  reading.isComplete &&= classes.every((name) => name === undefined || NOTE.test(name));
}

/** An attribute's string: always in the code page of the stream. */
function plainString(bytes: Uint8Array | undefined, reading: Reading): string | undefined {
  return bytes === undefined ? undefined : stringOf({ type: PTYP.string8, value: bytes }, reading);
}

/** Binary strings have no code page of their own, so the caller has to know it. */
function stringOf(property: Property | undefined, reading: Reading, binaryPage?: number): string | undefined {
  if (property === undefined) return undefined;
  const codePage = codePageOf(property.type, reading, binaryPage);
  if (codePage === undefined) {
    reading.isComplete = false; // an error code stands for a text that was too long
    return undefined;
  }
  const { text, isExact } = decodeString(property.value, codePage);
  reading.isComplete &&= isExact;
  return text;
}

function codePageOf(type: number, { codePage }: Reading, binaryPage: number | undefined): number | undefined {
  switch (type) {
    case PTYP.string:
      return CODE_PAGE.utf16;
    case PTYP.string8:
      return codePage;
    case PTYP.binary:
      return binaryPage;
    default:
      return undefined;
  }
}

/** Bytes that nobody declared and that are UTF-8 are read as such, since nothing else looks like it. */
function htmlOf(values: Values, reading: Reading): string | undefined {
  const html = values.get(PR.bodyHtml);
  if (html === undefined) return undefined;
  const declared = littleAt(values.get(PR.internetCodePage)?.value ?? new Uint8Array(), 0, 4);
  const undeclared = isUtf8(html.value) ? CODE_PAGE.utf8 : reading.codePage;
  return stringOf(html, reading, declared || undeclared);
}

function rtfOf(property: Property | undefined, reading: Reading): string | undefined {
  if (property === undefined) return undefined;
  const rtf = property.type === PTYP.binary ? decompressRtf(property.value) : undefined;
  reading.isComplete &&= rtf !== undefined;
  return rtf;
}

function filesOf(attachment: Attributes, reading: Reading): readonly TnefFile[] {
  const values = valuesIn(attachment.get(ATT.attachment), reading);
  const filename =
    stringOf(values.get(PR.attachLongFilename), reading) ??
    stringOf(values.get(PR.attachFilename), reading) ??
    plainString(attachment.get(ATT.attachTitle), reading);
  const contentType = stringOf(values.get(PR.attachMimeTag), reading);
  const property = values.get(PR.attachData);
  const data = attachment.get(ATT.attachData);
  // Two contents that differ: each reader would show another one.
  const isTwice = property !== undefined && data !== undefined && data.length > 0;
  if (isTwice && Buffer.compare(property.value, data) !== 0) reading.isComplete = false;
  if (property?.type === PTYP.object) return filesOfMessage(property.value, filename, reading);
  const content = property?.type === PTYP.binary ? property.value : data;
  reading.isComplete &&= content !== undefined; // only a link to a file somewhere else
  return content === undefined ? [] : [{ filename, contentType, content }];
}

/** IID_IMessage, in front of a whole TNEF stream (MS-OXTNEF 2.1.3.4). Other ids are objects that only their own program opens. */
const MESSAGE_ID = Buffer.from('0703020000000000c000000000000046', 'hex');

function filesOfMessage(object: Uint8Array, filename: string | undefined, reading: Reading): readonly TnefFile[] {
  const isMessage = MESSAGE_ID.equals(object.subarray(0, MESSAGE_ID.length)) && reading.depth < MAX_DEPTH;
  const message = isMessage ? readMessage(object.subarray(MESSAGE_ID.length), reading.depth + 1) : undefined;
  reading.isComplete &&= message?.isComplete === true;
  if (message === undefined) return [];
  // Its formatting alone is no text that could be shown.
  if (message.text === undefined && message.html === undefined && message.rtf !== undefined) reading.isComplete = false;
  return [textFile(message, filename ?? message.subject ?? 'message'), ...message.files];
}

function textFile({ text, html }: TnefContent, name: string): TnefFile {
  return text === undefined && html !== undefined
    ? { filename: `${name}.html`, contentType: 'text/html', content: Buffer.from(html) }
    : { filename: `${name}.txt`, contentType: 'text/plain', content: Buffer.from(text ?? '') };
}
