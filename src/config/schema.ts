/**
 * schema: every setting of Veilpost in one table: its kind, its default, its meaning.
 *
 * The type, the errors, the environment names, `docs/configuration.md` and the example file are all made from this table, so that
 * they cannot disagree. Units are written (`4h`, `25MB`) and parsed once.
 */
import { CRITICAL_REASONS } from '../core/reasons.ts';
import type { Reading } from './values.ts';
import * as read from './values.ts';

export interface Setting<T> {
  readonly read: Reading<T>;
  /** As it would be written in the file; `undefined` where there is no sensible default. */
  readonly byDefault: string | readonly string[] | number | undefined;
  readonly doc: string;
  /** For the example file of a production set-up. */
  readonly example: string | readonly string[] | number;
  readonly isSecret: boolean;
}

function setting<T>(
  kind: Reading<T>,
  byDefault: Setting<T>['byDefault'],
  example: Setting<T>['example'],
  doc: string,
  isSecret = false,
): Setting<T> {
  return { read: kind, byDefault, doc, example, isSecret };
}

export const SETTINGS = {
  'mode': setting(
    read.oneOf('sandbox', 'production'),
    'sandbox',
    'production',
    'What this relay is for. `production` refuses demo keys, sandbox inboxes and a missing key file.',
  ),
  'marketplace.name': setting(read.text, 'Marketplace', 'Acme Market', 'The name that notices are signed with.'),
  'marketplace.domains': setting(
    read.domains,
    ['market.test'],
    ['acme.example'],
    'Domains that sellers may link to: the marketplace itself and its own services.',
  ),
  'domains.alias': setting(
    read.aliasDomains,
    ['relay.test'],
    ['ord.acme.example'],
    'Domains of the aliases. New aliases are made on the first; the others are still answered.',
  ),
  'domains.host': setting(
    read.domain,
    'mail.relay.test',
    'mail.acme.example',
    'Host name of this relay, as it greets and signs hops.',
  ),
  'smtp.mx': setting(read.listen, '127.0.0.1:2525', '0.0.0.0:25', 'Where mail for aliases comes in, or `off`.'),
  'smtp.submission': setting(
    read.listen,
    '127.0.0.1:2587',
    '0.0.0.0:587',
    'Where sellers hand in mail with their credentials (STARTTLS), or `off`.',
  ),
  'smtp.submissions': setting(read.listen, 'off', '0.0.0.0:465', 'The same with TLS from the first byte, or `off`.'),
  'smtp.maxMessage': setting(read.bytes, '25MB', '25MB', 'Largest message that is taken; announced as SIZE.'),
  'smtp.maxConnections': setting(
    read.count,
    1000,
    1000,
    'Open SMTP connections in all. A fifth of them is kept for sellers that have signed in.',
  ),
  'smtp.maxConnectionsPerNetwork': setting(
    read.count,
    50,
    50,
    'Open SMTP connections that neighbouring addresses (a /24, a /64) may hold together. Raise it where all mail comes through one gateway.',
  ),
  'smtp.maxConnectionsPerPeer': setting(read.count, 20, 20, 'Open SMTP connections that one address may hold.'),
  'smtp.tlsCert': setting(
    read.optionalPath,
    undefined,
    '/etc/veilpost/tls/fullchain.pem',
    'Certificate chain for the SMTP doors (PEM). Read again when it changes, or on SIGHUP.',
  ),
  'smtp.tlsKey': setting(
    read.optionalPath,
    undefined,
    '/etc/veilpost/tls/privkey.pem',
    'Private key of that certificate (PEM).',
  ),
  'http.listen': setting(
    read.listen,
    '127.0.0.1:8420',
    '127.0.0.1:8420',
    'Where the API and the pages are served, or `off`.',
  ),
  'http.publicUrl': setting(
    read.webAddress,
    'http://127.0.0.1:8420',
    'https://relay.acme.example',
    'How people and programs outside reach the pages: links in replies and notices begin with it.',
  ),
  'http.trustedProxies': setting(
    read.networks,
    ['loopback'],
    ['loopback'],
    'Addresses of reverse proxies (one, a network such as `10.0.0.0/8`, or `loopback`) that are believed when they say for whom they ask (X-Forwarded-For).',
  ),
  'http.maxRequestsPerKey': setting(read.amount, 3000, 3000, 'Requests that one API key may make within a minute.'),
  'http.maxRequestsPerAdminKey': setting(read.amount, 12000, 12000, 'The same for a key with the scope `admin`.'),
  'http.maxRequestsPerPeer': setting(
    read.amount,
    600,
    600,
    'Requests without a valid API key that one address may make within a minute: pages, and keys that were never right from there.',
  ),
  'http.maxWrongKeysPerPeer': setting(
    read.amount,
    10,
    10,
    'Wrong API keys that one address may show within a minute. After that only keys are looked at that were right from there before.',
  ),
  'http.metrics': setting(
    read.listen,
    '127.0.0.1:9420',
    '127.0.0.1:9420',
    'Where the figures for Prometheus are served, at `/metrics`.',
  ),
  'data.url': setting(
    read.dataUrl,
    'sqlite:./data',
    'sqlite:/var/lib/veilpost',
    'Where everything is kept: `sqlite:FOLDER` for one node, `redis://` or `rediss://` for several.',
    true,
  ),
  'data.allowUnsafePersistence': setting(
    read.yesOrNo,
    'no',
    'no',
    'Start on a Redis that may lose what it acknowledged. Mail can then be lost after its 250.',
  ),
  'delivery.route': setting(
    read.route,
    'sandbox',
    'mx',
    'How mail leaves: `sandbox` (invented inboxes), `mx` (look up the MX), or `smtp://[user:pass@]host:port` (smart host).',
    true,
  ),
  'delivery.retryFor': setting(read.milliseconds, '5d', '5d', 'How long a message is tried before its author is told.'),
  'delivery.lease': setting(
    read.milliseconds,
    '30s',
    '30s',
    'How long the mail of a worker that died waits for another. A worker that is alive renews in a third of it.',
  ),
  'delivery.concurrency': setting(read.count, 20, 20, 'Deliveries under way at once in one worker.'),
  'dns.servers': setting(read.nameServers, [], ['127.0.0.1:53'], "Name servers to ask; empty means the system's."),
  'dns.validates': setting(
    read.yesOrNo,
    'no',
    'yes',
    'Whether those name servers check DNSSEC and are reached over a way that nobody can tamper with, best on this machine. DANE (RFC 7672) is then followed.',
  ),
  'operator.mailbox': setting(
    read.optionalMailbox,
    undefined,
    'mail-admin@acme.example',
    'Where mail to postmaster and abuse at the alias domains goes: a mailbox elsewhere. Without it such mail is put off (451); the sandbox has an inbox for it.',
  ),
  'auth.sealers': setting(
    read.domains,
    [],
    ['lists.example'],
    'Forwarders whose ARC seal is believed when they say that a buyer’s mail was genuine before they changed it.',
  ),
  'api.bootstrapKey': setting(
    read.optionalApiKey,
    undefined,
    'vk_live_...',
    'The first admin API key. The sandbox makes its own. Best given as `VEILPOST_API__BOOTSTRAP_KEY_FILE`.',
    true,
  ),
  'keys.file': setting(
    read.text,
    './data/keys.json',
    '/etc/veilpost/keys.json',
    'The local key file (mode 0600). Lose it and every address is lost. Its DKIM keys are read again when it changes.',
  ),
  'policy.profile': setting(
    read.oneOf('marketplace-strict'),
    'marketplace-strict',
    'marketplace-strict',
    'Which classes of findings block, hold or pass.',
  ),
  'hold.deadline': setting(read.milliseconds, '4h', '4h', 'How long a held message waits for a person.'),
  'hold.onDeadline': setting(
    read.oneOf('return', 'release'),
    'return',
    'return',
    'What becomes of it when nobody decided by then.',
  ),
  'hold.unconfirmed': setting(
    read.milliseconds,
    '7d',
    '7d',
    'How long a message from an address that nobody registered waits for the buyer to say that it is theirs. After that it is thrown away.',
  ),
  'hold.undo': setting(
    read.milliseconds,
    '15s',
    '15s',
    'How long a decision can be taken back. Read, but not used yet.',
  ),
  'limits.perAlias': setting(
    read.count,
    100,
    100,
    'Messages that one party may send to one alias within an hour; more are put off.',
  ),
  'limits.perSeller': setting(
    read.amount,
    1000,
    1000,
    'Messages that one seller may send within a minute, to all its buyers together; more are put off to the next minute.',
  ),
  'limits.volumeBase': setting(
    read.amount,
    600,
    600,
    'Messages that every seller may send in a day (UTC). More are put off to the next day, but for answers to buyers.',
  ),
  'limits.volumePerOrder': setting(
    read.amount,
    5,
    5,
    'Messages a day that a seller may send beside those, for each of its average daily orders of the last 30 days.',
  ),
  'response.target': setting(
    read.milliseconds,
    '24h',
    '24h',
    'How soon a seller is to answer a buyer. Time in which the relay holds the answer does not count.',
  ),
  'window.proactive': setting(
    read.milliseconds,
    '30d',
    '30d',
    'How long after the order a seller may write to its buyer unasked; answers are always taken. `0s`: as long as the order is open.',
  ),
  'window.reasons': setting(
    read.criticalReasons,
    CRITICAL_REASONS,
    CRITICAL_REASONS,
    'Reasons with which the API may write all the same: what an order cannot do without.',
  ),
  'workers.path': setting(read.count, 1, 1, 'Threads that carry what is large or holds files.'),
  'workers.egress': setting(read.count, 1, 1, 'Threads that sign and deliver.'),
} as const;

export type SettingName = keyof typeof SETTINGS;
type Value<Name extends SettingName> = (typeof SETTINGS)[Name] extends Setting<infer T> ? T : never;

/** All settings under their names, parsed: `config['smtp.maxMessage']` is in bytes, `config['hold.deadline']` in milliseconds. */
export type Config = { readonly [Name in SettingName]: Value<Name> };

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** `http.publicUrl` is `VEILPOST_HTTP__PUBLIC_URL`. */
export function environmentName(name: SettingName): string {
  return `VEILPOST_${name
    .replace(/[A-Z]/g, (letter) => `_${letter}`)
    .replace('.', '__')
    .toUpperCase()}`;
}
