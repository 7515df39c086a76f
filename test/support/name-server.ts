/**
 * name-server: a DNS server on UDP for tests, with the records that it is given. Keys are `TYPE name`.
 * Standards: RFC 1035 4.1.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface NameServer extends AsyncDisposable {
  readonly port: number;
}

type Mx = { readonly priority: number; readonly exchange: string };
/** Addresses as text for A and AAAA, lists of pieces for TXT, exchangers for MX. */
export type Zone = Readonly<Record<string, readonly (string | readonly string[] | Mx)[]>>;

const TYPES: Readonly<Record<number, string>> = { 1: 'A', 15: 'MX', 16: 'TXT', 28: 'AAAA' };
const NXDOMAIN = 3;
const SERVFAIL = 2;

export async function startNameServer(zone: Zone, trouble?: 'servfail'): Promise<NameServer> {
  const socket = createSocket('udp4');
  socket.on('message', (query, peer) => socket.send(answerTo(query, zone, trouble), peer.port, peer.address));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    async [Symbol.asyncDispose]() {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

function answerTo(query: Buffer, zone: Zone, trouble: 'servfail' | undefined): Buffer {
  const { name, end } = readName(query, 12);
  const number = query.readUInt16BE(end);
  const type = TYPES[number] ?? '';
  const records = zone[`${type} ${name}`] ?? [];
  const isKnown = Object.keys(zone).some((key) => key.endsWith(` ${name}`));
  const code = trouble === 'servfail' ? SERVFAIL : isKnown ? 0 : NXDOMAIN;
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  // A response, recursion desired and available.
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(code === 0 ? records.length : 0, 6);
  const question = query.subarray(12, end + 4);
  const answers = code === 0 ? records.map((record) => answerRecord(number, dataOf(type, record))) : [];
  return Buffer.concat([header, question, ...answers]);
}

function answerRecord(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  // The name is the one of the question, at offset 12.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function dataOf(type: string, record: string | readonly string[] | Mx): Buffer {
  if (typeof record === 'string') return type === 'A' ? Buffer.from(record.split('.').map(Number)) : sixteen(record);
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
