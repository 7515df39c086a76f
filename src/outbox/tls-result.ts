/**
 * tls-result: how the encryption of a connection went, in the closed words of RFC 8460 4.3, and under which kind of policy (4.4).
 * They are counted, not sent: no domain, host or address goes with them.
 */
export type TlsResult =
  | 'success'
  | 'starttls-not-supported'
  | 'certificate-host-mismatch'
  | 'certificate-expired'
  | 'certificate-not-trusted'
  | 'validation-failure'
  | 'tlsa-invalid'
  | 'dnssec-invalid'
  | 'sts-policy-fetch-error'
  | 'sts-policy-invalid'
  | 'sts-webpki-invalid';

export type TlsPolicyKind = 'tlsa' | 'sts' | 'no-policy-found';

export type CountTls = (policy: TlsPolicyKind, result: TlsResult) => void;
