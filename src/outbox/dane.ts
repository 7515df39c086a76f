/**
 * dane: does a certificate match what the exchanger's domain published about it (TLSA)?
 *
 * Usage 3 names the host's own certificate or key: nothing else about it counts, neither its name nor its date (RFC 7672 3.1.1).
 * Usage 2 names an authority: the host must present a chain that leads to it, in its own name. Usages 0 and 1 would bind us to
 * authorities of the web as well, and are not used for mail (RFC 7672 3.1.3).
 * Of a chain we check signatures, dates, names and who may issue; not path lengths or name constraints.
 * Standards: RFC 6698 2.1, RFC 7671 5, RFC 7672 2.2 and 3.
 */
import { hash, X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { Tlsa } from '../dns/resolver.ts';
import type { TlsResult } from './tls-result.ts';

const AUTHORITY = 2;
const HOST = 3;
const CERTIFICATES_AT_MOST = 10;
/** Octets of SHA-256 and SHA-512. */
const DIGEST_OCTETS: Readonly<Record<number, number>> = { 1: 32, 2: 64 };

/** RFC 7672 2.2: records that we cannot use do not authenticate, but they do say that the host speaks TLS. */
export function isUsable({ usage, selector, matching, data }: Tlsa): boolean {
  const isKnown = (usage === AUTHORITY || usage === HOST) && selector <= 1 && matching <= 2;
  return isKnown && (matching === 0 ? data.length > 0 : data.length === DIGEST_OCTETS[matching]);
}

/** `names`: of the exchanger and of the domain that it takes mail for (RFC 7672 3.2.2). `now` in milliseconds. */
export function daneResult(
  socket: TLSSocket,
  records: readonly Tlsa[],
  names: readonly string[],
  now: number,
): TlsResult {
  const [own, ...issuers] = chainOf(socket);
  if (own === undefined) return 'validation-failure';
  if (records.some((record) => record.usage === HOST && matches(own, record))) return 'success';
  const anchors = records.filter((record) => record.usage === AUTHORITY);
  const depth = issuers.findIndex((issuer) => anchors.some((record) => matches(issuer, record)));
  if (depth < 0) return 'certificate-not-trusted';
  const chain = [own, ...issuers.slice(0, depth + 1)];
  if (!chain.every((certificate) => isInTime(certificate, now))) return 'certificate-expired';
  if (!isUnbroken(chain)) return 'certificate-not-trusted';
  return names.some((name) => isNamed(own, name)) ? 'success' : 'certificate-host-mismatch';
}

/** RFC 6125 6.4: names in the subjectAltName only, and a wildcard is a whole label on the left. */
export function isNamed(certificate: X509Certificate, name: string): boolean {
  const found = certificate.checkHost(name, {
    subject: 'never',
    wildcards: true,
    partialWildcards: false,
    multiLabelWildcards: false,
    singleLabelSubdomains: false,
  });
  return found !== undefined;
}

function chainOf(socket: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next = socket.getPeerCertificate(true);
  // Node gives an object without octets when there is no certificate, and lets the last one issue itself.
  while (Buffer.isBuffer(next?.raw) && chain.length < CERTIFICATES_AT_MOST) {
    chain.push(new X509Certificate(next.raw));
    if (next.issuerCertificate === next) break;
    next = next.issuerCertificate;
  }
  return chain;
}

function matches(certificate: X509Certificate, { selector, matching, data }: Tlsa): boolean {
  const octets = selector === 0 ? certificate.raw : certificate.publicKey.export({ type: 'spki', format: 'der' });
  if (matching === 0) return octets.equals(data);
  return hash(matching === 1 ? 'sha256' : 'sha512', octets, 'buffer').equals(data);
}

function isInTime(certificate: X509Certificate, now: number): boolean {
  return certificate.validFromDate.getTime() <= now && now <= certificate.validToDate.getTime();
}

function isUnbroken(chain: readonly X509Certificate[]): boolean {
  return chain.slice(1).every((issuer, index) => {
    const issued = chain[index];
    return issued !== undefined && issuer.ca && issued.checkIssued(issuer) && issued.verify(issuer.publicKey);
  });
}
