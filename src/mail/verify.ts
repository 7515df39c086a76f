/**
 * verify: proves that the final bytes hold neither party's real address. The last stage before a message is kept for delivery.
 *
 * In:  Rewritten.    Out: Verified, the only maker of it, or the place of a leak in a closed vocabulary.
 * Reads as a hostile receiver would, and on its own: a foreign parser, another searcher, nothing of rewrite or scrub, so that no one
 * mistake is in both. Reads the wire, every header, every part with its name, files in every width of characters, what is packed in files, nested mail.
 * Fails closed: an error while reading is a leak. Attacks: relays.md 2.1, security.md 3.4-3.6, 3.11. Throws nothing.
 */
import { simpleParser, type Attachment, type ParsedMail, type SimpleParserOptions } from 'mailparser';
import { discard } from '../core/memory.ts';
import { spellingsOf, type Traces } from './traces.ts';
import type { Rewritten, Secrets, Verified } from './types.ts';
import { base64Blocks, mayHoldAddress } from './verify/base64.ts';
import { domainStarts, matcherFor, plainMatcherFor, type Matcher } from './verify/match.ts';
import { codeReadings } from './verify/codes.ts';
import { hasForeignHeader } from './verify/header-list.ts';
import { Unpacking } from './verify/unpacking.ts';
import { byteReadings, bytesAround, isTextual, textReadings, wireText } from './verify/readings.ts';

/** `header-list`: no address was seen, but a header that none of ours is. */
export type LeakPlace = 'header' | 'header-list' | 'text' | 'html' | 'filename' | 'attachment' | 'raw';

export type Verification =
  | { readonly kind: 'clean'; readonly mail: Verified }
  | { readonly kind: 'leak'; readonly place: LeakPlace };

export async function verify(rewritten: Rewritten, secrets: Secrets): Promise<Verification> {
  const place = await leakIn(rewritten.bytes, secrets);
  return place === undefined ? { kind: 'clean', mail: brand(rewritten) } : { kind: 'leak', place };
}

/** The one place that makes a `Verified`. */
const brand = (rewritten: Omit<Rewritten, symbol>): Verified => rewritten as Verified;

async function leakIn(bytes: Uint8Array, secrets: Secrets): Promise<LeakPlace | undefined> {
  try {
    const traces = spellingsOf(secrets);
    return await mailLeak(bytes, matchersFor(traces), 0);
  } catch {
    return 'raw'; // what cannot be read cannot be proved clean; the error may quote the mail, so it goes no further
  }
}

interface Matchers {
  readonly inText: Matcher;
  readonly inBytes: Matcher;
  /** Runs of base64 that were decoded and read. */
  readonly done: Set<string>;
  readonly unpacking: Unpacking;
  readonly mayBegin: (octet: number) => boolean;
}

const matchersFor = (traces: Traces): Matchers => ({
  inText: matcherFor(traces),
  inBytes: plainMatcherFor(traces),
  done: new Set(),
  unpacking: new Unpacking(),
  mayBegin: domainStarts(traces),
});

/** Nested mail deeper than this is not followed, so it is not let through either (security.md 3.12). */
const MAX_NESTING = 10;

/** Only decoding: no conversions between text and HTML, no links, no checksums, nested mail handed over whole. */
const DECODE_ONLY: SimpleParserOptions = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  keepCidLinks: true,
  keepDeliveryStatus: true,
  ignoreEmbedded: true,
  checksumAlgo: false,
};

async function mailLeak(bytes: Uint8Array, matchers: Matchers, nesting: number): Promise<LeakPlace | undefined> {
  if (nesting > MAX_NESTING) return 'raw';
  const mail = await simpleParser(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), DECODE_ONLY);
  const inParts = partsLeak(mail, matchers) ?? (await filesLeak(mail.attachments, matchers, nesting));
  for (const { content } of mail.attachments) discard(content);
  // Last, as it is the least telling: everything at once, whatever the parser made of it (part headers, text between parts).
  const anywhere = inParts ?? (holdsOnWire(bytes, matchers) ? 'raw' : undefined);
  if (anywhere !== undefined || nesting > 0) return anywhere;
  return hasForeignHeader(mail.headerLines.map(({ key }) => key)) ? 'header-list' : undefined;
}

function partsLeak(mail: ParsedMail, matchers: Matchers): LeakPlace | undefined {
  if (holds(mail.headerLines.map(({ line }) => line).join('\n'), matchers)) return 'header';
  if (holds(namesIn(mail), matchers)) return 'filename';
  // A subject may go on in the text.
  if (holds(`${mail.subject ?? ''}\n${(mail.text ?? '').slice(0, 200)}`, matchers)) return 'text';
  if (holds(mail.text ?? '', matchers)) return 'text';
  return holds(mail.html || '', matchers) ? 'html' : undefined;
}

/** As a list shows them, one under the other: two names may be two halves. */
const namesIn = (mail: ParsedMail): string => mail.attachments.map(({ filename }) => filename ?? '').join('\n');

async function filesLeak(
  files: readonly Attachment[],
  matchers: Matchers,
  nesting: number,
): Promise<LeakPlace | undefined> {
  for (const file of files) {
    if (holds(file.filename ?? '', matchers)) return 'filename';
    if (holds(headersOf(file), matchers)) return 'header';
    const leak = await contentLeak(file, matchers, nesting);
    if (leak !== undefined) return leak;
  }
  return undefined;
}

/** All headers of a part with their parameters, decoded by the parser. */
const headersOf = (file: Attachment): string => JSON.stringify([...file.headers]);

async function contentLeak(file: Attachment, matchers: Matchers, nesting: number): Promise<LeakPlace | undefined> {
  if (/^message\/(?:rfc822|global)$/i.test(file.contentType)) {
    return mailLeak(file.content, matchers, nesting + 1);
  }
  return isFileClean(file.content, matchers, MAX_PACKING) ? undefined : 'attachment';
}

/** A file, and what lies packed in it, down to `levels`. */
function isFileClean(content: Uint8Array, matchers: Matchers, levels: number): boolean {
  if (isTextual(content)) {
    for (const reading of byteReadings(content)) if (holds(reading, matchers)) return false;
  } else {
    for (const reading of bytesAround(content, matchers.mayBegin)) if (matchers.inBytes(reading)) return false;
  }
  for (const packed of matchers.unpacking.of(content)) {
    if (packed.length > 0 && (levels === 0 || !isFileClean(packed, matchers, levels - 1))) return false;
  }
  return true;
}

/** Files in files deeper than this are not followed, so they are not let through either. */
const MAX_PACKING = 4;

function holds(text: string, matchers: Matchers): boolean {
  if (text === '') return false;
  for (const reading of textReadings(text)) if (isReadIn(reading, matchers)) return true;
  for (const reading of codeReadings(text)) if (isReadIn(reading, matchers)) return true;
  return false;
}

function isReadIn(reading: string, matchers: Matchers): boolean {
  if (matchers.inText(reading)) return true;
  for (const decoded of base64Blocks(reading, matchers.done)) if (isInBlock(decoded, matchers)) return true;
  return false;
}

/** The wire shows what stands between the parts, too. What people write in codes stands in them, and was read there. */
function holdsOnWire(bytes: Uint8Array, matchers: Matchers): boolean {
  for (const reading of textReadings(wireText(bytes))) if (isReadIn(reading, matchers)) return true;
  return false;
}

/** What base64 in a text decodes to: text, or something packed, as a file of its own. */
function isInBlock(decoded: Uint8Array, matchers: Matchers): boolean {
  if (mayHoldAddress(decoded)) for (const reading of byteReadings(decoded)) if (matchers.inBytes(reading)) return true;
  for (const packed of matchers.unpacking.of(decoded)) {
    if (packed.length > 0 && !isFileClean(packed, matchers, 1)) return true;
  }
  return false;
}
