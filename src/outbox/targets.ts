/**
 * targets: where a message for a mailbox of one domain may be handed in, in the order in which it is tried, and how safe each
 * connection has to be.
 *
 * A smart host is the operator's word and is taken as it is. An exchanger is the recipient domain's word: only its public addresses
 * count, at most ten, and the connection is made to the very address that was checked here, since a second look-up could answer
 * differently (DNS rebinding, security.md OU-01). What cannot be looked up at present is temporary.
 * Standards: RFC 5321 5.1, RFC 7505 (null MX), RFC 7672 2.2 (DANE), RFC 8461 5 (MTA-STS).
 */
import { randomInt } from 'node:crypto';
import type { Resolver, RouteResolver } from '../dns/resolver.ts';
import { daneNeed, type DaneNeed } from './dane-need.ts';
import { isPublicAddress } from './public-address.ts';
import { failureOf, ownFailure, type Failure } from './replies.ts';
import { isNamedBy, type StsPolicy } from './sts-policy.ts';
import type { TlsNeed } from './tls-need.ts';
import type { CountTls } from './tls-result.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
  /** The host's name, for the certificate. */
  readonly servername: string;
  readonly tls: TlsNeed;
}

/** Where to try, and what becomes of the message when nobody was asked. */
export interface Way {
  readonly targets: readonly Target[];
  readonly otherwise: Failure;
}

export interface WayParts {
  readonly resolver: Pick<Resolver, 'mx' | 'addresses'>;
  /** Look-ups that say whether DNSSEC held, where the operator has a name server that checks it. */
  readonly validating: RouteResolver | undefined;
  /** Rejects when it is not known at present. */
  readonly policyOf: (domain: string) => Promise<StsPolicy | undefined>;
  readonly countTls: CountTls;
  readonly mxPort: number;
  readonly hostName: string;
  readonly allowPrivateTargets: boolean;
  readonly isOwnAddress: (address: string) => boolean;
}

interface Exchangers {
  readonly hosts: readonly string[];
  readonly isSecure: boolean;
  /** Where the domain's own aliases lead. */
  readonly name: string;
}

const HOSTS_AT_MOST = 10;
const ADDRESSES_PER_HOST = 2;
const nowhere = (otherwise: Failure): Way => ({ targets: [], otherwise });
const NOT_KNOWN = failureOf(undefined);

export async function wayTo(domain: string, parts: WayParts): Promise<Way> {
  const look = parts.validating ?? unsigned(parts.resolver);
  const exchangers = await exchangersOf(domain, look, parts.hostName);
  if ('kind' in exchangers) return nowhere(exchangers);
  const policy = await looked(() => parts.policyOf(domain));
  // Whether there is a policy must be known before mail goes out without one.
  if (policy === 'unknown') return nowhere(NOT_KNOWN);
  const found = await Promise.all(exchangers.hosts.map((host) => targetsAt(host, domain, exchangers, policy, parts)));
  const targets = found.flatMap((each) => ('kind' in each ? [] : each)).slice(0, HOSTS_AT_MOST);
  const failures = found.flatMap((each) => ('kind' in each ? [each] : []));
  return { targets, otherwise: targets.length > 0 ? NOT_KNOWN : worstOf(failures) };
}

/** Whatever may pass is waited for; only when every host is out for good, so is the message. */
function worstOf(failures: readonly Failure[]): Failure {
  const passing = failures.filter(({ kind }) => kind === 'temporary');
  return passing.find(({ reply }) => reply !== undefined) ?? passing[0] ?? failures[0] ?? NOT_KNOWN;
}

async function exchangersOf(domain: string, look: RouteResolver, hostName: string): Promise<Exchangers | Failure> {
  const answer = await looked(() => look.mx(domain));
  if (answer === 'unknown') return NOT_KNOWN;
  const { records, isSecure, name } = answer;
  // RFC 5321 5.1: without a record the domain is its own exchanger.
  if (records.length === 0) return { hosts: [domain.toLowerCase()], isSecure, name };
  const named = records.map(({ exchange, priority }) => ({
    priority,
    host: exchange.replace(/\.$/, '').toLowerCase(),
  }));
  const hosts = named.filter(({ host }) => host !== '');
  // RFC 7505: an empty exchange says that the domain takes no mail.
  if (hosts.length === 0) return ownFailure('null-mx');
  // RFC 5321 5.1: hosts at or behind our own place would only send it back to us.
  const ownPlace = hosts.find(({ host }) => host === hostName)?.priority ?? Infinity;
  const ahead = hosts.filter(({ priority }) => priority < ownPlace);
  if (ahead.length === 0) return ownFailure('no-route');
  const ordered = shuffled(ahead).sort((a, b) => a.priority - b.priority);
  return { hosts: [...new Set(ordered.map(({ host }) => host))].slice(0, HOSTS_AT_MOST), isSecure, name };
}

/** RFC 5321 5.1: among equals in a random order, so that the load is spread. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, place: randomInt(2 ** 40) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

async function targetsAt(
  host: string,
  domain: string,
  { isSecure, name }: Exchangers,
  policy: StsPolicy | undefined,
  parts: WayParts,
): Promise<readonly Target[] | Failure> {
  const look = parts.validating ?? unsigned(parts.resolver);
  const answer = await looked(() => look.addresses(host));
  if (answer === 'unknown') return NOT_KNOWN;
  if (answer.records.length === 0) return ownFailure('no-host');
  const allowed = answer.records.filter((address) => mayConnect(address, parts)).slice(0, ADDRESSES_PER_HOST);
  if (allowed.length === 0) return ownFailure('no-route');
  const question = { host, addresses: answer, domains: [...new Set([domain.toLowerCase(), name])] };
  const dane = isSecure ? await daneNeed(question, look, parts.countTls) : undefined;
  const tls = dane === 'unknown' ? undefined : needAt(host, dane, policy, parts.countTls);
  if (tls === undefined) return ownFailure('not-secure');
  // RFC 7672 8.1: a host that has several certificates is asked for the one of the records.
  const servername = tls.kind === 'dane' ? tls.base : host;
  return allowed.map((address) => ({ host: address, port: parts.mxPort, servername, tls }));
}

function needAt(
  host: string,
  dane: DaneNeed | undefined,
  policy: StsPolicy | undefined,
  countTls: CountTls,
): TlsNeed | undefined {
  if (dane?.kind === 'dane') return dane;
  // Records that cannot be used ask for less than a policy that is enforced: it is a failing DANE that MTA-STS may not mend (RFC 8461 2).
  return dane !== undefined && policy?.mode !== 'enforce' ? dane : stsNeed(host, policy, countTls);
}

export function mayConnect(
  address: string,
  { allowPrivateTargets, isOwnAddress }: Pick<WayParts, 'allowPrivateTargets' | 'isOwnAddress'>,
): boolean {
  return !isOwnAddress(address) && (allowPrivateTargets || isPublicAddress(address));
}

/** `undefined`: the policy does not let mail go to this host. */
function stsNeed(host: string, policy: StsPolicy | undefined, countTls: CountTls): TlsNeed | undefined {
  if (policy === undefined) return { kind: 'opportunistic', policy: 'no-policy-found' };
  const isNamed = isNamedBy(policy, host);
  if (!isNamed) countTls('sts', 'validation-failure');
  if (policy.mode === 'enforce') return isNamed ? { kind: 'verified', policy: 'sts' } : undefined;
  return { kind: 'opportunistic', policy: 'sts' };
}

/** Look-ups that vouch for nothing. */
function unsigned(resolver: Pick<Resolver, 'mx' | 'addresses'>): RouteResolver {
  return {
    mx: async (name) => ({ records: await resolver.mx(name), isSecure: false, name }),
    addresses: async (name) => ({ records: await resolver.addresses(name), isSecure: false, name }),
    tlsa: async (name) => ({ records: [], isSecure: false, name }),
    alias: async (name) => ({ records: [], isSecure: false, name }),
  };
}

async function looked<Result>(look: () => Promise<Result>): Promise<Result | 'unknown'> {
  try {
    return await look();
  } catch {
    return 'unknown';
  }
}
