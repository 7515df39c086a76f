/**
 * bounce: a message of ours came back to its return path.
 *
 * In:  the message id that the return path proved, and the report.    Out: the author is told once, in our own words.
 * Only a report that says `Action: failed` counts (RFC 3464 2.3.3); delays and successes change nothing. Not a byte of the report
 * is passed on: it names the real recipient in half a dozen places.
 */
import type { Events } from '../core/events.ts';
import type { MessageId } from '../core/ids.ts';
import type { Clock } from '../core/time.ts';
import type { Store } from '../store/store.ts';
import { outboxItem } from './queue.ts';

const FAILED = /^action:[ \t]*failed/im;

export interface BounceParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly events: Events;
  readonly retryForMs: number;
  readonly wakeOutbox: () => void;
}

export async function receiveBounce(id: MessageId, raw: Uint8Array, parts: BounceParts): Promise<void> {
  if (!FAILED.test(Buffer.from(raw).toString('latin1'))) return;
  const message = await parts.store.findMessage(id);
  if (message === undefined) return;
  const notice = outboxItem(message, message.from, 'undeliverable', parts.clock.now(), parts.retryForMs);
  if (!(await parts.store.recordBounce(id, [notice]))) return;
  parts.events.bounced({ message: id });
  parts.wakeOutbox();
}
