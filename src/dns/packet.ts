/**
 * packet: DNS messages, as far as our own look-ups need them. It is the one reader of what name servers send us, apart from c-ares.
 *
 * In:  a question; octets from a name server.    Out: octets; the records, or an error. Any octets end in one of the two: pointers
 * lead backwards only, aliases are eight at most, and nothing is read past the end (Buffer throws).
 * Names are read as they are, one character an octet: a label may hold any (RFC 2181 11).
 * Standards: RFC 1035 4.1, RFC 6891 (EDNS), RFC 6840 5.7 (AD in a question).
 */
export const TYPES = { A: 1, CNAME: 5, PTR: 12, MX: 15, TXT: 16, AAAA: 28, TLSA: 52 } as const;
export type Type = keyof typeof TYPES;

const HEADER = 12;
const ALIASES_AT_MOST = 8;
const LABELS_AT_MOST = 128;
/** RFC 6891 6.2.5 and DNS flag day 2020: what passes everywhere without fragments. */
const UDP_OCTETS = 1232;
const NXDOMAIN = 3;

/** The data of one record: from `start` up to `end` in its packet, since names in it may point anywhere there. */
export interface Raw {
  readonly owner: string;
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

export interface RawAnswer {
  /** Of the type asked for, at the end of the aliases. */
  readonly raws: readonly Raw[];
  /** In lower case: where the aliases (CNAME) lead. */
  readonly name: string;
  readonly isName: boolean;
  readonly isSecure: boolean;
}

export class BadPacket extends Error {
  override readonly name = 'BadPacket';
}

/** Recursion is desired, and so is the AD bit; signatures are not: whether they hold is the name server's work. */
export function question(id: number, name: string, type: Type): Buffer {
  const header = Buffer.from([id >> 8, id & 255, 0x01, 0x20, 0, 1, 0, 0, 0, 0, 0, 1]);
  const labels = name.split('.').filter((label) => label !== '');
  // A character that is no octet would be cut down to one, and another name be asked for.
  const fits = labels.every((label) => /^[\x00-\xff]{1,63}$/.test(label)) && labels.join('.').length <= 253;
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
  if (packet.length < HEADER || packet.readUInt16BE(0) !== asked.readUInt16BE(0)) return false;
  const ours = readName(asked, HEADER);
  try {
    const echoed = readName(packet, HEADER);
    const isResponse = (packet.readUInt8(2) & 0x80) !== 0 && packet.readUInt16BE(4) === 1;
    const isSame = echoed.name.toLowerCase() === ours.name.toLowerCase();
    return isResponse && isSame && packet.readUInt32BE(echoed.end) === asked.readUInt32BE(ours.end);
  } catch {
    return false;
  }
}

/** Throws when the name server says that it has no answer, or what it says cannot be read. */
export function readRaws(packet: Buffer, type: Type): RawAnswer {
  const code = packet.readUInt8(3) & 15;
  // SERVFAIL is also what a validating name server says when a signature does not hold.
  if (code !== 0 && code !== NXDOMAIN) throw new BadPacket('the name server has no answer at present');
  const { asked, raws } = recordsOf(packet);
  const name = type === 'CNAME' ? asked : aliased(packet, asked, raws);
  const found = raws.filter((raw) => raw.owner === name && raw.type === TYPES[type]);
  const isName = code !== NXDOMAIN;
  return { raws: isName ? found : [], name, isName, isSecure: (packet.readUInt8(3) & 0x20) !== 0 };
}

function recordsOf(packet: Buffer): { readonly asked: string; readonly raws: readonly Raw[] } {
  const { name: asked, end: afterName } = readName(packet, HEADER);
  const raws: Raw[] = [];
  let at = afterName + 4;
  for (let left = packet.readUInt16BE(6); left > 0; left -= 1) {
    const { name: owner, end } = readName(packet, at);
    const start = end + 10;
    at = start + packet.readUInt16BE(end + 8);
    if (at > packet.length) throw new BadPacket('a record longer than its packet');
    raws.push({ owner: owner.toLowerCase(), type: packet.readUInt16BE(end), start, end: at });
  }
  return { asked: asked.toLowerCase(), raws };
}

/** Where aliases lead. A chain of any length, or a ring, ends here (security.md OU-02). */
function aliased(packet: Buffer, asked: string, raws: readonly Raw[]): string {
  const aliases = new Map(raws.filter((raw) => raw.type === TYPES.CNAME).map((raw) => [raw.owner, raw.start]));
  let name = asked;
  for (let hops = 0; hops <= ALIASES_AT_MOST; hops += 1) {
    const next = aliases.get(name);
    if (next === undefined) return name;
    name = readName(packet, next).name.toLowerCase();
  }
  throw new BadPacket('too many aliases');
}

/** RFC 1035 4.1.4: a pointer leads backwards, so each one must lead further back than the last. */
export function readName(packet: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = start;
  let before = start;
  let end: number | undefined;
  while (labels.length < LABELS_AT_MOST) {
    const length = packet.readUInt8(at);
    if (length === 0) return { name: labels.join('.'), end: end ?? at + 1 };
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
