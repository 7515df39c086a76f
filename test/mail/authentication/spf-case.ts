/**
 * spf-case: one row of the SPF tables. Unless it says otherwise, ann@shop.test writes from 192.0.2.1, which calls itself
 * mail.shop.test.
 */
import type { SpfResult } from '../../../src/mail/authentication/result.ts';
import type { Zone } from '../../support/name-server.ts';

export interface SpfCase {
  readonly says: string;
  /** The SPF record of shop.test. */
  readonly record?: string;
  /** Other TXT records. */
  readonly texts?: Readonly<Record<string, string>>;
  readonly zone?: Zone;
  readonly ip?: string;
  readonly helo?: string;
  readonly from?: string;
  readonly result: SpfResult;
}

export const LOCAL: Zone = { 'A shop.test': ['192.0.2.1'], 'A other.test': ['192.0.2.9'] };
export const V6 = '2001:db8::1';
export const REVERSE = 'PTR 1.2.0.192.in-addr.arpa';
