/**
 * codes: text that was written in a code, or with something in it that its reader leaves out.
 *
 * In:  one reading of a text.    Out: further readings, decoded; none for most texts.
 * These are no encodings of mail, and no mail program undoes them: a person who wants to be read writes them, or a script does. So what
 * is found here is held, not masked. Standards: RFC 2152 (UTF-7), RFC 4648 6 (base32), RFC 3461 4 (xtext), RFC 5322 3.2.2 (comments),
 * CSS 4.3.7, ECMA-376 22.9.2.19, XML 1.0 4.2 (entities). Every expression is bounded. Never fails.
 */

interface Code {
  readonly isIn: RegExp;
  readonly read: (text: string) => string;
}

const sign = (digits: string, base: number): string => {
  const code = Number.parseInt(digits, base);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
};
const latin1 = (hex: string): string => Buffer.from(hex, 'hex').toString('latin1');

/** `form` is found wherever it stands, and read by `read`. */
const coded = (form: RegExp, read: (whole: string, inner: string) => string): Code => ({
  isIn: new RegExp(form.source, form.flags.replace('g', '')),
  read: (text) => text.replace(form, (whole, inner: string) => read(whole, inner)),
});
const leftOut = (form: RegExp): Code => coded(form, () => ' ');

const HEX = /(?:(?:0x|\\x|u\+00|%u?(?:00)?|#)?[2-7][\da-f][\s,;:-]{0,2}(?:00[\s,;:-]{0,2})?){8,}/gi;
const DECIMALS = /(?:\b(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6])\b[\s,;]{1,3}){6,}\d{2,3}/g;
/** `chr(106).chr(97)` */
const CALLS = /(?:\b(?:chr|char|unichar)\s?\(\d{2,3}\)\s?[.+&|,]{0,2}\s?){4,}/gi;
const BINARY = /(?:[01]{8}[\s,]{0,2}){6,}/g;
const BASE32 = /\b[a-z2-7]{24,400}\b/gi;
const BASE32_LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

function fromBase32(text: string): string {
  const bits = Array.from(text.toLowerCase(), (letter) =>
    BASE32_LETTERS.indexOf(letter).toString(2).padStart(5, '0'),
  ).join('');
  return (bits.match(/[01]{8}/g) ?? []).map((octet) => sign(octet, 2)).join('');
}

/** One letter for thirteen places further; only around an `@`, where it is done. */
const turned = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) =>
    String.fromCharCode(letter.charCodeAt(0) + ((letter.charCodeAt(0) & 31) <= 13 ? 13 : -13)),
  );

function aroundSigns(text: string): string {
  const read: string[] = [];
  let end = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', end)) {
    const start = Math.max(end, at - 100);
    end = at + 300;
    read.push(turned(text.slice(start, end)));
  }
  return read.join('\n');
}

const utf7 = (letters: string): string => {
  const bytes = Buffer.from(letters.replaceAll(',', '/'), 'base64');
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le');
};

const SPELLING_ALPHABET =
  'alfa alpha bravo charlie delta echo foxtrot golf hotel india juliett juliet kilo lima mike november oscar papa quebec romeo ' +
  'sierra tango uniform victor whiskey whisky x-ray xray yankee zulu';
const SPELLED_LETTER = `\\b(?:${SPELLING_ALPHABET.replaceAll(' ', '|')})\\b`;
const SPELLED = new RegExp(`${SPELLED_LETTER}(?:[\\s,]{1,3}(?=${SPELLED_LETTER}))?`, 'gi');

const CODES: readonly Code[] = [
  coded(HEX, (run) => ` ${latin1(run.replace(/0x|\\x|u\+00|%u?(?:00)?|[^\da-f]/gi, ''))} `),
  coded(CALLS, (run) => (run.match(/\d+/g) ?? []).map((code) => sign(code, 10)).join('')),
  coded(DECIMALS, (run) => (run.match(/\d+/g) ?? []).map((code) => sign(code, 10)).join('')),
  coded(BINARY, (run) => (run.match(/[01]{8}/g) ?? []).map((octet) => sign(octet, 2)).join('')),
  coded(BASE32, fromBase32),
  { isIn: /@/, read: aroundSigns },
  coded(/[+&]([A-Za-z0-9+/,]{3,400})-/g, (_, letters) => utf7(letters)),
  coded(/\+([2-7][\dA-F])/g, (_, hex) => sign(hex, 16)),
  coded(/\\([01]?[0-7]{2})/g, (_, octal) => sign(octal, 8)),
  coded(/\\0{0,4}([2-7][\da-f])\s?/gi, (_, hex) => sign(hex, 16)),
  coded(/(?:\\[ux]\{0{0,4}|_x00|%u00)([\da-f]{2})[}_]?/gi, (_, hex) => sign(hex, 16)),
  coded(
    /\b(?:String\.)?(?:fromCharCode|chr|char|unichar|fromCodePoint)\s?\(?(\d{2,3})\)?/gi,
    (_, code) => ` ${sign(code, 10)} `,
  ),
  coded(SPELLED, (word) => word.slice(0, 1)),
  // Groups of four, as people copy them.
  coded(/(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{4}[ \t]+){5,}[A-Za-z0-9+/=]{2,4}/g, (run) => run.replace(/\s/g, '')),
  coded(/(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{4,15}\r?\n[ >]{0,4}){4,}[A-Za-z0-9+/=]{2,15}/g, (run) =>
    run.replace(/[\s>]/g, ''),
  ),
  leftOut(/\([^()@]{1,80}\)/g),
  leftOut(/<!\[CDATA\[|\]\]>/g),
  leftOut(/\[[^[\]@]{0,20}\]|\\[a-z]{1,20}\{/gi),
  leftOut(/^[ \t>]*(?:\d{1,3}|[a-z])[.):][ \t]/gim),
  leftOut(/["']?\b[A-Za-z_][\w*-]{0,30}["']?\s{0,2}[:=]\s{0,2}/g),
  // Struck out, or in a style that hides it from people.
  leftOut(/<(span|font|del|s|strike|b|i|u|em|strong|small|sub|sup)(?:\s[^<>]*)?>[^<>]{1,40}<\/\1>/gi),
  // What stands for a picture that is not shown.
  coded(/<[a-z]{1,10}(\s[^<>]*)>/gi, (_, attributes) =>
    [...attributes.matchAll(/\s(?:alt|title)\s*=\s*"([^"]*)"/gi)].map(([, value = '']) => ` ${value} `).join(''),
  ),
];

const ENTITY = /<!ENTITY\s+([\w.-]{1,60})\s+(?:"([^"]{0,400})"|'([^']{0,400})')\s*>/g;

export function* codeReadings(text: string): Generator<string> {
  for (const { isIn, read } of CODES) if (isIn.test(text)) yield read(text);
  if (text.includes('<!ENTITY')) yield withEntities(text);
}

/** The entities that an XML file brings with it; one in another is put in, too. */
function withEntities(text: string): string {
  let read = text.replace(ENTITY, ' ');
  const entities = [...text.matchAll(ENTITY)].slice(0, 100);
  for (const [, name = '', double, single] of entities.toReversed()) {
    if (read.length > 2 * text.length + 10_000) break;
    read = read.replaceAll(`&${name};`, double ?? single ?? '');
  }
  return read.replace(/<[^<>]*>/g, ' ');
}
