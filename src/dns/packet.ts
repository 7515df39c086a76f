/**
 * packet: the few forms of DNS messages that delivery needs, with the one bit that Node's resolver does not hand out: AD.
 *
 * In:  a question; octets from a name server.    Out: octets; the answer, or an error. Any octets end in one of the two: names are
 * followed backwards only, aliases eight at most, and nothing is read past the end (Buffer throws).
 * Standards: RFC 1035 4.1, RFC 6891 (EDNS), RFC 6840 5.7 (AD in a question), RFC 6698 2.1 (TLSA).
 */
import type { MailExchanger, Tlsa, Vouched } from './resolver.ts';

export const TYPES = { A: 1, CNAME: 5, MX: 15, AAAA: 28, TLSA: 52 } as const;
export type Type = keyof typeof TYPES;

const ALIASES_AT_MOST = 8;
const LABELS_AT_MOST = 128;
/** RFC 6891 6.2.5 and DNS flag day 2020: what passes everywhere without fragments. */
const UDP_OCTETS = 1232;
const NXDOMAIN = 3;

interface Raw {
  readonly owner: string;
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

export class BadPacket extends Error {
  override readonly name = 'BadPacket';
}

/** Recursion is desired, and so is the AD bit; signatures are not: whether they hold is the name server's work. */
export function question(id: number, name: string, type: Type): Buffer {
  const header = Buffer.from([id >> 8, id & 255, 0x01, 0x20, 0, 1, 0, 0, 0, 0, 0, 1]);
  const labels = name.split('.').filter((label) => label !== '');
  const fits = labels.every((label) => label.length <= 63) && labels.join('.').length <= 253;
  if (!fits) throw new BadPacket('a name that cannot be asked for');
  const written = labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')]));
  const options = Buffer.from([0, 0, 41, UDP_OCTETS >> 8, UDP_OCTETS & 255, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([header, ...written, Buffer.from([0, 0, TYPES[type], 0, 1]), options]);
}

/** Is this an answer to that question, cut off for want of room? Then it is asked for again over TCP. */
export function isTruncated(packet: Buffer): boolean {
  return packet.length > 2 && (packet.readUInt8(2) & 2) !== 0;
}

/** Somebody else's packet is no answer: the wait goes on. */
export function isAnswerTo(packet: Buffer, asked: Buffer): boolean {
  if (packet.length < 12 || packet.readUInt16BE(0) !== asked.readUInt16BE(0)) return false;
  const { name, end } = readName(asked, 12);
  try {
    const echoed = readName(packet, 12);
    const isResponse = (packet.readUInt8(2) & 0x80) !== 0 && packet.readUInt16BE(4) === 1;
    return isResponse && echoed.name === name && packet.readUInt16BE(echoed.end) === asked.readUInt16BE(end);
  } catch {
    return false;
  }
}

export function readMx(packet: Buffer): Vouched<MailExchanger> {
  return answer(packet, 'MX', ({ start }) => ({
    priority: packet.readUInt16BE(start),
    exchange: readName(packet, start + 2).name,
  }));
}

export function readAddresses(packet: Buffer, type: 'A' | 'AAAA'): Vouched<string> {
  const octets = type === 'A' ? 4 : 16;
  return answer(packet, type, ({ start, end }) => {
    if (end - start !== octets) throw new BadPacket('an address of another length');
    if (type === 'A') return packet.subarray(start, end).join('.');
    return Array.from({ length: 8 }, (_, group) => packet.readUInt16BE(start + group * 2).toString(16)).join(':');
  });
}

export function readTlsa(packet: Buffer): Vouched<Tlsa> {
  return answer(packet, 'TLSA', ({ start, end }) => {
    if (end - start < 3) throw new BadPacket('a TLSA record that is too short');
    const [usage, selector, matching] = [0, 1, 2].map((at) => packet.readUInt8(start + at));
    return {
      usage: usage ?? 0,
      selector: selector ?? 0,
      matching: matching ?? 0,
      data: Buffer.from(packet.subarray(start + 3, end)),
    };
  });
}

function answer<Record>(packet: Buffer, type: Type, read: (raw: Raw) => Record): Vouched<Record> {
  const code = packet.readUInt8(3) & 15;
  // SERVFAIL is also what a validating name server says when a signature does not hold.
  if (code !== 0 && code !== NXDOMAIN) throw new BadPacket('the name server has no answer at present');
  const { asked, raws } = recordsOf(packet);
  const name = aliased(packet, asked, raws);
  const records = raws.filter((raw) => raw.owner === name && raw.type === TYPES[type]).map(read);
  return { records: code === NXDOMAIN ? [] : records, isSecure: (packet.readUInt8(3) & 0x20) !== 0, name };
}

function recordsOf(packet: Buffer): { readonly asked: string; readonly raws: readonly Raw[] } {
  const { name: asked, end: afterName } = readName(packet, 12);
  const raws: Raw[] = [];
  let at = afterName + 4;
  for (let left = packet.readUInt16BE(6); left > 0; left -= 1) {
    const { name: owner, end } = readName(packet, at);
    const start = end + 10;
    at = start + packet.readUInt16BE(end + 8);
    if (at > packet.length) throw new BadPacket('a record longer than its packet');
    raws.push({ owner, type: packet.readUInt16BE(end), start, end: at });
  }
  return { asked, raws };
}

/** Where aliases lead. A chain of any length, or a ring, ends here (security.md OU-02). */
function aliased(packet: Buffer, asked: string, raws: readonly Raw[]): string {
  const aliases = new Map(raws.filter((raw) => raw.type === TYPES.CNAME).map((raw) => [raw.owner, raw.start]));
  let name = asked;
  for (let hops = 0; hops <= ALIASES_AT_MOST; hops += 1) {
    const next = aliases.get(name);
    if (next === undefined) return name;
    name = readName(packet, next).name;
  }
  throw new BadPacket('too many aliases');
}

/** RFC 1035 4.1.4: a pointer leads backwards, so each one must lead further back than the last. */
function readName(packet: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = start;
  let before = start;
  let end: number | undefined;
  while (labels.length < LABELS_AT_MOST) {
    const length = packet.readUInt8(at);
    if (length === 0) return { name: labels.join('.').toLowerCase(), end: end ?? at + 1 };
    if (length < 64) {
      if (at + 1 + length > packet.length) break;
      labels.push(packet.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
      continue;
    }
    end ??= at + 2;
    at = packet.readUInt16BE(at) & 0x3fff;
    if (length < 192 || at >= before) break;
    before = at;
  }
  throw new BadPacket('a name that cannot be read');
}
