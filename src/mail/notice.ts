/**
 * notice: tells the author of a message what became of it, naming nothing but aliases.
 *
 * In:  what happened, in a closed vocabulary.    Out: the bytes of a short message to the author's own mailbox.
 * No word of a remote server, no host, no original: each of them has carried real addresses out of other relays. The null reverse
 * path and `Auto-Submitted` keep it from being answered (RFC 3834 2, RFC 5321 4.5.5).
 */
import { rfc5322Date, type Instant } from '../core/time.ts';
import type { MessageRecord, NoticeKind, OrderRecord, OutboxRecord } from '../store/records.ts';
import { encodeMailbox, render } from './render.ts';

export interface NoticeContext {
  readonly item: OutboxRecord & { readonly notice: NoticeKind };
  readonly order: OrderRecord;
  readonly message: MessageRecord;
  readonly subject: string;
  readonly hostName: string;
  readonly aliasDomain: string;
  readonly rulesUrl: string;
  readonly now: Instant;
}

const REASON: Readonly<Record<NoticeKind, { readonly subject: string; readonly text: string }>> = {
  undeliverable: {
    subject: 'Not delivered',
    text: 'The mailbox behind the alias does not take the message. It was not delivered and will not be tried again.',
  },
  expired: {
    subject: 'Not delivered in time',
    text: 'The mailbox behind the alias could not be reached for several days. The message was given up.',
  },
  refused: {
    subject: 'Not delivered: it breaks a rule',
    text: 'The message breaks a rule of this marketplace and was not delivered.',
  },
  returned: {
    subject: 'Not delivered yet: it needs a change',
    text: 'The message was not delivered. Change the words that the rule speaks of and send it again.',
  },
};

export function composeNotice(context: NoticeContext): Uint8Array {
  const { item, order, now } = context;
  const reason = REASON[item.notice];
  const letters = item.id.slice('out_'.length);
  return render(
    [
      ['Received', `by ${context.hostName}; ${rfc5322Date(now)}`],
      ['From', encodeMailbox('Mail relay', `mailer-daemon@${context.aliasDomain}`)],
      ['To', order.aliases[item.to]],
      ['Subject', `${reason.subject} (order ${order.orderId})`],
      ['Date', rfc5322Date(now)],
      ['Message-ID', `<${letters}@${context.aliasDomain}>`],
      ['Auto-Submitted', 'auto-replied'],
      ['MIME-Version', '1.0'],
    ],
    { kind: 'text', subtype: 'plain', text: noticeText(context, reason.text) },
  );
}

function noticeText({ item, order, message, subject, rulesUrl }: NoticeContext, reason: string): string {
  const reader = item.to === 'seller' ? 'buyer' : 'seller';
  const rules = message.rules.map((rule) => `  ${rulesUrl}#${rule}`);
  return [
    reason,
    '',
    `Order:    ${order.orderId}`,
    `To:       ${order.aliases[reader]}`,
    `Subject:  ${subject}`,
    `Message:  ${message.id}`,
    ...(rules.length > 0 ? ['', 'Rules:', ...rules] : []),
    '',
    'This notice was written by the mail relay of the marketplace; nobody reads replies to it.',
    '',
  ].join('\n');
}
