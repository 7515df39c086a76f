/**
 * dns: `veilpost dns`: the records that an operator publishes, ready to paste; with `--check`, whether they are there.
 *
 * Ends with 0, or with 1 when a record is missing, different, or not to be had.
 */
import type { Config } from '../config/schema.ts';
import type { Resolver } from '../dns/resolver.ts';
import { readDkimKeys } from '../vault/key-file.ts';
import { lookUp, type Finding } from './look-up.ts';
import { dnsRecords, zoneLine, zoneText, type Published } from './records.ts';
import { readWords, USAGE, type Terminal } from './terminal.ts';

export interface DnsContext extends Terminal {
  readonly config: Config;
  readonly resolver: Resolver;
}

export async function dnsCommand(words: readonly string[], context: DnsContext): Promise<number> {
  const { say, complain, config } = context;
  const read = readWords(words, ['--check']);
  if (read === undefined || read.names.length > 0) {
    complain('dns takes --check, or nothing');
    return USAGE;
  }
  const published: Published = {
    aliasDomains: config['domains.alias'],
    hostName: config['domains.host'],
    keys: await readDkimKeys(config['keys.file']),
    hasSmartHost: config['delivery.route'].kind === 'smarthost',
  };
  if (read.flags.has('--check')) return await check(published, context);
  say(zoneText(published));
  return 0;
}

const SAID: Readonly<Record<Finding, string>> = {
  found: 'found',
  other: 'found, with other words: right if you meant them',
  different: 'different: publish this one, alone',
  missing: 'missing',
  unknown: 'no answer',
};

async function check(published: Published, { resolver, say }: DnsContext): Promise<number> {
  let isGood = await hasAddress(published.hostName, resolver);
  say(`A     ${published.hostName}: ${isGood ? 'found' : 'missing: others cannot reach this relay'}\n`);
  for (const record of dnsRecords(published)) {
    const finding = await lookUp(record, resolver);
    say(`${record.what.toUpperCase().padEnd(5)} ${record.name}: ${SAID[finding]}\n`);
    if (finding === 'found' || finding === 'other') continue;
    say(`      ${zoneLine(record)}\n`);
    isGood = false;
  }
  return isGood ? 0 : 1;
}

async function hasAddress(host: string, resolver: Resolver): Promise<boolean> {
  try {
    return (await resolver.addresses(host)).length > 0;
  } catch {
    return false;
  }
}
