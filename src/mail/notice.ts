/**
 * notice: tells the author of a message what became of it, naming nothing but aliases.
 *
 * In:  what happened, in a closed vocabulary.    Out: the bytes of a short message to the author's own mailbox.
 * A failure is told as a delivery status notification (RFC 3464), so that helpdesks read it too: with our own status code, the alias as
 * the recipient, and no remote server, no diagnostic, no original. Each of those has carried real addresses out of other relays. The
 * null reverse path and `Auto-Submitted` keep it from being answered (RFC 3834 2, RFC 5321 4.5.5).
 */
import { rfc5322Date, type Instant } from '../core/time.ts';
import type { MessageRecord, NoticeKind, OrderRecord, OutboxRecord } from '../store/records.ts';
import { encodeMailbox, encodeText, render, renderReport } from './render.ts';

/** What an author is told; the question to a buyer is written in ask.ts. */
type Told = Exclude<NoticeKind, 'confirm'>;

export interface NoticeContext {
  readonly item: OutboxRecord & { readonly notice: Told };
  readonly order: OrderRecord;
  readonly message: MessageRecord;
  readonly subject: string;
  readonly hostName: string;
  readonly aliasDomain: string;
  readonly rulesUrl: string;
  readonly now: Instant;
}

interface Reason {
  readonly subject: string;
  readonly text: string;
  /** RFC 3463, for what ended in a failure; a note about a message that went out has none. */
  readonly status?: string;
}

const REASON: Readonly<Record<Told, Reason>> = {
  'undeliverable': {
    subject: 'Not delivered',
    text: 'The message was not delivered and will not be tried again: the mailbox behind the alias does not take it.',
    status: '5.0.0',
  },
  'mailbox-full': {
    subject: 'Not delivered: the mailbox is full',
    text: 'The message was not delivered: the mailbox behind the alias is full. It can be sent again in some days.',
    status: '5.2.2',
  },
  'unknown-mailbox': {
    subject: 'Not delivered: the mailbox is gone',
    text: 'The message was not delivered: the mailbox behind the alias does not exist, or is switched off. Sending it again will not help; the marketplace can ask for a new address.',
    status: '5.1.1',
  },
  'policy': {
    subject: 'Not delivered: refused by the mail provider',
    text: 'The message was not delivered: the mail provider behind the alias refused it, for reasons of its own. A shorter message without links or files may be taken.',
    status: '5.7.1',
  },
  'too-big': {
    subject: 'Not delivered: the message is too big',
    text: 'The message was not delivered: it is bigger than the mailbox behind the alias takes. Send it again with smaller files.',
    status: '5.3.4',
  },
  'expired': {
    subject: 'Not delivered in time',
    text: 'The message was not delivered: the mailbox behind the alias could not be reached for several days. It was given up.',
    status: '5.4.7',
  },
  'refused': {
    subject: 'Not delivered: it breaks a rule',
    text: 'The message breaks a rule of this marketplace and was not delivered.',
    status: '5.7.1',
  },
  'returned': {
    subject: 'Not delivered yet: it needs a change',
    text: 'The message was not delivered. Change the words that the rule speaks of and send it again.',
    status: '5.7.1',
  },
  'masked': {
    subject: 'Delivered without an address',
    text: 'The message went out, but for an e-mail address in it: the other party sees "[address hidden]" in its place. Nobody needs the address: answers to this order find their way through the alias.',
  },
  'copied': {
    subject: 'Taken for the alias only',
    text: 'The message was taken for the alias of this order, and for nobody else. The other people in To, Cc or Bcc get nothing from us; if your mail program sent it to them, they have it with your own address in it.',
  },
};

export function composeNotice(context: NoticeContext): Uint8Array {
  const { item, order, now } = context;
  const reason = REASON[item.notice];
  const letters = item.id.slice('out_'.length);
  const headers = [
    ['Received', `by ${context.hostName}; ${rfc5322Date(now)}`],
    ['From', encodeMailbox('Mail relay', `mailer-daemon@${context.aliasDomain}`)],
    ['To', order.aliases[item.to]],
    ['Subject', encodeText(`${reason.subject} (order ${order.orderId})`)],
    ['Date', rfc5322Date(now)],
    ['Message-ID', `<${letters}@${context.aliasDomain}>`],
    ['Auto-Submitted', 'auto-replied'],
    ['MIME-Version', '1.0'],
  ] as const;
  const text = noticeText(context, reason.text);
  if (reason.status === undefined) return render(headers, { kind: 'text', subtype: 'plain', text });
  return renderReport(headers, text, statusFields(context, reason.status));
}

/** RFC 3464 2.2 and 2.3: the fields that must be there, and no more of those that may. */
function statusFields({ item, order, message, hostName }: NoticeContext, status: string) {
  const aboutAll = [
    ['Reporting-MTA', `dns; ${hostName}`],
    ['Arrival-Date', rfc5322Date(message.receivedAt)],
  ] as const;
  const aboutOne = [
    ['Final-Recipient', `rfc822; ${order.aliases[otherOf(item.to)]}`],
    ['Action', 'failed'],
    ['Status', status],
  ] as const;
  return [aboutAll, aboutOne] as const;
}

const otherOf = (party: OutboxRecord['to']): OutboxRecord['to'] => (party === 'seller' ? 'buyer' : 'seller');

function noticeText({ item, order, message, subject, rulesUrl }: NoticeContext, reason: string): string {
  const rules = RULED.has(item.notice) ? message.rules.map((rule) => `  ${rulesUrl}#${rule}`) : [];
  return [
    reason,
    '',
    `Order:    ${order.orderId}`,
    `To:       ${order.aliases[otherOf(item.to)]}`,
    `Subject:  ${subject}`,
    `Message:  ${message.id}`,
    ...(rules.length > 0 ? ['', 'Rules:', ...rules] : []),
    '',
    'This notice was written by the mail relay of the marketplace; nobody reads replies to it.',
    '',
  ].join('\n');
}

const RULED: ReadonlySet<Told> = new Set(['refused', 'returned']);
