/**
 * content-lines: calendars and cards, line by line, so that an invitation still works through the relay.
 *
 * In:  the text of a text/calendar or text/vcard file, the traces, and the aliases of the order.    Out: the same, without addresses.
 * Organiser and attendees who are parties become their aliases: accepting an invitation then answers through the relay. What else
 * such a line says of a person (name, directory entry, who sent it for whom) is left out, and so are pictures, keys and files in the
 * text. Other lines are masked. Standards: RFC 5545 3.1 and 3.3.3, RFC 6047, RFC 6350 3.2. Linear; never fails.
 */
import type { FilePart } from '../message.ts';
import { maskText } from './scrub.ts';
import type { Trace, Traces } from '../traces.ts';

/** A party's traces and the alias that stands for it. */
export interface Standing {
  readonly traces: Traces;
  readonly alias: string;
}

export interface ContentLineContext {
  readonly traces: readonly Trace[];
  readonly standings: readonly Standing[];
}

const CONTENT_LINES: ReadonlySet<string> = new Set([
  'text/calendar',
  'application/ics',
  'text/vcard',
  'text/x-vcard',
  'text/directory',
]);

/** By its type, or by its first line: many programs attach an invitation as octets of no type. */
export const hasContentLines = ({ contentType, text }: Pick<FilePart, 'contentType' | 'text'>): boolean =>
  CONTENT_LINES.has(contentType) || /^\s{0,8}BEGIN:V(?:CALENDAR|CARD)\s/i.test(text ?? '');

export function rewriteContentLines(text: string, context: ContentLineContext): { text: string; masked: number } {
  let masked = 0;
  const lines: string[] = [];
  for (const line of unfolded(text)) {
    if (CARRIES_FILE.test(line)) continue;
    const rewritten = rewriteLine(line, context);
    masked += rewritten.masked;
    lines.push(folded(rewritten.text));
  }
  return { text: lines.join('\n'), masked };
}

/** RFC 5545 3.1: a line end and one white space are no part of the value. */
const unfolded = (text: string): readonly string[] =>
  text
    .replace(SOFT_BREAKS, (line) => line.replace(/=\r?\n/g, ''))
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/);
/** vCard 2.1 2.1.3: a value in quoted-printable goes on after `=` at the end of a line. */
const SOFT_BREAKS = /^[^\r\n:]{0,200}QUOTED-PRINTABLE[^\r\n]*(?:=\r?\n[^\r\n]*)+/gim;

/** Pictures have metadata of their own, keys name their owner, and HTML beside the text can say something else. */
const CARRIES_FILE =
  /^(?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND|KEY|X-ALT-DESC|X-MS-OLK-[\w-]+|(?:ATTACH(?=[;:][^:]*BASE64)))[;:]/i;
const PERSON = /^(ORGANIZER|ATTENDEE)((?:;[^:;"]{1,80}(?:"[^"]{0,300}",?)*)*):\s*(?:mailto:)?(.*)$/i;
const KEPT_PARAMETER = /^(?:PARTSTAT|ROLE|RSVP|CUTYPE)=[A-Z-]{1,40}$/i;

function rewriteLine(line: string, { traces, standings }: ContentLineContext): { text: string; masked: number } {
  const [, name = '', parameters = '', address = ''] = PERSON.exec(line) ?? [];
  const standing = standings.find((one) => isAddressOf(address, one));
  if (name === '' || standing === undefined) return maskText(line, traces);
  const kept = parameters.split(';').filter((parameter) => KEPT_PARAMETER.test(parameter));
  const isAlias = address.trim().toLowerCase() === standing.alias;
  return { text: `${[name.toUpperCase(), ...kept].join(';')}:mailto:${standing.alias}`, masked: isAlias ? 0 : 1 };
}

function isAddressOf(address: string, { traces, alias }: Standing): boolean {
  if (address === '') return false;
  return address.trim().toLowerCase() === alias || maskText(address, traces).masked > 0;
}

/** At most 75 octets a line (RFC 5545 3.1), cut between characters. */
function folded(line: string): string {
  if (line.length <= 75 && Buffer.byteLength(line) <= 75) return line;
  let text = '';
  let used = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (used + size > 75) {
      text += '\n ';
      used = 1;
    }
    text += character;
    used += size;
  }
  return text;
}
