/**
 * values: the kinds of values that a setting can have, and how each is read from text.
 *
 * A reading gets what stands in the file (text, number or list) or in the environment (text, lists comma-separated), and gives the
 * value or says what it should have been. It never repeats the value: it may be a secret.
 */
import { isIP } from 'node:net';
import { CRITICAL_REASONS, type CriticalReason } from '../core/reasons.ts';
import { parseDomain, parseMailbox } from '../core/address.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../core/time.ts';

export type Raw = string | number | boolean | readonly (string | number | boolean)[];
export type Read<T> = { readonly value: T } | { readonly expected: string };
export type Reading<T> = (raw: Raw | undefined) => Read<T>;

export interface Listen {
  readonly host: string;
  readonly port: number;
}

export type DataUrl =
  | { readonly kind: 'sqlite'; readonly folder: string }
  | { readonly kind: 'redis'; readonly url: string };

export type Route =
  | { readonly kind: 'sandbox' }
  | { readonly kind: 'mx' }
  | {
      readonly kind: 'smarthost';
      readonly host: string;
      readonly port: number;
      readonly user: string | undefined;
      readonly password: string | undefined;
    };

const value = <T>(result: T): Read<T> => ({ value: result });
const expected = (what: string): { readonly expected: string } => ({ expected: what });

/** A reading of one piece of text; numbers and booleans in the file are read as they are written. */
const ofText =
  <T>(what: string, parse: (text: string) => T | undefined): Reading<T> =>
  (raw) => {
    const parsed = raw === undefined || typeof raw === 'object' ? undefined : parse(String(raw).trim());
    return parsed === undefined ? expected(what) : value(parsed);
  };

const optional =
  <T>(reading: Reading<T>): Reading<T | undefined> =>
  (raw) =>
    raw === undefined || raw === '' ? value(undefined) : reading(raw);

const listOf =
  <T>(what: string, parse: (text: string) => T | undefined): Reading<readonly T[]> =>
  (raw) => {
    const entries = typeof raw === 'object' ? raw.map(String) : String(raw ?? '').split(',');
    const texts = entries.map((text) => text.trim()).filter((text) => text !== '');
    const parsed = texts.map(parse).filter((entry) => entry !== undefined);
    return parsed.length === texts.length ? value(parsed) : expected(what);
  };

export const text: Reading<string> = ofText('some text', (entry) => (entry === '' ? undefined : entry));
export const optionalPath: Reading<string | undefined> = optional(text);

export function oneOf<const Words extends readonly string[]>(...words: Words): Reading<Words[number]> {
  return ofText(`one of: ${words.join(', ')}`, (entry) => words.find((word) => word === entry));
}

export const yesOrNo: Reading<boolean> = ofText('yes or no', (entry) =>
  /^(?:yes|true)$/.test(entry) ? true : /^(?:no|false)$/.test(entry) ? false : undefined,
);

export const count: Reading<number> = ofText('a whole number from 1 to 10000', (entry) =>
  /^[1-9]\d{0,3}$|^10000$/.test(entry) ? Number(entry) : undefined,
);

export const amount: Reading<number> = ofText('a whole number from 1 to 1000000', (entry) =>
  /^[1-9]\d{0,5}$|^1000000$/.test(entry) ? Number(entry) : undefined,
);

export const networks: Reading<readonly string[]> = listOf(
  'a list of addresses (10.0.0.7), networks (10.0.0.0/8) or the word loopback',
  (entry) => (entry === 'loopback' || isNetwork(entry) ? entry : undefined),
);

function isNetwork(entry: string): boolean {
  const match = /^([0-9a-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(entry);
  const family = isIP(match?.[1] ?? '');
  return family !== 0 && Number(match?.[2] ?? 0) <= (family === 4 ? 32 : 128);
}

export const criticalReasons: Reading<readonly CriticalReason[]> = listOf(
  `words out of: ${CRITICAL_REASONS.join(', ')}`,
  (entry) => CRITICAL_REASONS.find((reason) => reason === entry),
);

export const domain: Reading<string> = ofText('a domain name, such as mail.acme.example', parseDomain);
export const domains: Reading<readonly string[]> = listOf('a list of domain names', parseDomain);

export const aliasDomains: Reading<readonly [string, ...string[]]> = (raw) => {
  const what = 'at least one domain name, such as ord.acme.example';
  const list = listOf(what, parseDomain)(raw);
  if ('expected' in list) return list;
  const [first, ...others] = list.value;
  return first === undefined ? expected(what) : value([first, ...others]);
};

export const listen: Reading<Listen | undefined> = (raw) =>
  raw === 'off' ? value(undefined) : ofText('host:port, such as 127.0.0.1:2525, or off', parseListen)(raw);

function parseListen(entry: string): Listen | undefined {
  const match = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(entry);
  const port = Number(match?.[2]);
  return match?.[1] === undefined || port > 65535 ? undefined : { host: match[1].replace(/^\[|\]$/g, ''), port };
}

export const nameServers: Reading<readonly string[]> = listOf('a list of addresses, such as 127.0.0.1:53', (entry) =>
  /^(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?|\[[0-9a-fA-F:.]+\](?::\d{1,5})?)$/.test(entry) ? entry : undefined,
);

export const webAddress: Reading<string> = ofText('an address that begins with http:// or https://', (entry) => {
  const url = URL.canParse(entry) ? new URL(entry) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) ? entry.replace(/\/+$/, '') : undefined;
});

const UNITS_MS = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY } as const;
const UNITS_BYTES = { KB: 1000, MB: 1000 ** 2, KIB: 1024, MIB: 1024 ** 2 } as const;

/** A length of time, in milliseconds. */
export const milliseconds: Reading<number> = ofText('a length of time with its unit: 15s, 30m, 4h or 5d', (entry) => {
  const match = /^(\d{1,6})(ms|s|m|h|d)$/.exec(entry);
  const unit = match?.[2] as keyof typeof UNITS_MS | undefined;
  return unit === undefined ? undefined : Number(match?.[1]) * UNITS_MS[unit];
});

/** A size, in bytes. */
export const bytes: Reading<number> = ofText('a size with its unit: 500KB or 25MB (MiB and KiB work too)', (entry) => {
  const match = /^(\d{1,6})(KB|MB|KIB|MIB)$/.exec(entry.toUpperCase());
  const unit = match?.[2] as keyof typeof UNITS_BYTES | undefined;
  return unit === undefined ? undefined : Number(match?.[1]) * UNITS_BYTES[unit];
});

export const optionalApiKey: Reading<string | undefined> = optional(
  ofText('a key that begins with vk_live_ or vk_test_ and goes on for at least 32 characters', (entry) =>
    /^vk_(?:live|test)_[\w-]{32,}$/.test(entry) ? entry : undefined,
  ),
);

export const optionalMailbox: Reading<string | undefined> = optional(
  ofText('a mailbox, such as mail-admin@acme.example', (entry) =>
    parseMailbox(entry) === undefined ? undefined : entry,
  ),
);

export const dataUrl: Reading<DataUrl> = ofText(
  'sqlite:FOLDER, redis://HOST:PORT or rediss://HOST:PORT (Redis Cluster and Sentinel are not supported yet)',
  (entry) => {
    if (entry.startsWith('sqlite:') && entry.length > 'sqlite:'.length)
      return { kind: 'sqlite', folder: entry.slice('sqlite:'.length) };
    return /^rediss?:\/\//.test(entry) && URL.canParse(entry) ? { kind: 'redis', url: entry } : undefined;
  },
);

export const route: Reading<Route> = ofText('sandbox, mx or smtp://[user:password@]host:port', (entry) => {
  if (entry === 'sandbox' || entry === 'mx') return { kind: entry };
  const url = entry.startsWith('smtp://') && URL.canParse(entry) ? new URL(entry) : undefined;
  if (url === undefined || url.hostname === '' || !/^\/?$/.test(url.pathname)) return undefined;
  return {
    kind: 'smarthost',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 25 : Number(url.port),
    user: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
  };
});
