/**
 * dkim: which signatures of a message count, and why the others do not.
 *
 * mailauth's verification, `strict`: without it rsa-sha1 passes (RFC 8301 3.1 forbids it), `i=` outside `d=`, broken tag lists,
 * missing `v=` and key records with wrong syntax are forgiven. Beyond the RFCs, as they allow (RFC 6376 6.1, 8.2, 8.15):
 * nothing with `l=`, no key over 4096 bits, no signature that covers fewer fields of a name than there are, and no more than
 * eight signatures: each costs a look-up, a key and, with another `l=`, another hash of the whole body.
 * Standards: RFC 6376, RFC 8301, RFC 8463.
 */
import type { DKIMResult, DKIMVerifyResult } from 'mailauth';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import type { Instant } from '../../core/time.ts';
import { plainDomain } from './domain.ts';
import type { Lookups } from './lookups.ts';
import type { SignatureFinding, SignatureFlaw } from './result.ts';

const MIN_KEY_BITS = 1024;
const MAX_KEY_BITS = 4096;
const MAX_SIGNATURES = 8;

/** Fields that stand once in a message (RFC 5322 3.6, RFC 2045 3): a second one above the signed one is what readers show. */
const ONCE: readonly string[] = [
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'subject',
  'date',
  'message-id',
  'in-reply-to',
  'references',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
];

/** mailauth's comments. What is not here could not be read as a signature. */
const FLAWS: Readonly<Record<string, SignatureFlaw>> = {
  'From field not signed': 'from-unsigned',
  'domain mismatch': 'identity',
  'expired': 'expired',
  'invalid expiration': 'expired',
  'weak algorithm': 'sha1',
  'body hash did not verify': 'body-changed',
  'bad signature': 'wrong-signature',
  'no key': 'no-key',
  'invalid public key': 'unusable-key',
  'key not for email': 'unusable-key',
  'inappropriate hash algorithm': 'unusable-key',
  'inappropriate key algorithm': 'unusable-key',
  'unknown key type': 'unusable-key',
  'unknown key version': 'unusable-key',
};

export interface Verified {
  readonly signatures: readonly SignatureFinding[];
  /** mailauth's own, for DMARC and ARC. */
  readonly raw: DKIMVerifyResult;
}

export async function verifySignatures(message: Buffer, lookups: Lookups, now: Instant): Promise<Verified> {
  const raw = await dkimVerify(withoutUnfit(message), {
    resolver: lookups.resolve,
    strict: true,
    minBitLength: MIN_KEY_BITS,
    curTime: new Date(now),
  });
  const names = (raw.headers?.parsed ?? []).map(({ key }) => key);
  // A message without signatures has one result, `none`.
  const results = raw.results.filter(({ status }) => status.result !== 'none');
  return { raw, signatures: results.map((result) => findingOf(result, names)) };
}

function findingOf(result: DKIMResult, names: readonly string[]): SignatureFinding {
  const domain = plainDomain(result.status.header?.['d']);
  const flaw = domain === undefined ? 'unreadable' : flawOf(result, names);
  return {
    result: outcomeOf(flaw),
    flaw,
    domain,
    selector: domain === undefined ? '' : (result.selector ?? ''),
    // Decoded and encoded again: the same octets can be written in several ways (RFC 4648 3.5).
    octets: Buffer.from(result.signature ?? '', 'base64').toString('base64'),
    signedAt: instantOf(result.signTime),
    covers: [...new Set(coveredBy(result))],
  };
}

function instantOf(time: string | Date | null | undefined): Instant | undefined {
  const instant = time === null || time === undefined ? Number.NaN : new Date(time).getTime();
  return Number.isNaN(instant) ? undefined : instant;
}

/** Fields that are there, one name for each that is signed. */
const coveredBy = (result: DKIMResult): readonly string[] =>
  (result.signingHeaders?.keys ?? '').toLowerCase().split(': ');

function flawOf(result: DKIMResult, names: readonly string[]): SignatureFlaw | undefined {
  const { status } = result;
  // AU-02: also when `l=` covers all of the body, as text can be put behind it.
  if (result.canonBodyLengthLimited === true) return 'body-length';
  if (status.result === 'temperror') return 'dns';
  if (status.result === 'policy' && status.policy?.['dkim-rules'] === 'weak-key') return 'weak-key';
  if (status.result !== 'pass') return FLAWS[status.comment ?? ''] ?? 'unreadable';
  if (status.testing === true) return 'testing';
  if ((result.modulusLength ?? 0) > MAX_KEY_BITS) return 'large-key';
  return hasFieldAdded(result, names) ? 'field-added' : undefined;
}

function outcomeOf(flaw: SignatureFlaw | undefined): SignatureFinding['result'] {
  if (flaw === undefined) return 'pass';
  if (flaw === 'dns') return 'temperror';
  return flaw === 'body-changed' || flaw === 'wrong-signature' ? 'fail' : 'ignored';
}

/** RFC 6376 8.15: of several fields the lowest is signed, and the highest is read. */
function hasFieldAdded(result: DKIMResult, names: readonly string[]): boolean {
  const signed = coveredBy(result);
  return ONCE.some((name) => {
    const present = count(names, name);
    return present > 1 && count(signed, name) < present;
  });
}

function count(names: readonly string[], name: string): number {
  return names.filter((one) => one === name).length;
}

const END_OF_HEADER = Buffer.from('\r\n\r\n');
const SIGNATURE = /^dkim-signature(?=[ \t\r\n]*:)/gim;
const SIGNATURE_VALUE = /^(?:dkim|arc-message)-signature[ \t]*:((?:[^\n]|\n[ \t])*)/gim;
/** `c=/relaxed`, with which mailauth throws: one such field, which anybody can write, would put the message off for ever. */
const NAMELESS_CANON = /^\s*c\s*=\s*\//i;

/**
 * The message with what cannot count under another name, of the same length: signatures that mailauth cannot take, and all but the upper
 * eight. The upper ones are the newest; a chain of ARC over a message with more does not verify, which nobody honest will see.
 */
function withoutUnfit(message: Buffer): Buffer {
  const end = message.indexOf(END_OF_HEADER);
  const header = message.toString('latin1', 0, end < 0 ? message.length : end);
  const surplus = [...header.matchAll(SIGNATURE)].slice(MAX_SIGNATURES);
  const broken = [...header.matchAll(SIGNATURE_VALUE)].filter(([, value = '']) =>
    value.split(';').some((tag) => NAMELESS_CANON.test(tag)),
  );
  const unfit = [...surplus, ...broken];
  if (unfit.length === 0) return message;
  const copy = Buffer.from(message);
  for (const { index } of unfit) copy[index] = 'X'.charCodeAt(0);
  return copy;
}
