/**
 * outside-payment: money that goes around the marketplace: an account asked for, a payment or refund by another way, an IBAN, a coin.
 *
 * A refund to the method that the buyer paid with is the marketplace's own way, whatever its name.
 */
import { framesOf, type Sentence } from '../frame.ts';
import { defineRule, type Span } from '../rule.ts';
import type { View } from '../text.ts';

const IBAN = /(?<![\p{L}\p{N}])[a-z]{2}\d{2}(?:[ ]?[a-z0-9]){11,30}(?![\p{L}\p{N}])/gu;
const COIN = /(?<![a-z0-9])(?:bc1[a-z0-9]{25,60}|0x[a-f0-9]{40})(?![a-z0-9])/g;
const PAY_LINK = /paypal\.me\/|paypalme\/|(?<!\p{L})paypal\.me(?!\p{L})/gu;

export const outsidePayment = defineRule({
  id: 'outside-payment',
  title: 'Payment or refund around the marketplace',
  class: 'offplatform',
  reads: ['seller'],
  severity: 80,
  policy: 'ebay-contact',
  views: ['folded', 'joined', 'leet'],
  languages: ['en', 'de'],
  why: {
    en: 'It asks for or offers money around the marketplace. Payments and refunds run through the order, where both sides are covered.',
    de: 'Hier soll Geld am Marktplatz vorbei fließen. Zahlungen und Erstattungen laufen über die Bestellung; nur so sind beide Seiten abgesichert.',
  },
  fix: {
    en: 'Refund through the order. You may write: "The refund goes to your original payment method."',
    de: 'Erstatten Sie über die Bestellung. Sie dürfen schreiben: „Die Erstattung geht auf Ihr ursprüngliches Zahlungsmittel.“',
  },
  *find(view: View): Iterable<Span> {
    for (const pattern of [COIN, PAY_LINK]) {
      for (const match of view.text.matchAll(pattern)) yield { start: match.index, end: match.index + match[0].length };
    }
    for (const match of view.text.matchAll(IBAN)) {
      const length = ibanLength(match[0]);
      if (length > 0) yield { start: match.index, end: match.index + length };
    }
    for (const frame of framesOf(view)) {
      for (const sentence of frame.sentences.values()) {
        const words = aroundIn(sentence);
        if (words !== undefined) yield frame.spanOf(words.first, words.last);
      }
    }
  },
});

/** The words that ask for an account, or that send money by another way. */
function aroundIn(sentence: Sentence): { first: number; last: number } | undefined {
  const around = sentence.first('payAround');
  // "The marketplace" excuses a sentence, but not one about saving its fees.
  if (sentence.has('payOk') && around === undefined) return undefined;
  const asked = sentence.first('payAsk') ?? sentence.first('payTo');
  if (around !== undefined && asked !== undefined) {
    return { first: Math.min(asked.first, around.first), last: Math.max(asked.last, around.last) };
  }
  const way = sentence.first('payTo');
  if (way !== undefined && sentence.has('get', 'ask', 'payAsk')) return way;
  const account = sentence.first('payment');
  const ask = sentence.first('payAsk');
  if (account === undefined || ask === undefined || account.last < ask.first) return undefined;
  return account.first - ask.last > 10 ? undefined : { first: ask.first, last: Math.max(account.last, ask.last) };
}

const MIN_IBAN = 15;
const MAX_IBAN = 34;

/** Length of the text that is an IBAN (ISO 13616: mod 97 is 1), or 0. Words after it may have been taken along. */
function ibanLength(text: string): number {
  for (let length = text.length; length >= MIN_IBAN; length--) {
    if (text[length - 1] === ' ') continue;
    const compact = text.slice(0, length).replaceAll(' ', '');
    if (compact.length >= MIN_IBAN && compact.length <= MAX_IBAN && remainder(compact) === 1) return length;
  }
  return 0;
}

function remainder(iban: string): number {
  let rest = 0;
  for (const sign of iban.slice(4) + iban.slice(0, 4)) {
    for (const digit of String(parseInt(sign, 36))) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest;
}
