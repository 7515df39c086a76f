/**
 * name-server: a DNS server for tests, on UDP and TCP, with the records that it is given. Keys are `TYPE name`. An alias (CNAME) is
 * followed, and the answer holds the whole chain, as a resolver's does.
 * Standards: RFC 1035 4.1, RFC 6698 2.1.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { Tlsa } from '../../src/dns/resolver.ts';

export interface NameServer extends AsyncDisposable {
  readonly port: number;
  /** What was asked for, as `TYPE name`, in order. */
  readonly questions: readonly string[];
}

export interface NameServerHabits {
  /** Does DNSSEC hold for the answer? */
  readonly isSecure?: (question: string) => boolean;
  /** Does it fail (SERVFAIL)? So does an answer whose signature does not hold. */
  readonly fails?: (question: string) => boolean;
  /** Over UDP it says that the answer is too long. */
  readonly isLong?: boolean;
}

type Mx = { readonly priority: number; readonly exchange: string };
type Entry = string | readonly string[] | Mx | Tlsa;
/** Addresses as text for A and AAAA, names for CNAME, lists of pieces for TXT, exchangers for MX. */
export type Zone = Readonly<Record<string, readonly Entry[]>>;

const TYPES: Readonly<Record<number, string>> = { 1: 'A', 5: 'CNAME', 15: 'MX', 16: 'TXT', 28: 'AAAA', 52: 'TLSA' };
const CNAME = 5;
const NXDOMAIN = 3;
const SERVFAIL = 2;
const TRUNCATED = 0x200;
const AUTHENTIC = 0x20;

export async function startNameServer(
  zone: Zone,
  trouble?: 'servfail',
  habits: NameServerHabits = {},
): Promise<NameServer> {
  const questions: string[] = [];
  const fails = (question: string) => trouble === 'servfail' || habits.fails?.(question) === true;
  const answer = (query: Buffer, isLong: boolean) => answerTo(query, zone, { ...habits, fails, isLong }, questions);
  const { socket, streams, port } = await listening();
  socket.on('message', (query, peer) => socket.send(answer(query, habits.isLong === true), peer.port, peer.address));
  streams.on('connection', (stream) => {
    stream.on('error', () => undefined);
    stream.once('data', (query) => {
      const packet = answer(query.subarray(2), false);
      stream.end(Buffer.concat([Buffer.from([packet.length >> 8, packet.length & 255]), packet]));
    });
  });
  return {
    port,
    questions,
    async [Symbol.asyncDispose]() {
      const closed = [once(socket, 'close'), once(streams, 'close')];
      socket.close();
      streams.close();
      await Promise.all(closed);
    },
  };
}

/** One number for both: the one that the system gives for UDP may be taken for TCP. */
async function listening(): Promise<{ readonly socket: Socket; readonly streams: Server; readonly port: number }> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  const streams = createServer();
  streams.listen(port, '127.0.0.1');
  try {
    await once(streams, 'listening');
    return { socket, streams, port };
  } catch {
    socket.close();
    return listening();
  }
}

function answerTo(query: Buffer, zone: Zone, habits: NameServerHabits, questions: string[]): Buffer {
  const { name, end } = readName(query, 12);
  const number = query.readUInt16BE(end);
  const type = TYPES[number] ?? '';
  questions.push(`${type} ${name}`);
  const isKnown = Object.keys(zone).some((key) => key.endsWith(` ${name}`));
  const code = habits.fails?.(`${type} ${name}`) === true ? SERVFAIL : isKnown ? 0 : NXDOMAIN;
  const flags =
    (habits.isLong === true ? TRUNCATED : 0) | (habits.isSecure?.(`${type} ${name}`) === true ? AUTHENTIC : 0);
  const answers = code === 0 && habits.isLong !== true ? answersFor(name, number, zone) : [];
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  // A response, recursion desired and available.
  header.writeUInt16BE(0x8180 | code | flags, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  return Buffer.concat([header, query.subarray(12, end + 4), ...answers]);
}

function answersFor(name: string, number: number, zone: Zone): readonly Buffer[] {
  const chain: Buffer[] = [];
  let owner = name;
  for (let next = zone[`CNAME ${owner}`]?.[0]; typeof next === 'string' && chain.length < 300;) {
    chain.push(answerRecord(owner, CNAME, writeName(next)));
    owner = next;
    next = zone[`CNAME ${owner}`]?.[0];
  }
  const type = TYPES[number] ?? '';
  const records = zone[`${type} ${owner}`] ?? [];
  return [...chain, ...records.map((record) => answerRecord(owner, number, dataOf(type, record)))];
}

function answerRecord(owner: string, type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt32BE(60, 4);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([writeName(owner), head, data]);
}

function dataOf(type: string, record: Entry): Buffer {
  if (typeof record === 'string') return type === 'A' ? Buffer.from(record.split('.').map(Number)) : sixteen(record);
  if ('matching' in record) {
    return Buffer.concat([Buffer.from([record.usage, record.selector, record.matching]), record.data]);
  }
  if ('exchange' in record) {
    const priority = Buffer.alloc(2);
    priority.writeUInt16BE(record.priority);
    return Buffer.concat([priority, writeName(record.exchange)]);
  }
  return Buffer.concat(record.map((piece) => Buffer.concat([Buffer.from([piece.length]), Buffer.from(piece)])));
}

/** An IPv6 address as its sixteen octets. */
function sixteen(address: string): Buffer {
  const [front = '', back = ''] = address.split('::');
  const groups = (text: string) => text.split(':').filter((group) => group !== '');
  const zeros = Array<string>(8 - groups(front).length - groups(back).length).fill('0');
  const all = [...groups(front), ...zeros, ...groups(back)];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

function readName(packet: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = packet[at] ?? 0; length > 0; length = packet[at] ?? 0) {
    labels.push(packet.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

function writeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.alloc(1),
  ]);
}
