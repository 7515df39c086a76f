/**
 * smtp-transport: mail out over SMTP, through a smart host or straight to the MX.
 *
 * In:  one shipment.    Out: delivered, temporary or permanent. It never throws for what the other side does.
 * One of the three files that may expose a real address: it writes the RCPT TO. What the next hop says is read for its codes and
 * forgotten; nodemailer's errors carry the address and the reply in five places, so none of them leaves this file.
 * Standards: RFC 5321 5.1 (locating the host), RFC 7505 (null MX).
 */
import type { Resolver } from '../dns/resolver.ts';
import { expose } from '../core/real-address.ts';
import { isPublicAddress } from './public-address.ts';
import { Connections } from './connections.ts';
import { failureOf } from './replies.ts';
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
  readonly hostName: string;
  readonly maxConnectionsPerHost: number;
  /** For tests, whose exchangers listen on the loopback: otherwise only public addresses are connected to. */
  readonly mxPort: number;
  readonly allowPrivateTargets: boolean;
}

interface Target {
  readonly host: string;
  readonly port: number;
  readonly servername: string;
}

const HOSTS_AT_MOST = 10;
const POOLS_AT_MOST = 1000;

export function smtpTransport(parts: SmtpTransportParts): Transport {
  const pools = new Map<string, Connections>();

  function poolOf(target: Target): Connections {
    const key = `${target.host}:${target.port}`;
    const known = pools.get(key);
    if (known !== undefined) return known;
    if (pools.size >= POOLS_AT_MOST) closeAll(pools);
    const login = parts.route.kind === 'smarthost' ? parts.route : { user: undefined, password: undefined };
    const pool = new Connections(
      { ...target, user: login.user, password: login.password, hostName: parts.hostName },
      parts.maxConnectionsPerHost,
    );
    pools.set(key, pool);
    return pool;
  }

  async function send(shipment: Shipment, signal: AbortSignal): Promise<Delivery> {
    const recipient = expose(shipment.recipient);
    const targets = await targetsOf(recipient, parts);
    if (targets === 'none') return { kind: 'permanent', reply: undefined };
    let last: Delivery = { kind: 'temporary', reply: undefined };
    for (const target of targets) {
      if (signal.aborted) break;
      last = await attempt(shipment, recipient, poolOf(target));
      // A reply is an answer; only a host that cannot be reached is passed over for the next (RFC 5321 5.1).
      if (last.kind !== 'temporary' || last.reply !== undefined) return last;
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

function closeAll(pools: Map<string, Connections>): void {
  for (const pool of pools.values()) pool[Symbol.dispose]();
  pools.clear();
}

async function attempt(shipment: Shipment, recipient: string, pool: Connections): Promise<Delivery> {
  for (;;) {
    let isUsed = false;
    try {
      const line = await pool.take();
      isUsed = line.isUsed;
      try {
        // nodemailer changes the envelope that it is given: a fresh one for each send.
        await line.send({ from: shipment.reversePath, to: [recipient] }, asBuffer(shipment.bytes));
        line.release(true);
        return { kind: 'delivered' };
      } catch (error) {
        line.release(false);
        throw error;
      }
    } catch (error) {
      const failure = failureOf(responseOf(error));
      // A kept connection may have died while it was idle. Nothing was taken then, and a new one is tried at once.
      if (isUsed && failure.reply === undefined) continue;
      return failure;
    }
  }
}

async function targetsOf(
  recipient: string,
  { route, resolver, mxPort, allowPrivateTargets }: SmtpTransportParts,
): Promise<readonly Target[] | 'none'> {
  if (route.kind === 'smarthost') return [{ host: route.host, port: route.port, servername: route.host }];
  const domain = recipient.slice(recipient.lastIndexOf('@') + 1);
  const hosts = await exchangersOf(domain, resolver);
  if (hosts === 'none') return 'none';
  const targets: Target[] = [];
  for (const host of hosts.slice(0, HOSTS_AT_MOST)) {
    const addresses = await resolver.addresses(host);
    // Connected to by the address that was checked: a second look-up could answer differently (DNS rebinding).
    const fit = addresses.filter((address) => allowPrivateTargets || isPublicAddress(address));
    targets.push(...fit.slice(0, 2).map((address) => ({ host: address, port: mxPort, servername: host })));
  }
  return targets.length > 0 ? targets.slice(0, HOSTS_AT_MOST) : 'none';
}

async function exchangersOf(domain: string, resolver: Resolver): Promise<readonly string[] | 'none'> {
  const records = [...(await resolver.mx(domain))].sort((a, b) => a.priority - b.priority);
  if (records.length === 0) return [domain];
  // RFC 7505: a single empty exchange says that the domain takes no mail.
  const hosts = records.map((record) => record.exchange.replace(/\.$/, '')).filter((host) => host !== '');
  return hosts.length > 0 ? hosts : 'none';
}

/** What the next hop said, when it said something; connection trouble has words of Node's own, which are not a reply. */
function responseOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('response' in error)) return undefined;
  return typeof error.response === 'string' && /^[245]\d\d/.test(error.response) ? error.response : undefined;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
