/**
 * match: does a text hold a trace? The searcher of verify, sharing no code with the one of scrub.
 *
 * In:  one reading of some bytes, as text.    Out: yes or no.
 * A cheap test comes first (is the domain in there at all, letters only); only then is an expression built that spells out how the
 * address may be torn apart. A gap may be anything but letters and digits, so zero-width marks, soft hyphens, folded lines and white
 * space around the `@` need no treatment of their own. Every expression is linear: gaps and letters are disjoint. Never fails.
 */
import type { Trace, Traces } from '../traces.ts';

export type Matcher = (reading: string) => boolean;

/** One spelling of one address. */
interface Suspect {
  /** The longest label of its domain, as it is and in the mirror: one of these stands in every text that holds it. */
  readonly label: string;
  readonly mirrored: string;
  readonly expression: () => RegExp;
}

/** A matcher for all traces; make it once for a message. */
export function matcherFor(traces: Traces): Matcher {
  const exact = suspectsFor(traces, (text) => text);
  const lettered = suspectsFor(traces, withoutDigits);
  return (reading) => {
    const letters = lettersIn(folded(reading));
    const close = nearest(exact, letters);
    const loose = /\d/.test(letters) ? nearest(lettered, withoutDigits(letters)) : [];
    if (close.length + loose.length === 0) return false;
    const plain = lower(reading);
    return (
      close.some((suspect) => isIn(plain, suspect)) || loose.some((suspect) => isIn(withoutDigits(plain), suspect))
    );
  };
}

const suspectsFor = (traces: Traces, change: (text: string) => string): readonly Suspect[] =>
  traces.flatMap((trace) => trace.domains.map((domain) => suspectOf(trace, domain, change)));

const nearest = (suspects: readonly Suspect[], letters: string): readonly Suspect[] =>
  suspects.filter(({ label, mirrored }) => letters.includes(label) || letters.includes(mirrored));

function isIn(plain: string, { mirrored, expression }: Suspect): boolean {
  if (expression().test(plain)) return true;
  if (SPOKEN.test(plain) && expression().test(signed(plain))) return true;
  if (!lettersIn(plain).includes(mirrored)) return false;
  return expression().test(mirror(plain)) || expression().test(mirroredHosts(plain, mirrored));
}

/** `jane.doe@elpmaxe.liamlaer`: only what stands behind the sign runs backwards. */
const mirroredHosts = (plain: string, mirrored: string): string =>
  plain.replace(/[^@\s]{4,255}/gu, (run) => (lettersIn(run).includes(mirrored) ? mirror(run) : run));

/** Digits and letters that are written for each other, as one. */
function withoutDigits(text: string): string {
  if (!isAscii(text)) return text.replace(/[013457l]/g, (sign) => ALIKE[sign] ?? sign);
  const bytes = Buffer.from(text, 'latin1');
  for (let index = 0; index < bytes.length; index++) bytes[index] = WITHOUT_DIGITS[bytes[index] ?? 0] ?? 0;
  return bytes.toString('latin1');
}
const ALIKE: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', l: 'i' };
const WITHOUT_DIGITS = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const sign = String.fromCharCode(code);
  return (ALIKE[sign] ?? sign).charCodeAt(0);
});

// How `@` and `.` are said in the languages of the mail; NFKD, without marks.
const SIGN_WORDS =
  'at|a|et|at sign|arroba|arobase|chiocciola|klammeraffe|affenschwanz|ma\u0142pa|malpa|\u0441\u043e\u0431\u0430\u043a\u0430|apenstaartje|snabel-?a|kr\u00f8llalfa|kukac|zavinac|miukumauku|\u30a2\u30c3\u30c8|\u827e\u7279';
const DOT_WORDS =
  'dot|punkt|punto|point|ponto|punt|kropka|\u0442\u043e\u0447\u043a\u0430|nokta|tecka|piste|period|\u30c8\u3099\u30c3\u30c8|\u70b9';
const SPOKEN = new RegExp(`(?<![\\p{L}\\p{N}])(?:${DOT_WORDS}|${SIGN_WORDS})(?![\\p{L}\\p{N}])`, 'u');
const SPOKEN_SIGN = new RegExp(`(?<![\\p{L}\\p{N}])(?:${SIGN_WORDS})(?![\\p{L}\\p{N}])`, 'gu');
const SPOKEN_DOT = new RegExp(`(?<![\\p{L}\\p{N}])(?:${DOT_WORDS})(?![\\p{L}\\p{N}])`, 'gu');
const signed = (plain: string): string => plain.replace(SPOKEN_SIGN, '@').replace(SPOKEN_DOT, '.');

/**
 * The same for bytes that are no text: an address stands there in one piece, and what is in front may be a length or a tag that looks
 * like a letter. So nothing is bridged, and nothing around it excuses it.
 */
export function plainMatcherFor(traces: Traces): Matcher {
  const pieces = traces.flatMap(({ local, domains }) =>
    domains.map((domain) => ({ local: withoutDots(local), domain })),
  );
  return (reading) => {
    const plain = reading.toLowerCase();
    return pieces.some(({ local, domain }) => standsIn(plain, local, `@${domain}`));
  };
}

/** Could a domain of these traces begin with this octet? */
export function domainStarts(traces: Traces): (octet: number) => boolean {
  const letters = new Set(traces.flatMap(({ domains }) => domains.map((domain) => domain.charCodeAt(0))));
  // Of an international domain the octets depend on the encoding; most addresses have none.
  const isInternational = [...letters].some((letter) => letter >= 0x80);
  return (octet) => (octet >= 0x80 ? isInternational : letters.has(octet) || letters.has(octet | 0x20));
}

const withoutDots = (text: string): string => text.replaceAll('.', '');

function standsIn(plain: string, local: string, host: string): boolean {
  for (let at = plain.indexOf(host); at >= 0; at = plain.indexOf(host, at + 1)) {
    // Room for the name, its dots and a subaddress (RFC 5321 4.5.3.1.1 allows 64 octets for all of it).
    const before = plain.slice(Math.max(0, at - 128), at);
    if (withoutDots(before.replace(/\+[^+@]*$/, '')).endsWith(local) || withoutDots(before).endsWith(local))
      return true;
  }
  return false;
}

/** Counting its octets in UTF-8 is many times faster than looking at each character. */
const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;

function lettersIn(lowered: string): string {
  return isAscii(lowered) ? asciiLettersIn(lowered) : lowered.replace(/[^\p{L}\p{N}]+/gu, '');
}

const IS_LETTER = Uint8Array.from({ length: 0x80 }, (_, code) => Number(/[a-z0-9]/.test(String.fromCharCode(code))));

/** The same as a replacement, in a tenth of the time: this is done to every reading of every message. */
function asciiLettersIn(lowered: string): string {
  const bytes = Buffer.from(lowered, 'latin1');
  let kept = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    if (IS_LETTER[byte] === 1) bytes[kept++] = byte;
  }
  return bytes.toString('latin1', 0, kept);
}

function suspectOf(trace: Trace, domain: string, change: (text: string) => string): Suspect {
  const host = change(lower(domain));
  const [label = ''] = host
    .split('.')
    .map(lettersIn)
    .toSorted((a, b) => b.length - a.length);
  let built: RegExp | undefined;
  const expression = (): RegExp => (built ??= eitherWay(change(lower(trace.local)), host, trace.local));
  return { label, mirrored: mirror(label), expression };
}

const mirror = (text: string): string => Array.from(text).toReversed().join('');

/** Where small letters become capitals and where a number begins: `exampleTel` is no top-level domain. No letter to a gap. */
const SEAM = '\ue000';
const SEAMS = /(\p{Ll})(?=\p{Lu})/gu;

/** In small letters, with the seams between them, and words of scripts without spaces set apart. */
const lower = (text: string): string =>
  folded(text.replace(SPELLED_LOUD, ' $& ').replace(SEAMS, `$1${SEAM}`).replace(UNSPACED, ' $& '));

/**
 * Compatibility forms (full-width, circled, mathematical) become plain letters, look-alikes of other scripts Latin ones; marks and
 * fillers go.
 */
function folded(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\p{M}\u115f\u1160\u3164\uffa0]+/gu, '')
    .replace(/[\u{1f130}-\u{1f149}\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}\u{1f1e6}-\u{1f1ff}]/gu, capitalIn)
    .replace(LOOKALIKE, (letter) => LATIN.get(letter) ?? letter)
    .replaceAll('\u3002', '.');
}

/** `janeATmail`, as it is written to be read by people only. */
const SPELLED_LOUD = /(?<=[\p{Ll}\d])(?:AT|DOT)(?=[\p{Ll}\d])|[\u24b6\u24d0\u{1f150}\u{1f170}]/gu;
const UNSPACED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{sc=Hangul}]+/gu;

/** Squared and circled capitals, and the letters that flags are made of. */
function capitalIn(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  const first = [0x1f1e6, 0x1f170, 0x1f150, 0x1f130].find((start) => code >= start) ?? code;
  return String.fromCharCode(97 + code - first);
}

/** UTS 39, for those letters that whole addresses can be written in. */
const PAIRS =
  '\u0430a \u0435e \u0441c \u043eo \u0440p \u0445x \u0443y \u0456i \u0458j \u0455s \u0501d \u04bbh \u0432b \u043dh \u043ak \u0433r \u0442t \u043cm ' +
  '\u03b1a \u03b5e \u03b9i \u03bfo \u03c1p \u03c5u \u03bdv \u03bak \u03c4t \u03c7x \u03b7n ' +
  '\u1d00a \u0299b \u1d04c \u1d05d \u1d07e \ua730f \u0262g \u029ch \u026ai \u1d0aj \u1d0bk \u029fl \u1d0dm \u0274n \u1d0fo \u1d18p \u0280r \ua731s \u1d1bt \u1d1cu \u1d20v \u1d21w \u028fy \u1d22z ' +
  '\u0131i \u0142l \u00f8o \u0111d \u0251a \u0261g';
const LATIN: ReadonlyMap<string, string> = new Map(PAIRS.split(' ').map((pair) => [pair.slice(0, 1), pair.slice(1)]));
const LOOKALIKE = new RegExp(`[${[...LATIN.keys()].join('')}]`, 'gu');

const WORD = '[\\p{L}\\p{N}]';
const GAP = '[^\\p{L}\\p{N}@]*';
const GAP_WITHOUT_DOT = '[^\\p{L}\\p{N}@.]*';
/** A number behind a letter is no part of a domain's last label. */
const ENDS = `(?!\\p{L}|(?<=\\p{N})\\p{N})`;

/** `jane.doe+any@mail.example`, torn apart: `Jane . Doe @ mail [.] example`, dots of the local part as one likes. */
function expressionFor(local: string, domain: string): RegExp {
  const name = lettersOf(local).map(quote).join(GAP);
  const host = hostFor(domain);
  const sign = `${GAP}(?:@${GAP}){1,3}(?:[\\p{L}\\p{N}-]{1,63}\\.){0,3}(?:[\\p{L}\\p{N}]{1,20}${SEAM})?`;
  return new RegExp(`(?<![\\p{L}\\p{N}${SEAM}])${name}(?:\\+[^@]{0,80}?)?${sign}${host}${ENDS}`, 'u');
}

/** Labels keep apart, by a dot or by any other mark. */
function hostFor(domain: string): string {
  const labels = domain.split('.').map((label) => lettersOf(label).map(quote).join(GAP_WITHOUT_DOT));
  return labels.join('[^\\p{L}\\p{N}@]+');
}

/**
 * `jane.doe/mail.example`, `mail.example!jane.doe`: two fields of one address, with any mark between. Only for a name that is no word, and
 * stands in one piece: `Jane Doe, mail.example` is a person and a company.
 */
function fieldsFor(local: string, domain: string, written: string): readonly string[] {
  const letters = lettersOf(local);
  const isDistinct = letters.length > 4 && /[\d._-]/.test(written);
  const name = letters.map(quote).join('[^\\p{L}\\p{N}@\\s]*');
  const host = hostFor(domain);
  const mark = isDistinct ? '[^\\p{L}\\p{N}@]{1,40}' : '[/%!=#|~^*]{1,2}';
  const front = `(?<![\\p{L}\\p{N}${SEAM}])${name}${mark}${host}${ENDS}`;
  return isDistinct ? [front, `(?<!${WORD})${host}[/%!=#|~^*]{1,2}${name}(?!${WORD})`] : [front];
}

/** The local part may stand the wrong way round in front of a domain that does not: `eod.enaj@realmail.example`. */
function eitherWay(local: string, domain: string, written: string): RegExp {
  const all = [
    expressionFor(local, domain).source,
    expressionFor(mirror(local), domain).source,
    ...fieldsFor(local, domain, written),
  ];
  return new RegExp(all.map((source) => `(?:${source})`).join('|'), 'u');
}

const lettersOf = (text: string): readonly string[] => Array.from(lettersIn(text));

const quote = (letter: string): string => letter.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
