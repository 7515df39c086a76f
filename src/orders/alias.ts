/**
 * alias: minting and checking the addresses that stand for people.
 *
 * Local part: one letter for the kind, 20 random letters (100 bits), 6 letters (30 bits) of a keyed check over the two: 27
 * characters. A guess fails the check without a look-up, 2^30 to 1, so harvesting costs us nothing and shows itself as an attack.
 * Kinds have separate checks: a buyer alias cannot be turned into a seller alias or a return path by changing its letter.
 * A return path also says its day, four letters between the two: an old one is refused as if it had never been.
 */
import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { AliasAddress } from '../core/address.ts';
import { ID_LETTERS, lettersOf, letterValue, numberLetters, randomLetters, type MessageId } from '../core/ids.ts';
import { DAY, type Instant } from '../core/time.ts';

/** `buyer` and `seller` aliases stand for people; a `bounce` address carries the id of the message that it returns. */
export type AliasKind = 'buyer' | 'seller' | 'bounce';

const LETTER: Readonly<Record<AliasKind, string>> = { buyer: 'b', seller: 's', bounce: 'r' };
const CHECK_LETTERS = 6;
const DAY_LETTERS = 4;
const LOCAL = /^(?:[bs][0-9a-hjkmnp-tv-z]{26}|r[0-9a-hjkmnp-tv-z]{30})$/;

/** Retries end after days, reports come some days after that, and nobody needs a return path later. */
const RETURN_PATH_LIVES_MS = 21 * DAY;

/** A new local part; never the same twice in the life of the universe, so none is ever reused. */
export function mintLocal(kind: AliasKind, key: KeyObject): string {
  return withCheck(LETTER[kind] + randomLetters(ID_LETTERS), key);
}

export function mintAlias(kind: 'buyer' | 'seller', domain: string, key: KeyObject): AliasAddress {
  return `${mintLocal(kind, key)}@${domain}` as AliasAddress;
}

/** The return path of one message, good from `now` on for `RETURN_PATH_LIVES_MS`: it names the message without a look-up. */
export function bounceAddress(id: MessageId, now: Instant, domain: string, key: KeyObject): string {
  const day = numberLetters(Math.floor(now / DAY), DAY_LETTERS);
  return `${withCheck(LETTER.bounce + id.slice('msg_'.length) + day, key)}@${domain}`;
}

/** The kind of a local part whose check is right, else `undefined`. Letter case does not matter (RFC 5321 2.4 lets us say so). */
export function checkLocal(
  local: string,
  key: KeyObject,
): { readonly kind: AliasKind; readonly local: string } | undefined {
  const lower = local.toLowerCase();
  if (!LOCAL.test(lower)) return undefined;
  const body = lower.slice(0, -CHECK_LETTERS);
  if (!timingSafeEqual(Buffer.from(withCheck(body, key)), Buffer.from(lower))) return undefined;
  return { kind: kindOf(lower), local: lower };
}

/** Is it written as an alias of a party is? Anybody can see the shape of one; whether it was made here, only the check tells. */
export function hasAliasShape(local: string): boolean {
  return LOCAL.test(local.toLowerCase()) && !/^r/i.test(local);
}

/** The message that a checked bounce address returns; `undefined` when its time is over. */
export function messageOfBounce(local: string, now: Instant): MessageId | undefined {
  const minted = letterValue(local.slice(1 + ID_LETTERS, 1 + ID_LETTERS + DAY_LETTERS)) * DAY;
  if (now - minted > RETURN_PATH_LIVES_MS) return undefined;
  return `msg_${local.slice(1, 1 + ID_LETTERS)}` as MessageId;
}

function kindOf(local: string): AliasKind {
  if (local.startsWith(LETTER.buyer)) return 'buyer';
  return local.startsWith(LETTER.seller) ? 'seller' : 'bounce';
}

function withCheck(body: string, key: KeyObject): string {
  return body + lettersOf(createHmac('sha256', key).update(body).digest(), CHECK_LETTERS);
}
