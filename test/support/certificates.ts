/**
 * certificates: an authority of the test's own, and what it signs, made by openssl.
 */
import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tlsa } from '../../src/dns/resolver.ts';

export interface Certified {
  readonly key: string;
  /** The host's certificate, then the authority's. */
  readonly cert: string;
}

export interface Authority extends Disposable {
  readonly pem: string;
  /** A certificate for one name; `days` may be negative. */
  certify(name: string, days?: number): Certified;
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export function makeAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'veilpost-ca-'));
  const [caKey, ca] = [join(folder, 'ca.key'), join(folder, 'ca.pem')];
  openssl('req', '-x509', ...EC, '-keyout', caKey, '-out', ca, '-subj', '/CN=authority', '-days', '2');
  const pem = readFileSync(ca, 'utf8');
  return {
    pem,
    certify(name, days = 2) {
      const [key, request, cert] = ['key', 'csr', 'pem'].map((kind) => join(folder, `host.${kind}`));
      if (key === undefined || request === undefined || cert === undefined) throw new Error('the test is wrong');
      openssl(
        'req',
        ...EC,
        '-keyout',
        key,
        '-out',
        request,
        '-subj',
        '/CN=host',
        '-addext',
        `subjectAltName=DNS:${name}`,
      );
      const signer = ['-CA', ca, '-CAkey', caKey, '-copy_extensions', 'copy', '-days', String(days)];
      openssl('x509', '-req', '-in', request, ...signer, '-out', cert);
      return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') + pem };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

/** The record that names this certificate (the first in `pem`). */
export function tlsaOf(pem: string, usage: number, selector: number, matching: number): Tlsa {
  const certificate = new X509Certificate(pem);
  const octets = selector === 0 ? certificate.raw : certificate.publicKey.export({ type: 'spki', format: 'der' });
  const digest = (name: string) => createHash(name).update(octets).digest();
  const data = matching === 0 ? octets : digest(matching === 1 ? 'sha256' : 'sha512');
  return { usage, selector, matching, data };
}

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' });
}
