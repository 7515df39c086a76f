/**
 * far-side: a transport whose next hop is a server of the test, with waits short enough to be waited for.
 */
import { randomBytes } from 'node:crypto';
import { mintMessageId } from '../../src/core/ids.ts';
import { RealAddress } from '../../src/core/real-address.ts';
import { systemClock } from '../../src/core/time.ts';
import type { Resolver } from '../../src/dns/resolver.ts';
import { smtpTransport, type SmtpTimeouts, type SmtpTransportParts } from '../../src/outbox/smtp-transport.ts';
import type { KeptPolicies, KeptPolicy } from '../../src/outbox/sts.ts';
import type { Shipment } from '../../src/outbox/transport.ts';

export const BUYER = 'kim@buyer.example';
export const never = new AbortController().signal;
export const SHORT: SmtpTimeouts = { connectMs: 300, replyMs: 300, wholeMs: 2000, patienceMs: 1000, graceMs: 50 };

export const noNames: Resolver = { mx: async () => [], addresses: async () => [], txt: async () => [] };

/** Policies that are kept as long as the transport is there. */
function forgetful(): KeptPolicies {
  const policies = new Map<string, KeptPolicy>();
  return {
    find: async (domain) => policies.get(domain),
    keep: async (domain, kept) => void policies.set(domain, kept),
  };
}

export function shipment(text: string, recipient = BUYER): Shipment {
  return {
    messageId: mintMessageId(),
    reversePath: 'bounce-1@relay.test',
    recipient: RealAddress.parse(recipient),
    bytes: Buffer.from(`Message-ID: <${randomBytes(6).toString('hex')}@relay.test>\r\nSubject: x\r\n\r\n${text}\r\n`),
  };
}

export function toSmarthost(
  sink: { readonly port: number },
  timeouts = SHORT,
  parts: Partial<SmtpTransportParts> = {},
) {
  return smtpTransport(
    {
      route: { kind: 'smarthost', host: '127.0.0.1', port: sink.port, user: undefined, password: undefined },
      resolver: noNames,
      validating: undefined,
      policies: forgetful(),
      clock: systemClock,
      countTls: () => undefined,
      hostName: 'mail.relay.test',
      maxConnectionsPerHost: 4,
      isOwnAddress: () => false,
      mxPort: sink.port,
      policyPort: 1,
      allowPrivateTargets: false,
      trusted: undefined,
      ...parts,
    },
    timeouts,
  );
}

export const toMx = (
  sink: { readonly port: number },
  resolver: Resolver,
  parts: Partial<SmtpTransportParts> = {},
  timeouts = SHORT,
) => toSmarthost(sink, timeouts, { route: { kind: 'mx' }, resolver, allowPrivateTargets: true, ...parts });

/** The codes of what is not delivered, as one text. */
export function codesOf(delivery: Awaited<ReturnType<ReturnType<typeof toMx>['send']>>): string {
  if (delivery.kind === 'delivered') return 'delivered';
  return `${delivery.kind} ${delivery.reply?.code ?? '-'} ${delivery.reply?.enhanced ?? '-'}`;
}
