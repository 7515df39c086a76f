/**
 * records: the data of the records in a DNS message, by type.
 *
 * In:  a packet and the type that was asked for.    Out: the records, or an error when one of them cannot be read.
 * Standards: RFC 1035 3.3 and 3.4, RFC 3596 2.2 (AAAA), RFC 6698 2.1 (TLSA).
 */
import { BadPacket, readName, readRaws, type Raw, type Type } from './packet.ts';
import type { Answer, MailExchanger, Tlsa, Vouched } from './resolver.ts';

export interface RecordsOf {
  readonly A: string;
  readonly AAAA: string;
  readonly CNAME: string;
  readonly PTR: string;
  readonly MX: MailExchanger;
  readonly TXT: readonly string[];
  readonly TLSA: Tlsa;
}

export function readAnswer<Asked extends Type>(
  packet: Buffer,
  type: Asked,
): Answer<RecordsOf[Asked]> & Vouched<RecordsOf[Asked]> {
  const { raws, ...answer } = readRaws(packet, type);
  return { ...answer, records: raws.map((raw) => READ[type](packet, raw)) };
}

const READ: { readonly [Asked in Type]: (packet: Buffer, raw: Raw) => RecordsOf[Asked] } = {
  A: (packet, raw) => dataOf(packet, raw, 4).join('.'),
  AAAA(packet, raw) {
    const data = dataOf(packet, raw, 16);
    return Array.from({ length: 8 }, (_, group) => data.readUInt16BE(group * 2).toString(16)).join(':');
  },
  CNAME: (packet, { start }) => readName(packet, start).name,
  PTR: (packet, { start }) => readName(packet, start).name,
  MX: (packet, { start }) => ({
    priority: packet.readUInt16BE(start),
    exchange: readName(packet, start + 2).name,
  }),
  TXT: (packet, { start, end }) => readStrings(packet.subarray(start, end)),
  TLSA(packet, { start, end }) {
    if (end - start < 3) throw new BadPacket('a TLSA record that is too short');
    return {
      usage: packet.readUInt8(start),
      selector: packet.readUInt8(start + 1),
      matching: packet.readUInt8(start + 2),
      data: Buffer.from(packet.subarray(start + 3, end)),
    };
  },
};

function dataOf(packet: Buffer, { start, end }: Raw, octets: number): Buffer {
  if (end - start !== octets) throw new BadPacket('an address of another length');
  return packet.subarray(start, end);
}

/** One character an octet. None at all is against RFC 1035 3.3.14, and harms nobody. */
function readStrings(data: Buffer): readonly string[] {
  const strings: string[] = [];
  let at = 0;
  while (at < data.length) {
    const end = at + 1 + data.readUInt8(at);
    if (end > data.length) throw new BadPacket('a string longer than its record');
    strings.push(data.toString('latin1', at + 1, end));
    at = end;
  }
  return strings;
}
