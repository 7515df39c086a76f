/**
 * targets: where a message for a mailbox of one domain may be handed in, in the order in which it is tried.
 *
 * A smart host is the operator's word and is taken as it is. An exchanger is the recipient domain's word: only its public addresses
 * count, at most ten, and the connection is made to the very address that was checked here, since a second look-up could answer
 * differently (DNS rebinding, security.md OU-01). What cannot be looked up at present is temporary.
 * Standards: RFC 5321 5.1, RFC 7505 (null MX).
 */
import type { Resolver } from '../dns/resolver.ts';
import { isPublicAddress } from './public-address.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
  /** The host's name, for the certificate. */
  readonly servername: string;
}

export interface TargetParts {
  readonly route:
    | { readonly kind: 'smarthost'; readonly host: string; readonly port: number }
    | { readonly kind: 'mx' };
  readonly resolver: Resolver;
  readonly mxPort: number;
  readonly allowPrivateTargets: boolean;
}

const HOSTS_AT_MOST = 10;
const ADDRESSES_PER_HOST = 2;

/** `none`: the domain takes no mail, or only at addresses that are nobody's. `[]`: not known at present. */
export async function targetsOf(domain: string, parts: TargetParts): Promise<readonly Target[] | 'none'> {
  const { route } = parts;
  if (route.kind === 'smarthost') return [{ host: route.host, port: route.port, servername: route.host }];
  const hosts = await exchangersOf(domain, parts.resolver);
  if (hosts === 'none') return 'none';
  const targets: Target[] = [];
  let isCertain = hosts !== 'unknown';
  for (const host of hosts === 'unknown' ? [] : hosts.slice(0, HOSTS_AT_MOST)) {
    const found = await targetsAt(host, parts);
    if (found === 'unknown') isCertain = false;
    else targets.push(...found);
  }
  if (targets.length === 0) return isCertain ? 'none' : [];
  return targets.slice(0, HOSTS_AT_MOST);
}

async function exchangersOf(domain: string, resolver: Resolver): Promise<readonly string[] | 'none' | 'unknown'> {
  const records = await looked(() => resolver.mx(domain));
  if (records === 'unknown') return 'unknown';
  if (records.length === 0) return [domain];
  // RFC 7505: an empty exchange says that the domain takes no mail.
  const hosts = [...records]
    .sort((a, b) => a.priority - b.priority)
    .map((record) => record.exchange.replace(/\.$/, ''))
    .filter((host) => host !== '');
  return hosts.length > 0 ? [...new Set(hosts)] : 'none';
}

async function targetsAt(host: string, parts: TargetParts): Promise<readonly Target[] | 'unknown'> {
  const addresses = await looked(() => parts.resolver.addresses(host));
  if (addresses === 'unknown') return 'unknown';
  return addresses
    .filter((address) => parts.allowPrivateTargets || isPublicAddress(address))
    .slice(0, ADDRESSES_PER_HOST)
    .map((address) => ({ host: address, port: parts.mxPort, servername: host }));
}

async function looked<Record>(look: () => Promise<readonly Record[]>): Promise<readonly Record[] | 'unknown'> {
  try {
    return await look();
  } catch {
    return 'unknown';
  }
}
