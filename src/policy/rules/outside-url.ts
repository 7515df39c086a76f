/**
 * outside-url: a link or a web address off the marketplace. Carriers and the marketplace itself are where links may lead; links into
 * messengers are the messenger rule's. The targets of links in HTML are read like text.
 */
import { hostsIn, isAllowedHost, isMessengerHost, registrableDomain } from '../hosts.ts';
import { defineRule, type Context, type Span } from '../rule.ts';
import type { View } from '../text.ts';

/** Endings of file names that are also top-level domains. */
const FILE = /\.(?:zip|mov|md|py|sh|rs|pl|ps|cab|app|doc|docs|app|bat|java|ai|cc|so|vi|ms)$/;
/** In words; "point de" and "punto es" are French and Spanish, not addresses. */
const SPELLED =
  /(?<![\p{L}\p{N}])[\p{L}\p{N}][\p{L}\p{N}-]{1,62}(?:(?:\s?[([{]\s?(?:dot|punkt|punto|point|\.)\s?[)\]}]\s?|\s(?:dot|punkt)\s)(?:com|net|org|shop|store|online|info|biz|de|fr|es|it|eu|cn|co|uk|us|test|example)|\s(?:punto|point)\s(?:com|net|org|shop|store|online|info|biz))(?![\p{L}\p{N}])/gu;
const MAY_BE_SPELLED = /dot|punkt|punto|point|[([{]\s?\./;

export const outsideUrl = defineRule({
  id: 'outside-url',
  title: 'A link off the marketplace',
  class: 'offplatform',
  reads: ['seller'],
  severity: 40,
  policy: 'amazon-messages',
  views: ['folded', 'joined'],
  languages: ['en', 'de'],
  why: {
    en: 'It links to a place off the marketplace. Only links to the marketplace and to parcel carriers may be sent.',
    de: 'Hier führt ein Link vom Marktplatz weg. Nur Links zum Marktplatz und zu Paketdiensten sind erlaubt.',
  },
  fix: {
    en: 'Take the link out. Write what the buyer needs to know, or attach the file.',
    de: 'Lassen Sie den Link weg. Schreiben Sie, was der Käufer wissen muss, oder hängen Sie die Datei an.',
  },
  *find(view: View, context: Context): Iterable<Span> {
    if (view.name === 'folded') {
      for (const found of hostsIn(view.text)) {
        if (isAllowedHost(found.host, context) || isMessengerHost(found.host)) continue;
        if (isInLocalPart(view.text, found.span.end)) continue;
        if (found.isExplicit ? isLink(found.host) : isBareDomain(view, found.host, found.span)) yield found.span;
      }
    }
    if (!MAY_BE_SPELLED.test(view.text)) return;
    for (const match of view.text.matchAll(SPELLED)) {
      const before = view.text.slice(Math.max(0, match.index - 12), match.index);
      const host = match[0].replace(/[^\p{L}\p{N}-]+(?:(?:dot|punkt|punto|point|\.)[^\p{L}\p{N}-]+)/u, '.');
      const isMailbox = /(?:@|\bat\b|\barroba\b|\barobase\b|\bchiocciola\b)[)\]}\s]{0,2}$/.test(before);
      if (!isMailbox && !isAllowedHost(host, context)) yield { start: match.index, end: match.index + match[0].length };
    }
  },
});

/** "anna.shop.berlin@post.example": what looks like a host is the front of a mailbox, and the e-mail rule's. */
function isInLocalPart(text: string, end: number): boolean {
  return /^[\p{L}\p{N}.!#$%&'*+=^_`{|}~-]{0,64}@/u.test(text.slice(end, end + 66));
}

function isLink(host: string): boolean {
  return registrableDomain(host) !== undefined || /^\d+\.\d+\.\d+\.\d+$/.test(host);
}

/** Not a file name, and not two sentences without a space between them ("sent.It"). */
function isBareDomain(view: View, host: string, span: Span): boolean {
  const domain = registrableDomain(host);
  if (domain === undefined || FILE.test(host) || (domain.split('.')[0] ?? '').length < 2) return false;
  const last = view.written(span).split('.').at(-1) ?? '';
  return !/^\p{Lu}\p{Ll}/u.test(last);
}
