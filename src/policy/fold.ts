/**
 * fold: what one character looks like to a reader, in lower-case letters without marks.
 *
 * NFKD takes apart full-width, mathematical, circled and accented letters; marks and invisible characters go; letters of other
 * scripts that look like Latin ones become those (the idea of UTS 39 skeletons, small and for letters that people abuse). `star`
 * symbols become one of them. Attacks: inducement.md 3.1 rows 1, 2 and 9.
 */

/** Pairs of a foreign letter and the Latin one that it is taken for: Cyrillic, Greek, Armenian, small capitals, others. */
const LOOKS_LIKE =
  'аa вb еe сc ԁd ɡg һh іi їi јj кk ӏl мm нh оo рp ԛq гr ѕs тt уy цu ѵv ԝw хx үy ' +
  'αa βb εe ηn ιi κk νv οo ρp τt υu χx γy ωw ' +
  'ɑa ᴀa ƅb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ıi ɪi ᴊj ᴋk ʟl łl ᴍm ɴn ᴏo øo ᴘp ʀr ꜱs ᴛt ŧt ᴜu ᴠv ᴡw ʏy ᴢz đd ħh ʙb ' +
  'ցg հh ոn օo զq յj սu';

const LATIN_FOR: ReadonlyMap<string, string> = new Map([
  ...LOOKS_LIKE.split(' ').map((pair): [string, string] => [pair.slice(0, -1), pair.slice(-1)]),
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['þ', 'th'],
]);

export const STAR = '★';
const STARS = /[\u2605\u2606\u2B50\u272A-\u2736\u273D\u2729\u{1F31F}\u2BE8\u2BEA\u2BEB\u269D]/u;
const INVISIBLE = /[\p{M}\p{Cf}\p{Cc}\u115F\u1160\u3164\uFFA0\u2800\u{E0000}-\u{E0FFF}]/u;
const SPACE = /[\p{Z}]/u;
const KEEPS_MARKS =
  /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Devanagari}\p{Script=Arabic}\p{Script=Thai}]/u;

/** Code points of one text are few; the memory is emptied before a hostile variety of them can fill it. */
const MAX_REMEMBERED = 4096;
const remembered = new Map<number, string>();

/** Lower-case look of a code point: '' when it cannot be seen, ' ' for any space. */
export function foldCodePoint(codePoint: number): string {
  const known = remembered.get(codePoint);
  if (known !== undefined) return known;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  const folded = lookOf(String.fromCodePoint(codePoint), codePoint);
  remembered.set(codePoint, folded);
  return folded;
}

function lookOf(character: string, codePoint: number): string {
  if (STARS.test(character)) return STAR;
  if (SPACE.test(character)) return ' ';
  if (INVISIBLE.test(character)) return '';
  if (KEEPS_MARKS.test(character)) return character.normalize('NFKC').toLowerCase();
  const letter = enclosedLetter(codePoint) ?? character;
  return Array.from(letter.normalize('NFKD').toLowerCase(), latinOf).join('');
}

function latinOf(character: string): string {
  if (SPACE.test(character)) return ' ';
  return INVISIBLE.test(character) ? '' : (LATIN_FOR.get(character) ?? character);
}

/** Negative circled and squared capitals and flag letters, which NFKD leaves alone. */
function enclosedLetter(codePoint: number): string | undefined {
  for (const first of [0x1f150, 0x1f170, 0x1f1e6]) {
    if (codePoint >= first && codePoint < first + 26) return String.fromCharCode(97 + codePoint - first);
  }
  return undefined;
}
