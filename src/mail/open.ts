/**
 * open: looks into every file of a message, so that the rules read what its reader will, and so that it leaves without what names its
 * maker.
 *
 * In:  the tree of a message and both parties' addresses.    Out: the same tree with files as they may leave and the words in them;
 * what nobody here can look into is an anomaly, and the judge holds it; so is more text than the rules may be given.
 * A message in a file becomes a nested message, a winmail.dat the parts that it was made of. What a file is, its first bytes say.
 * Costs time and space that the author decides about: what holds files runs in a thread that can be ended. Never throws.
 * Attacks: security.md MI-15, MI-16, MI-18, OB-07, DO-02; relays.md 2.2, rows 26-31.
 */
import type { Anomaly, FilePart, Message, Part } from './message.ts';
import { readBody } from './mime/body.ts';
import { shownText } from './mime/header-text.ts';
import { splitEntity, valuesOf } from './mime/header.ts';
import { unreadIn } from './mime/unread.ts';
import { lookIntoArchive } from './files/archive.ts';
import { kindOf } from './files/kind.ts';
import {
  MAX_ENTRIES,
  MAX_EXPANDED,
  MAX_FILE_DEPTH,
  unreadable,
  untouched,
  type Bounds,
  type LookedInto,
  type LookInto,
} from './files/looked-into.ts';
import { withoutMetadata } from './files/pictures.ts';
import { lookIntoRtf } from './files/rtf.ts';
import { partsOfTnef } from './files/winmail.ts';
import { tooHeavy, weighed } from './heavy.ts';
import { findTraces, maskText } from './mask/scrub.ts';
import { isSignatureOrKey } from './signatures.ts';
import { spellingsOf, type Traces } from './traces.ts';
import type { Received, Secrets } from './types.ts';

/** `opens`: no, when this message ended the thread that tried. It is held then, files or not: its text may have been what did it. */
export async function openFiles(message: Message, secrets: Secrets, opens: boolean): Promise<Message> {
  if (!opens) return tooHeavy(message);
  if (!holdsFiles(message.body)) return weighed(message);
  const anomalies = new Set(message.anomalies);
  const opening: Opening = {
    traces: spellingsOf(secrets),
    anomalies,
    bounds: { depth: 0, left: { octets: MAX_EXPANDED, entries: MAX_ENTRIES } },
    hasText: hasShownText(message.body),
  };
  const body = await openPart(message.body, opening);
  return weighed({ ...message, body, anomalies: [...anomalies] });
}

/**
 * Up to here a message without files takes the doors' thread ten milliseconds or less, in whatever alphabet; one of 240 kB takes a tenth
 * of a second and more, and twenty of them at once come one after the other.
 */
const LARGE = 32 * 1024;

export const isLarge = (received: Received): boolean =>
  received instanceof Uint8Array ? received.length > LARGE : received.size > LARGE;

export function holdsFiles(part: Part): boolean {
  if (part.kind === 'multipart') return part.parts.some(holdsFiles);
  return part.kind === 'message' ? holdsFiles(part.body) : part.kind === 'file';
}

function hasShownText(part: Part): boolean {
  if (part.kind === 'multipart') return part.parts.some(hasShownText);
  return part.kind === 'text' && part.text.trim() !== '';
}

interface Opening {
  readonly traces: Traces;
  readonly anomalies: Set<Anomaly>;
  readonly bounds: Bounds;
  /** The message shows text of its own, so the one in a winmail.dat is the same once more. */
  readonly hasText: boolean;
}

async function openPart(part: Part, opening: Opening): Promise<Part> {
  switch (part.kind) {
    case 'text':
      return part;
    case 'message':
      return { ...part, body: await openPart(part.body, opening) };
    case 'multipart': {
      const parts: Part[] = [];
      for (const child of part.parts) parts.push(await openPart(child, opening));
      return { ...part, parts };
    }
    case 'file':
      return await openFile(part, opening);
  }
}

async function openFile(file: FilePart, opening: Opening): Promise<Part> {
  if (isMessageFile(file)) return await openMessage(file, opening);
  if (file.text !== undefined && holdsClosed(file.text)) opening.anomalies.add('unreadable-file');
  if ((file.text !== undefined && kindOf(file.content) !== 'rtf') || file.content.length === 0) return file;
  if (isSignatureOrKey(file)) return file;
  if (isTnef(file)) return await openTnef(file, opening);
  const { content, words, masked, anomalies } = await lookInto(
    file.content,
    file.filename ?? '',
    opening.traces,
    opening.bounds,
  );
  for (const anomaly of anomalies) opening.anomalies.add(anomaly);
  return { ...file, text: undefined, content, words, masked };
}

/** One file, whatever it lies in. Files in files come back here. */
const lookInto: LookInto = async (content, _name, traces, bounds) => {
  switch (kindOf(content)) {
    case 'picture':
      return cleanPicture(content);
    case 'zip':
      return await lookIntoArchive(content, traces, bounds, lookInto);
    case 'pdf':
      // Large, and needed by few messages: loaded with the first document that comes.
      return await (await import('./files/pdf.ts')).lookIntoPdf(content, traces, bounds);
    case 'rtf':
      return lookIntoRtf(content, traces);
    case 'closed':
    case 'tnef':
      return unreadable(content);
    case 'other':
      // What packs its content without saying so (Brotli, zlib) looks like any other bytes that nobody here can read.
      return isText(content) ? maskedText(content, traces) : unreadable(content);
  }
};

/** What only begins like a picture may be anything behind that, an archive with a password for one. */
function cleanPicture(content: Uint8Array): LookedInto {
  const cleaned = withoutMetadata(content);
  return cleaned === undefined ? unreadable(content) : untouched(cleaned);
}

/** To its end: readers of archives pass over what stands in front of them. */
const isText = (content: Uint8Array): boolean =>
  !CONTROL.test(Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1'));
const CONTROL = /[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]/;

/** Text, whatever it calls itself, is written again in UTF-8, masked. */
function maskedText(content: Uint8Array, traces: Traces): LookedInto {
  if (holdsClosed(Buffer.from(content).toString('latin1'))) return unreadable(content);
  const { text, masked } = maskText(Buffer.from(content).toString('utf8'), traces);
  return { content: masked > 0 ? Buffer.from(text) : content, words: text, masked, anomalies: [...unreadIn(text)] };
}

/**
 * Base64 of a file that nobody here opens: 7z, rar, gzip and the like, an Office file from before 2007. Their first octets fill whole
 * groups, so they look the same in every text. Archives and documents are unpacked by verify.
 */
const CLOSED = /(?<![A-Za-z0-9+/])(?:N3q8ryc|UmFyIR|H4sI|QlpoO|\/Td6WFo|KLUv\/|TVNDRg|0M8R4KGx)[A-Za-z0-9+/\s]{20}/;
const holdsClosed = (text: string): boolean => CLOSED.test(text);

// --- messages in files -----------------------------------------------------------------------------------------------

/** An .eml file is a message whatever its type says; readers open it as one. */
function isMessageFile({ contentType, filename }: FilePart): boolean {
  return !contentType.startsWith('text/') && /\.eml$/i.test(filename ?? '');
}

async function openMessage(file: FilePart, opening: Opening): Promise<Part> {
  if (opening.bounds.depth >= MAX_FILE_DEPTH) return held(file, opening);
  const text = Buffer.from(file.content)
    .toString('latin1')
    .replace(/\r\n?|\n/g, '\r\n');
  const { fields, body, isBroken, isTooLarge } = splitEntity(Buffer.from(text, 'latin1'));
  if (isBroken || isTooLarge || fields.length === 0) return held(file, opening);
  const subject = shownText(valuesOf(fields, 'subject')[0] ?? '', opening.anomalies);
  const deeper = { ...opening, bounds: { ...opening.bounds, depth: opening.bounds.depth + 1 } };
  return { kind: 'message', subject, body: await openPart(readBody(fields, body, opening.anomalies), deeper) };
}

const isTnef = ({ contentType, filename, content }: FilePart): boolean =>
  kindOf(content) === 'tnef' || /\bms-tnef$/.test(contentType) || /^winmail\.dat$/i.test(filename ?? '');

async function openTnef(file: FilePart, opening: Opening): Promise<Part> {
  const parts = opening.bounds.depth < MAX_FILE_DEPTH ? partsOfTnef(file.content, opening.hasText) : undefined;
  if (parts === undefined) return held(file, opening);
  const deeper = { ...opening, bounds: { ...opening.bounds, depth: opening.bounds.depth + 1 } };
  return await openPart({ kind: 'multipart', subtype: 'mixed', parts }, deeper);
}

function held(file: FilePart, { anomalies, traces }: Opening): FilePart {
  anomalies.add(
    findTraces(Buffer.from(file.content).toString('latin1'), traces).length > 0 ? 'address-in-file' : 'unreadable-file',
  );
  return file;
}
