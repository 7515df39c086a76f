/**
 * look-up: is a record of ours in DNS, as others see it? Never rejects: an answer that does not come is a finding.
 */
import type { Resolver } from '../dns/resolver.ts';
import { isSameKey } from '../vault/dkim-record.ts';
import type { DnsRecord } from './records.ts';

/** `other`: something else is there that may be meant, such as an SPF record that names addresses. `unknown`: no answer. */
export type Finding = 'found' | 'other' | 'different' | 'missing' | 'unknown';

export async function lookUp(record: DnsRecord, resolver: Pick<Resolver, 'mx' | 'txt'>): Promise<Finding> {
  try {
    if (record.what === 'mx') return mxFinding(record.value, await resolver.mx(record.name));
    const texts = await resolver.txt(record.name);
    return record.what === 'dkim' ? keyFinding(record.value, texts) : policyFinding(record.value, texts);
  } catch {
    return 'unknown';
  }
}

/** An exchanger beside ours takes mail that we never see. */
function mxFinding(host: string, found: readonly { readonly exchange: string }[]): Finding {
  if (found.length === 0) return 'missing';
  return found.every(({ exchange }) => exchange.replace(/\.$/, '').toLowerCase() === host) ? 'found' : 'different';
}

/** RFC 6376 3.6.2.2: with several records at one name a receiver may take any of them. */
function keyFinding(wanted: string, found: readonly string[]): Finding {
  if (found.length === 0) return 'missing';
  return found.every((text) => isSameKey(wanted, text)) ? 'found' : 'different';
}

/** Two policies are as good as none (RFC 7208 4.5, RFC 9989 4.7). */
function policyFinding(wanted: string, found: readonly string[]): Finding {
  const [version = ''] = wanted.split(/[ ;]/);
  const policies = found.filter((text) => text.split(/[ ;]/)[0]?.toLowerCase() === version.toLowerCase());
  if (policies.length > 1) return 'different';
  const [policy] = policies;
  if (policy === undefined) return 'missing';
  return spaced(policy) === spaced(wanted) ? 'found' : 'other';
}

const spaced = (text: string): string =>
  text
    .replace(/\s*;\s*/g, ';')
    .replace(/\s+/g, ' ')
    .replace(/;$/, '')
    .trim();
