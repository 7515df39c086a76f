/**
 * system: the resolver on `node:dns`: the system's name servers, or those given by address.
 */
import { Resolver as NodeResolver } from 'node:dns/promises';
import { askOdd, isOddName, type OddRecords } from './odd-names.ts';
import type { Answer, RecordLookup, Resolver } from './resolver.ts';

const TIMEOUT_MS = 5000;
const TRIES = 2;

/**
 * A NUL ends the name early and a backslash escapes in c-ares: `k\0._domainkey.shop.example` would be asked as `k`, a name that
 * the attacker owns (espoofer A3, A4). An empty name is the root.
 */
const UNFIT = /^$|[\x00-\x1f\x7f\\]/;

/** `servers` as `address:port`; `undefined` for the system's. */
export function systemResolver(servers: readonly string[] | undefined): Resolver & { readonly records: RecordLookup } {
  const resolver = new NodeResolver({ timeout: TIMEOUT_MS, tries: TRIES });
  if (servers !== undefined) resolver.setServers(servers);
  const records = recordLookup(resolver);
  const found = async <Found>(answer: Promise<Answer<Found>>) => (await answer).records;
  return {
    records,
    mx: (domain) => found(records.mx(domain)),
    async addresses(host) {
      const [four, six] = await Promise.all([found(records.a(host)), found(records.aaaa(host))]);
      return [...four, ...six];
    },
    txt: async (name) => (await found(records.txt(name))).map((pieces) => pieces.join('')),
  };
}

function recordLookup(resolver: NodeResolver): RecordLookup {
  const odd =
    <Type extends keyof OddRecords>(type: Type) =>
    (name: string) =>
      askOdd(name, type, resolver.getServers());
  return {
    a: (name) => ask(name, () => resolver.resolve4(name), odd('A')),
    aaaa: (name) => ask(name, () => resolver.resolve6(name), odd('AAAA')),
    cname: (name) => ask(name, () => resolver.resolveCname(name)),
    mx: (name) => ask(name, () => resolver.resolveMx(name), odd('MX')),
    ptr: (name) => ask(name, () => resolver.resolvePtr(name)),
    txt: (name) => ask(name, () => resolver.resolveTxt(name), odd('TXT')),
  };
}

async function ask<Found>(
  name: string,
  look: () => Promise<readonly Found[]>,
  lookOdd?: (name: string) => Promise<Answer<Found>>,
): Promise<Answer<Found>> {
  if (UNFIT.test(name)) return { records: [], isName: false };
  try {
    return { records: await look(), isName: true };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENODATA') return { records: [], isName: true };
    if (code === 'ENOTFOUND') return { records: [], isName: false };
    if (code !== 'EBADNAME') throw error;
  }
  // c-ares does not send it. With a label over 63 octets or an empty one nobody can.
  return lookOdd !== undefined && isOddName(name) ? await lookOdd(name) : { records: [], isName: false };
}
