/**
 * notes: what the author of a message that goes out is told about it: that an address was hidden, that people beside the alias got
 * nothing. Never a program, which would answer; and once a day, since the next message looks the same.
 */
import type { Clock } from '../core/time.ts';
import type { MessageRecord, NoticeKind } from '../store/records.ts';
import type { Message } from './message.ts';
import { mayNote, type RestraintParts } from './restraint.ts';
import type { Verified } from './types.ts';

/**
 * Is there a person who can be told? Not behind an answering machine or a program, which would answer (RFC 3834 2), and not behind a
 * return path: that proves who has read a message, and a notice there goes to whoever the reader is, on a stranger's word (BO-04).
 */
export function hasPerson({ origin, proof }: Pick<MessageRecord, 'origin' | 'proof'>): boolean {
  return (origin === undefined || origin === 'person') && proof !== 'return-path';
}

export async function notesFor(
  mail: Verified,
  message: Message,
  hasStrangers: boolean,
  parts: RestraintParts & { readonly clock: Clock },
): Promise<readonly NoticeKind[]> {
  if (message.origin !== 'person' || !(mail.isMeaningTouched || hasStrangers)) return [];
  if (!(await mayNote(mail.arrival.sender, parts.clock.now(), parts))) return [];
  return [...(mail.isMeaningTouched ? MASKED : []), ...(hasStrangers ? COPIED : [])];
}

const MASKED: readonly NoticeKind[] = ['masked'];
const COPIED: readonly NoticeKind[] = ['copied'];
