/**
 * odd-names: asks for names that c-ares does not send.
 *
 * A label may hold any octets (RFC 2181 11), and SPF macros make names of them: the `+` and `=` of a bounce address in `%{l}`, the
 * brackets of an address literal in `%{h}` (RFC 7208 7.2). c-ares takes letters, digits, `-`, `_`, `*` and `/`. One question over
 * UDP: what does not fit into the answer is not known. The port is fresh and the id random, as a guess would be an answer.
 * Standards: RFC 1035 4.1, RFC 5452 (guessed answers). Throws when the answer is not known.
 */
import { createSocket } from 'node:dgram';
import { on, once } from 'node:events';
import { isIP, isIPv6 } from 'node:net';
import { freshBytes } from '../core/random.ts';
import type { Answer, MailExchanger } from './resolver.ts';

const TYPES = { A: 1, MX: 15, TXT: 16, AAAA: 28 } as const;
const TIMEOUT_MS = 5000;
const HEADER = 12;
const NXDOMAIN = 3;
const TRUNCATED = 0x0200;
/** A name has at most 127 labels, and each jump leads to another. */
const MAX_JUMPS = 127;

export interface OddRecords {
  readonly A: string;
  readonly AAAA: string;
  readonly MX: MailExchanger;
  readonly TXT: readonly string[];
}

/** How the data of a record is read: `at` is where it begins in the packet. */
type Read<Found> = (packet: Buffer, at: number, length: number) => Found;

const READ: { readonly [Type in keyof OddRecords]: Read<OddRecords[Type]> } = {
  A: (packet, at) => [...packet.subarray(at, at + 4)].join('.'),
  AAAA: (packet, at) => (packet.toString('hex', at, at + 16).match(/.{4}/g) ?? []).join(':'),
  MX: (packet, at) => ({ priority: packet.readUInt16BE(at), exchange: readName(packet, at + 2).name }),
  TXT: (packet, at, length) => readStrings(packet.subarray(at, at + length)),
};

/** Labels of 1 to 63 visible characters or spaces, 253 octets together. */
export function isOddName(name: string): boolean {
  return name.length <= 253 && name.split('.').every((label) => /^[\x20-\x7e]{1,63}$/.test(label));
}

/** `servers` as `node:dns` lists them; the first is asked. */
export async function askOdd<Type extends keyof OddRecords>(
  name: string,
  type: Type,
  servers: readonly string[],
): Promise<Answer<OddRecords[Type]>> {
  const { host, port } = serverOf(servers[0] ?? '');
  const query = queryOf(name, TYPES[type]);
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  try {
    socket.connect(port, host);
    await once(socket, 'connect');
    socket.send(query);
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    for await (const [packet] of on(socket, 'message', { signal })) {
      if (Buffer.isBuffer(packet) && isAnswerTo(query, packet)) return readAnswer(packet, query.length, type);
    }
    throw new Error('no answer');
  } finally {
    socket.close();
  }
}

function serverOf(text: string): { readonly host: string; readonly port: number } {
  if (isIP(text) !== 0) return { host: text, port: 53 };
  const { hostname, port } = new URL(`dns://${text}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 53) };
}

function queryOf(name: string, type: number): Buffer {
  const labels = name.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]);
  // Id, recursion desired, one question; at the end the root, type and class.
  const head = Buffer.from([...freshBytes(2), 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([head, ...labels, Buffer.from([0, 0, type, 0, 1])]);
}

/** Its id, a response, and our question in it. */
function isAnswerTo(query: Buffer, packet: Buffer): boolean {
  if (packet.length < query.length || !packet.subarray(0, 2).equals(query.subarray(0, 2))) return false;
  const question = (bytes: Buffer) => bytes.toString('latin1', HEADER, query.length).toLowerCase();
  return (packet.readUInt8(2) & 0x80) !== 0 && question(packet) === question(query);
}

function readAnswer<Type extends keyof OddRecords>(
  packet: Buffer,
  start: number,
  type: Type,
): Answer<OddRecords[Type]> {
  const flags = packet.readUInt16BE(2);
  const code = flags & 0x0f;
  if ((flags & TRUNCATED) !== 0 || (code !== 0 && code !== NXDOMAIN)) throw new Error('no answer');
  const records: OddRecords[Type][] = [];
  let at = start;
  for (let left = packet.readUInt16BE(6); left > 0; left--) {
    const data = readName(packet, at).end + 10;
    const length = packet.readUInt16BE(data - 2);
    // CNAMEs on the way are passed over: the resolver followed them.
    if (packet.readUInt16BE(data - 10) === TYPES[type]) records.push(READ[type](packet, data, length));
    at = data + length;
  }
  return { records, isName: code === 0 };
}

function readStrings(data: Buffer): readonly string[] {
  const strings: string[] = [];
  for (let at = 0; at < data.length; at += 1 + data.readUInt8(at)) {
    strings.push(data.toString('latin1', at + 1, at + 1 + data.readUInt8(at)));
  }
  return strings;
}

/** `end` is behind the name where it began; pointers lead elsewhere (RFC 1035 4.1.4). Throws beyond the packet. */
function readName(packet: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let end: number | undefined;
  let at = start;
  for (let steps = 0; steps <= MAX_JUMPS * 2; steps++) {
    const length = packet.readUInt8(at);
    if (length === 0) return { name: labels.join('.'), end: end ?? at + 1 };
    if (length >= 0xc0) {
      end ??= at + 2;
      at = packet.readUInt16BE(at) & 0x3fff;
    } else {
      labels.push(packet.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
  }
  throw new Error('no answer');
}
