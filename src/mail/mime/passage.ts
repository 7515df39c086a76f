/**
 * passage: did a message come from its author, through a mailing list, or on from a mailbox that it had reached before?
 *
 * In:  the fields of a message.    Out: one word.
 * What a list sends, its author wrote to the list, and what is sent on, its author wrote to somebody: a signature that is still good says
 * who wrote the words, and not that they were meant for here. Two fields that look like signs are none: Gmail puts X-Forwarded-Encrypted
 * into mail that its users write themselves, and Microsoft's servers begin an ARC chain in all that leaves them.
 * Standards: RFC 2919 3, RFC 2369 3, RFC 5322 3.6.6, RFC 9228. Attacks: security.md AU-13. Never throws.
 */
import type { Passage } from '../message.ts';
import { valuesOf, type HeaderField } from './header.ts';

export function passageOf(fields: readonly HeaderField[]): Passage {
  const names = new Set(fields.map(({ name }) => name));
  const has = (name: string): boolean => names.has(name);
  const isList = valuesOf(fields, 'precedence').some((value) => value.trim().toLowerCase() === 'list');
  if (isList || LIST_FIELDS.some(has)) return 'list';
  return FORWARD_FIELDS.some(has) ? 'forwarded' : 'direct';
}

/** Of the standards, and of ezmlm, Yahoo, kernel.org and Mailman. Who writes letters for many has some of them too. */
const LIST_FIELDS = [
  'list-id',
  'list-post',
  'list-help',
  'list-subscribe',
  'list-unsubscribe',
  'list-owner',
  'list-archive',
  'mailing-list',
  'x-mailing-list',
  'x-beenthere',
];

/** Put in by hand (Resent), by Gmail and its like (X-Forwarded), and by servers that had delivered it once (Postfix, qmail, Exim). */
const FORWARD_FIELDS = [
  'resent-from',
  'resent-sender',
  'resent-to',
  'resent-cc',
  'resent-bcc',
  'resent-date',
  'resent-message-id',
  'x-forwarded-to',
  'x-forwarded-for',
  'delivered-to',
  'x-original-to',
];
