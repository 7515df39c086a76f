/**
 * certificate: what the doors prove themselves with in TLS, and which TLS they speak.
 *
 * Pure; never fails.
 */
import { constants, createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { ReloadFlaw } from '../core/events.ts';
import type { Instant } from '../core/time.ts';

/** PEM; the chain begins with our own certificate. */
export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
}

/**
 * RFC 8996 takes 1.0 and 1.1 away. Of 1.2 only what keeps old conversations secret when the key is lost, and seals what it encrypts
 * (RFC 9325 4.2.1); every mail server that knows 1.2 speaks one of these.
 */
export const TLS = {
  minVersion: 'TLSv1.2',
  // A client that begins the handshake anew costs more than it pays (RFC 8446 has no such thing).
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
    'DHE-RSA-AES128-GCM-SHA256',
    'DHE-RSA-AES256-GCM-SHA384',
  ].join(':'),
} as const;

/** Why clients could not accept it; `undefined` when they could. */
export function flawOf({ key, cert }: Certificate, now: Instant): ReloadFlaw | undefined {
  try {
    const own = new X509Certificate(cert);
    if (!own.checkPrivateKey(createPrivateKey(key))) return 'mismatch';
    createSecureContext({ key, cert, ...TLS });
    return own.validToDate.getTime() < now ? 'expired' : undefined;
  } catch {
    return 'unreadable';
  }
}
