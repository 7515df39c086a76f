/**
 * result: what was found out about where a message is from. Plain values; domains are lower-case A-labels.
 *
 * No addresses and no words of a remote party are in here: results and reasons come from closed lists.
 */

import type { Instant } from '../../core/time.ts';

/** RFC 7208 2.6. */
export const SPF_RESULTS = ['none', 'neutral', 'pass', 'fail', 'softfail', 'temperror', 'permerror'] as const;
export type SpfResult = (typeof SPF_RESULTS)[number];

export interface SpfFinding {
  readonly result: SpfResult;
  /** The domain that was asked, of the reverse path or, for the null path, of HELO; `undefined` when it is not a domain. */
  readonly domain: string | undefined;
}

/** Why a signature proves nothing. */
export type SignatureFlaw =
  /** `l=`: whatever is added behind the signed octets would pass too. */
  | 'body-length'
  | 'weak-key'
  | 'large-key'
  /** RFC 8301 3.1. */
  | 'sha1'
  /** `t=y` in the key: treat as unsigned (RFC 6376 3.6.1). */
  | 'testing'
  | 'expired'
  /** `i=` is outside `d=`, or below it although the key says `t=s`. */
  | 'identity'
  | 'from-unsigned'
  /** There are more fields of a name that may stand once than the signature covers: readers would show the other one. */
  | 'field-added'
  | 'body-changed'
  | 'wrong-signature'
  | 'no-key'
  | 'unusable-key'
  | 'unreadable'
  | 'dns';

export interface SignatureFinding {
  /** Only `pass` counts. `ignored` is as good as no signature; `fail` is one that the message does not match. */
  readonly result: 'pass' | 'fail' | 'ignored' | 'temperror';
  readonly flaw: SignatureFlaw | undefined;
  /** `undefined` when `d=` is not a domain. */
  readonly domain: string | undefined;
  readonly selector: string;
  /** What stands in `b=`, in base64 without white space: the same for the same words signed at the same moment; '' when it is unreadable. */
  readonly octets: string;
  /** When it says that it was made (`t=`). */
  readonly signedAt: Instant | undefined;
  /** Names of the fields that it covers and that are there, in lower case, each once. */
  readonly covers: readonly string[];
}

export type DmarcPolicy = 'none' | 'quarantine' | 'reject';

export interface DmarcFinding {
  /**
   * `fail` too when there are several authors. `permerror`: there is no author to ask for. `temperror`: whether it fails, or
   * what the domain then wants, depends on an answer that did not come.
   */
  readonly result: 'pass' | 'fail' | 'none' | 'temperror' | 'permerror';
  /** What the author's domain wants done with a message that fails; `none` when it says nothing. */
  readonly policy: DmarcPolicy;
  readonly authorDomain: string | undefined;
  /** What aligned. A signature is better than SPF: it came with the words. */
  readonly via: 'spf' | 'dkim' | undefined;
}

/** RFC 8601 2.7, all methods together. */
export const REPORTED_RESULTS = [...SPF_RESULTS, 'policy'] as const;
export type ReportedResult = (typeof REPORTED_RESULTS)[number];

export interface Reported {
  readonly result: ReportedResult;
  readonly domain: string | undefined;
}

/** What a sealer says it saw. Worth as much as the sealer. */
export interface SealedReport {
  readonly spf: Reported | undefined;
  readonly dkim: readonly Reported[];
  readonly dmarc: Reported | undefined;
}

export interface ArcFinding {
  /** `ignored`: the newest sealer is not on the list, and its chain was not looked at. */
  readonly result: 'none' | 'pass' | 'fail' | 'temperror' | 'ignored';
  /** The newest sealer, when it is on the list and the whole chain passes. */
  readonly sealer: string | undefined;
  readonly report: SealedReport | undefined;
}

export interface AuthenticationResult {
  /**
   * `isAligned`: with the author's domain, by the rules of DMARC. Counts together with `pass` only. `isOwn`: aligned, and it would pass
   * without what the domain allows to machines of others.
   */
  readonly spf: SpfFinding & { readonly isAligned: boolean; readonly isOwn: boolean };
  readonly dkim: readonly (SignatureFinding & { readonly isAligned: boolean })[];
  readonly dmarc: DmarcFinding;
  readonly arc: ArcFinding;
}
