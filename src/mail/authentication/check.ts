/**
 * check: who is a message from, as far as DNS and signatures can tell?
 *
 * In:  the received bytes, the peer, the reverse path, our resolver.    Out: `AuthenticationResult`; it decides nothing.
 * Everything comes from the bytes and from DNS: Authentication-Results, Received-SPF, Return-Path and the ARC sets of sealers who
 * are not on the list are claims, and are not read (security.md AU-06). All look-ups share one budget; SPF comes first and
 * ARC last, as the least is lost with it.
 * Fails with nothing of its own: a domain in trouble is `temperror`, and one that is over the budget too.
 */
import { expose, type RealAddress } from '../../core/real-address.ts';
import type { Instant } from '../../core/time.ts';
import type { RecordLookup } from '../../dns/resolver.ts';
import { splitEntity, valuesOf } from '../mime/header.ts';
import { authorDomainIn } from '../mime/mailboxes.ts';
import { evaluateArc } from './arc.ts';
import { verifySignatures } from './dkim.ts';
import { evaluateDmarc } from './dmarc.ts';
import { asMailauthResolver, openBudget, AUTHENTICATION_BUDGET, type BudgetLimits, type Lookups } from './lookups.ts';
import { ownMachinesOnly } from './own-machines.ts';
import type { DmarcFinding, AuthenticationResult, SpfFinding } from './result.ts';
import { evaluateSpf } from './spf.ts';

export interface AuthenticationQuestion {
  /** With CRLF line ends. */
  readonly raw: Uint8Array;
  readonly peer: { readonly ip: string; readonly helo: string };
  /** `undefined` is the null path. */
  readonly reversePath: RealAddress | undefined;
  readonly resolver: RecordLookup;
  /** Domains whose ARC seal is believed. */
  readonly sealers: readonly string[];
  readonly aliasDomains: readonly string[];
  readonly now: Instant;
  readonly limits?: BudgetLimits;
}

export async function checkAuthentication(question: AuthenticationQuestion): Promise<AuthenticationResult> {
  const { resolver, sealers, now, limits = AUTHENTICATION_BUDGET } = question;
  using budget = openBudget(limits);
  const lookups = asMailauthResolver(resolver, budget, limits);
  const message = Buffer.from(question.raw.buffer, question.raw.byteOffset, question.raw.byteLength);
  const header = splitEntity(message);
  const spf = await evaluateSpf(spfQuestionOf(question), lookups);
  // `parse` refuses such a message, and mailauth takes long over thousands of folded lines.
  if (header.isTooLarge) return unread(spf);

  const verified = await verifySignatures(message, lookups, now);
  const dmarc = await evaluateDmarc(
    {
      spf,
      signatures: verified.signatures,
      verified: verified.raw,
      authorDomain: authorDomainIn(valuesOf(header.fields, 'from')),
    },
    lookups,
  );
  const isOwn = dmarc.isSpfAligned && (await isByOwnMachines(spf, question, lookups));
  return {
    spf: { ...spf, isAligned: dmarc.isSpfAligned, isOwn },
    dkim: verified.signatures.map((one) => ({ ...one, isAligned: dmarc.isKeyAligned(one.domain) })),
    dmarc: dmarc.finding,
    arc: await evaluateArc(verified.raw, lookups, sealers),
  };
}

async function isByOwnMachines(
  { result, domain }: SpfFinding,
  question: AuthenticationQuestion,
  lookups: Lookups,
): Promise<boolean> {
  if (result !== 'pass' || domain === undefined) return false;
  const own = await evaluateSpf(spfQuestionOf(question), ownMachinesOnly(domain, lookups));
  return own.result === 'pass';
}

function spfQuestionOf({ peer, reversePath, aliasDomains }: AuthenticationQuestion) {
  return { ...peer, aliasDomains, reversePath: reversePath === undefined ? '' : expose(reversePath) };
}

const NO_AUTHOR: DmarcFinding = { result: 'permerror', policy: 'none', authorDomain: undefined, via: undefined };

function unread(spf: SpfFinding): AuthenticationResult {
  return {
    spf: { ...spf, isAligned: false, isOwn: false },
    dkim: [],
    dmarc: NO_AUTHOR,
    arc: { result: 'none', sealer: undefined, report: undefined },
  };
}
