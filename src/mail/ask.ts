/**
 * ask: the registered buyer is asked whether a message that came from elsewhere is theirs.
 *
 * In:  a message that is held because nothing proves its author.    Out: one mail to the address that is registered for the order.
 * A stranger may have written that message to have us write to the buyer: so nothing of it is repeated (no address, no name, no subject,
 * no text). However many come from one address, one question goes out in an hour, and its answer counts for all of them; other addresses
 * are asked about by themselves, a few in an hour and in a day, and after a "no" not again. The author is told nothing (RFC 3834 2, security.md AU-13).
 */
import { DAY, HOUR, rfc5322Date, type Instant } from '../core/time.ts';
import type { CaseRecord, OrderRecord, OutboxRecord, RareNotice } from '../store/records.ts';
import type { Fingerprint } from '../core/sealed.ts';
import type { Vault } from '../vault/seal.ts';
import type { Message } from './message.ts';
import { noticeItem } from './queue.ts';
import { encodeMailbox, encodeText, render } from './render.ts';
import type { Arrival } from './types.ts';

const ASK_EVERY_MS = 1 * HOUR;

/**
 * Addresses that are asked about within that time, for one order: whoever writes from many of them sends the buyer so many mails, and no
 * more.
 */
const ASKS_AT_MOST = 3;
/** And in a day, so that they do not go on through the night. */
const ASKS_A_DAY = 12;

/** What the buyer is asked: the same for all messages that came from one address and are as little proved. */
export function questionOf(
  { proof, doubt }: Arrival,
  { from, origin }: Message,
  vault: Vault,
): Fingerprint | undefined {
  if (proof !== 'unconfirmed' || (origin !== 'person' && origin !== 'program')) return undefined;
  return vault.fingerprintOf('question', `${vault.fingerprint(from)} ${doubt ?? ''}`);
}

/** The question, for a message that a person may have written: what an answering machine sends asks for no answer, and would go on. */
export function questionsFor(
  { id, sender, receivedAt }: Arrival,
  asks: Fingerprint | undefined,
  { retryForMs, unconfirmedForMs }: { readonly retryForMs: number; readonly unconfirmedForMs: number },
): readonly RareNotice[] {
  if (asks === undefined) return [];
  const { orderId } = sender.order;
  // Nobody needs the question when its time is over.
  const until = Math.min(retryForMs, unconfirmedForMs);
  return [
    {
      notice: noticeItem({ id, orderId }, sender.from, 'confirm', receivedAt, until),
      tally: { orderId, from: sender.from, sign: 'confirm', messageId: id, text: asks, at: receivedAt },
      since: receivedAt - ASK_EVERY_MS,
      limits: [
        { since: receivedAt - ASK_EVERY_MS, atMost: ASKS_AT_MOST },
        { since: receivedAt - DAY, atMost: ASKS_A_DAY },
      ],
    },
  ];
}

/** What we can write to people in. */
export type Language = 'en' | 'de' | 'fr';

/** The language of a tag such as `de-AT`; English for those that we do not write in. */
export function languageOf(locale: string | undefined): Language {
  const language = locale?.split('-')[0]?.toLowerCase();
  return language === 'de' || language === 'fr' ? language : 'en';
}

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de', fr: 'fr' };

/** Day and time as people read it; in UTC, since we do not know where they are. */
export function shownTime(instant: Instant, language: Language): string {
  const shown = new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${shown.format(instant)} (UTC)`;
}

export interface QuestionContext {
  readonly item: OutboxRecord;
  readonly order: OrderRecord;
  readonly asked: CaseRecord & { readonly deadline: Instant };
  readonly language: Language;
  readonly link: string;
  readonly marketplaceName: string;
  readonly hostName: string;
  readonly aliasDomain: string;
  readonly now: Instant;
}

/**
 * From the alias that the buyer knows, so that it stands beside the order's other mail. An answer must not go there: it would quote the
 * link to the seller. It goes to where nobody reads, and the buyer's own server says so.
 */
export function composeQuestion(context: QuestionContext): Uint8Array {
  const { item, order, language, marketplaceName, hostName, aliasDomain, now } = context;
  const { subject, text } = WORDS[language];
  const headers = [
    ['Received', `by ${hostName}; ${rfc5322Date(now)}`],
    ['From', encodeMailbox(marketplaceName, order.aliases.seller)],
    ['Reply-To', `mailer-daemon@${aliasDomain}`],
    ['To', order.aliases.buyer],
    ['Subject', encodeText(`${subject} (${order.orderId})`)],
    ['Date', rfc5322Date(now)],
    ['Message-ID', `<${item.id.slice('out_'.length)}@${aliasDomain}>`],
    ['Auto-Submitted', 'auto-generated'],
    ['MIME-Version', '1.0'],
  ] as const;
  return render(headers, { kind: 'text', subtype: 'plain', text: text(detailsOf(context)) });
}

interface Details {
  readonly order: string;
  readonly came: string;
  readonly ends: string;
  readonly link: string;
  readonly name: string;
}

const detailsOf = ({ order, asked, language, link, marketplaceName }: QuestionContext): Details => ({
  order: order.orderId,
  came: shownTime(asked.openedAt, language),
  ends: shownTime(asked.deadline, language),
  link,
  name: marketplaceName,
});

const WORDS: Readonly<Record<Language, { readonly subject: string; readonly text: (about: Details) => string }>> = {
  en: {
    subject: 'Did you write to the seller?',
    text: ({ order, came, ends, link, name }) => `Hello,

a message for the seller of your order ${order} came in on ${came}. It was sent from another address than this one, or without proof that you sent it, so we have not passed it on.

Was that you? Please tell us on this page. Opening it changes nothing; a button there does:

  ${link}

If you do not answer, the message is thrown away on ${ends}. You need not do anything.

What the message says, and from where it came, we do not repeat: a stranger may have written it. Nobody reads answers to this mail.

${name}
`,
  },
  de: {
    subject: 'Haben Sie an den Verkäufer geschrieben?',
    text: ({ order, came, ends, link, name }) => `Guten Tag,

am ${came} kam eine Nachricht an den Verkäufer Ihrer Bestellung ${order} an. Sie wurde von einer anderen Adresse als dieser gesendet, oder ohne Nachweis, dass sie von Ihnen ist. Wir haben sie deshalb nicht weitergegeben.

Waren Sie das? Bitte sagen Sie es uns auf dieser Seite. Sie zu öffnen ändert nichts, erst ein Knopf dort:

  ${link}

Wenn Sie nicht antworten, wird die Nachricht am ${ends} verworfen. Sie müssen nichts tun.

Was in der Nachricht steht und woher sie kam, wiederholen wir nicht: Vielleicht hat sie ein Fremder geschrieben. Antworten auf diese E-Mail liest niemand.

${name}
`,
  },
  fr: {
    subject: 'Avez-vous écrit au vendeur ?',
    text: ({ order, came, ends, link, name }) => `Bonjour,

un message pour le vendeur de votre commande ${order} est arrivé le ${came}. Il a été envoyé depuis une autre adresse que celle-ci, ou sans preuve qu'il vient de vous. Nous ne l'avons donc pas transmis.

Était-ce vous ? Dites-le-nous sur cette page. L'ouvrir ne change rien ; seul un bouton le fait :

  ${link}

Sans réponse de votre part, le message sera supprimé le ${ends}. Vous n'avez rien à faire.

Nous ne répétons ni le contenu du message ni son origine : un inconnu l'a peut-être écrit. Personne ne lit les réponses à ce courriel.

${name}
`,
  },
};
