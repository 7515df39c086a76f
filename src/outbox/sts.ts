/**
 * sts: the MTA-STS policies of the domains that mail goes to, kept as long as they say, also when the relay starts anew.
 *
 * The record at `_mta-sts` is only asked whether there is another policy than the one we have. A policy outlives the loss of its record
 * and of its host until it is too old: whoever blocks both must not get plain text for it (RFC 8461 5.1, 10.2). So that nobody has
 * only to wait for that day, a policy that is relied on is fetched again while it is good (RFC 8461 3.3).
 */
import type { Resolver } from '../dns/resolver.ts';
import { DAY, MINUTE, SECOND, type Clock, type Instant } from '../core/time.ts';
import { parseStsPolicy, stsIdIn, type StsPolicy } from './sts-policy.ts';
import { fetchStsPolicy, type StsFetchParts } from './sts-fetch.ts';
import type { CountTls } from './tls-result.ts';

const POLICIES_AT_MOST = 10_000;
/** A domain is not asked for news more often than this. */
const NEWS_AFTER_MS = 1 * MINUTE;
/** RFC 8461 3.3: a host that failed is left alone for five minutes. */
const AGAIN_AFTER_MS = 5 * MINUTE;
/** RFC 8461 3.3, or half of `max_age` where that is shorter. */
const RENEWED_AFTER_MS = 1 * DAY;

export interface KeptPolicy {
  readonly id: string;
  readonly policy: StsPolicy;
  readonly fetchedAt: Instant;
  readonly expiresAt: Instant;
}

/** Where policies outlive a restart. `domain` is in lower case. Rejects when it is not known whether there is one. */
export interface KeptPolicies {
  find(domain: string): Promise<KeptPolicy | undefined>;
  keep(domain: string, kept: KeptPolicy): Promise<void>;
}

export interface StsParts extends StsFetchParts {
  readonly txt: Resolver['txt'];
  readonly policies: KeptPolicies;
  readonly clock: Clock;
  readonly countTls: CountTls;
}

interface Known {
  readonly kept: KeptPolicy | undefined;
  readonly newsAt: Instant;
}

export interface StsPolicies {
  /** The policy in force for a domain, or `undefined`. Rejects only with `KeptPolicies`. */
  policyOf(domain: string): Promise<StsPolicy | undefined>;
}

export function stsPolicies(parts: StsParts): StsPolicies {
  const known = new Map<string, Known>();
  const underway = new Map<string, Promise<Known>>();

  function remember(domain: string, news: Known): void {
    // Last in: whoever has not been written to for longest goes first.
    known.delete(domain);
    known.set(domain, news);
    if (known.size <= POLICIES_AT_MOST) return;
    const [oldest = ''] = known.keys();
    known.delete(oldest);
  }

  async function renew(domain: string, before: KeptPolicy | undefined): Promise<Known> {
    const old = before ?? unexpired(await parts.policies.find(domain), parts.clock.now());
    const news = await newsOf(domain, old, parts);
    if (news.kept !== undefined && news.kept !== old) await parts.policies.keep(domain, news.kept);
    remember(domain, news);
    return news;
  }

  return {
    async policyOf(name) {
      const domain = name.toLowerCase();
      const now = parts.clock.now();
      const last = known.get(domain);
      const kept = unexpired(last?.kept, now);
      if (last !== undefined && last.newsAt > now) return inForce(kept);
      // Many messages to a domain that nothing is known of make one fetch.
      const asked = underway.get(domain) ?? renew(domain, kept).finally(() => underway.delete(domain));
      underway.set(domain, asked);
      return inForce((await asked).kept);
    },
  };
}

function inForce(kept: KeptPolicy | undefined): StsPolicy | undefined {
  return kept?.policy.mode === 'none' ? undefined : kept?.policy;
}

function unexpired(kept: KeptPolicy | undefined, now: Instant): KeptPolicy | undefined {
  return kept !== undefined && kept.expiresAt > now ? kept : undefined;
}

async function newsOf(domain: string, old: KeptPolicy | undefined, parts: StsParts): Promise<Known> {
  const now = parts.clock.now();
  const id = await idOf(domain, parts);
  if (id === undefined || (old !== undefined && id === old.id && !isOld(old, now))) {
    return { kept: old, newsAt: now + NEWS_AFTER_MS };
  }
  const fetched = await fetchStsPolicy(domain, parts);
  const policy = 'text' in fetched ? parseStsPolicy(fetched.text) : undefined;
  if (policy === undefined) {
    parts.countTls('sts', 'fault' in fetched ? fetched.fault : 'sts-policy-invalid');
    return { kept: old, newsAt: now + AGAIN_AFTER_MS };
  }
  const kept: KeptPolicy = { id, policy, fetchedAt: now, expiresAt: now + policy.maxAge * SECOND };
  return { kept, newsAt: now + NEWS_AFTER_MS };
}

function isOld({ fetchedAt, policy }: KeptPolicy, now: Instant): boolean {
  return now - fetchedAt >= Math.min(RENEWED_AFTER_MS, (policy.maxAge * SECOND) / 2);
}

async function idOf(domain: string, { txt }: StsParts): Promise<string | undefined> {
  try {
    return stsIdIn(await txt(`_mta-sts.${domain}`));
  } catch {
    return undefined;
  }
}
