/**
 * options: what the command line says, checked before anything is sent.
 */
import { parseArgs } from 'node:util';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Where a party hands its mail in. */
export interface Door extends HostPort {
  readonly login: { readonly user: string; readonly password: string } | undefined;
}

/** One party: the address that must stay hidden, and the alias that the other party writes to. */
export interface Party {
  readonly name: 'seller' | 'buyer';
  readonly door: Door;
  readonly address: string;
  readonly alias: string;
}

export interface Direction {
  readonly author: Party;
  readonly reader: Party;
}

export interface Options {
  /** Where anybody hands in mail, mail servers with their bounces among them. */
  readonly relay: Door;
  readonly listen: HostPort;
  /** Who writes, and to whom: one direction or both. */
  readonly directions: readonly Direction[];
  /** Nothing new for so long, and what has not arrived counts as held. Milliseconds. */
  readonly quietMs: number;
  readonly filter: string;
  /** Where the result goes as JSON; `-` is standard output, without the table. */
  readonly json: string | undefined;
}

/** Something on the command line or in the set-up is not right; the message says what to do. */
export class SetupError extends Error {}

export const HELP = `Usage: npm run leak-suite -- --relay HOST:PORT --seller ADDRESS,ALIAS --buyer ADDRESS,ALIAS

Sends mail with a planted address through a relay and searches what comes out at the other end.

  --relay HOST:PORT        where the relay takes mail
  --listen HOST:PORT       where this suite takes what the relay delivers (127.0.0.1:2526)
  --seller ADDRESS,ALIAS   the seller's real address, and the alias that stands for the seller
  --buyer ADDRESS,ALIAS    the same for the buyer
  --submission HOST:PORT   where the seller hands in mail, if that is somewhere else
  --login USER:PASSWORD    how the seller signs in there; without it the seller's word must be enough
  --only seller|buyer      only what the seller writes, or only what the buyer writes
  --case TEXT              only cases with TEXT in their name
  --quiet SECONDS          what has not come when nothing came for so long is held (10)
  --json FILE              the result as JSON as well; - for standard output instead of the table
  --list                   the names of all cases

The relay must deliver all mail to --listen, and must not limit how much one party may send. How to set one up,
and what the result means: docs/leak-suite.md.
Ends with 0 when nothing leaked, 1 when something did, 2 when the set-up is not right or not everything could be tried.
`;

/** Throws SetupError. `list` and `help` are answered by the caller. */
export function readOptions(args: readonly string[]): Options | 'help' | 'list' {
  const values = parsed(args);
  if (values.help === true) return 'help';
  if (values.list === true) return 'list';
  const relay = { ...hostPort('--relay', values.relay), login: undefined };
  const submission = values.submission === undefined ? relay : hostPort('--submission', values.submission);
  const seller = partyIn('seller', values.seller, { ...submission, login: loginIn(values.login) });
  const buyer = partyIn('buyer', values.buyer, relay);
  const both = [
    { author: seller, reader: buyer },
    { author: buyer, reader: seller },
  ];
  if (values.only !== undefined && !['seller', 'buyer'].includes(values.only))
    throw new SetupError(`--only ${values.only}: say seller or buyer, whose mail is to be sent.`);
  const seconds = Number(values.quiet ?? '10');
  if (!(seconds > 0)) throw new SetupError(`--quiet ${values.quiet}: a number of seconds is wanted.`);
  return {
    relay,
    listen: hostPort('--listen', values.listen ?? '127.0.0.1:2526'),
    directions: both.filter(({ author }) => values.only === undefined || author.name === values.only),
    quietMs: seconds * 1000,
    filter: values.case ?? '',
    json: values.json,
  };
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const names = {
    relay: text,
    listen: text,
    seller: text,
    buyer: text,
    submission: text,
    login: text,
    only: text,
    case: text,
    quiet: text,
    json: text,
  };
  try {
    return parseArgs({ args: [...args], options: { ...names, list: flag, help: flag } }).values;
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : 'unreadable'} See --help.`, { cause: error });
  }
}

function hostPort(option: string, value: string | undefined): HostPort {
  const [, host, port] = /^\[?([^\]]+)\]?:(\d{1,5})$/.exec(value ?? '') ?? [];
  if (host === undefined || port === undefined)
    throw new SetupError(`${option}: HOST:PORT is wanted, 127.0.0.1:25 for example.`);
  return { host, port: Number(port) };
}

function partyIn(name: Party['name'], value: string | undefined, door: Door): Party {
  const [, address, alias] = /^([^\s,@]+@[^\s,@]+),([^\s,@]+@[^\s,@]+)$/.exec(value ?? '') ?? [];
  if (address === undefined || alias === undefined)
    throw new SetupError(
      `--${name}: the real address and the alias are wanted, as in --${name} jane@shop.test,s1@relay.test`,
    );
  return { name, address, alias, door };
}

function loginIn(value: string | undefined): Door['login'] {
  if (value === undefined) return undefined;
  const [, user, password] = /^([^:]+):(.+)$/.exec(value) ?? [];
  if (user === undefined || password === undefined) throw new SetupError('--login: USER:PASSWORD is wanted.');
  return { user, password };
}
