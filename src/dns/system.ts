/**
 * system: the resolver on `node:dns`: the system's name servers, or those given by address.
 *
 * Behind `node:dns` is c-ares, and two things about it are mended here with a question of our own. It does not send names with `+`, `=`
 * or brackets, though a label may hold any octets (RFC 2181 11) and SPF macros make names of bounce addresses and address literals
 * (RFC 7208 7.2). And an answer that it cannot read ends all other questions that are under way at that server, so one bad name server
 * would make everybody's mail wait.
 */
import { Resolver as NodeResolver } from 'node:dns/promises';
import { askServers } from './ask.ts';
import type { Type } from './packet.ts';
import { readAnswer, type RecordsOf } from './records.ts';
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
  const lookUp =
    <Asked extends Type>(type: Asked, look: (name: string) => Promise<readonly RecordsOf[Asked][]>) =>
    async (name: string): Promise<Answer<RecordsOf[Asked]>> => {
      if (UNFIT.test(name)) return NOTHING;
      const answer = await viaCares(name, look);
      if (answer === 'cannot be asked' && !canBeAsked(name)) return NOTHING;
      return typeof answer === 'string' ? await viaOurs(resolver.getServers(), name, type) : answer;
    };
  return {
    a: lookUp('A', (name) => resolver.resolve4(name)),
    aaaa: lookUp('AAAA', (name) => resolver.resolve6(name)),
    cname: lookUp('CNAME', (name) => resolver.resolveCname(name)),
    mx: lookUp('MX', (name) => resolver.resolveMx(name)),
    ptr: lookUp('PTR', (name) => resolver.resolvePtr(name)),
    txt: lookUp('TXT', (name) => resolver.resolveTxt(name)),
  };
}

const NOTHING: Answer<never> = { records: [], isName: false };

/** Labels of 1 to 63 visible characters or spaces, 253 octets together. */
function canBeAsked(name: string): boolean {
  return name.length <= 253 && name.split('.').every((label) => /^[\x20-\x7e]{1,63}$/.test(label));
}

async function viaCares<Found>(
  name: string,
  look: (name: string) => Promise<readonly Found[]>,
): Promise<Answer<Found> | 'cannot be asked' | 'cannot be read'> {
  try {
    return { records: await look(name), isName: true };
  } catch (error) {
    switch (error instanceof Error && 'code' in error ? error.code : undefined) {
      case 'ENODATA':
        return { records: [], isName: true };
      case 'ENOTFOUND':
        return NOTHING;
      case 'EBADNAME':
        return 'cannot be asked';
      case 'EBADRESP':
        return 'cannot be read';
      default:
        throw error;
    }
  }
}

async function viaOurs<Asked extends Type>(
  servers: readonly string[],
  name: string,
  type: Asked,
): Promise<Answer<RecordsOf[Asked]>> {
  const { records, isName } = readAnswer(await askServers(servers, name, type), type);
  return { records, isName };
}
