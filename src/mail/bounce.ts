/**
 * bounce: something came back to the return path of a message of ours.
 *
 * In:  the message id that the return path proved, and the bytes.    Out: nothing more to do, or an answer to be passed on.
 * A report of a failure tells the author once, in our own words: not a byte of it is passed on, since it names the real recipient in
 * half a dozen places. Delays and successes change nothing. An out-of-office answers the envelope (RFC 3834 4), so it arrives here:
 * it is passed on to the author as the reader's. Anything else has no business here, and a person who writes is told so.
 * Fails with: bounce.notReport; and the errors of `parse` for what claims to be an answer.
 */
import type { BounceReason } from '../core/bounce-reason.ts';
import { RelayError } from '../core/errors.ts';
import type { Events } from '../core/events.ts';
import type { MessageId } from '../core/ids.ts';
import type { Clock } from '../core/time.ts';
import { isOpen } from '../orders/order.ts';
import type { MessageRecord, NoticeKind } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { readBounceReport, type BounceReport } from './bounce-report.ts';
import type { Message } from './message.ts';
import { parse } from './parse.ts';
import { noticeItem } from './queue.ts';
import type { Authenticated } from './types.ts';

export interface BounceParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly events: Events;
  readonly retryForMs: number;
  readonly wakeOutbox: () => void;
}

/** The sender of an automatic answer, or `undefined` when there is nothing to pass on. */
export async function receiveBounce(
  id: MessageId,
  raw: Uint8Array,
  parts: BounceParts,
): Promise<Authenticated | undefined> {
  const about = await parts.store.findMessage(id);
  if (about === undefined) return undefined;
  const report = readBounceReport(raw);
  if (report !== undefined) {
    await takeReport(about, report, parts);
    return undefined;
  }
  const { origin } = answerIn(raw);
  if (origin === 'receipt' || origin === 'report') return undefined;
  // A program that writes here answers, whatever mark it bears: nobody else knows this address.
  if (origin === 'person') throw new RelayError('bounce.notReport');
  return await responderOf(about, parts);
}

function answerIn(raw: Uint8Array): Pick<Message, 'origin'> {
  try {
    return parse(raw);
  } catch (error) {
    // Reports are often no valid mail at all; refusing one makes its server send another about it.
    if (error instanceof RelayError) return { origin: 'report' };
    throw error;
  }
}

const NOTICE: Readonly<Record<BounceReason, NoticeKind>> = {
  'mailbox-full': 'mailbox-full',
  'unknown-mailbox': 'unknown-mailbox',
  'policy': 'policy',
  'too-big': 'too-big',
  'temporary': 'expired',
  'other': 'undeliverable',
};

/** The notice that tells an author about a permanent failure. */
export function noticeFor(reason: BounceReason): NoticeKind {
  return NOTICE[reason];
}

async function takeReport(about: MessageRecord, report: BounceReport, parts: BounceParts): Promise<void> {
  if (report.action !== 'failed') return;
  const notice = noticeItem(about, about.from, noticeFor(report.reason), parts.clock.now(), parts.retryForMs);
  if (!(await parts.store.recordBounce(about.id, [notice]))) return;
  parts.events.bounced({ message: about.id, reason: report.reason });
  parts.wakeOutbox();
}

/** Whoever knows the return path has read the message, so it is the party that the message was for. */
async function responderOf(about: MessageRecord, { store, clock }: BounceParts): Promise<Authenticated | undefined> {
  const order = await store.findOrder(about.orderId);
  const seller = await store.findSeller(about.sellerId);
  if (order === undefined || seller === undefined || !isOpen(order, clock.now())) return undefined;
  return {
    envelope: { reversePath: undefined, alias: order.aliases[about.from] },
    order,
    seller,
    from: about.from === 'seller' ? 'buyer' : 'seller',
    to: about.from,
    proof: { by: 'return-path' },
    signatures: [],
  };
}
