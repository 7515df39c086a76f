/**
 * own-machines: a domain's SPF record without the terms that let other companies' machines send for it.
 *
 * A host sends for all its customers, and each of them can write any reverse path (VU#244112), so a pass through its record says which
 * host sent and not who. What stands behind a foreign `include:`, `redirect=`, `exists:`, `a:`, `mx:` or `ptr:`, or a CNAME out of the
 * Organizational Domain, is left out, and so is `+all`. Terms with macros are foreign: what they ask is not known before.
 * Standards: RFC 7208 4.6.1, 5, 6. Every question goes through the look-ups of the message, so it shares their budget and their answers.
 */
import type { DNSResolver } from 'mailauth';
import { registrableDomain } from '../../policy/hosts.ts';
import type { Lookups } from './lookups.ts';

const RECORD = /^v=spf1(?: |$)/i;
const TERM = /^[+\-~?]?(all|include|exists|a|mx|ptr|redirect)(?:[:=]([^/]*))?(?:\/.*)?$/i;

export function ownMachinesOnly(domain: string, lookups: Lookups): Lookups {
  const own = organisation(domain);
  const ask = async (name: string, type: string): Promise<unknown[]> => {
    const records: unknown[] = await lookups.resolve(name, type);
    if (type !== 'TXT') return records;
    const target = await aliasTarget(name, lookups);
    if (target !== undefined && organisation(target) !== own) return [];
    return records.map((record) => withoutForeign(record, own));
  };
  return { resolve: ask as DNSResolver, unknown: lookups.unknown };
}

const organisation = (name: string): string => {
  const host = name.toLowerCase().replace(/\.$/, '');
  return registrableDomain(host) ?? host;
};

/** `undefined` where there is none. No answer is an error: what is not known to be the domain's own is not. */
async function aliasTarget(name: string, { resolve }: Lookups): Promise<string | undefined> {
  try {
    const [target]: unknown[] = await resolve(name, 'CNAME');
    return typeof target === 'string' ? target : undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENODATA' || code === 'ENOTFOUND') return undefined;
    throw error;
  }
}

function withoutForeign(record: unknown, own: string): unknown {
  const text = Array.isArray(record) ? record.join('') : record;
  if (typeof text !== 'string' || !RECORD.test(text)) return record;
  const terms = text.split(' ').filter((term) => isOwnTerm(term, own));
  return [terms.join(' ')];
}

function isOwnTerm(term: string, own: string): boolean {
  const [, name, target] = TERM.exec(term) ?? [];
  if (name === undefined) return true;
  if (name.toLowerCase() === 'all') return /^[-~?]/.test(term);
  return target === undefined || (!target.includes('%') && organisation(target) === own);
}
