/**
 * bounces: what the reader's mail server says against a message names the reader. Does the author get to see it?
 */
import { whole } from './cases/plant.ts';
import { letterOf, newMark, type Place } from './letters.ts';
import type { Refusal } from './mailbox.ts';
import type { Direction } from './options.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import { post, type Reply } from './post.ts';
import { ordinary, sendOrdinary, type Line } from './thread.ts';

export interface BounceCase {
  readonly what: string;
  /** Refused while the relay delivers; otherwise taken, and reported afterwards. */
  readonly refusal?: (address: string) => Refusal;
  readonly report?: (address: string) => string;
}

const daemon = (address: string, subject: string, ...rest: readonly string[]): string =>
  whole([
    'From: Mail Delivery System <MAILER-DAEMON@mx.reader.example>',
    'To: <undisclosed@mx.reader.example>',
    `Subject: ${subject}`,
    'Date: Mon, 23 Nov 2026 10:00:00 +0100',
    `Message-ID: <bounce.${newMark()}@mx.reader.example>`,
    `X-Failed-Recipients: ${address}`,
    'MIME-Version: 1.0',
    ...rest,
  ]);

/** RFC 3464, with the original behind it. */
const standard = (address: string): string =>
  daemon(
    address,
    'Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="dsn"',
    '',
    '--dsn',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    `<${address}>: host mx.reader.example said: 550 5.1.1 <${address}> User unknown`,
    '--dsn',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.reader.example',
    '',
    `Original-Recipient: rfc822; ${address}`,
    `Final-Recipient: rfc822; ${address}`,
    'Action: failed',
    'Status: 5.1.1',
    `Diagnostic-Code: smtp; 550 5.1.1 <${address}> User unknown`,
    '--dsn',
    'Content-Type: message/rfc822',
    '',
    `To: ${address}`,
    `Delivered-To: ${address}`,
    'Subject: Re: Your order',
    '',
    'Hello',
    '--dsn--',
  );

const qmail = (address: string): string =>
  daemon(
    address,
    'failure notice',
    'Content-Type: text/plain',
    '',
    'Hi. This is the qmail-send program at mx.reader.example.',
    `I'm afraid I wasn't able to deliver your message to the following addresses.`,
    '',
    `<${address}>:`,
    'Sorry, no mailbox here by that name. (#5.1.1)',
    '',
    '--- Below this line is a copy of the message.',
    '',
    `Return-Path: <${address}>`,
  );

const exchange = (address: string): string =>
  daemon(
    address,
    'Undeliverable: Re: Your order',
    'Content-Type: text/html; charset=utf-8',
    '',
    `<p>Delivery has failed to these recipients: <a href="mailto:${address}">${address}</a></p>`,
    `<p>#550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ${address} not found##</p>`,
  );

export const BOUNCES: readonly BounceCase[] = [
  {
    what: 'refused at RCPT, by name',
    refusal: (address) => ({ at: 'RCPT', reply: `550 5.1.1 <${address}>: Recipient address rejected: unknown` }),
  },
  {
    what: 'refused after the data, by name',
    refusal: (address) => ({ at: 'DATA', reply: `552 5.2.2 <${address}>: mailbox full` }),
  },
  { what: 'a report afterwards as in RFC 3464', report: standard },
  { what: 'a report afterwards as qmail writes it', report: qmail },
  { what: 'a report afterwards as Exchange writes it', report: exchange },
];

/** One after the other: a refusal meets whatever is delivered next. */
export async function bounceOutcome(line: Line, bounce: BounceCase, direction: Direction): Promise<Outcome> {
  const { mailbox, quietMs } = line;
  const { author, reader } = direction;
  const before = mailbox.arrivals.length;
  const reply = await cause(line, bounce, direction);
  const notice = await mailbox.next(before, ({ to }) => to.includes(author.address), quietMs);
  mailbox.refuseNext(undefined);
  const outcome = outcomeOf(author, reply, mailbox.arrivals.slice(before), [author, reader]);
  // What arrived at the reader before the report is no answer to it.
  return outcome === 'masked' && notice === undefined ? 'held' : outcome;
}

async function cause(line: Line, { refusal, report }: BounceCase, direction: Direction): Promise<Reply> {
  const { address } = direction.reader;
  if (refusal !== undefined) {
    line.mailbox.refuseNext(refusal(address));
    const first: Place = { name: 'first', references: [] };
    return post(letterOf(ordinary('Hello, it is on its way.'), direction, newMark(), first));
  }
  const { arrival } = await sendOrdinary(line, direction);
  return post({ door: line.relay, from: '', to: arrival.from, data: report?.(address) ?? '' });
}
