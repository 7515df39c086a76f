/**
 * replies: what a failed attempt means: try again, or give up.
 *
 * A 5xx is the next hop's last word (RFC 5321 4.2.1), with one exception that passes: a full mailbox
 * (5.2.2) is emptied again. Everything without a reply is temporary.
 */
import { RemoteText } from '../core/remote-text.ts';
import type { Delivery } from './transport.ts';

const PASSING: ReadonlySet<string> = new Set(['5.2.2']);

/** `text` is whatever the next hop said, or `undefined` when it said nothing; only its codes are kept. */
export function failureOf(text: string | undefined): Exclude<Delivery, { kind: 'delivered' }> {
  if (text === undefined) return { kind: 'temporary', reply: undefined };
  const reply = new RemoteText(text);
  const isFinal = reply.code >= 500 && reply.code < 600 && !PASSING.has(reply.enhanced);
  return { kind: isFinal ? 'permanent' : 'temporary', reply };
}
