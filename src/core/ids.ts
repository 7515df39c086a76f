/**
 * ids: the names that things have inside Veilpost, as branded strings.
 *
 * An id says what it names (`msg_`, `case_`, ...) and nothing else: it is random, so it carries no address, no count and no
 * time. Ids that come from outside (orders, sellers, buyers) are the marketplace's own and are checked, never minted.
 */
import { freshBytes } from './random.ts';

declare const brand: unique symbol;
/** A value that only the maker of `B` can produce. */
export type Brand<T, B extends string> = T & { readonly [brand]: B };

export type MessageId = Brand<string, 'MessageId'>;
export type CaseId = Brand<string, 'CaseId'>;
export type OutboxId = Brand<string, 'OutboxId'>;
export type BypassId = Brand<string, 'BypassId'>;
export type OrderId = Brand<string, 'OrderId'>;
export type SellerId = Brand<string, 'SellerId'>;
export type BuyerId = Brand<string, 'BuyerId'>;

/** Lower-case base 32 without i, l, o and u: survives case folding, being read aloud, and being typed from paper. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** `length` characters of `ALPHABET`, five random bits each. */
export function randomLetters(length: number): string {
  let letters = '';
  // 256 is a multiple of 32, so the low five bits of a random byte are uniform.
  for (const byte of freshBytes(length)) letters += ALPHABET[byte & 31];
  return letters;
}

/** The first `length` letters of `bytes`, five bits each; for keyed checks that must live in the same alphabet. */
export function lettersOf(bytes: Uint8Array, length: number): string {
  let letters = '';
  for (let index = 0; index < length; index++) letters += ALPHABET[(bytes[index] ?? 0) & 31];
  return letters;
}

/** `number` in `length` letters of `ALPHABET`, the highest first; and back. Four letters hold a million days. */
export function numberLetters(number: number, length: number): string {
  let letters = '';
  for (let rest = number; letters.length < length; rest = Math.floor(rest / 32))
    letters = ALPHABET[rest % 32] + letters;
  return letters;
}

export function letterValue(letters: string): number {
  return Array.from(letters).reduce((value, letter) => value * 32 + ALPHABET.indexOf(letter), 0);
}

/** Random letters in an id: 100 bits, so that ids can be used where a guess must not hit. */
export const ID_LETTERS = 20;
const MINTED = /^[0-9a-hjkmnp-tv-z]{20}$/;

export const mintMessageId = (): MessageId => `msg_${randomLetters(ID_LETTERS)}` as MessageId;
export const mintCaseId = (): CaseId => `case_${randomLetters(ID_LETTERS)}` as CaseId;
export const mintOutboxId = (): OutboxId => `out_${randomLetters(ID_LETTERS)}` as OutboxId;
export const mintBypassId = (): BypassId => `byp_${randomLetters(ID_LETTERS)}` as BypassId;

const parseMinted =
  <Id extends string>(prefix: string) =>
  (text: string): Id | undefined =>
    text.startsWith(prefix) && MINTED.test(text.slice(prefix.length)) ? (text as Id) : undefined;

export const parseMessageId = parseMinted<MessageId>('msg_');
export const parseCaseId = parseMinted<CaseId>('case_');

// The marketplace's ids: visible ASCII without characters that mean something in a path, a header or a log line.
const OUTSIDE_ID = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,63}$/;

const parseOutside =
  <Id extends string>() =>
  (text: string): Id | undefined =>
    OUTSIDE_ID.test(text) ? (text as Id) : undefined;

/** 1-64 characters of `A-Z a-z 0-9 . _ ~ -`, the first a letter or digit; `undefined` for anything else. */
export const parseOrderId = parseOutside<OrderId>();
export const parseSellerId = parseOutside<SellerId>();
export const parseBuyerId = parseOutside<BuyerId>();
