/**
 * telephone: a number to call, in digits or in words, but not an order, tracking, serial or part number, a date or a price.
 *
 * A cheap look for seven digits comes first. What stands before a number says what it is; without a word before it a number must look
 * like a telephone number and be possible in a country that we know.
 */
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';
import { HELPLINE_OF, INVITES, OF_OURS } from '../lexicon/helplines.ts';
import { DIGIT_WORDS, IS_PHONE, LABELS } from '../lexicon/numbers.ts';
import { defineRule, type Span } from '../rule.ts';
import type { View, Word } from '../text.ts';

const MAY_HOLD = /\d(?:[^\p{L}\d]{0,4}\d){6}/u;
const CANDIDATE =
  /(?<![\p{L}\p{N}_#]|\d[.,:/-])(?:\+|\(\+)?\(?\d(?:[ .()/–-]{0,3}\d){6,16}(?![\p{L}\p{N}%€$£]|[.,:/-]\d)/gu;
const DATE = /^\(?(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d{2}|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2})/;
const LOOK_BACK = 40;
const HELPLINE_REACH = 110;
/** A company's number in Brazil: 00.000.000/0001-00. */
const CNPJ = /^\d{2}\.\d{3}\.\d{3}\/\d{4}-?\d{0,2}/;
const COUNTRIES: readonly CountryCode[] = ['DE', 'GB', 'US', 'FR', 'ES', 'IT', 'AT', 'CH', 'NL', 'PL'];
/** Grouped as people write telephone numbers at home: 0171 2345678, 06 12 34 56 78, (415) 555-0132, 415-555-0132. */
const NATIONAL =
  /^(?:\(?0\d{1,5}\)?[ ./–-]{1,3}\d[\d ./–-]{4,14}|\(\d{3}\)\s?\d{3}[ .-]\d{4}|[2-9]\d{2}([.-])[2-9]\d{2}\1\d{4})$/;
const MOBILE = /^(?:01[567]\d{8,9}|0[67]\d{8}|07[1-9]\d{8})$/;
/** With no word beside it that speaks of contact, a number must stand nearly alone to be one to call. */
const AROUND = 70;
const ALONE = 90;
const MIN_UNLABELLED = 9;
const MAX_UNLABELLED = 11;
const MIN_WORDS = 7;
const MAX_WORDS = 40;

export const telephone = defineRule({
  id: 'telephone',
  title: 'A telephone number',
  class: 'offplatform',
  reads: ['seller', 'buyer'],
  severity: 50,
  policy: 'amazon-messages',
  views: ['folded', 'joined'],
  languages: ['en', 'de'],
  why: {
    en: 'It gives a telephone number. Both sides write through the relay, so that neither needs the other’s number.',
    de: 'Hier steht eine Telefonnummer. Beide Seiten schreiben über das Relay; keine braucht die Nummer der anderen.',
  },
  fix: {
    en: 'Take the number out and ask for a reply to this message. A carrier’s number stands on its tracking page.',
    de: 'Lassen Sie die Nummer weg und bitten Sie um eine Antwort auf diese Nachricht. Die Nummer eines Paketdienstes steht auf dessen Sendungsseite.',
  },
  *find(view: View): Iterable<Span> {
    if (MAY_HOLD.test(view.text)) yield* numbersIn(view.text);
    yield* spokenNumbersIn(view.words);
  },
});

function* numbersIn(text: string): Iterable<Span> {
  for (const match of text.matchAll(CANDIDATE)) {
    const written = match[0].split('\n')[0] ?? '';
    const before = text.slice(Math.max(0, match.index - LOOK_BACK), match.index);
    const around = text.slice(Math.max(0, match.index - AROUND), match.index + match[0].length + AROUND);
    if (isTelephone(written.trim(), before, around) && !isHelpline(text, match.index))
      yield { start: match.index, end: match.index + match[0].length };
  }
}

function isTelephone(written: string, before: string, around: string): boolean {
  const digits = written.replace(/\D/g, '');
  if (digits.length < 7 || digits.length > 15 || DATE.test(written) || CNPJ.test(written)) return false;
  const label = labelOf(before);
  if (label === 'other') return false;
  const isInternational = /^\(?\+|^00[1-9]/.test(written);
  if (isInternational) return digits.length >= 8 && isPossible(written.replace(/^00/, '+'), undefined);
  if (label === 'phone') return COUNTRIES.some((country) => isPossible(digits, country));
  // Parts and serial numbers are grouped like telephone numbers too, but are shorter or longer.
  if (digits.length < MIN_UNLABELLED || digits.length > MAX_UNLABELLED) return false;
  if (around.length > ALONE && !INVITES.test(around)) return false;
  return (NATIONAL.test(written) || MOBILE.test(written)) && COUNTRIES.some((country) => isPossible(written, country));
}

/** The number of a carrier, a manufacturer or an authority, named just before it and not called "ours". Amazon allows these. */
function isHelpline(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - HELPLINE_REACH), at);
  const line = before.slice(before.lastIndexOf('\n\n') + 1);
  return HELPLINE_OF.test(line) && !OF_OURS.test(line.slice(-LOOK_BACK));
}

/** What the nearest telling word before a number says that it is. */
function labelOf(before: string): 'phone' | 'other' | undefined {
  const line = before.slice(before.lastIndexOf('\n\n') + 1);
  const last = Array.from(line.matchAll(LABELS)).at(-1)?.[0];
  if (last === undefined) return undefined;
  return IS_PHONE.test(last) ? 'phone' : 'other';
}

function isPossible(written: string, country: CountryCode | undefined): boolean {
  return (
    parsePhoneNumberFromString(written, {
      ...(country !== undefined && { defaultCountry: country }),
      extract: false,
    })?.isPossible() === true
  );
}

/** Digits in words, seven or more in a row: "four one five double eight nine two". */
function* spokenNumbersIn(words: readonly Word[]): Iterable<Span> {
  let run: Word[] = [];
  for (let index = 0; index <= words.length; index++) {
    const word = words[index];
    if (word !== undefined && run.length < MAX_WORDS && (DIGIT_WORDS.has(word.text) || /^\d{1,4}$/.test(word.text))) {
      run.push(word);
      continue;
    }
    if (run.length === 0) continue;
    const first = run[0];
    const last = run.at(-1);
    const spoken = run.filter((entry) => DIGIT_WORDS.has(entry.text)).length;
    if (first !== undefined && last !== undefined && run.length >= MIN_WORDS && spoken >= 4) {
      yield { start: first.start, end: last.end };
    }
    run = [];
  }
}
