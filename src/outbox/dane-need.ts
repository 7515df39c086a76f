/**
 * dane-need: what the TLSA records of an exchanger ask of a connection to it, and where they are.
 *
 * In:  the exchanger, what DNSSEC says of its addresses.    Out: a need; `undefined` when the domain says nothing about this host;
 * `unknown` when an answer did not come: whoever can suppress it must not get plain text for it (RFC 7672 2.1.2).
 * Standards: RFC 7672 2.2.2 (names of records), 3.2.2 (names in certificates).
 */
import type { RouteResolver, Tlsa, Vouched } from '../dns/resolver.ts';
import { isUsable } from './dane.ts';
import type { TlsNeed } from './tls-need.ts';
import type { CountTls } from './tls-result.ts';

export interface DaneQuestion {
  /** In lower case. */
  readonly host: string;
  readonly addresses: Vouched<string>;
  /** The domain of the mail, and where its own aliases lead: a certificate may be for them. */
  readonly domains: readonly string[];
}

export type DaneNeed = Extract<TlsNeed, { kind: 'dane' | 'encrypted' }>;

export async function daneNeed(
  question: DaneQuestion,
  look: RouteResolver,
  countTls: CountTls,
): Promise<DaneNeed | 'unknown' | undefined> {
  try {
    for (const base of await basesOf(question, look)) {
      const answer = await look.tlsa(`_25._tcp.${base}`);
      if (answer.isSecure && answer.records.length > 0) return needOf(answer.records, base, question, countTls);
    }
    return undefined;
  } catch {
    countTls('tlsa', 'dnssec-invalid');
    return 'unknown';
  }
}

/** At the end of aliases first, then at the host's own name. An alias may be signed and lead to where nothing is. */
async function basesOf({ host, addresses }: DaneQuestion, look: RouteResolver): Promise<readonly string[]> {
  if (addresses.isSecure) return [...new Set([addresses.name, host])];
  if (addresses.name === host) return [];
  return (await look.alias(host)).isSecure ? [host] : [];
}

/** RFC 7672 2.2: records that cannot be used do not authenticate, but they do say that the host speaks TLS. */
function needOf(found: readonly Tlsa[], base: string, { host, domains }: DaneQuestion, countTls: CountTls): DaneNeed {
  const records = found.filter(isUsable);
  if (records.length > 0) return { kind: 'dane', policy: 'tlsa', base, records, names: [base, host, ...domains] };
  countTls('tlsa', 'tlsa-invalid');
  return { kind: 'encrypted', policy: 'tlsa' };
}
