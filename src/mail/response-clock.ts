/**
 * response-clock: what moves the clock that runs from a buyer's question to the seller's answer.
 *
 * It begins when the question has been delivered, it stands still while we hold what the seller wrote, and it ends when what a person
 * of the seller wrote goes on. A program is no answer, and neither is a carrier, nor what was refused. One clock for each order: a second
 * question does not begin a second one, and the answer is to both.
 */
import type { Instant } from '../core/time.ts';
import type { ClockMove, MessageRecord } from '../store/records.ts';
import type { Arrival } from './types.ts';

type Written = Pick<MessageRecord, 'from' | 'origin' | 'proof'>;

const isByPerson = ({ origin }: Written): boolean => origin === undefined || origin === 'person';

const mayAnswer = (message: Written): boolean =>
  message.from === 'seller' && message.proof !== 'carrier' && isByPerson(message);

/** The seller's message goes on, or is held. */
export function clockAtArrival(
  { sender, proof, receivedAt: at }: Arrival,
  { origin }: Pick<MessageRecord, 'origin'>,
  kind: 'answered' | 'held',
): readonly ClockMove[] {
  const { orderId, sellerId } = sender.order;
  if (!mayAnswer({ from: sender.from, proof, origin })) return [];
  return [{ kind, orderId, sellerId, writtenAt: at, at }];
}

/** What was held goes on, as the answer that it was when it was written; or it does not. */
export function clockAtDecision(
  message: MessageRecord,
  kind: 'answered' | 'turnedDown',
  at: Instant,
): readonly ClockMove[] {
  const { orderId, sellerId, receivedAt: writtenAt } = message;
  return mayAnswer(message) ? [{ kind, orderId, sellerId, writtenAt, at }] : [];
}

/** The buyer's message is with the seller. */
export function clockAtDelivery(message: MessageRecord, at: Instant): readonly ClockMove[] {
  const { orderId, sellerId } = message;
  if (message.from === 'seller' || !isByPerson(message)) return [];
  return [{ kind: 'asked', orderId, sellerId, writtenAt: at, at }];
}
