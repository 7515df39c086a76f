/**
 * sightings: was this message here before?
 *
 * In:  an arrival's sender and its message.    Out: marks to remember it by; what is known of them.
 * A client that never got our 250 sends the message again (RFC 5321 4.5.4.1), and whoever has a signed letter can send it as often as they
 * like (RFC 6376 8.6). The same for the same alias is one delivery. The same for another alias is the buyer's own wish when the signature
 * covers a field that names it; else it is held, and the buyer is asked. Known by the octets of each good signature, which no change of an
 * unsigned field touches, and by the author's Message-ID with what was written, for what is not signed or is signed anew at each attempt.
 * Only keyed fingerprints are kept, for eight days: a day longer than a signature stays fresh (doubt.ts).
 */
import { createHash } from 'node:crypto';
import type { MessageId } from '../core/ids.ts';
import type { Fingerprint } from '../core/sealed.ts';
import { DAY, type Instant } from '../core/time.ts';
import type { Sighting } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/seal.ts';
import type { Message } from './message.ts';
import type { Arrival, Authenticated, Claim } from './types.ts';

const REMEMBERED_MS = 8 * DAY;

export interface SightingParts {
  readonly store: Store;
  readonly vault: Vault;
}

/** What a message is known by. */
export interface Mark {
  readonly mark: Fingerprint;
  /** To one alias only: its signature does not say whom it is for. */
  readonly isExclusive: boolean;
}

/** `earlier` is the same message for the same alias; `isElsewhere`: it came to another, and nothing shows that it was meant for both. */
export interface Recognised {
  readonly marks: readonly Mark[];
  readonly earlier: MessageId | undefined;
  readonly isElsewhere: boolean;
}

/** The API has its own way to say that a request is the same (Idempotency-Key). */
export async function recognise(
  sender: Authenticated,
  message: Message,
  raw: Uint8Array,
  { claim, now }: { readonly claim: Claim; readonly now: Instant },
  { store, vault }: SightingParts,
): Promise<Recognised> {
  const marks = claim.door === 'http' ? [] : [...signatureMarks(sender, vault), ...contentMark(message, raw, vault)];
  const alias = aliasMark(sender, vault);
  const isConfirmed = sender.proof.by !== 'unconfirmed';
  let isElsewhere = false;
  for (const { mark, isExclusive } of marks) {
    const known = await store.findSightings(mark, now);
    const here = known.find((one) => one.alias === alias && (one.isConfirmed || !isConfirmed));
    if (here !== undefined) return { marks, earlier: here.messageId, isElsewhere: false };
    isElsewhere ||= isExclusive && known.some((one) => one.alias !== alias);
  }
  return { marks, earlier: undefined, isElsewhere };
}

/** Sellers write one letter to many buyers, and their buyers' aliases are known to nobody else. */
const signatureMarks = ({ signatures, from }: Authenticated, vault: Vault): readonly Mark[] =>
  signatures.map(({ octets, namesAlias }) => ({
    mark: vault.fingerprintOf('signature', octets),
    isExclusive: from === 'buyer' && !namesAlias,
  }));

/** Without a Message-ID two letters with the same words are two letters. */
function contentMark(message: Message, raw: Uint8Array, vault: Vault): readonly Mark[] {
  const { messageId, date, subject, from } = message;
  if (messageId === '') return [];
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const body = createHash('sha256')
    .update(bytes.subarray(Math.max(0, bytes.indexOf('\r\n\r\n'))))
    .digest('hex');
  const text = [messageId, date ?? '', vault.fingerprint(from), subject, body].join('\0');
  return [{ mark: vault.fingerprintOf('content', text), isExclusive: false }];
}

const aliasMark = ({ envelope }: Pick<Authenticated, 'envelope'>, vault: Vault): Fingerprint =>
  vault.fingerprintOf('alias', envelope.alias.slice(0, envelope.alias.lastIndexOf('@')));

/** What is kept with an arrival that was taken. */
export function sightingsOf(
  { id, sender, proof, receivedAt }: Arrival,
  marks: readonly Mark[],
  vault: Vault,
): readonly Sighting[] {
  const isConfirmed = proof !== 'unconfirmed';
  return marks.map(({ mark, isExclusive }) => ({
    mark,
    // What is held may be held for each alias.
    isExclusive: isExclusive && isConfirmed,
    alias: aliasMark(sender, vault),
    isConfirmed,
    messageId: id,
    at: receivedAt,
    endsAt: receivedAt + REMEMBERED_MS,
  }));
}
