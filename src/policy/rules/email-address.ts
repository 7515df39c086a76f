/**
 * email-address: an address outside the relay, also spelled out ("name at domain dot com", "(at)", "[at]", spaced).
 *
 * Found from the at sign outwards. The bare word "at" counts only where the dots are spelled too or the domain is a free mail
 * provider's: "look at shop.example" names no mailbox.
 */
import { isFreeMail, isOwnHost, registrableDomain } from '../hosts.ts';
import { defineRule, type Context, type Span } from '../rule.ts';
import type { View } from '../text.ts';

const MAY_HOLD = /@|\b(?:at|arroba|arobase|chiocciola|klammeraffe)\b|[([{]\s?a\s?[)\]}]/;
const AT =
  /@|\s?[([{<]\s?(?:at|a|et|arroba|arobase|chiocciola)\s?[)\]}>]\s?|\s(?:at|arroba|arobase|chiocciola|klammeraffe)\s/g;
const LABEL = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,62})';
const DOT =
  '(?:\\.|\\s\\.\\s|\\s?[(\\[{]\\s?(?:dot|punkt|punto|point|\\.)\\s?[)\\]}]\\s?|\\s(?:dot|punkt|punto|point)\\s)';
const DOMAIN = new RegExp(`\\s?(${LABEL}(?:${DOT}${LABEL}){0,5})`, 'uy');
const DOTS = new RegExp(DOT, 'gu');
const LOCAL = /[\p{L}\p{N}._%+-]{1,64}\s?$/u;
const PLAIN_DOMAIN = /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.[\p{L}]{2,}$/u;

export const emailAddress = defineRule({
  id: 'email-address',
  title: 'An e-mail address outside the relay',
  class: 'offplatform',
  reads: ['seller', 'buyer'],
  severity: 50,
  policy: 'ebay-contact',
  views: ['folded', 'joined'],
  languages: ['en', 'de'],
  why: {
    en: 'It gives an e-mail address. Both sides write through the relay, so that neither needs the other’s address.',
    de: 'Hier steht eine E-Mail-Adresse. Beide Seiten schreiben über das Relay; keine braucht die Adresse der anderen.',
  },
  fix: {
    en: 'Take the address out and ask for a reply to this message: it reaches you.',
    de: 'Lassen Sie die Adresse weg und bitten Sie um eine Antwort auf diese Nachricht: Sie erreicht Sie.',
  },
  *find(view: View, context: Context): Iterable<Span> {
    if (!MAY_HOLD.test(view.text)) return;
    for (const match of view.text.matchAll(AT)) {
      const found = addressAround(view.text, match.index, match[0], context);
      if (found !== undefined) yield found;
    }
  },
});

function addressAround(text: string, at: number, sign: string, context: Context): Span | undefined {
  const local = LOCAL.exec(text.slice(Math.max(0, at - 65), at))?.[0];
  if (local === undefined) return undefined;
  DOMAIN.lastIndex = at + sign.length;
  const match = DOMAIN.exec(text);
  if (match?.[1] === undefined) return undefined;
  const length = outsideDomain(match[1], sign.trim(), context);
  if (length === undefined) return undefined;
  return { start: at - local.length, end: at + sign.length + match[0].length - match[1].length + length };
}

/** How much of `written` is the domain of a mailbox elsewhere, or `undefined`. */
function outsideDomain(written: string, sign: string, context: Context): number | undefined {
  const isBareWord = /^[a-z]/.test(sign);
  const plain = written.replace(DOTS, '.');
  if (isOwnHost(plain, context)) return undefined;
  const provider = plain.split('.')[0] ?? '';
  if (!plain.includes('.')) return !isBareWord && isFreeMail(provider) ? written.length : undefined;
  const isSpelled = plain !== written;
  if (isBareWord && !isSpelled && !isFreeMail(provider)) return undefined;
  if (registrableDomain(plain) !== undefined) return written.length;
  if (sign === '@' && !isSpelled && PLAIN_DOMAIN.test(plain)) return written.length;
  // The last label may be the next word ("at shop dot com dot thanks"): the address is what remains without it.
  const shorter = written.slice(0, Math.max(0, lastDot(written)));
  return shorter === '' ? undefined : outsideDomain(shorter, sign, context);
}

function lastDot(written: string): number {
  return Array.from(written.matchAll(DOTS)).at(-1)?.index ?? 0;
}
