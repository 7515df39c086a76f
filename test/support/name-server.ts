/**
 * name-server: a DNS server on UDP and TCP for tests, with the records that it is given. Keys are `TYPE name`.
 *
 * It answers as a resolver does: CNAMEs are followed within the zone, and what is too long for UDP comes over TCP. Trouble is a key of
 * the zone too: `SERVFAIL name` fails, `SILENT name` never answers, for the types that are listed or, with none, for all; `*` is
 * every name.
 * Standards: RFC 1035 4.1, 4.2.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Tlsa } from '../../src/dns/resolver.ts';

export interface NameServer extends AsyncDisposable {
  readonly port: number;
  /** Every question so far, as `TYPE name`. */
  readonly asked: readonly string[];
}

type Entry = string | readonly (string | Buffer)[] | Mx | Tlsa;
type Mx = { readonly priority: number; readonly exchange: string };
/** Addresses as text for A and AAAA, names for CNAME and PTR, lists of pieces for TXT, exchangers for MX. */
export type Zone = Readonly<Record<string, readonly Entry[]>>;

const TYPES: Readonly<Record<number, string>> = {
  1: 'A',
  5: 'CNAME',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  52: 'TLSA',
};
const CNAME = 5;
const NXDOMAIN = 3;
const SERVFAIL = 2;
/** AD (RFC 4035 3.2.3). */
const AUTHENTIC = 0x20;
/** What c-ares says it takes over UDP (EDNS, RFC 6891). */
const MAX_UDP = 1232;
const MAX_CHAIN = 16;

/** `isSecure`: does it vouch for the answer to `TYPE name`, as one that checks DNSSEC (the AD bit)? */
export async function startNameServer(
  zone: Zone,
  isSecure: (question: string) => boolean = () => false,
): Promise<NameServer> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const udp = createSocket('udp4');
  udp.on('message', (query, peer) => {
    const answer = answerTo(query, zone, asked, isSecure);
    if (answer !== undefined) udp.send(answer.length > MAX_UDP ? truncated(answer) : answer, peer.port, peer.address);
  });
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    answerOverTcp(socket, zone, isSecure);
  });
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');
  return {
    port,
    asked,
    async [Symbol.asyncDispose]() {
      const closed = Promise.all([once(udp, 'close'), once(tcp, 'close')]);
      for (const socket of sockets) socket.destroy();
      udp.close();
      tcp.close();
      await closed;
    },
  };
}

/** Each message has its length in front of it. Questions are counted where they came first, over UDP. */
function answerOverTcp(socket: Socket, zone: Zone, isSecure: (question: string) => boolean): void {
  let read = Buffer.alloc(0);
  socket.on('data', (piece: Buffer) => {
    read = Buffer.concat([read, piece]);
    while (read.length >= 2 && read.length >= 2 + read.readUInt16BE(0)) {
      const end = 2 + read.readUInt16BE(0);
      const answer = answerTo(read.subarray(2, end), zone, [], isSecure);
      read = read.subarray(end);
      if (answer === undefined) continue;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(answer.length);
      socket.write(Buffer.concat([length, answer]));
    }
  });
}

/** `undefined`: no answer, ever. */
function answerTo(
  query: Buffer,
  zone: Zone,
  asked: string[],
  isSecure: (question: string) => boolean,
): Buffer | undefined {
  const { name, end } = readName(query, 12);
  const number = query.readUInt16BE(end);
  asked.push(`${TYPES[number] ?? number} ${name}`);
  const question = query.subarray(12, end + 4);
  const isTrouble = (kind: string) =>
    [zone[`${kind} ${name}`], zone[`${kind} *`]].some(
      (types) => types !== undefined && (types.length === 0 || types.includes(TYPES[number] ?? '')),
    );
  if (isTrouble('SILENT')) return undefined;
  if (isTrouble('SERVFAIL')) return message(query, SERVFAIL, question, []);
  const { answers, isName } = find(zone, name, number);
  const authentic = isSecure(`${TYPES[number] ?? number} ${name}`) ? AUTHENTIC : 0;
  return message(query, authentic | (isName ? 0 : NXDOMAIN), question, answers);
}

function find(
  zone: Zone,
  asked: string,
  number: number,
): { readonly answers: readonly Buffer[]; readonly isName: boolean } {
  const answers: Buffer[] = [];
  let name = asked;
  while (answers.length < MAX_CHAIN) {
    const [target] = zone[`CNAME ${name}`] ?? [];
    if (number === CNAME || typeof target !== 'string') break;
    answers.push(answerRecord(name, CNAME, writeName(target)));
    name = target.toLowerCase();
  }
  const type = TYPES[number] ?? '';
  for (const record of zone[`${type} ${name}`] ?? []) answers.push(answerRecord(name, number, dataOf(type, record)));
  return { answers, isName: Object.keys(zone).some((key) => key.endsWith(` ${name}`) || key.endsWith(`.${name}`)) };
}

function message(query: Buffer, code: number, question: Buffer, answers: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  // A response, recursion desired and available.
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  return Buffer.concat([header, question, ...answers]);
}

/** The header and the question with TC set (RFC 1035 4.1.1): ask again over TCP. */
function truncated(answer: Buffer): Buffer {
  const short = Buffer.from(answer.subarray(0, readName(answer, 12).end + 4));
  short.writeUInt16BE(short.readUInt16BE(2) | 0x0200, 2);
  short.writeUInt16BE(0, 6);
  return short;
}

function answerRecord(name: string, type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt32BE(60, 4);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([writeName(name), head, data]);
}

function dataOf(type: string, record: Entry): Buffer {
  if (typeof record === 'string') {
    if (type === 'CNAME' || type === 'PTR') return writeName(record);
    return type === 'A' ? Buffer.from(record.split('.').map(Number)) : sixteen(record);
  }
  if ('exchange' in record) {
    const priority = Buffer.alloc(2);
    priority.writeUInt16BE(record.priority);
    return Buffer.concat([priority, writeName(record.exchange)]);
  }
  if ('matching' in record) {
    return Buffer.concat([Buffer.from([record.usage, record.selector, record.matching]), record.data]);
  }
  const pieces = record.map((piece) => Buffer.from(piece));
  return Buffer.concat(pieces.flatMap((piece) => [Buffer.from([piece.length]), piece]));
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
