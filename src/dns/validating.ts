/**
 * validating: look-ups at name servers that check DNSSEC, with their word on whether it held (the AD bit, which `node:dns` keeps to
 * itself). For operators who say `dns.validates`: the word is worth as much as the way to the name server, which belongs on this
 * machine or behind a wall (RFC 7672 1.1: the resolver is trusted).
 *
 * Throws when no server answers in time, or the answer is SERVFAIL: not known at present.
 */
import { ASK_TIMEOUT_MS, askServers } from './ask.ts';
import type { Type } from './packet.ts';
import { readAnswer, type RecordsOf } from './records.ts';
import type { RouteResolver, Vouched } from './resolver.ts';

/** `servers` as `address:port`, at least one. */
export function validatingResolver(servers: readonly string[], timeoutMs = ASK_TIMEOUT_MS): RouteResolver {
  async function ask<Asked extends Type>(name: string, type: Asked): Promise<Vouched<RecordsOf[Asked]>> {
    const answer = readAnswer(await askServers(servers, name, type, timeoutMs), type);
    return { records: answer.records, isSecure: answer.isSecure, name: answer.name };
  }
  return {
    mx: (domain) => ask(domain, 'MX'),
    tlsa: (name) => ask(name, 'TLSA'),
    alias: (name) => ask(name, 'CNAME'),
    async addresses(host) {
      const [a, aaaa] = await Promise.all([ask(host, 'A'), ask(host, 'AAAA')]);
      // Aliases that lead to two places in two answers vouch for neither.
      const isSecure = a.isSecure && aaaa.isSecure && a.name === aaaa.name;
      return { records: [...a.records, ...aaaa.records], isSecure, name: a.name };
    },
  };
}
