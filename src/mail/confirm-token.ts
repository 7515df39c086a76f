/**
 * confirm-token: the secret in the link by which the registered buyer says whether a held message is theirs.
 *
 * 20 letters of the case, 7 of the second at which it ends, 26 (130 bits) of a keyed check over both. It names no person and no order,
 * and whoever knows a case's id, as the trust team does, still cannot make one. A guess fails the check without a look-up.
 */
import { createHmac, createSecretKey, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto';
import { ID_LETTERS, letterValue, lettersOf, numberLetters, type CaseId } from '../core/ids.ts';
import { SECOND, type Instant } from '../core/time.ts';

const KEY_BYTES = 32;
const END_LETTERS = 7;
const CHECK_LETTERS = 26;
const TOKEN = /^[0-9a-hjkmnp-tv-z]{53}$/;

/** A key with this one job, out of the key of the aliases (RFC 5869): a check made for one is none for the other. */
export function confirmKey(alias: KeyObject): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', alias, '', 'veilpost confirm token', KEY_BYTES)));
}

export function mintConfirmToken(id: CaseId, endsAt: Instant, key: KeyObject): string {
  const end = numberLetters(Math.floor(endsAt / SECOND), END_LETTERS);
  return withCheck(id.slice('case_'.length) + end, key);
}

/** The case that the buyer is asked about; `undefined` for what we never made, and for what is over. */
export function caseOfToken(token: string, now: Instant, key: KeyObject): CaseId | undefined {
  if (!TOKEN.test(token)) return undefined;
  const body = token.slice(0, -CHECK_LETTERS);
  if (!timingSafeEqual(Buffer.from(withCheck(body, key)), Buffer.from(token))) return undefined;
  if (now >= letterValue(body.slice(ID_LETTERS)) * SECOND) return undefined;
  return `case_${body.slice(0, ID_LETTERS)}` as CaseId;
}

function withCheck(body: string, key: KeyObject): string {
  return body + lettersOf(createHmac('sha256', key).update(body).digest(), CHECK_LETTERS);
}
