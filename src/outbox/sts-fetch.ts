/**
 * sts-fetch: fetches the policy file of a domain over HTTPS.
 *
 * A stranger chooses the host, so this is the one place where the relay could be sent into our own network (SSRF, security.md OU-06):
 * its address is checked like an exchanger's, and the connection is made to the very address that was checked. One GET, no redirect,
 * 64 kB, ten seconds in all. The certificate must be trusted and name the host (RFC 8461 3.3).
 */
import { get } from 'node:https';
import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { SECOND } from '../core/time.ts';
import { isNamed } from './dane.ts';

const OCTETS_AT_MOST = 64 * 1024;
const WHOLE_MS = 10 * SECOND;
const ADDRESSES_AT_MOST = 2;

export interface StsFetchParts {
  readonly addresses: (host: string) => Promise<readonly string[]>;
  /** May it be connected to? */
  readonly isAllowed: (address: string) => boolean;
  readonly port: number;
  /** Certificates to trust instead of the system's (PEM); for tests. */
  readonly trusted: string | undefined;
  readonly wholeMs?: number;
}

export type StsFetched =
  | { readonly text: string }
  | { readonly fault: 'sts-policy-fetch-error' | 'sts-policy-invalid' | 'sts-webpki-invalid' };

/** Never rejects: whatever goes wrong is a fault. */
export async function fetchStsPolicy(domain: string, parts: StsFetchParts): Promise<StsFetched> {
  const host = `mta-sts.${domain}`;
  const signal = AbortSignal.timeout(parts.wholeMs ?? WHOLE_MS);
  let last: StsFetched = { fault: 'sts-policy-fetch-error' };
  for (const address of await allowedAddresses(host, parts)) {
    if (signal.aborted) break;
    last = await fetchFrom(address, host, signal, parts);
    if ('text' in last) return last;
  }
  return last;
}

async function allowedAddresses(host: string, { addresses, isAllowed }: StsFetchParts): Promise<readonly string[]> {
  try {
    return (await addresses(host)).filter(isAllowed).slice(0, ADDRESSES_AT_MOST);
  } catch {
    return [];
  }
}

async function fetchFrom(
  address: string,
  host: string,
  signal: AbortSignal,
  { port, trusted }: StsFetchParts,
): Promise<StsFetched> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  let isCertified = true;
  const request = get(
    {
      host: address,
      port,
      servername: host,
      headers: { 'host': host, 'user-agent': 'veilpost' },
      path: '/.well-known/mta-sts.txt',
      // A connection of its own: a kept one may have been checked by other rules.
      agent: false,
      minVersion: 'TLSv1.2',
      ...(trusted === undefined ? {} : { ca: trusted }),
      checkServerIdentity: (_name, { raw }) => {
        isCertified = isNamed(new X509Certificate(raw), host);
        return isCertified ? undefined : new Error('The certificate names another host');
      },
      signal,
    },
    resolve,
  );
  request.on('error', reject);
  try {
    return await textOf(await promise);
  } catch (error) {
    return { fault: isCertified && !isAboutCertificate(error) ? 'sts-policy-fetch-error' : 'sts-webpki-invalid' };
  } finally {
    request.destroy();
  }
}

async function textOf(response: IncomingMessage): Promise<StsFetched> {
  // RFC 8461 3.3: redirects are not followed; and a host that lets anybody upload pictures must not publish policies by them.
  if (response.statusCode !== 200 || !/^text\/plain\s*(?:;|$)/i.test(response.headers['content-type'] ?? '')) {
    return { fault: 'sts-policy-fetch-error' };
  }
  const chunks: Buffer[] = [];
  let octets = 0;
  for await (const chunk of response) {
    octets += (chunk as Buffer).length;
    if (octets > OCTETS_AT_MOST) return { fault: 'sts-policy-invalid' };
    chunks.push(chunk as Buffer);
  }
  return { text: Buffer.concat(chunks).toString('utf8') };
}

/** OpenSSL's words for a chain or a date that does not hold. */
function isAboutCertificate(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return /CERT|SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY)/.test(String(error.code));
}
