/**
 * sign: DKIM signatures over the final bytes, one for each key, and an ARC set where it is wanted.
 *
 * In:  bytes with CRLF line ends, and keys parsed at the start.    Out: the same bytes with the signatures in front.
 * Relaxed canonical forms, body hash computed once. `x=` ends what a replay can be good for.
 * Standards: RFC 6376, RFC 8301 (rsa-sha256), RFC 8463 (ed25519-sha256), RFC 8617. Our own, since mailauth parses the key for every
 * message: a quarter of its cost (reference/stack.md 5); mailauth and dkimpy verify it in the tests.
 */
import { HOUR, SECOND, type Instant } from '../core/time.ts';
import type { DkimKey } from '../vault/keys.ts';
import { arcSet } from './sign/arc.ts';
import { bodyHashOf, fieldsOf } from './sign/canonical.ts';
import { coveredFields, signatureField } from './sign/signature.ts';

/** A copy of our mail that is sent to others is worthless after that (security.md AU-04); each try to deliver signs anew. */
const EXPIRES_AFTER_MS = 72 * HOUR;
const END_OF_HEADER = Buffer.from('\r\n\r\n');

export interface Signing {
  readonly keys: readonly DkimKey[];
  /** The domain in From: anything else would not be aligned (RFC 9989 5). */
  readonly domain: string;
  readonly now: Instant;
  /** Our name in an ARC set; without it there is none. */
  readonly sealer?: string | undefined;
}

export function sign(bytes: Uint8Array, { keys, domain, now, sealer }: Signing): Uint8Array {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = message.indexOf(END_OF_HEADER);
  const end = found < 0 ? message.length : found + 2;
  const header = message.toString('latin1', 0, end);
  const bodyHash = bodyHashOf(message.subarray(end + 2));
  const covered = coveredFields(fieldsOf(header));
  const times = timesOf(now);
  const signatures = keys
    .map((key) => signatureField({ name: 'DKIM-Signature', begins: 'v=1', times, key, domain, covered, bodyHash }))
    .join('');
  const seal =
    sealer === undefined ? '' : arcSet({ fields: fieldsOf(signatures + header), bodyHash, keys, domain, sealer, now });
  return Buffer.concat([Buffer.from(seal + signatures, 'latin1'), message]);
}

function timesOf(now: Instant): string {
  const seconds = Math.floor(now / SECOND);
  return `t=${seconds}; x=${seconds + EXPIRES_AFTER_MS / SECOND}`;
}
