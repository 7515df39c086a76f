/**
 * markup: the XML parts of office documents, without addresses and without the names of their authors.
 *
 * In:  the text of an XML part, the traces.    Out: the same XML masked, and the words that it shows.
 * Text is searched across tags: a word processor cuts `jane.doe@x` into three runs. Attributes hold addresses too (`mailto:` targets),
 * and the authors of comments and changes. XML with a document type is not XML that an office program writes; it is refused, since
 * entities can make one line into a gigabyte. Linear; never fails.
 */
import { maskAcross, type Piece } from '../mask/across.ts';
import { maskText } from '../mask/scrub.ts';
import type { Traces } from '../traces.ts';

const TOKEN = /<[^<>]*>|[^<]+|</g;
/** ECMA-376 17.13 (w:author, w:initials), 18.7 (xl authors stand in text), ODF 1.3 19.769 (office:name); all of Office. */
const NAMES_AUTHOR = /(\s(?:[\w-]+:)?(?:author|initials|userName|lastModifiedBy)\s*=\s*)("[^"]*"|'[^']*')/g;
/** Elements whose text names people: comment lists of spreadsheets, comments and metadata of ODF, people parts. */
const AUTHOR_ELEMENT =
  /<((?:[\w-]+:)?(?:author|creator|initial-creator|sender-initials|lastModifiedBy|manager|company|printed-by))(\s[^<>]*)?>[^<]*<\/\1>/gi;

/** Where the author's computer keeps the workbook, with the name that its author signs in by (MS-XLSX 2.6.1). */
const FOLDER = /<(?:[\w-]+:)?absPath\b[^<>]*>/g;

export function rewriteMarkup(
  xml: string,
  traces: Traces,
): { text: string; words: string; masked: number } | undefined {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) return undefined;
  const pieces: Piece[] = [];
  let maskedInTags = 0;
  for (const [token] of withoutCdata(xml).replace(AUTHOR_ELEMENT, '<$1$2></$1>').replace(FOLDER, '').matchAll(TOKEN)) {
    if (!token.startsWith('<')) {
      pieces.push({ kind: 'text', content: unescaped(token) });
      continue;
    }
    const tag = maskText(token.replace(NAMES_AUTHOR, '$1""'), traces);
    maskedInTags += tag.masked;
    pieces.push({ kind: 'markup', content: tag.text });
  }
  const { text, masked } = maskAcross(pieces, traces, escaped);
  return { text, words: wordsOf(pieces), masked: masked + maskedInTags };
}

/** XML 1.0 2.7: text that needs no escapes, written with escapes. What is not closed stays. */
function withoutCdata(xml: string): string {
  let text = '';
  let from = 0;
  for (let at = xml.indexOf(CDATA); at >= 0; at = xml.indexOf(CDATA, from)) {
    const end = xml.indexOf(']]>', at);
    if (end < 0) break;
    text += xml.slice(from, at) + escaped(xml.slice(at + CDATA.length, end));
    from = end + 3;
  }
  return text + xml.slice(from);
}
const CDATA = '<![CDATA[';

/** Paragraphs, cells and rows end lines; runs do not. */
function wordsOf(pieces: readonly Piece[]): string {
  return pieces
    .map(({ kind, content }) => (kind === 'text' ? content : BREAKS.test(content) ? '\n' : ''))
    .join('')
    .replace(/\n{2,}/g, '\n')
    .trim();
}

const BREAKS =
  /^<(?:\/(?:[\w-]+:)?(?:p|h|tr|row|c|si|t[cd]|table-cell|table-row|comment)|(?:[\w-]+:)?(?:br|line-break|tab))[\s/>]/;

const ENTITY = /&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|(lt|gt|amp|quot|apos));/g;
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(ENTITY, (whole: string, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code <= 0x10ffff && code > 0 ? String.fromCodePoint(code) : whole;
  });
}

/** NUL and other control characters cannot be written in XML 1.0 (2.2) at all. */
function escaped(text: string): string {
  return text
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
