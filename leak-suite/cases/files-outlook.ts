/**
 * files-outlook: one address in a winmail.dat, where Outlook names its user a dozen times (MS-OXTNEF 2.1.3).
 */
import { file, withPart, type Plant } from './plant.ts';

const OF_MESSAGE = 1;
const OF_ATTACHMENT = 2;

function little(value: number, width: 1 | 2 | 4): Buffer {
  const result = Buffer.alloc(width);
  result.writeUIntLE(value, 0, width);
  return result;
}

/** A level, a whole id, the data and the sum of its octets. */
function attribute(level: number, id: number, data: Uint8Array | string): Buffer {
  const octets = typeof data === 'string' ? Buffer.from(`${data}\0`, 'latin1') : data;
  const sum = octets.reduce((total, octet) => (total + octet) & 0xffff, 0);
  return Buffer.concat([little(level, 1), little(id, 4), little(octets.length, 4), octets, little(sum, 2)]);
}

/** A property of one value of variable length, padded to four octets. */
function property(type: number, id: number, value: Uint8Array): Buffer {
  const padding = Buffer.alloc((4 - (value.length % 4)) % 4);
  return Buffer.concat([little(type, 2), little(id, 2), little(1, 4), little(value.length, 4), value, padding]);
}
const unicode = (id: number, text: string): Buffer => property(0x1f, id, Buffer.from(`${text}\0`, 'utf16le'));
const string8 = (id: number, text: string): Buffer => property(0x1e, id, Buffer.from(`${text}\0`, 'latin1'));
const binary = (id: number, text: string): Buffer => property(0x102, id, Buffer.from(text, 'latin1'));
const properties = (...list: readonly Buffer[]): Buffer => Buffer.concat([little(list.length, 4), ...list]);

const tnef = (...attributes: readonly Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from('789f3e220100', 'hex'),
    attribute(OF_MESSAGE, 0x00089006, Buffer.from('00000100', 'hex')),
    attribute(OF_MESSAGE, 0x00069007, Buffer.concat([little(1252, 4), little(0, 4)])),
    attribute(OF_MESSAGE, 0x00078008, 'IPM.Microsoft Mail.Note'),
    ...attributes,
  ]);
const withProperties = (...list: readonly Buffer[]): Buffer =>
  tnef(attribute(OF_MESSAGE, 0x00069003, properties(...list)));

const attached = (name: string, content: string): readonly Buffer[] => [
  attribute(OF_ATTACHMENT, 0x00069002, Buffer.alloc(14)),
  attribute(OF_ATTACHMENT, 0x00018010, name),
  attribute(OF_ATTACHMENT, 0x0006800f, Buffer.from(content, 'latin1')),
];

/** A message as an attachment: the id of its interface and a whole stream of its own. */
function embedded(inner: Buffer): readonly Buffer[] {
  const object = Buffer.concat([Buffer.from('0703020000000000c000000000000046', 'hex'), inner]);
  return [
    attribute(OF_ATTACHMENT, 0x00069002, Buffer.alloc(14)),
    attribute(OF_ATTACHMENT, 0x00069005, properties(property(0x0d, 0x3701, object))),
  ];
}

const inOutlook = (what: string, content: (address: string) => Buffer): Plant =>
  withPart(what, (address) => file('application/ms-tnef', content(address), 'winmail.dat'));

export const OUTLOOK_PLANTS: readonly Plant[] = [
  inOutlook('the sender in a winmail.dat', (address) =>
    tnef(attribute(OF_MESSAGE, 0x00008000, `SMTP:${address}`), attribute(OF_MESSAGE, 0x00018009, `<1.${address}>`)),
  ),
  inOutlook('the sender properties of a winmail.dat', (address) =>
    withProperties(
      string8(0x0c1f, address),
      unicode(0x0c1a, `Jane <${address}>`),
      binary(0x0c1d, `SMTP:${address}\0`),
      unicode(0x5d01, address),
      unicode(0x1035, `<2.${address}>`),
    ),
  ),
  inOutlook('the recipient table of a winmail.dat', (address) =>
    tnef(attribute(OF_MESSAGE, 0x00069004, Buffer.concat([little(1, 4), properties(unicode(0x3003, address))]))),
  ),
  inOutlook('the text in a winmail.dat', (address) => tnef(attribute(OF_MESSAGE, 0x0002800c, `Write to ${address}`))),
  inOutlook('the HTML in a winmail.dat', (address) => withProperties(binary(0x1013, `<p>${address}</p>`))),
  inOutlook('a file in a winmail.dat', (address) => tnef(...attached('me.txt', `I am ${address}`))),
  inOutlook('a card in a winmail.dat', (address) =>
    tnef(...attached('me.vcf', `BEGIN:VCARD\r\nVERSION:3.0\r\nEMAIL:${address}\r\nEND:VCARD\r\n`)),
  ),
  inOutlook('the name of a file in a winmail.dat', (address) => tnef(...attached(`${address}.txt`, 'Hello'))),
  inOutlook('a message in a winmail.dat', (address) =>
    tnef(
      ...embedded(
        tnef(
          attribute(OF_MESSAGE, 0x00008000, `SMTP:${address}`),
          attribute(OF_MESSAGE, 0x00018004, `About ${address}`),
          attribute(OF_MESSAGE, 0x0002800c, `Write to ${address}`),
        ),
      ),
    ),
  ),
];
