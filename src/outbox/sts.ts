/**
 * sts: the MTA-STS policies of the domains that mail goes to, kept as long as they say.
 *
 * The record at `_mta-sts` is only asked whether there is another policy than the one we have. A policy outlives the loss of its record
 * and of its host until it is too old: whoever blocks both must not get plain text for it (RFC 8461 5.1, 10.2).
 * In memory only: a thread that starts knows no policy, and fetches each with the first message to its domain. Whoever blocks that
 * very fetch gets opportunistic TLS (decision 0014).
 */
import type { Resolver } from '../dns/resolver.ts';
import { MINUTE, SECOND, type Clock, type Instant } from '../core/time.ts';
import { parseStsPolicy, stsIdIn, type StsPolicy } from './sts-policy.ts';
import { fetchStsPolicy, type StsFetchParts } from './sts-fetch.ts';
import type { CountTls } from './tls-result.ts';

const POLICIES_AT_MOST = 10_000;
/** A domain is not asked for news more often than this. */
const NEWS_AFTER_MS = 1 * MINUTE;
/** RFC 8461 3.3: a host that failed is left alone for five minutes. */
const AGAIN_AFTER_MS = 5 * MINUTE;

export interface StsParts extends StsFetchParts {
  readonly txt: Resolver['txt'];
  readonly clock: Clock;
  readonly countTls: CountTls;
}

interface Known {
  readonly id: string | undefined;
  readonly policy: StsPolicy | undefined;
  readonly expiresAt: Instant;
  readonly newsAt: Instant;
}

export interface StsPolicies {
  /** The policy in force for a domain, or `undefined`. Never rejects. */
  policyOf(domain: string): Promise<StsPolicy | undefined>;
}

export function stsPolicies(parts: StsParts): StsPolicies {
  const known = new Map<string, Known>();
  const underway = new Map<string, Promise<Known>>();

  function keep(domain: string, news: Known): void {
    // Last in: whoever has not been written to for longest goes first.
    known.delete(domain);
    known.set(domain, news);
    if (known.size <= POLICIES_AT_MOST) return;
    const [oldest = ''] = known.keys();
    known.delete(oldest);
  }

  async function renew(domain: string, before: Known | undefined): Promise<Known> {
    const news = await newsOf(domain, before, parts);
    keep(domain, news);
    return news;
  }

  return {
    async policyOf(domain) {
      const before = unexpired(known.get(domain), parts.clock.now());
      if (before !== undefined && before.newsAt > parts.clock.now()) return inForce(before);
      // Many messages to a domain that nothing is known of make one fetch.
      const asked = underway.get(domain) ?? renew(domain, before).finally(() => underway.delete(domain));
      underway.set(domain, asked);
      return inForce(await asked);
    },
  };
}

function inForce({ policy }: Known): StsPolicy | undefined {
  return policy?.mode === 'none' ? undefined : policy;
}

function unexpired(known: Known | undefined, now: Instant): Known | undefined {
  return known !== undefined && known.policy !== undefined && known.expiresAt <= now
    ? { ...known, id: undefined, policy: undefined }
    : known;
}

async function newsOf(domain: string, before: Known | undefined, parts: StsParts): Promise<Known> {
  const now = parts.clock.now();
  const old: Known = before ?? { id: undefined, policy: undefined, expiresAt: 0, newsAt: 0 };
  const id = await idOf(domain, parts);
  if (id === undefined || (id === old.id && old.policy !== undefined)) return { ...old, newsAt: now + NEWS_AFTER_MS };
  const fetched = await fetchStsPolicy(domain, parts);
  const policy = 'text' in fetched ? parseStsPolicy(fetched.text) : undefined;
  if (policy === undefined) {
    parts.countTls('sts', 'fault' in fetched ? fetched.fault : 'sts-policy-invalid');
    return { ...old, newsAt: now + AGAIN_AFTER_MS };
  }
  return { id, policy, expiresAt: now + policy.maxAge * SECOND, newsAt: now + NEWS_AFTER_MS };
}

async function idOf(domain: string, { txt }: StsParts): Promise<string | undefined> {
  try {
    return stsIdIn(await txt(`_mta-sts.${domain}`));
  } catch {
    return undefined;
  }
}
