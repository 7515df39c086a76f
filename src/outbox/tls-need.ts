/**
 * tls-need: what a connection must be before mail goes over it, and whether it is.
 *
 * `opportunistic`: any certificate is better than none at all, and plain text better than no mail (RFC 7435).
 * `encrypted`: TLS with whatever certificate (RFC 7672 2.2, TLSA records that cannot be used).
 * `verified`: a certificate that the world trusts, for the host's name (RFC 8461 4.1; a password for a smart host).
 * `dane`: a certificate that the TLSA records name (RFC 7672).
 */
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Tlsa } from '../dns/resolver.ts';
import { daneResult, isNamed } from './dane.ts';
import type { TlsPolicyKind, TlsResult } from './tls-result.ts';

export type TlsNeed =
  | { readonly kind: 'opportunistic'; readonly policy: TlsPolicyKind }
  | { readonly kind: 'encrypted'; readonly policy: TlsPolicyKind }
  | { readonly kind: 'verified'; readonly policy: TlsPolicyKind }
  | {
      readonly kind: 'dane';
      readonly policy: 'tlsa';
      /** The name that the records are at (RFC 7672 2.2.2). */
      readonly base: string;
      readonly records: readonly Tlsa[];
      /** Of which a certificate of usage 2 must hold one. */
      readonly names: readonly string[];
    };

/** Connections are kept apart by it: what was good enough for one domain is not for another at the same host. */
export function keyOf(need: TlsNeed): string {
  if (need.kind !== 'dane') return `${need.kind} ${need.policy}`;
  const records = need.records.map(
    ({ usage, selector, matching, data }) => `${usage}${selector}${matching}${data.toString('base64')}`,
  );
  return ['dane', ...need.names, ...records.toSorted()].join(' ');
}

/** What the certificate on an open connection is worth by the policy of its domain. `now` in milliseconds. */
export function resultOf(socket: TLSSocket, need: TlsNeed, servername: string, now: number): TlsResult {
  if (need.kind === 'dane') return daneResult(socket, need.records, need.names, now);
  const isChecked = need.kind === 'verified' || need.policy === 'sts';
  return isChecked ? webResult(socket, servername) : 'success';
}

const EXPIRED: ReadonlySet<string> = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

function webResult(socket: TLSSocket, servername: string): TlsResult {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return 'validation-failure';
  if (!socket.authorized) {
    // The types say Error, the documentation and the code a word such as CERT_HAS_EXPIRED.
    return EXPIRED.has(String(socket.authorizationError)) ? 'certificate-expired' : 'certificate-not-trusted';
  }
  // A smart host may be given by its address.
  const isRight =
    isIP(servername) === 0 ? isNamed(certificate, servername) : certificate.checkIP(servername) !== undefined;
  return isRight ? 'success' : 'certificate-host-mismatch';
}
