/**
 * dmarc: does what was proved belong to the author in From, and what does the author's domain want otherwise?
 *
 * mailauth's evaluation, `strict` (tag names in their case, a record with a tag twice is no record: RFC 9989 4.7 and
 * RFC 6376 3.2). Its answer is changed in three places. Several authors are a failure, where RFC 9989 5.3.1 leaves it to us. A
 * failure that hangs on an answer that did not come is a temporary error. And the author is who our own reader says it is: when
 * mailauth reads another one out of the same field, the field was made for that (security.md AD-01..AD-11).
 * Standards: RFC 9989 4.7 (tags), 4.10 (tree walk), 5.3.
 */
import type { DKIMVerifyResult, DMARCResult } from 'mailauth';
import { evaluateDmarc as mailauthDmarc } from 'mailauth/lib/dmarc/index.js';
import { plainDomain } from './domain.ts';
import type { Lookups } from './lookups.ts';
import type { DmarcFinding, DmarcPolicy, SignatureFinding, SpfFinding } from './result.ts';

export interface DmarcQuestion {
  readonly spf: SpfFinding;
  readonly signatures: readonly SignatureFinding[];
  /** mailauth's reading of From. */
  readonly verified: DKIMVerifyResult;
  /** Our own reading of From; `undefined` when we would not take it. */
  readonly authorDomain: string | undefined;
}

export interface Alignment {
  readonly finding: DmarcFinding;
  /** Each by its own mode: `aspf` and `adkim` (RFC 9989 4.7). */
  readonly isSpfAligned: boolean;
  isKeyAligned(domain: string | undefined): boolean;
}

const FAILED: DmarcFinding = { result: 'fail', policy: 'none', authorDomain: undefined, via: undefined };
const SEVERAL: Alignment = { finding: FAILED, isSpfAligned: false, isKeyAligned: () => false };
const NOBODY: Alignment = { ...SEVERAL, finding: { ...FAILED, result: 'permerror' } };

export async function evaluateDmarc(question: DmarcQuestion, lookups: Lookups): Promise<Alignment> {
  const proved = await evaluate(question, lookups, ['pass']);
  if (proved.response === false) return proved.reason === 'no-author-domain' ? NOBODY : SEVERAL;
  const author = plainDomain(proved.response.status.header?.from);
  if (question.authorDomain !== undefined && question.authorDomain !== author) return SEVERAL;
  if (author === undefined) return NOBODY;

  const finding = { ...findingOf(proved.response), authorDomain: author };
  const isUndecided = finding.result === 'fail' && (await couldPass(question, lookups));
  return {
    finding: isUndecided ? { ...finding, result: 'temperror' } : finding,
    // Where no record says how, only the same name is aligned: each is its own Organizational Domain then (RFC 9989 4.10.2).
    isSpfAligned:
      question.spf.domain !== undefined &&
      [author, proved.response.alignment?.spf.result].includes(question.spf.domain),
    isKeyAligned: (domain) => domain === author || (domain !== undefined && proved.dkimAligned?.has(domain) === true),
  };
}

/** Would it pass if what is not known were known to be good? Then it is too early to call it a failure. */
async function couldPass(question: DmarcQuestion, lookups: Lookups): Promise<boolean> {
  const { spf, signatures } = question;
  if (![spf, ...signatures].some(({ result }) => result === 'temperror')) return false;
  const { response } = await evaluate(question, lookups, ['pass', 'temperror']);
  return response !== false && response.status.result !== 'fail';
}

function evaluate({ spf, signatures, verified }: DmarcQuestion, lookups: Lookups, counted: readonly string[]) {
  const domainsOf = (findings: readonly (SpfFinding | SignatureFinding)[]) =>
    findings.flatMap(({ result, domain }) => (counted.includes(result) && domain !== undefined ? [domain] : []));
  return mailauthDmarc({
    headerFrom: verified.headerFrom,
    fromFields: verified.fromFields,
    spfDomains: domainsOf([spf]),
    dkimDomains: domainsOf(signatures).map((domain) => ({ domain })),
    resolver: lookups.resolve,
    strict: true,
  });
}

function findingOf({ status, policy, alignment }: DMARCResult): Omit<DmarcFinding, 'authorDomain'> {
  switch (status.result) {
    case 'pass':
      return { result: 'pass', policy: policyOf(policy), via: alignment.dkim.result === undefined ? 'spf' : 'dkim' };
    case 'fail':
      return { result: 'fail', policy: policyOf(policy), via: undefined };
    case 'none':
      return { result: 'none', policy: 'none', via: undefined };
    default:
      return { result: 'temperror', policy: 'none', via: undefined };
  }
}

function policyOf(text: string): DmarcPolicy {
  return text === 'reject' || text === 'quarantine' ? text : 'none';
}
