/**
 * arc: what a forwarder that we trust saw before it changed the message.
 *
 * A chain proves who forwarded, not that anybody is honest, so only the newest sealer being on the marketplace's list makes it worth
 * looking at. mailauth's validation, `strict`: without it sets are taken whose tags or instances are not RFC 8617's. Its
 * answer is changed where a key could not be looked up: it says `fail`, as RFC 8617 knows nothing else; here it is a temporary error.
 * Standards: RFC 8617 5.2 (validation), 7.2 (whom to trust).
 */
import type { ARCChainEntry, ARCData, DKIMVerifyResult } from 'mailauth';
import { arc } from 'mailauth/lib/arc/index.js';
import type { RecordLookup } from '../../dns/resolver.ts';
import type { Instant } from '../../core/time.ts';
import { verifySignatures } from './dkim.ts';
import { plainDomain } from './domain.ts';
import { asMailauthResolver, openBudget, AUTHENTICATION_BUDGET, type Lookups } from './lookups.ts';
import type { ArcFinding } from './result.ts';
import { reportOf } from './sealed-report.ts';

interface ArcQuestion {
  readonly raw: Uint8Array;
  readonly resolver: RecordLookup;
  readonly now: Instant;
}

/** ARC alone, whoever sealed, with a budget of its own. */
export async function checkArc({ raw, resolver, now }: ArcQuestion): Promise<ArcFinding['result']> {
  using budget = openBudget(AUTHENTICATION_BUDGET);
  const lookups = asMailauthResolver(resolver, budget);
  const { raw: verified } = await verifySignatures(Buffer.from(raw), lookups, now);
  return (await validate(verified, lookups)).result;
}

const NOTHING = { sealer: undefined, report: undefined };

export async function evaluateArc(
  verified: DKIMVerifyResult,
  lookups: Lookups,
  sealers: readonly string[],
): Promise<ArcFinding> {
  const newest = verified.arc?.lastEntry;
  const sealer = plainDomain(newest?.['arc-seal']?.parsed?.d?.value);
  if (newest !== undefined && (sealer === undefined || !sealers.includes(sealer))) {
    return { result: 'ignored', ...NOTHING };
  }
  const { result, reported } = await validate(verified, lookups);
  // Beyond the RFC, as for DKIM: a body that may have grown since, and a key that its owner only tries out, prove nothing.
  const { canonBodyLengthLimited, status } = newest?.messageSignature ?? {};
  const isFirm = canonBodyLengthLimited !== true && status?.testing !== true;
  if (result !== 'pass' || !isFirm) return { result, ...NOTHING };
  return { result, sealer, report: reportOf(reported) };
}

interface Validated {
  readonly result: 'none' | 'pass' | 'fail' | 'temperror';
  /** mailauth's reading of the newest ARC-Authentication-Results. */
  readonly reported: unknown;
}

async function validate({ arc: found }: DKIMVerifyResult, lookups: Lookups): Promise<Validated> {
  if (found === undefined) return { result: 'none', reported: undefined };
  const chain = found.chain === false ? [] : found.chain;
  const data: ARCData = { ...found, chain };
  const { status, authenticationResults } = await arc(data, { resolver: lookups.resolve, strict: true });
  const reported: unknown = authenticationResults;
  if (status.result === 'pass' || status.result === 'none') return { result: status.result, reported };
  return { result: hasUnknownKey(chain, lookups) ? 'temperror' : 'fail', reported: undefined };
}

function hasUnknownKey(chain: readonly ARCChainEntry[], { unknown }: Lookups): boolean {
  const keys = chain.flatMap((entry) => [entry['arc-seal'], entry['arc-message-signature']]);
  return keys.some((field) => {
    const name = `${field?.parsed?.s?.value ?? ''}._domainkey.${field?.parsed?.d?.value ?? ''}`;
    return unknown.has(name.toLowerCase());
  });
}
