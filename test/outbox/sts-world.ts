/**
 * sts-world: buyer.example with its name server, its web server for the policy and its mail server, and a transport that delivers there.
 */
import { after } from 'node:test';
import type { RequestListener } from 'node:http';
import { systemResolver } from '../../src/dns/system.ts';
import type { SmtpTransportParts } from '../../src/outbox/smtp-transport.ts';
import { makeAuthority, type Certified } from '../support/certificates.ts';
import { manualClock } from '../support/manual-clock.ts';
import { startNameServer, type Zone } from '../support/name-server.ts';
import { startSink } from '../support/sink.ts';
import { codesOf, never, shipment, toMx } from './far-side.ts';
import { policyText, startPolicyHost } from './policy-host.ts';

export const authority = makeAuthority();
export const stranger = makeAuthority();
after(() => {
  authority[Symbol.dispose]();
  stranger[Symbol.dispose]();
});
const web = authority.certify('mta-sts.buyer.example');
export const mx = authority.certify('mx.buyer.example');
export const ENFORCED = policyText('enforce', ['mx.buyer.example']);

export interface Setting {
  readonly policy: string | RequestListener;
  /** Of the mail server; `undefined` for one without STARTTLS. */
  readonly certified?: Certified | undefined;
  readonly web?: Certified;
  readonly zone?: Zone;
  readonly parts?: Partial<SmtpTransportParts>;
}

/** Ends with its transport and its hosts; what it keeps policies in is the test's. */
export async function world({ policy, certified, web: webCertified = web, zone = {}, parts = {} }: Setting) {
  const sink = await startSink(certified === undefined ? {} : { tls: certified });
  const policyHost = await startPolicyHost(webCertified, policy);
  const records: Record<string, Zone[string]> = {
    'MX buyer.example': [{ priority: 1, exchange: 'mx.buyer.example' }],
    'A mx.buyer.example': ['127.0.0.1'],
    'A mta-sts.buyer.example': ['127.0.0.1'],
    'TXT _mta-sts.buyer.example': [['v=STSv1; id=1;']],
    ...zone,
  };
  const names = await startNameServer(records);
  const clock = manualClock(Date.now());
  const counted: string[] = [];
  const transport = toMx(sink, systemResolver([`127.0.0.1:${names.port}`]), {
    clock,
    policyPort: policyHost.port,
    trusted: authority.pem,
    countTls: (kind, result) => counted.push(`${kind} ${result}`),
    ...parts,
  });
  return {
    sink,
    policyHost,
    records,
    clock,
    counted,
    send: async () => codesOf(await transport.send(shipment('x'), never)),
    async [Symbol.asyncDispose]() {
      await transport[Symbol.asyncDispose]();
      await names[Symbol.asyncDispose]();
      await policyHost[Symbol.asyncDispose]();
      await sink[Symbol.asyncDispose]();
    },
  };
}

/** Not now, and not without what the domain asks for; after five days the author is told. */
export const DELAYED = 'temporary 451 4.7.5';
