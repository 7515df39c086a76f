/**
 * own-words: what the author wrote and put into this message, without what the mail program put there.
 *
 * In:  the tree of a message.    Out: text without quotes, the line above them, and the signature below `-- `; and the own files.
 * Masking in a quote changes nothing that anybody meant to say; masking in one's own words does, and its author is told.
 * Attribution lines are known in the languages and shapes of Gmail, Outlook, Apple Mail, Thunderbird, Yahoo and Proton. A line that is
 * not known counts as own words: a note too many, never one too few. Linear; never fails.
 */
import { hasContentLines } from './mask/content-lines.ts';
import type { FilePart, Part } from './message.ts';
import { isSignatureOrKey } from './signatures.ts';

/** The HTML beside a text is asked too: a program writes both from the same words, but a link leads where only the HTML says. */
export function ownWords(body: Part): string {
  return shownParts(body)
    .map(({ subtype, text }) => withoutQuotes(subtype === 'html' ? textOf(text) : text))
    .join('\n');
}

/** Names and texts of the files that the author attached, one of each a file. */
export function ownFiles(body: Part): readonly { readonly words: string; readonly masked: number }[] {
  return filesIn(body).map(({ filename = '', contentType, text = '', masked = 0 }) => {
    const words = hasContentLines({ contentType, text }) ? withoutPeople(text) : text;
    return { words: `${filename}\n${words}`, masked };
  });
}

function filesIn(part: Part): readonly FilePart[] {
  if (part.kind === 'multipart') return part.parts.flatMap(filesIn);
  return part.kind === 'file' && !isSignatureOrKey(part) ? [part] : [];
}

/** Those who are invited become aliases, which mean the same (content-lines.ts). */
function withoutPeople(calendar: string): string {
  return calendar.replace(/\r?\n[ \t]/g, '').replace(/^(?:ORGANIZER|ATTENDEE)[;:].*$/gim, '');
}

interface Shown {
  readonly subtype: 'plain' | 'html';
  readonly text: string;
}

/** Not what was forwarded: its words are somebody else's. */
function shownParts(part: Part): readonly Shown[] {
  if (part.kind === 'text') return [part];
  return part.kind === 'multipart' ? part.parts.flatMap(shownParts) : [];
}

function withoutQuotes(text: string): string {
  const kept: string[] = [];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line === '-- ' || line === '--' || isSeparator(line) || isHeaderBlock(lines, index)) break;
    const attribution = attributionLines(line, lines[index + 1] ?? '');
    if (attribution === 0) {
      if (!isQuoted(line)) kept.push(line);
      continue;
    }
    // Below a quote without marks nobody can tell who wrote what; below one with marks the answer begins where they end.
    const [next = '', afterNext = ''] = lines.slice(index + attribution, index + attribution + 2);
    if (!isQuoted(next) && !isQuoted(afterNext)) break;
    index += attribution - 1;
  }
  return kept.join('\n');
}

const isQuoted = (line: string): boolean => /^\s{0,3}>/.test(line);

/** How many lines the attribution takes that begins here: none, one, or two where a long one is wrapped before its verb. */
function attributionLines(line: string, next: string): 0 | 1 | 2 {
  if (isAttribution(line)) return 1;
  return line.trim() !== '' && !isAttribution(next) && isAttribution(`${line} ${next}`) ? 2 : 0;
}

/**
 * What stands at the end (or, in languages that put the verb first, at the start) of the line above a quote, and a digit: every
 * program writes the date there.
 */
const ATTRIBUTION_ENDS =
  /(?:wrote|writes|schrieb|schreibt|geschrieben|a écrit|écrit|escribió|escribiste|ha scritto|scrive|schreef|geschreven|napisał(?:\(a\))?|napisała|napisano|pisze|escreveu(?: \(.{0,80}\))?|skrev|yazdı|şunları yazdı|のメッセージ|のメール|書きました|写道|寫道|написал(?:\(а\))?)\s*[:：]?\s*$/iu;
const ATTRIBUTION_STARTS =
  /^(?:\d{4}年\S{1,12}|on|am|le|el|il|op|dnia|w dniu|wiadomość napisana|em|den|at|tarihinde|在|于)\s.{0,200}[:：]\s*$/iu;

function isAttribution(line: string): boolean {
  const text = line.trim().slice(0, 400);
  return /\d/.test(text) && (ATTRIBUTION_ENDS.test(text) || ATTRIBUTION_STARTS.test(text));
}

/** `-----Original Message-----` and its translations, the line of underscores of Outlook, Gmail's and Apple's forwarding lines. */
function isSeparator(line: string): boolean {
  const text = line.trim();
  return (
    /^-{3,}.{3,60}-{3,}$/.test(text) ||
    /^_{10,}$/.test(text) ||
    /^(?:begin forwarded message|anfang der weitergeleiteten nachricht)/i.test(text)
  );
}

/** `From:` in the languages in which Outlook and Apple Mail write a header block. */
const FROM_LABEL =
  /^\*{0,2}(?:from|von|de|da|van|od|från|fra|gönderen|kimden|差出人|送信元|发件人|寄件者|от)\*{0,2}\s?\*{0,2}[:：]/iu;
const OTHER_LABEL =
  /^\*{0,2}(?:sent|date|to|subject|gesendet|datum|an|betreff|envoyé|date|à|objet|enviado|fecha|para|asunto|inviato|data|a|oggetto|verzonden|aan|onderwerp|wysłano|do|temat|assunto|skickat|till|ämne|gönderildi|tarih|kime|konu|送信日時|日付|宛先|件名|发送时间|日期|收件人|主题|寄件日期|收件者|主旨)\*{0,2}\s?\*{0,2}[:：]/iu;

function isHeaderBlock(lines: readonly string[], index: number): boolean {
  if (!FROM_LABEL.test((lines[index] ?? '').trim())) return false;
  return lines.slice(index + 1, index + 4).some((line) => OTHER_LABEL.test(line.trim()));
}

/** What these begin goes on to the end and is all quoted. */
const QUOTED_TO_THE_END =
  /<[^<>]*(?:id="?(?:divRplyFwdMsg|appendonsend)|class="?(?:yahoo_quoted|moz-forward-container))/i;
/** Thunderbird's line above a quote, in whatever language. */
const CITE_PREFIX = /<div[^<>]{0,200}class="?moz-cite-prefix[^<>]{0,200}>[^]{0,2000}?<\/div>/gi;
/** Found first and taken apart then: in one expression a long name would be tried at every length. */
const TAG = /<([^<>]*)>/g;
const TAG_NAME = /^(\/?)([a-z][a-z0-9]{0,20})/i;
const ENDS_LINE: ReadonlySet<string> = new Set(['blockquote', 'br', 'div', 'p', 'tr', 'li']);
/** What a reader may follow or be shown. */
const SHOWN_VALUE = /\b(?:href|src|alt|title)\s?=\s?(?:"([^"]*)"|'([^']*)'|([^\s"']+))/gi;

/** Enough of a reading for this question: no tags but where their links lead, line ends where blocks end, `>` for what is quoted. */
function textOf(html: string): string {
  const end = html.search(QUOTED_TO_THE_END);
  const shown = (end === -1 ? html : html.slice(0, end)).replace(CITE_PREFIX, '');
  let text = '';
  let depth = 0;
  let from = 0;
  for (const { 0: tag, 1: inside = '', index } of shown.matchAll(TAG)) {
    const [, slash, name = ''] = TAG_NAME.exec(inside) ?? [];
    if (depth === 0) text += shown.slice(from, index);
    from = index + tag.length;
    if (depth === 0 && ENDS_LINE.has(name.toLowerCase())) text = ended(text);
    if (name.toLowerCase() === 'blockquote') {
      if (depth === 0) text += '>\n';
      depth = Math.max(0, depth + (slash === '/' ? -1 : 1));
    } else if (depth === 0) text += valuesIn(inside);
  }
  return depth === 0 ? text + shown.slice(from) : text;
}

const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

function valuesIn(attributes: string): string {
  return [...attributes.matchAll(SHOWN_VALUE)]
    .map(([, double, single, bare]) => ` ${double ?? single ?? bare} `)
    .join('');
}
