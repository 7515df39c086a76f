/**
 * spf: may this machine send for the domain of the reverse path?
 *
 * mailauth's evaluation, `strict`: without it the address look-ups of `a` and `mx` are made for both families and count as void only
 * when both are (RFC 7208 4.6.4 counts the one asked), white space before `v=spf1` and errors behind the matching term are
 * forgiven (4.5, 4.6), and non-ASCII local parts are expanded (RFC 8616 4).
 * Standards: RFC 7208; 4.6.4: 10 terms that look up, 2 void ones, 10 names for each `mx`.
 */
import { spf } from 'mailauth/lib/spf/index.js';
import type { RecordLookup } from '../../dns/resolver.ts';
import { plainDomain } from './domain.ts';
import { asMailauthResolver, openBudget, AUTHENTICATION_BUDGET, type Lookups } from './lookups.ts';
import { SPF_RESULTS, type SpfFinding, type SpfResult } from './result.ts';

export interface SpfQuestion {
  readonly ip: string;
  /** As the client said it. */
  readonly helo: string;
  /** As the client said it, without angle brackets; '' is the null path, for which HELO is asked (RFC 7208 2.4). */
  readonly reversePath: string;
  /** Ours: their local parts are tokens that no name server may see. */
  readonly aliasDomains: readonly string[];
}

const RESULTS: readonly string[] = SPF_RESULTS;

/** SPF alone, with a budget of its own. */
export async function checkSpf(
  question: Omit<SpfQuestion, 'aliasDomains'> & { readonly resolver: RecordLookup },
): Promise<SpfFinding> {
  using budget = openBudget(AUTHENTICATION_BUDGET);
  return await evaluateSpf({ ...question, aliasDomains: [] }, asMailauthResolver(question.resolver, budget));
}

export async function evaluateSpf(question: SpfQuestion, lookups: Lookups): Promise<SpfFinding> {
  const { status, domain } = await spf({
    ip: question.ip,
    helo: question.helo,
    sender: maskToken(question.reversePath, question.aliasDomains),
    // Only for %{r} in explanations, which nobody reads; the default is this machine's name.
    mta: 'unknown',
    resolver: lookups.resolve,
    strict: true,
  });
  return { result: isResult(status.result) ? status.result : 'temperror', domain: plainDomain(domain) };
}

/**
 * `exists:%{l}.example` tells the example's name servers the local part. Of an alias or a return path of ours that is the secret
 * itself (security.md DO-08), so `postmaster` stands for it, as for a null path (RFC 7208 4.3).
 */
function maskToken(reversePath: string, aliasDomains: readonly string[]): string {
  const at = reversePath.lastIndexOf('@');
  const domain = reversePath.slice(at + 1).toLowerCase();
  const isOurs = aliasDomains.some((own) => domain === own || domain === `${own}.` || domain.endsWith(`.${own}`));
  return at >= 0 && isOurs ? `postmaster@${domain}` : reversePath;
}

function isResult(text: string): text is SpfResult {
  return RESULTS.includes(text);
}
