/**
 * lint-answer: what the rules say of a message, written to the seller who asked, and to nobody else.
 *
 * The same words as a refusal has: the row of the error table, and of each finding why and how to mend it. It quotes the author to the
 * author. The null reverse path and `Auto-Submitted` keep it from being answered (RFC 3834 2); an answer to its From goes nowhere.
 */
import { rowOf } from '../core/errors.ts';
import type { MessageId } from '../core/ids.ts';
import { rfc5322Date, type Instant } from '../core/time.ts';
import type { Action, Evidence, Verdict } from '../policy/rule.ts';
import type { Message } from './message.ts';
import { encodeMailbox, encodeText, render } from './render.ts';

export interface LintAnswerContext {
  readonly asked: Pick<Message, 'subject' | 'messageId'>;
  readonly verdict: Verdict;
  readonly id: MessageId;
  readonly domain: string;
  readonly hostName: string;
  readonly rulesUrl: string;
  readonly now: Instant;
}

export function composeLintAnswer({
  asked,
  verdict,
  id,
  domain,
  hostName,
  rulesUrl,
  now,
}: LintAnswerContext): Uint8Array {
  const { subject, messageId } = asked;
  const reference = messageId === undefined ? [] : ([['In-Reply-To', `<${messageId}>`]] as const);
  const text = [
    'This is what the rules of this marketplace say of your message. It was passed on to nobody.',
    '',
    `Subject:  ${subject}`,
    `Verdict:  ${verdict.action}`,
    '',
    meaningOf(verdict.action),
    ...verdict.evidence.flatMap((found, index) => ['', ...shown(found, index + 1, rulesUrl)]),
    '',
    'This answer was written by the mail relay of the marketplace; nobody reads replies to it.',
    '',
  ].join('\n');
  return render(
    [
      ['Received', `by ${hostName}; ${rfc5322Date(now)}`],
      ['From', encodeMailbox('Mail relay', `mailer-daemon@${domain}`)],
      // Not the asker's own address: it may be one of several, and needs not be repeated.
      ['To', 'undisclosed-recipients:;'],
      ['Subject', encodeText(`What the rules say: ${verdict.action} (${subject})`)],
      ['Date', rfc5322Date(now)],
      ['Message-ID', `<${id.slice('msg_'.length)}@${domain}>`],
      ...reference,
      ['Auto-Submitted', 'auto-replied'],
      ['MIME-Version', '1.0'],
    ],
    { kind: 'text', subtype: 'plain', text },
  );
}

function meaningOf(action: Action): string {
  const refusal = { return: 'message.returned', block: 'message.blocked' } as const;
  switch (action) {
    case 'deliver':
      return 'It would be delivered as it is.';
    case 'redact':
      return 'It would be delivered without the words below, and its reader would see that something was taken out.';
    case 'hold':
      return 'It would be held until a person has looked at it.';
    case 'return':
    case 'block': {
      const { text, fix } = rowOf(refusal[action]);
      return `It would be refused. ${text}. ${fix}`;
    }
  }
}

function shown({ rule, field, excerpt, why, fix }: Evidence, number: number, rulesUrl: string): readonly string[] {
  return [`${number}. ${rule} (${field})`, `   "${excerpt}"`, `   ${why}`, `   ${fix}`, `   ${rulesUrl}#${rule}`];
}
