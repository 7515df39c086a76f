/**
 * system: the resolver on `node:dns`: the system's name servers, or those given by address.
 */
import { Resolver as NodeResolver } from 'node:dns/promises';
import type { Resolver } from './resolver.ts';

const TIMEOUT_MS = 5000;
const TRIES = 2;
/** The name exists without such a record, or does not exist: an answer, not a failure. */
const NO_RECORDS: readonly string[] = ['ENOTFOUND', 'ENODATA'];

/** `servers` as `address:port`; `undefined` for the system's. */
export function systemResolver(servers: readonly string[] | undefined): Resolver {
  const resolver = new NodeResolver({ timeout: TIMEOUT_MS, tries: TRIES });
  if (servers !== undefined) resolver.setServers(servers);
  return {
    mx: (domain) => found(() => resolver.resolveMx(domain)),
    async addresses(host) {
      const [four, six] = await Promise.all([
        found(() => resolver.resolve4(host)),
        found(() => resolver.resolve6(host)),
      ]);
      return [...four, ...six];
    },
    txt: (name) => found(async () => (await resolver.resolveTxt(name)).map((pieces) => pieces.join(''))),
  };
}

async function found<Record>(look: () => Promise<readonly Record[]>): Promise<readonly Record[]> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof Error && 'code' in error && NO_RECORDS.includes(String(error.code))) return [];
    throw error;
  }
}
