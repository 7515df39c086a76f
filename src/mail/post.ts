/**
 * post: a message that came over HTTP, written as mail so that it takes the same path as any other.
 *
 * In:  the fields of `POST /v1/messages`.    Out: RFC 5322 bytes from the author's own alias to the reader's.
 * Both addresses are aliases: the API never handles a real one.
 */
import { RelayError } from '../core/errors.ts';
import { randomLetters, type OrderId } from '../core/ids.ts';
import { rfc5322Date, type Clock } from '../core/time.ts';
import type { OrderRecord, Party } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { FilePart, Part } from './message.ts';
import { encodeText, render } from './render.ts';
import type { Claim, Outcome, Relay } from './types.ts';

export interface PostedMessage {
  readonly orderId: OrderId;
  readonly from: Party;
  readonly subject: string;
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly attachments: readonly {
    readonly filename: string;
    readonly contentType: string;
    readonly content: Uint8Array;
  }[];
  /** The Message-ID that this one answers, as the author's side saw it. */
  readonly inReplyTo: string | undefined;
}

export interface PostParts {
  readonly relay: Relay;
  readonly store: Store;
  readonly clock: Clock;
}

/** Throws `notFound` for an unknown order, and whatever the path throws. */
export async function postMessage(posted: PostedMessage, keyId: string, parts: PostParts): Promise<Outcome> {
  const order = await parts.store.findOrder(posted.orderId);
  if (order === undefined) throw new RelayError('notFound');
  const claim: Claim = {
    door: 'http',
    seller: undefined,
    apiKey: { keyId, party: posted.from },
    isSandboxLoopback: false,
    peer: undefined,
  };
  const to: Party = posted.from === 'seller' ? 'buyer' : 'seller';
  const admitted = await parts.relay.admit(order.aliases[to], undefined, claim);
  const [outcome] = await parts.relay.relay([admitted], composePosted(posted, order, parts.clock.now()), claim);
  if (outcome === undefined) throw new RelayError('notFound');
  return outcome;
}

function composePosted(posted: PostedMessage, order: OrderRecord, now: number): Uint8Array {
  const from = order.aliases[posted.from];
  const reply: readonly (readonly [string, string])[] =
    posted.inReplyTo === undefined ? [] : [['In-Reply-To', `<${posted.inReplyTo.replace(/[<>\s]/g, '')}>`]];
  return render(
    [
      ['From', `<${from}>`],
      ['To', `<${order.aliases[posted.from === 'seller' ? 'buyer' : 'seller']}>`],
      ['Subject', encodeText(posted.subject)],
      ['Date', rfc5322Date(now)],
      ['Message-ID', `<${randomLetters(20)}@${from.slice(from.indexOf('@') + 1)}>`],
      ...reply,
      ['MIME-Version', '1.0'],
    ],
    bodyOf(posted),
  );
}

function bodyOf(posted: PostedMessage): Part {
  const text: Part = { kind: 'text', subtype: 'plain', text: posted.text ?? '' };
  const html: Part = { kind: 'text', subtype: 'html', text: posted.html ?? '' };
  const shown = posted.html === undefined ? text : posted.text === undefined ? html : both(text, html);
  if (posted.attachments.length === 0) return shown;
  return { kind: 'multipart', subtype: 'mixed', parts: [shown, ...posted.attachments.map(fileOf)] };
}

function both(text: Part, html: Part): Part {
  return { kind: 'multipart', subtype: 'alternative', parts: [text, html] };
}

function fileOf(attachment: PostedMessage['attachments'][number]): FilePart {
  return { ...attachment, kind: 'file', disposition: 'attachment', contentId: undefined, text: undefined };
}
