/**
 * terminal: what `npm start` shows: a banner to begin with, then one line for each message and its verdict.
 *
 * In:  events, and what there is to try.    Out: text for a person. Lines hold ids and words of ours, never an address or a subject;
 * only the banner names addresses, and those are invented. Colour is there only to help: every line says the same without it.
 */
import { styleText } from 'node:util';
import { withoutAddresses, type Level, type LogFields, type LogSink } from '../core/log.ts';
import type { Clock } from '../core/time.ts';
import type { Marketplace } from './seed.ts';

type Colour = 'green' | 'yellow' | 'red' | 'dim' | 'bold' | 'cyan';
type Paint = (colour: Colour, text: string) => string;

const painter =
  (hasColours: boolean): Paint =>
  (colour, text) =>
    hasColours ? styleText(colour, text, { validateStream: false }) : text;

export interface TerminalOptions {
  readonly out: (text: string) => void;
  readonly clock: Pick<Clock, 'now'>;
  readonly hasColours: boolean;
}

export function terminalSink({ out, clock, hasColours }: TerminalOptions): LogSink {
  const paint = painter(hasColours);
  return {
    write(level, name, fields) {
      const line = isVerdict(name) ? verdictLine(fields, paint) : troubleLine(level, name, fields, paint);
      if (line !== undefined) out(`${paint('dim', timeOf(clock.now()))}  ${line}\n`);
    },
  };
}

const isVerdict = (name: string): boolean => /^mail\.(?:queued|held|refused)$/.test(name);

/** HH:MM:SS on this machine's clock. */
const timeOf = (now: number): string => new Date(now).toTimeString().slice(0, 8);

const SIGNS: Readonly<Record<string, readonly [sign: string, colour: Colour]>> = {
  deliver: ['✓', 'green'],
  redact: ['✓', 'yellow'],
  hold: ['…', 'yellow'],
  return: ['✕', 'red'],
  block: ['✕', 'red'],
};

function verdictLine(fields: LogFields, paint: Paint): string {
  const { action = '', rule, order = '', from, message = '' } = fields;
  const [sign, colour] = SIGNS[String(action)] ?? ['?', 'red'];
  const direction = from === 'seller' ? 'seller → buyer' : 'seller ← buyer';
  const verdict = paint(colour, `${sign} ${String(action).padEnd(8)}`);
  return `${direction}  ${String(order).padEnd(8)}  ${verdict} ${String(rule ?? '').padEnd(28)} ${paint('dim', String(message))}`;
}

/** Everything else is quiet unless something is wrong. */
function troubleLine(level: Level, name: string, fields: LogFields, paint: Paint): string | undefined {
  if (level === 'info') return undefined;
  const told = Object.entries(withoutAddresses(fields)).filter(([, value]) => value !== undefined && value !== '');
  const words = told.map(([key, value]) => `${key}=${String(value)}`).join(' ');
  return `${paint(level === 'error' ? 'red' : 'yellow', `! ${name}`)}  ${paint('dim', words)}`;
}

export interface BannerOptions {
  /** Where the pages are, without a slash at the end. */
  readonly url: string;
  readonly apiKey: string;
  readonly ports: { readonly mx: number | undefined; readonly submission: number | undefined };
  readonly marketplace: Marketplace;
  readonly hasColours: boolean;
}

export function banner(options: BannerOptions): string {
  const paint = painter(options.hasColours);
  const { url, apiKey, ports, marketplace } = options;
  const [seller] = marketplace.sellers;
  const place = (name: string, where: string, what: string) =>
    `  ${name.padEnd(11)} ${paint('cyan', where.padEnd(42))} ${paint('dim', what)}`;
  const port = (number: number | undefined) => (number === undefined ? 'off' : `127.0.0.1:${number}`);
  return [
    '',
    `  ${paint('bold', 'Veilpost sandbox')}: everything stays on this machine. Ctrl-C stops it.`,
    '',
    place('Open', `${url}/sandbox`, 'both inboxes, and what the relay does between them'),
    place(
      'People',
      `${url}/sandbox/marketplace`,
      `${marketplace.sellers.length} sellers, ${marketplace.orders.length} orders, their aliases, addresses, passwords`,
    ),
    place('API', `${url}/v1`, 'the HTTP API; the key is below'),
    place('Ready?', `${url}/readyz`, 'answers 200 when everything runs'),
    place('SMTP', port(ports.mx), 'mail for aliases (MX)'),
    place('Submission', port(ports.submission), `sellers sign in here: ${seller?.username} / ${seller?.password}`),
    '',
    `  ${paint('bold', 'API key')}     ${apiKey}`,
    '',
    `  ${paint('bold', 'Try, in another terminal:')}`,
    '',
    ...examples(options).flatMap(({ title, command }) => [`  ${paint('dim', `# ${title}`)}`, `  ${command}`, '']),
    `  ${paint('dim', 'Messages and their verdicts:')}`,
    '',
  ].join('\n');
}

/** Lines to paste, with aliases that exist. */
function examples(options: BannerOptions): readonly { readonly title: string; readonly command: string }[] {
  const { url, apiKey, ports, marketplace } = options;
  const [order] = marketplace.orders;
  const seller = marketplace.sellers.find(({ sellerId }) => sellerId === order?.sellerId);
  if (order === undefined || seller === undefined) return [];
  const mail = (from: string, to: string, subject: string, body: string, login = '') =>
    `swaks --server 127.0.0.1:${login === '' ? ports.mx : ports.submission}${login} --from ${from} --to ${to} ` +
    `--header ${quoted(`Subject: ${subject}`)} --body ${quoted(body)}`;
  const api = (path: string, body: object) =>
    `curl -s ${url}${path} -H ${quoted(`Authorization: Bearer ${apiKey}`)} -H ${quoted('Content-Type: application/json')} ` +
    `-d ${quoted(JSON.stringify(body))}`;
  const login = ` --auth PLAIN --auth-user ${seller.username} --auth-password ${seller.password}`;
  const bribe = 'Change your 1 star to 5 and we refund 20 EUR.';
  return [
    {
      title: `a friendly message from ${seller.name} to ${order.buyerName}: it arrives`,
      command: mail(
        seller.inbox,
        order.aliases.buyer,
        `Your order ${order.orderId}`,
        'Your parcel is on its way.',
        login,
      ),
    },
    {
      title: 'a bribe: refused, with its rule',
      command: mail(seller.inbox, order.aliases.buyer, 'About your review', bribe, login),
    },
    {
      title: `${order.buyerName} writes to the seller`,
      command: mail(order.buyerAddress, order.aliases.seller, 'When does it come?', 'Hello, when will my parcel come?'),
    },
    { title: 'what would the relay say to this?', command: api('/v1/lint', { text: bribe }) },
    {
      title: 'a message over the API',
      command: api('/v1/messages', {
        orderId: order.orderId,
        from: 'seller',
        subject: 'Your parcel',
        text: 'Your parcel is late, so we refund the shipping.',
      }),
    },
  ];
}

/** One shell word. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
