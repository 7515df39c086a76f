/**
 * xray-reasons: in a few words, why a header field does not leave as it came. For the page only: what leaves is decided by the
 * allow-list of `mail/rewrite.ts`, and by nothing in here.
 */
import type { Mark } from './xray.ts';

type Change = Exclude<Mark, 'kept' | 'stopped'>;

const REASONS: Readonly<Record<string, string>> = {
  'from': 'the alias of the writer, under the name that the marketplace chose',
  'to': 'the alias of the reader; the real address is opened only to deliver',
  'reply-to': 'named the real address; replies go to the alias in From',
  'message-id': "named the writer's mail host; ours keeps the thread together",
  'in-reply-to': 'points to the message as its own side knows it',
  'references': 'the same thread, in the ids that the reader has',
  'received': 'showed the network of the writer; one fresh hop takes its place',
  'date': 'in UTC: a time zone says where somebody lives',
  'subject': 'what a rule or an address in it made necessary',
  'sender': 'named a real mailbox',
  'return-path': 'named a real mailbox',
  'x-mailer': 'told which program the writer uses',
  'user-agent': 'told which program the writer uses',
  'x-originating-ip': 'told where the writer was',
  'x-sender': 'named the real address',
  'organization': 'told who the writer is',
  'dkim-signature': 'signed by the relay, so that the reader can trust the alias',
  'content-type': 'written anew with the text',
  'content-transfer-encoding': 'written anew with the text',
  'content-disposition': 'written anew with the text',
  'mime-version': 'written anew with the text',
};

const OTHERWISE: Readonly<Record<Change, string>> = {
  dropped: 'not on the list of fields that leave',
  changed: 'written anew',
  added: 'written by the relay',
};

/** `name` in lower case. */
export function reasonFor(name: string, mark: Change): string {
  return REASONS[name] ?? OTHERWISE[mark];
}
