/**
 * dmarc-case: one row of the DMARC tables.
 *
 * Unless it says otherwise, ann@shop.test is the author, the reverse path is x@else.test without an SPF record, and nobody signs.
 * `path` passes SPF; `sign` names the domains that sign.
 */
import type { DmarcFinding } from '../../../src/mail/authentication/result.ts';
import type { Zone } from '../../support/name-server.ts';

export interface DmarcCase {
  readonly says: string;
  readonly author?: string;
  /** '' is the null path. */
  readonly path?: string;
  readonly helo?: string;
  readonly sign?: readonly string[];
  readonly letter?: () => Promise<string>;
  /** Records at `_dmarc.<name>`, without `v=DMARC1; `. */
  readonly dmarc?: Readonly<Record<string, string>>;
  readonly zone?: Zone;
  readonly is: DmarcFinding['result'];
  readonly policy?: DmarcFinding['policy'];
  readonly via?: 'spf' | 'dkim';
}

export const REJECT = { 'shop.test': 'p=reject' };
export const passes = (via: 'spf' | 'dkim') => ({ is: 'pass', via, policy: 'reject' }) as const;
export const FAILS = { is: 'fail', policy: 'reject' } as const;
