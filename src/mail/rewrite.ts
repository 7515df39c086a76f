/**
 * rewrite: turns a deliverable message into the bytes that the other party gets.
 *
 * In:  Deliverable (judged or released), and what its order says about names and threads.    Out: Rewritten, the only maker of it.
 * The message is built anew: headers from a list of our own, the body from the parsed tree. No original line passes through, so
 * neither does what nobody thought of (relays.md 2.2, rows 6-16 and 31-39).
 * Standards: RFC 5322 3.6 (fields), RFC 5321 4.4 (trace), RFC 3834 5 (Auto-Submitted), RFC 2045 4. Never fails. Logs nothing.
 */
import type { AliasAddress } from '../core/address.ts';
import { rfc5322Date, type Instant } from '../core/time.ts';
import type { OrderRecord } from '../store/records.ts';
import type { Standing } from './mask/content-lines.ts';
import type { Message, Part } from './message.ts';
import { ownFiles, ownWords } from './own-words.ts';
import { encodeMailbox, encodeText, render } from './render.ts';
import { rewriteBody } from './mask/body.ts';
import { findTraces, maskText } from './mask/scrub.ts';
import { threadFor, type ThreadLink } from './threads.ts';
import { spellingsOf, type Traces } from './traces.ts';
import type { Deliverable, Rewritten, Secrets } from './types.ts';

export interface RewriteContext {
  readonly secrets: Secrets;
  /** What the order remembers of its messages, oldest first. */
  readonly links: readonly ThreadLink[];
  /** Display names of the author and of the reader, as the other side may know them. */
  readonly names: { readonly from: string; readonly to: string };
  readonly aliasDomain: string;
  readonly hostName: string;
  readonly now: Instant;
}

type Header = readonly [name: string, value: string];

export function rewrite(deliverable: Deliverable, context: RewriteContext): Rewritten {
  const { arrival, message, verdict } = deliverable;
  const traces = spellingsOf(context.secrets);
  const letters = arrival.id.replace(/^msg_/, '');
  const ownId = `${letters}@${context.aliasDomain}`;
  const contentIdOf = (number: number): string => `${letters}.${number}@${context.aliasDomain}`;
  const standings = standingsOf(context.secrets, arrival.sender.order.aliases);
  const { body, masked } = rewriteBody(message.body, { traces, contentIdOf, standings });
  const subject = maskText(message.subject, traces);
  const headers = headersOf(deliverable, context, { traces, ownId, subject: subject.text });
  return brand({
    arrival,
    verdict,
    bytes: bytesOf(headers, body),
    ownId,
    originalId: message.messageId,
    masked: masked + subject.masked,
    isMeaningTouched: isMeaningTouched(message, subject.masked, traces),
    isAutomatic: AUTOMATIC.has(message.origin),
  });
}

/** Which alias stands for whom, where a calendar names people. */
function standingsOf(secrets: Secrets, aliases: OrderRecord['aliases']): readonly Standing[] {
  return [
    { traces: spellingsOf({ buyer: secrets.buyer, seller: [] }), alias: aliases.buyer },
    { traces: spellingsOf({ buyer: [], seller: secrets.seller }), alias: aliases.seller },
  ];
}

/** The one place that makes a `Rewritten`. */
const brand = (rewritten: Omit<Rewritten, symbol>): Rewritten => rewritten as Rewritten;

interface Masked {
  readonly traces: Traces;
  readonly ownId: string;
  readonly subject: string;
}

/** Every header that leaves, in this order. */
function headersOf(deliverable: Deliverable, context: RewriteContext, masked: Masked): readonly Header[] {
  const { arrival, message } = deliverable;
  const { order, from, to } = arrival.sender;
  return [
    ['Received', receivedHop(deliverable, context)],
    ['From', mailbox(context.names.from, order.aliases[from], masked.traces)],
    ['To', mailbox(context.names.to, order.aliases[to], masked.traces)],
    ['Subject', encodeText(masked.subject)],
    ['Date', rfc5322Date(context.now)],
    ['Message-ID', `<${masked.ownId}>`],
    ...threadHeaders(deliverable, context, masked.traces),
    ...autoSubmitted(message),
    ['Veilpost-Hops', String(message.hops + 1)],
    ['MIME-Version', '1.0'],
  ];
}

/**
 * Exactly one hop, naming no client. Without any Received line mail is taken for spamware's (postal #2781); with the client's it
 * tells where the author is. `.invalid` (RFC 6761 6.4) says that the name is withheld.
 */
function receivedHop(deliverable: Deliverable, context: RewriteContext): string {
  const protocol = deliverable.arrival.door === 'http' ? 'HTTP' : 'ESMTP';
  return `from withheld.invalid by ${context.hostName} with ${protocol}; ${rfc5322Date(context.now)}`;
}

/** RFC 3834 5: whoever answers by itself says so; whoever writes for a person is something else. */
function autoSubmitted({ origin }: Message): readonly Header[] {
  if (origin === 'responder') return [['Auto-Submitted', 'auto-replied']];
  return origin === 'program' ? [['Auto-Submitted', 'auto-generated']] : [];
}

const AUTOMATIC: ReadonlySet<Message['origin']> = new Set(['responder']);

/** An address in a quote is the mail program's doing; one in the subject, in the author's own words or files was meant. */
function isMeaningTouched({ body }: Message, maskedInSubject: number, traces: Traces): boolean {
  const isFound = (words: string): boolean => findTraces(words, traces).length > 0;
  if (maskedInSubject > 0 || isFound(ownWords(body))) return true;
  return ownFiles(body).some(({ words, masked }) => masked > 0 || isFound(words));
}

/** The marketplace chooses the names; one that holds an address is masked all the same. */
function mailbox(name: string, alias: AliasAddress, traces: Traces): string {
  return encodeMailbox(maskText(name, traces).text, alias);
}

function threadHeaders(deliverable: Deliverable, context: RewriteContext, traces: Traces): readonly Header[] {
  const { arrival, message } = deliverable;
  // The reader's own Message-IDs come back to the reader, but some programs build them from the address: those are let go.
  const links = context.links.filter((link) => maskText(link.original, traces).masked === 0);
  const { inReplyTo, references } = threadFor(message, arrival.sender.from, links);
  if (inReplyTo === '') return [];
  return [
    ['In-Reply-To', `<${inReplyTo}>`],
    ['References', references.map((id) => `<${id}>`).join(' ')],
  ];
}

const bytesOf = (headers: readonly Header[], body: Part): Uint8Array => render(headers, body);
