/**
 * notes: what the author of a message that was taken is told about it: that an address was hidden, that people beside the alias got
 * nothing. Never a program, which would answer; and of each kind once a day, since the next message looks the same.
 */
import { DAY, type Instant } from '../core/time.ts';
import type { MessageRecord, NoteKind } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Message } from './message.ts';
import type { Arrival, Verified } from './types.ts';

const NOTE_EVERY_MS = 1 * DAY;

/** What there is to tell. */
interface Noticed {
  readonly isMeaningTouched: boolean;
  readonly hasStrangers: boolean;
}

/** What there is to tell about a message that ended so. Of one that was refused its author hears at the door. */
export function noticedIn(
  end:
    | { readonly kind: 'deliver'; readonly mail: Pick<Verified, 'isMeaningTouched'> }
    | { readonly kind: 'hold' | 'refuse' },
  strangers: readonly unknown[],
): Noticed {
  return {
    isMeaningTouched: end.kind === 'deliver' && end.mail.isMeaningTouched,
    hasStrangers: end.kind !== 'refuse' && strangers.length > 0,
  };
}

/**
 * Is there a person who can be told? Not behind an answering machine or a program, which would answer (RFC 3834 2), and not behind a
 * return path: that proves who has read a message, and a notice there goes to whoever the reader is, on a stranger's word (BO-04). Nor
 * where nothing was proved at all.
 */
export function hasPerson({ origin, proof }: Pick<MessageRecord, 'origin' | 'proof'>): boolean {
  return (origin === undefined || origin === 'person') && proof !== 'return-path' && proof !== 'unconfirmed';
}

export async function notesFor(
  { sender, proof }: Arrival,
  { origin }: Pick<Message, 'origin'>,
  noticed: Noticed,
  now: Instant,
  store: Store,
): Promise<readonly NoteKind[]> {
  if (!hasPerson({ origin, proof })) return [];
  const notes: NoteKind[] = [];
  for (const sign of kindsOf(noticed)) {
    const { order, from } = sender;
    const about = { orderId: order.orderId, from, sign, text: undefined, since: now - NOTE_EVERY_MS };
    if ((await store.countTallies(about)) === 0) notes.push(sign);
  }
  return notes;
}

function kindsOf({ isMeaningTouched, hasStrangers }: Noticed): readonly NoteKind[] {
  return [...(isMeaningTouched ? MASKED : []), ...(hasStrangers ? COPIED : [])];
}

const MASKED: readonly NoteKind[] = ['masked'];
const COPIED: readonly NoteKind[] = ['copied'];
