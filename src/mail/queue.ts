/**
 * queue: what waits in the outbox. It names the party, not the address, and gives up after `retryForMs`.
 */
import { mintOutboxId, type MessageId, type OrderId } from '../core/ids.ts';
import type { Instant } from '../core/time.ts';
import type { NoticeKind, OutboxRecord, Party } from '../store/records.ts';

/** A message in the queue, or, with `notice`, a notice about it. */
export function outboxItem(
  about: { readonly id: MessageId; readonly orderId: OrderId },
  to: Party,
  notice: NoticeKind | undefined,
  now: Instant,
  retryForMs: number,
): OutboxRecord {
  return {
    id: mintOutboxId(),
    messageId: about.id,
    orderId: about.orderId,
    to,
    kind: notice === undefined ? 'mail' : 'notice',
    notice,
    dueAt: now,
    expiresAt: now + retryForMs,
  };
}
