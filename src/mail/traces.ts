/**
 * traces: what to look for, so that no real address of a party gets through.
 *
 * In:  the parties' opened addresses.    Out: plain data, which scrub and verify search for with code of their own.
 * Only what is a matter of the address is decided here: the local part without its subaddress (RFC 5233), the other names of a
 * provider, and both spellings of an international domain (RFC 5891). How a text may hide these is for the searchers to know.
 * Never the bare local part and never the bare domain: those are words that people use.
 */
import { domainToUnicode } from 'node:url';
import { expose } from '../core/real-address.ts';
import type { Secrets } from './types.ts';

/** One mailbox to look for. Dots in `local` carry no meaning: `jane.doe` and `janedoe` are searched for as one. */
export interface Trace {
  /** Lower case, NFC, without the subaddress; `jane.doe` for `Jane.Doe+shop@...`. */
  readonly local: string;
  /** Lower case; A-labels first, then U-labels and other names of the same provider. */
  readonly domains: readonly string[];
}

export type Traces = readonly Trace[];

/** Domains that deliver to the same mailboxes. */
const SAME_PROVIDER: readonly (readonly string[])[] = [
  ['gmail.com', 'googlemail.com'],
  ['proton.me', 'protonmail.com', 'pm.me', 'protonmail.ch'],
  ['icloud.com', 'me.com', 'mac.com'],
  ['yandex.ru', 'yandex.com', 'ya.ru', 'yandex.by', 'yandex.kz'],
];

/** The traces of both parties, each mailbox once. */
export function spellingsOf(secrets: Secrets): Traces {
  const traces = new Map<string, Trace>();
  for (const address of [...secrets.buyer, ...secrets.seller]) {
    if (!traces.has(address.tag)) traces.set(address.tag, traceOf(expose(address)));
  }
  return [...traces.values()];
}

function traceOf(address: string): Trace {
  const at = address.lastIndexOf('@');
  return { local: withoutSubaddress(address.slice(0, at)), domains: domainsOf(address.slice(at + 1)) };
}

/** `+` at the very start is part of the name: there is nothing before it that could be the mailbox. */
function withoutSubaddress(local: string): string {
  const plus = local.indexOf('+');
  return (plus > 0 ? local.slice(0, plus) : local).normalize('NFC').toLowerCase();
}

function domainsOf(domain: string): readonly string[] {
  const names = SAME_PROVIDER.find((group) => group.includes(domain)) ?? [domain];
  // domainToUnicode answers '' for what is not a domain; then the A-labels are all there is.
  return [...new Set(names.flatMap((name) => [name, domainToUnicode(name) || name]))];
}
