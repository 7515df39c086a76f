/**
 * keys: `veilpost keys ...`: the DKIM keys, from the one that is made to the one that is taken away.
 *
 * rotate -> publish -> activate -> (72 hours) -> retire. Each step says what the next one is.
 */
import type { Config } from '../config/schema.ts';
import type { Clock } from '../core/time.ts';
import type { Resolver } from '../dns/resolver.ts';
import { activated, retired, rotated, type DkimEntry } from '../vault/dkim-rotation.ts';
import { changeDkimKeys, readDkimKeys } from '../vault/key-file.ts';
import { lookUp, type Finding } from './look-up.ts';
import { dkimRecords, zoneLine, type DnsRecord } from './records.ts';
import { readWords, USAGE, type Terminal } from './terminal.ts';

export interface KeysContext extends Terminal {
  readonly config: Config;
  readonly resolver: Resolver;
  readonly clock: Clock;
}

const TAKEN_UP = 'A running relay takes this up within a minute, or at once on SIGHUP.\n';

/** Everything but `keys new`. Throws a plain `Error` that says what to do. */
export async function keysCommand([word, ...rest]: readonly string[], context: KeysContext): Promise<number> {
  const words = readWords(rest, word === 'activate' || word === 'retire' ? ['--force'] : []);
  const { names = [], flags = new Set() } = words ?? {};
  const isForced = flags.has('--force');
  if (words === undefined) return misused(context);
  if (word === 'list' && names.length === 0) return await list(context);
  if (word === 'rotate' && names.length === 0) return await rotate(context);
  if (word === 'activate' && names.length > 0) return await activate(names, isForced, context);
  const [selector] = names;
  if (word === 'retire' && selector !== undefined && names.length === 1) {
    return await retire(selector, isForced, context);
  }
  return misused(context);
}

function misused({ complain }: Terminal): number {
  complain('keys takes "new", "list", "rotate", "activate SELECTOR... [--force]" or "retire SELECTOR [--force]"');
  return USAGE;
}

async function list({ config, say }: KeysContext): Promise<number> {
  for (const { selector, algorithm, state, since } of await readDkimKeys(config['keys.file'])) {
    say(
      `${selector}  ${algorithm.padEnd(14)}  ${state.padEnd(8)}  ${since === undefined ? '' : `since ${since}`}`.trimEnd(),
    );
    say('\n');
  }
  return 0;
}

async function rotate({ config, clock, say }: KeysContext): Promise<number> {
  const keys = await changeDkimKeys(config['keys.file'], (entries) => rotated(entries, clock.now()));
  const next = keys.filter(({ state }) => state === 'next');
  const selectors = next.map(({ selector }) => selector).join(' ');
  say(`Made ${selectors}. They sign nothing yet. Publish:\n\n`);
  for (const record of dkimRecords(next, config['domains.alias'])) say(`${zoneLine(record)}\n`);
  say(`\nThen: veilpost keys activate ${selectors}\n`);
  return 0;
}

async function activate(selectors: readonly string[], isForced: boolean, context: KeysContext): Promise<number> {
  const { config, clock, say, complain } = context;
  const path = config['keys.file'];
  const change = (entries: readonly DkimEntry[]) => activated(entries, selectors, clock.now());
  const before = await readDkimKeys(path);
  change(before);
  const chosen = before.filter(({ selector }) => selectors.includes(selector));
  const wrong = isForced ? [] : await notInDns(dkimRecords(chosen, config['domains.alias']), context);
  if (wrong.length > 0) {
    for (const { record, finding } of wrong)
      complain(`${record.name}: ${WRONG[finding]}. Publish:\n${zoneLine(record)}`);
    complain('nothing was changed: mail signed with these keys would fail. --force does not look');
    return 1;
  }
  const retiring = (await changeDkimKeys(path, change)).filter(({ state }) => state === 'retiring');
  say(`${selectors.join(' and ')} will sign. ${TAKEN_UP}`);
  for (const { selector } of retiring) {
    say(`Leave the record of ${selector} in DNS; after 72 hours: veilpost keys retire ${selector}\n`);
  }
  return 0;
}

const WRONG: Readonly<Record<Finding, string>> = {
  found: '',
  other: 'what is in DNS is not this key',
  different: 'what is in DNS is not this key',
  missing: 'there is no such record in DNS',
  unknown: 'DNS gave no answer',
};

async function notInDns(records: readonly DnsRecord[], { resolver }: KeysContext) {
  const wrong: { readonly record: DnsRecord; readonly finding: Finding }[] = [];
  for (const record of records) {
    const finding = await lookUp(record, resolver);
    if (finding !== 'found') wrong.push({ record, finding });
  }
  return wrong;
}

async function retire(selector: string, isForced: boolean, { config, clock, say }: KeysContext): Promise<number> {
  await changeDkimKeys(config['keys.file'], (entries) => retired(entries, selector, { now: clock.now(), isForced }));
  say(`${selector} is gone. Take its records out of DNS:\n`);
  for (const domain of config['domains.alias']) say(`${selector}._domainkey.${domain}.\n`);
  return 0;
}
