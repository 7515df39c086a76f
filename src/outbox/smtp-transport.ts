/**
 * smtp-transport: mail out over SMTP, through a smart host or straight to the MX.
 *
 * In:  one shipment.    Out: delivered, temporary or permanent. It never throws for what the other side does.
 * One of the three files that may expose a real address: it writes the RCPT TO. What the next hop says is read for its codes and
 * forgotten; nodemailer's errors carry the address and the reply in five places, so none of them leaves this file.
 * Standards: RFC 5321 5.1 (locating the host) and 4.5.3.2 (timeouts), RFC 1870 (SIZE), RFC 6531 3.5 (SMTPUTF8).
 */
import { expose } from '../core/real-address.ts';
import { MINUTE, SECOND, type Clock } from '../core/time.ts';
import type { Resolver, RouteResolver } from '../dns/resolver.ts';
import { Connections, type Line } from './connections.ts';
import { TlsRefused, type Destination } from './dial.ts';
import { Gate } from './gate.ts';
import { failureOf, ownFailure } from './replies.ts';
import { stsPolicies, type KeptPolicies } from './sts.ts';
import { mayConnect, wayTo, type Target, type Way } from './targets.ts';
import { keyOf } from './tls-need.ts';
import type { CountTls } from './tls-result.ts';
import type { Delivery, Shipment, Transport } from './transport.ts';

export type SmtpRoute =
  | {
      readonly kind: 'smarthost';
      readonly host: string;
      readonly port: number;
      readonly user: string | undefined;
      readonly password: string | undefined;
    }
  | { readonly kind: 'mx' };

export interface SmtpTransportParts {
  readonly route: SmtpRoute;
  readonly resolver: Resolver;
  /** Where the operator says that the name servers check DNSSEC. */
  readonly validating: RouteResolver | undefined;
  /** Policies of domains (MTA-STS) that were fetched before. */
  readonly policies: KeptPolicies;
  readonly clock: Clock;
  readonly countTls: CountTls;
  readonly hostName: string;
  readonly maxConnectionsPerHost: number;
  /** Is it one that we listen on? Mail to it would come back. */
  readonly isOwnAddress: (address: string) => boolean;
  /** For tests, whose hosts listen on the loopback with certificates of their own: otherwise only public addresses are connected to. */
  readonly mxPort: number;
  readonly policyPort: number;
  readonly allowPrivateTargets: boolean;
  readonly trusted: string | undefined;
}

/** How long each wait may take. `wholeMs` is under the worker's lease, so that no item is in two hands. */
export interface SmtpTimeouts {
  readonly connectMs: number;
  readonly replyMs: number;
  readonly wholeMs: number;
  /** How long a message waits for others to the same domain, on the way by its exchangers, before it is put off. */
  readonly patienceMs: number;
  /** What a delivery under way still gets when the worker stops: cut off after its last dot, it would be sent twice. */
  readonly graceMs: number;
}

const TIMEOUTS: SmtpTimeouts = {
  connectMs: 30 * SECOND,
  replyMs: 2 * MINUTE,
  wholeMs: 8 * MINUTE,
  patienceMs: 5 * SECOND,
  graceMs: 5 * SECOND,
};
/** With what each may hold open, a bound for all sockets. */
const POOLS_AT_MOST = 200;
const NOT_ASCII = /[^\x00-\x7f]/;

export function smtpTransport(parts: SmtpTransportParts, timeouts: SmtpTimeouts = TIMEOUTS): Transport {
  const pools = new Map<string, Connections>();
  // A smart host is the only way there is: everybody waits for it. Of strangers, many domains may share one slow host.
  const atOnce = parts.route.kind === 'mx' ? parts.maxConnectionsPerHost : Infinity;
  const [domains, hosts] = [new Gate(atOnce, timeouts.patienceMs), new Gate(atOnce, timeouts.patienceMs)];
  const find = wayFinder(parts);

  function poolOf(target: Target): Connections {
    const key = `${target.host}:${target.port} ${target.servername} ${keyOf(target.tls)}`;
    const known = pools.get(key);
    if (known !== undefined) return known;
    if (pools.size >= POOLS_AT_MOST) closeAll(pools);
    const pool = new Connections(destinationOf(target, parts, timeouts), parts.maxConnectionsPerHost);
    pools.set(key, pool);
    return pool;
  }

  async function send(shipment: Shipment, signal: AbortSignal): Promise<Delivery> {
    using limit = limitOf(signal, timeouts);
    const recipient = expose(shipment.recipient);
    const domain = recipient.slice(recipient.lastIndexOf('@') + 1);
    using place = await domains.enter(domain, limit.signal);
    if (place === undefined) return failureOf(undefined);
    const way = await find(domain);
    let last: Delivery = way.otherwise;
    for (const target of way.targets) {
      if (signal.aborted || limit.signal.aborted) break;
      using room = await hosts.enter(target.host, limit.signal);
      if (room === undefined) continue;
      const attempted = await attempt(shipment, recipient, poolOf(target), limit.signal);
      if (attempted.wasReached) return attempted.delivery;
      last = attempted.delivery;
    }
    return last;
  }

  return {
    send,
    async [Symbol.asyncDispose]() {
      closeAll(pools);
    },
  };
}

function wayFinder(parts: SmtpTransportParts): (domain: string) => Promise<Way> {
  const { route, resolver } = parts;
  if (route.kind === 'smarthost') {
    const way = { targets: [smarthost(route)], otherwise: failureOf(undefined) };
    return async () => way;
  }
  const policies = stsPolicies({
    ...parts,
    txt: (name) => resolver.txt(name),
    addresses: (host) => resolver.addresses(host),
    isAllowed: (address) => mayConnect(address, parts),
    port: parts.policyPort,
  });
  return (domain) => wayTo(domain, { ...parts, policyOf: (name) => policies.policyOf(name) });
}

function smarthost({ host, port, user }: Extract<SmtpRoute, { kind: 'smarthost' }>): Target {
  // A password goes over a network only to whom the certificate names; on this machine there is nobody in between.
  const kind = user === undefined || isLoopback(host) ? 'opportunistic' : 'verified';
  return { host, port, servername: host, tls: { kind, policy: 'no-policy-found' } };
}

function destinationOf(
  target: Target,
  { route, hostName, trusted, clock, countTls }: SmtpTransportParts,
  { connectMs, replyMs }: SmtpTimeouts,
): Destination {
  const login =
    route.kind === 'smarthost' && route.user !== undefined
      ? { user: route.user, password: route.password ?? '' }
      : undefined;
  return { ...target, login, hostName, trusted, now: () => clock.now(), countTls, connectMs, replyMs };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function closeAll(pools: Map<string, Connections>): void {
  for (const pool of pools.values()) pool[Symbol.dispose]();
  pools.clear();
}

/** Aborts when a delivery has taken too long as a whole (a host may answer a letter a minute), or when the worker stops. */
function limitOf(
  signal: AbortSignal,
  { wholeMs, graceMs }: SmtpTimeouts,
): Disposable & { readonly signal: AbortSignal } {
  const cut = new AbortController();
  let timer = setTimeout(() => cut.abort(), wholeMs);
  const onStop = () => {
    clearTimeout(timer);
    timer = setTimeout(() => cut.abort(), graceMs);
  };
  signal.addEventListener('abort', onStop, { once: true });
  return {
    signal: cut.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onStop);
    },
  };
}

/** `wasReached`: the host said something in the transaction, so its word counts; else the next host is tried (RFC 5321 5.1). */
interface Attempt {
  readonly wasReached: boolean;
  readonly delivery: Delivery;
}

async function attempt(shipment: Shipment, recipient: string, pool: Connections, cut: AbortSignal): Promise<Attempt> {
  for (;;) {
    let line: Line;
    try {
      line = await pool.take(cut);
    } catch (error) {
      // Also a 5xx instead of a greeting, or to our password, is trouble of the way there and says nothing about the recipient.
      const delivery = error instanceof TlsRefused ? ownFailure('not-secure') : failureOf(undefined);
      return { wasReached: false, delivery };
    }
    const attempted = await hand(shipment, recipient, line, cut);
    if (!isStale(line, attempted.delivery) || cut.aborted) return attempted;
  }
}

async function hand(shipment: Shipment, recipient: string, line: Line, cut: AbortSignal): Promise<Attempt> {
  if (!line.takesUtf8 && NOT_ASCII.test(recipient)) {
    // The library would write the octets all the same.
    line.release(true);
    return { wasReached: true, delivery: ownFailure('not-ascii') };
  }
  try {
    // nodemailer changes the envelope that it is given: a fresh one for each send.
    const envelope = { from: shipment.reversePath, to: [recipient], size: shipment.bytes.byteLength };
    await line.send(envelope, asBuffer(shipment.bytes), cut);
    line.release(true);
    return { wasReached: true, delivery: { kind: 'delivered' } };
  } catch (error) {
    line.release(false);
    const ours = ownRefusal(error);
    if (ours !== undefined) return { wasReached: true, delivery: ownFailure(ours) };
    return { wasReached: line.wasAnswered, delivery: failureOf(responseOf(error)) };
  }
}

/**
 * A kept connection that the far side gave up while it was idle: it says nothing at all, or 421. Nothing was taken then, and a new
 * one is tried at once. Each round ends one kept connection, so there is an end to it.
 */
function isStale(line: Line, delivery: Delivery): boolean {
  if (!line.isUsed || delivery.kind !== 'temporary') return false;
  return delivery.reply === undefined ? !line.wasAnswered : delivery.reply.code === 421;
}

/** nodemailer refuses by itself what the far side said it cannot take: a message over its SIZE, an envelope it cannot write. */
function ownRefusal(error: unknown): 'too-big' | 'unwritable' | undefined {
  if (!(error instanceof Error) || !('code' in error) || responseOf(error) !== undefined) return undefined;
  if (error.code === 'EMESSAGE') return 'too-big';
  return error.code === 'EENVELOPE' ? 'unwritable' : undefined;
}

/** What the next hop said, when it said something; connection trouble has words of Node's own, which are not a reply. */
function responseOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('response' in error)) return undefined;
  return typeof error.response === 'string' && /^[245]\d\d/.test(error.response) ? error.response : undefined;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
