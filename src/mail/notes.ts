/**
 * notes: what the author of a message that goes out is told about it: that an address was hidden, that people beside the alias got
 * nothing. Never a program, which would answer; and once a day, since the next message looks the same.
 */
import type { Clock } from '../core/time.ts';
import type { NoticeKind } from '../store/records.ts';
import type { Message } from './message.ts';
import { mayNote, type RestraintParts } from './restraint.ts';
import type { Verified } from './types.ts';

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
