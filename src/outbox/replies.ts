/**
 * replies: what a failed attempt means: try again, or give up.
 *
 * A 5xx is the next hop's last word (RFC 5321 4.2.1), with one exception that passes: a full mailbox
 * (5.2.2) is emptied again. Everything without a reply is temporary.
 * Where nobody was asked, the reply is one of ours: same codes, so that the author's notice and the log read alike.
 */
import { RemoteText } from '../core/remote-text.ts';
import type { Delivery } from './transport.ts';

export type Failure = Exclude<Delivery, { kind: 'delivered' }>;

const PASSING: ReadonlySet<string> = new Set(['5.2.2']);

/** `text` is whatever the next hop said, or `undefined` when it said nothing; only its codes are kept. */
export function failureOf(text: string | undefined): Failure {
  if (text === undefined) return { kind: 'temporary', reply: undefined };
  const reply = new RemoteText(text);
  const isFinal = reply.code >= 500 && reply.code < 600 && !PASSING.has(reply.enhanced);
  return { kind: isFinal ? 'permanent' : 'temporary', reply };
}

const OURS = {
  // RFC 7505 4.2.
  'null-mx': '556 5.1.10 the domain takes no mail',
  // RFC 3463 3.2: the destination system does not exist, or is incapable of accepting mail.
  'no-host': '550 5.1.2 the domain has no host for mail',
  // RFC 5321 5.1: exchangers of which none can be used "MUST be reported as an error"; RFC 3463 3.5.
  'no-route': '550 5.4.4 the hosts of the domain are at addresses that are nobody’s',
  // RFC 1870 6.1 (4).
  'too-big': '552 5.3.4 more than the host takes',
  // RFC 6531 3.5: a non-ASCII address, and no way to write it there.
  'not-ascii': '550 5.6.7 the host takes no such addresses',
  // RFC 7672 2.2 and RFC 8461 5: delay, never send.
  'not-secure': '451 4.7.5 no host can be reached as the domain asks for',
  'unwritable': '553 5.1.3 an address that cannot be written in an envelope',
} as const;

export type OwnReason = keyof typeof OURS;

export function ownFailure(reason: OwnReason): Failure {
  return failureOf(OURS[reason]);
}
