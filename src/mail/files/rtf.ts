/**
 * rtf: what a letter in Rich Text Format says, so that it can be searched as its reader will see it.
 *
 * In:  the bytes.    Out: the words, and whether something lies in it that is not text (an object, a picture with its properties).
 * RTF writes a letter as `\'6a` or `\u106?` and may cut a word by a change of type, so no search of the bytes is enough. An
 * address that stands there in such a way is held; one that stands in the clear is masked, and the properties are left out. Linear. Source: RTF 1.9.1. Never fails.
 */
import { maskText } from '../mask/scrub.ts';
import type { Traces } from '../traces.ts';
import { unreadable, type LookedInto } from './looked-into.ts';

const TOKEN =
  /\\'([\da-fA-F]{2})|\\u(-?\d{1,5}) ?(?:\\'[\da-fA-F]{2}|[?*_ ])?|\\(par|line|tab|cell|row|page)\b ?|\\([\\{}~])|\\[a-zA-Z]{1,32}-?\d{0,10} ?|\\[^a-zA-Z]|[{}\r\n]/g;
/** Who wrote it, when, with what: nothing that its reader needs. Flat groups, as every word processor writes them. */
const PROPERTIES = /\{\\info\s*(?:\{[^{}]*\}\s*)*\}/g;
/** What programs keep in a letter for themselves; hexadecimal, most of it, and packed. A reader that does not know it skips it, too. */
const PRIVATE =
  /\{\\\*\\(?:themedata|colorschememapping|datastore|latentstyles|generator|rsidtbl|userprops|xmlnstbl|company|operator|fonttbl|panose)\b[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/g;
/** Bytes of something, written as digits. */
const DIGITS = /(?:[\da-fA-F]{2}\s{0,2}){24,}/;
/** Things in it that nobody here looks into. */
const CARRIES = /\\(?:object|objdata|pict|shppict|datastore|bin\d)/;

export function lookIntoRtf(content: Uint8Array, traces: Traces): LookedInto {
  const source = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
  const anonymous = source.replace(PROPERTIES, '').replace(PRIVATE, '');
  if (CARRIES.test(anonymous) || DIGITS.test(anonymous)) return unreadable(content);
  const { text: masked, masked: count } = maskText(anonymous, traces);
  const words = wordsOf(masked);
  const isHidden = maskText(words, traces).masked > 0;
  return {
    content: masked === source ? content : Buffer.from(masked, 'latin1'),
    words,
    masked: count,
    anomalies: isHidden ? ['address-in-file'] : [],
  };
}

/** Between two stretches of type: shows nothing, and keeps apart what is not one word (a property and the text behind it). */
const SEAM = '\u200b';

function wordsOf(source: string): string {
  return source.replace(TOKEN, (_whole, hex?: string, unicode?: string, breaks?: string, literal?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    // Numbers are signed sixteen-bit ones.
    if (unicode !== undefined) return String.fromCharCode(Number(unicode) & 0xffff);
    if (breaks !== undefined) return '\n';
    return literal === '~' ? ' ' : (literal ?? SEAM);
  });
}
