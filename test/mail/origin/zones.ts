/**
 * zones: records of a test's name server, written short, and the resolver that asks it.
 */
import { systemResolver } from '../../../src/dns/system.ts';
import type { RecordLookup } from '../../../src/dns/resolver.ts';
import { startNameServer, type NameServer, type Zone } from '../../support/name-server.ts';

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
