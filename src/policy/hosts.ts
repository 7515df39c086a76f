/**
 * hosts: whose a host name is, and where host names stand in a text.
 *
 * A name counts when its last label is a public suffix, or reserved for tests and examples (RFC 2606), so "4.5mm" and "e.g." do not.
 * Links are never followed. Linear: each name is looked at once.
 */
import { parse } from 'tldts';
import { CARRIERS } from './lexicon/carriers.ts';
import { AUTHORITY, MANUFACTURERS } from './lexicon/manufacturers.ts';
import { FREE_MAIL, MESSENGER_HOSTS } from './lexicon/services.ts';
import type { Context, Span } from './rule.ts';

const MAX_HOST = 253;
const RESERVED = /\.(?:test|example|invalid|localhost)$/;

/** The registrable domain of a host, or `undefined` when no such domain can exist. */
export function registrableDomain(host: string): string | undefined {
  if (host.length > MAX_HOST || !host.includes('.')) return undefined;
  if (RESERVED.test(host)) return host.split('.').slice(-2).join('.');
  const parsed = parse(host, { allowPrivateDomains: false });
  return parsed.isIcann === true && parsed.isIp !== true ? (parsed.domain ?? undefined) : undefined;
}

/** The marketplace's own, a carrier's, an authority's, or a manufacturer's (drivers, manuals, recalls). */
export function isAllowedHost(host: string, context: Context): boolean {
  const domain = registrableDomain(host);
  if (isOwnHost(host, context)) return true;
  if (domain === undefined) return false;
  return CARRIERS.has(domain) || AUTHORITY.test(host) || MANUFACTURERS.has(domain.split('.')[0] ?? '');
}

export function isOwnHost(host: string, context: Context): boolean {
  return context.ownDomains.some((own) => host === own || host.endsWith(`.${own}`));
}

export const isMessengerHost = (host: string): boolean =>
  MESSENGER_HOSTS.has(host) || MESSENGER_HOSTS.has(host.replace(/^www\./, ''));

export const isFreeMail = (label: string): boolean => FREE_MAIL.has(label);

/** A host name in a text: `isExplicit` when a scheme, `www.` or a path says that it is a link. */
export interface HostFound {
  readonly host: string;
  /** With scheme and path. */
  readonly span: Span;
  readonly isExplicit: boolean;
}

const MAY_HOLD_HOST = /[\p{L}\p{N}]\.[\p{L}\p{N}]/u;
const HOST =
  /(?<![\p{L}\p{N}.@_-])[\p{L}\p{N}][\p{L}\p{N}-]{0,62}(?:\.[\p{L}\p{N}][\p{L}\p{N}-]{0,62}){1,8}(?![\p{L}\p{N}@])/gu;
const SCHEME = /[a-z][a-z0-9+]{1,14}:\/{1,2}(?:[^\s/@]{1,60}@)?$/;
const PATH = /(?::\d{1,5})?[/?#][^\s<>"]{0,2000}/y;

export function* hostsIn(text: string): Generator<HostFound> {
  if (!MAY_HOLD_HOST.test(text)) return;
  for (const match of text.matchAll(HOST)) {
    const host = match[0];
    const scheme = SCHEME.exec(text.slice(Math.max(0, match.index - 80), match.index))?.[0] ?? '';
    PATH.lastIndex = match.index + host.length;
    const path = PATH.exec(text)?.[0] ?? '';
    const isExplicit = scheme !== '' || path.length > 1 || host.startsWith('www.');
    yield {
      host,
      span: { start: match.index - scheme.length, end: match.index + host.length + path.length },
      isExplicit,
    };
  }
}
