/**
 * archive: ZIP files, and the office documents that are ZIP files inside (OOXML, ODF, EPUB).
 *
 * In:  the bytes of a ZIP file, the traces.    Out: a new ZIP of the same entries, each looked into, without dates, extra fields and
 * comments; or the reason why nobody can look into it.
 * The directory is read first and bounded: what it promises is all that is inflated, so a bomb costs what it declares and no more
 * (security.md DO-02). Macros, embedded OLE objects and entries under a password are not for us to open. Never throws.
 * Standards: APPNOTE 4.3, ECMA-376 part 2, ODF 1.3 part 2.
 */
import { unzipSync, zipSync, type Zippable } from 'fflate';
import { maskText } from '../mask/scrub.ts';
import type { Traces } from '../traces.ts';
import { MAX_FILE_DEPTH, unreadable, type Bounds, type LookedInto, type LookInto } from './looked-into.ts';
import { rewriteMarkup } from './markup.ts';

export async function lookIntoArchive(
  content: Uint8Array,
  traces: Traces,
  bounds: Bounds,
  lookInto: LookInto,
): Promise<LookedInto> {
  if (bounds.depth >= MAX_FILE_DEPTH || !isPlainZip(content)) return unreadable(content);
  const entries = unzipped(content, bounds);
  if (entries === undefined) return unreadable(content);
  const isDocument = '[Content_Types].xml' in entries || 'mimetype' in entries;
  const inside: Inside = { traces, bounds: { ...bounds, depth: bounds.depth + 1 }, lookInto, isDocument };
  const rebuilt: Zippable = {};
  const looked: LookedInto[] = [];
  for (const [name, bytes] of Object.entries(entries)) {
    if (isDocument && PRINTER_NAME.test(name)) continue;
    const entry = await entryOf(name, bytes, inside);
    const shownName = isDocument ? { text: name, masked: 0 } : maskText(name, traces);
    looked.push({ ...entry, masked: entry.masked + shownName.masked });
    rebuilt[unusedName(shownName.text, rebuilt)] = [
      entry.content,
      { level: name === 'mimetype' ? 0 : 6, mtime: NO_DATE },
    ];
  }
  return {
    content: zipSync(rebuilt),
    words: looked
      .map((entry) => entry.words)
      .filter((words) => words !== '')
      .join('\n'),
    masked: looked.reduce((sum, entry) => sum + entry.masked, 0),
    anomalies: [...new Set(looked.flatMap((entry) => entry.anomalies))],
  };
}

/** Two names may be alike once they are masked; both files are wanted. */
function unusedName(name: string, taken: Zippable): string {
  let unused = name;
  for (let number = 2; unused in taken; number++)
    unused = name.replace(/(\.[^./]*)?$/, (ending) => ` (${number})${ending}`);
  return unused;
}

/** The earliest that the format can say (APPNOTE 4.4.6); local time, as the format has it. */
const NO_DATE = new Date(1980, 0, 1);

/** Nothing in front: a ZIP may begin anywhere, and a file that is two things at once is read as either. */
const isPlainZip = (content: Uint8Array): boolean => content[0] === 0x50 && content[1] === 0x4b;

function unzipped(content: Uint8Array, bounds: Bounds): Readonly<Record<string, Uint8Array>> | undefined {
  let isSound = true;
  const admit = ({ name, originalSize, compression }: { name: string; originalSize: number; compression: number }) => {
    bounds.left.entries--;
    bounds.left.octets -= originalSize;
    const fits = bounds.left.entries >= 0 && bounds.left.octets >= 0 && (compression === 0 || compression === 8);
    isSound &&= fits && !UNSAFE_NAME.test(name);
    return isSound && !name.endsWith('/');
  };
  try {
    if (hasEncryptedEntry(content)) return undefined;
    const entries = unzipSync(content, { filter: admit });
    return isSound ? entries : undefined;
  } catch {
    return undefined; // damaged; the error may quote names
  }
}

/** Up out of the folder it is unpacked in, or from the root of the disk. */
const UNSAFE_NAME = /(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[a-z]:|[\x00-\x1f]|^__proto__$/i;

/** Bit 0 of the general purpose flag (APPNOTE 4.4.4), in any entry of the central directory. */
function hasEncryptedEntry(content: Uint8Array): boolean {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  for (let at = bytes.indexOf(DIRECTORY_ENTRY); at >= 0; at = bytes.indexOf(DIRECTORY_ENTRY, at + 4)) {
    if (at + 10 <= bytes.length && (bytes.readUInt16LE(at + 8) & 1) === 1) return true;
  }
  return false;
}
const DIRECTORY_ENTRY = Buffer.from([0x50, 0x4b, 1, 2]);

interface Inside {
  readonly traces: Traces;
  readonly bounds: Bounds;
  readonly lookInto: LookInto;
  readonly isDocument: boolean;
}

const MARKUP_NAME = /\.(?:xml|rels|vml|opf|ncx|x?html)$/i;
/** Programs, and objects of other programs, that run or open when a reader clicks. */
const ACTIVE_NAME = /(?:^|\/)(?:vbaProject\.bin|oleObject\d*\.bin|activeX\d*\.(?:xml|bin)|Basic\/.*|Scripts\/.*)$/i;
/** Who wrote, printed and owned it: OOXML's property parts, ODF's meta.xml, Office's lists of people, pictures of the first page. */
const PROPERTIES_NAME =
  /^(?:docProps\/(?:(?:core|app|custom)\.xml|thumbnail\.\w+)|meta\.xml|Thumbnails\/thumbnail\.png|layout-cache|(?:word|xl|ppt)\/(?:people|persons\/person\d*)\.xml)$/i;
/** Which printer somebody has, as its driver keeps it: left out with what refers to it, since Excel repairs a file that misses a part. */
const PRINTER_NAME = /^(?:word|xl|ppt)\/printerSettings\/[^/]+\.bin$/i;
const PRINTER_REFERENCE =
  /<Relationship\s[^<>]*\/printerSettings"[^<>]*>|(?<=<pageSetup\s[^<>]{0,400})\sr:id="[^"<>]*"/g;

async function entryOf(
  name: string,
  bytes: Uint8Array,
  { traces, bounds, lookInto, isDocument }: Inside,
): Promise<LookedInto> {
  if (!isDocument) return await lookInto(bytes, name, traces, bounds);
  if (ACTIVE_NAME.test(name)) return unreadable(bytes);
  if (PROPERTIES_NAME.test(name)) return { content: emptied(bytes), words: '', masked: 0, anomalies: [] };
  if (!MARKUP_NAME.test(name)) return await lookInto(bytes, name, traces, bounds);
  const xml = textOf(bytes);
  const rewritten = xml === undefined ? undefined : rewriteMarkup(xml.replace(PRINTER_REFERENCE, ''), traces);
  if (rewritten === undefined) return unreadable(bytes);
  const { text, words, masked } = rewritten;
  // Relations and styles show nothing to a reader.
  return {
    content: Buffer.from(text),
    words: /\.rels$|styles|theme|settings/i.test(name) ? '' : maskText(words, traces).text,
    masked,
    anomalies: [],
  };
}

/** XML 1.0 appendix F: UTF-16 by its mark, or what the declaration says. `undefined` for an encoding that hides letters in others. */
function textOf(bytes: Uint8Array): string | undefined {
  const marked = MARKS.find(({ first, second }) => bytes[0] === first && bytes[1] === second)?.encoding;
  const declared = DECLARED.exec(Buffer.from(bytes.subarray(0, 200)).toString('latin1'))?.[2] ?? 'utf-8';
  if (marked === undefined && !READABLE.test(declared)) return undefined;
  return new TextDecoder(marked ?? declared).decode(bytes).replace(DECLARED, '$1UTF-8$3');
}

const MARKS = [
  { first: 0xff, second: 0xfe, encoding: 'utf-16le' },
  { first: 0xfe, second: 0xff, encoding: 'utf-16be' },
] as const;
const DECLARED = /^(\s*(?:\ufeff|\xef\xbb\xbf)?<\?xml\s[^<>]{0,100}?encoding\s*=\s*["'])([^"'<>]{1,40})(["'])/;
const READABLE = /^(?:utf-?8|us-ascii|iso-8859-\d{1,2}|windows-125\d)$/i;

/** The root element stays, so that the document is whole; nothing in it does. */
function emptied(bytes: Uint8Array): Uint8Array {
  const [, open = '', name = ''] =
    /(<((?:[\w-]+:)?[\w-]+)(?:\s[^<>]*?)?)\/?>/.exec((textOf(bytes) ?? '').replace(/^\s*<\?[^>]*\?>/, '')) ?? [];
  return Buffer.from(name === '' ? '' : `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${open}></${name}>`);
}
