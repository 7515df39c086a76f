/**
 * queue: what waits in the outbox. It names the party, not the address, and gives up after `retryForMs`.
 */
import { mintOutboxId, type MessageId, type OrderId } from '../core/ids.ts';
import type { Instant } from '../core/time.ts';
import type { NoticeKind, OutboxRecord, Party } from '../store/records.ts';

interface About {
  readonly id: MessageId;
  readonly orderId: OrderId;
}

/** A notice about a message. Nobody answers it and nobody is told when it fails (RFC 3464 2). */
export function noticeItem(
  about: About,
  to: Party,
  notice: NoticeKind,
  now: Instant,
  retryForMs: number,
): OutboxRecord {
  return { ...itemOf(about, to, now, retryForMs), kind: 'notice', notice, hasNullPath: true, size: 0 };
}

/** A message, `size` octets long; an automatic one has the null reverse path. */
export function mailItem(
  about: About & { readonly size: number; readonly isAutomatic: boolean },
  to: Party,
  now: Instant,
  retryForMs: number,
): OutboxRecord {
  const { size, isAutomatic } = about;
  return { ...itemOf(about, to, now, retryForMs), kind: 'mail', notice: undefined, hasNullPath: isAutomatic, size };
}

function itemOf(about: About, to: Party, now: Instant, retryForMs: number) {
  const { id, orderId } = about;
  return { id: mintOutboxId(), messageId: id, orderId, to, dueAt: now, expiresAt: now + retryForMs };
}
