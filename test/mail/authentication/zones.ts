/**
 * zones: records of a test's name server, written short, the resolver that asks it, and the check over it.
 */
import { RealAddress } from '../../../src/core/real-address.ts';
import { systemResolver } from '../../../src/dns/system.ts';
import type { RecordLookup } from '../../../src/dns/resolver.ts';
import { checkAuthentication } from '../../../src/mail/authentication/check.ts';
import type { BudgetLimits } from '../../../src/mail/authentication/lookups.ts';
import type { AuthenticationResult } from '../../../src/mail/authentication/result.ts';
import { startNameServer, type NameServer, type Zone } from '../../support/name-server.ts';
import { NOW } from './letters.ts';

/** One TXT record for each name, in strings of at most 255 octets (RFC 1035 3.3.14). */
export function texts(records: Readonly<Record<string, string>>): Zone {
  return Object.fromEntries(Object.entries(records).map(([name, text]) => [`TXT ${name}`, [pieces(text)]]));
}

export function pieces(text: string): readonly string[] {
  return text.match(/[^]{1,255}/g) ?? [''];
}

/** `count` of something that counts from 1. */
export const times = <T>(count: number, make: (number: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index + 1));

export interface World extends AsyncDisposable {
  readonly resolver: RecordLookup;
  readonly names: NameServer;
}

export async function startWorld(zone: Zone): Promise<World> {
  const names = await startNameServer(zone);
  return {
    names,
    resolver: systemResolver([`127.0.0.1:${names.port}`]).records,
    [Symbol.asyncDispose]: () => names[Symbol.asyncDispose](),
  };
}

export interface Sending {
  /** '' is the null path. */
  readonly path?: string;
  readonly ip?: string;
  readonly helo?: string;
  readonly sealers?: readonly string[];
  readonly limits?: BudgetLimits;
}

/** The whole check of `letter`, as it comes from 192.0.2.1. */
export async function check(world: World, letter: string, sending: Sending = {}): Promise<AuthenticationResult> {
  const { path = 'ann@shop.test', ip = '192.0.2.1', helo = 'mail.shop.test', sealers = [], limits } = sending;
  return await checkAuthentication({
    raw: Buffer.from(letter),
    peer: { ip, helo },
    reversePath: path === '' ? undefined : RealAddress.parse(path),
    resolver: world.resolver,
    sealers,
    aliasDomains: ['relay.test'],
    now: NOW,
    ...(limits === undefined ? {} : { limits }),
  });
}
