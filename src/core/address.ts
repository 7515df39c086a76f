/**
 * address: the grammar of mailboxes (RFC 5321 4.1.2, RFC 6531 3.3) as Veilpost accepts it.
 *
 * Narrower than the RFC on purpose: no quoted local parts, no comments, no address literals, no source routes. Each of those is
 * a known way to make two programs read two different addresses out of one string (espoofer A8-A19; nodemailer
 * GHSA-mm7p-fcc7-pg87), and nobody's mailbox needs them.
 */
import { domainToASCII, domainToUnicode } from 'node:url';
import type { Brand } from './ids.ts';

/** `local@domain` of an alias of ours, lower case. Safe to show, log and store: it names no person. */
export type AliasAddress = Brand<string, 'AliasAddress'>;

/** A mailbox taken apart: the local part as written (delivery must use it unchanged), the domain as lower-case A-labels. */
export interface Mailbox {
  readonly local: string;
  readonly domain: string;
}

/** RFC 5321 4.5.3.1.1 and 4.5.3.1.2, in octets; RFC 6531 3.3 counts UTF-8 octets too. */
const MAX_LOCAL_OCTETS = 64;
const MAX_DOMAIN_OCTETS = 255;

// atext of RFC 5322 3.2.3, and RFC 6531's UTF8-non-ascii less controls, separators, surrogates and format characters.
const DOT_ATOM =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u{a1}-\u{10fffd}]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u{a1}-\u{10fffd}]+)*$/u;
const UNFIT = /[\p{C}\p{Z}\uFF20\u3002]/u;
const LABELS = /^(?=.{1,255}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** `text` as a mailbox, or `undefined` when it is not one that Veilpost takes. Never throws. */
export function parseMailbox(text: string): Mailbox | undefined {
  const at = text.lastIndexOf('@');
  if (at < 1 || text.length > MAX_LOCAL_OCTETS + 1 + MAX_DOMAIN_OCTETS) return undefined;
  const local = text.slice(0, at);
  if (Buffer.byteLength(local) > MAX_LOCAL_OCTETS || UNFIT.test(local) || !DOT_ATOM.test(local)) return undefined;
  const domain = parseDomain(text.slice(at + 1));
  return domain === undefined ? undefined : { local, domain };
}

/** A host or mail domain as lower-case A-labels (UTS 46), or `undefined`. At least one dot, no address literal. */
export function parseDomain(text: string): string | undefined {
  if (UNFIT.test(text) || !text.includes('.')) return undefined;
  const domain = domainToASCII(text.toLowerCase());
  return LABELS.test(domain) && !/^[\d.]+$/.test(domain) && isReadable(domain) ? domain : undefined;
}

/** A label that says it is Punycode must be: buggy readers see commas and other characters in the ones that are not. */
function isReadable(domain: string): boolean {
  return !domain.includes('xn--') || !domainToUnicode(domain).includes('xn--');
}

/**
 * The form under which two spellings are one mailbox: lower case, NFC, A-labels. For comparing and for fingerprints only;
 * mail is sent to the address as it was registered, since a local part is the receiver's to interpret (RFC 5321 2.4).
 */
export function canonicalMailbox(mailbox: Mailbox): string {
  return `${mailbox.local.normalize('NFC').toLowerCase()}@${mailbox.domain}`;
}
