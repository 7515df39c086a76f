/**
 * make-tnef: writes a winmail.dat as Outlook would, for the tests of what reads it.
 *
 * In:  attributes and properties.    Out: the bytes (MS-OXTNEF 2.1.3). Nothing is checked: tests also want broken ones.
 */

export const SENDER = 'jane.doe@realmail.example';

export const MESSAGE = 1;
const ATTACHMENT = 2;

/** Whole attribute ids: the upper half is the type of their data. */
export const ATT = {
  from: 0x00008000,
  subject: 0x00018004,
  messageId: 0x00018009,
  messageClass: 0x00078008,
  body: 0x0002800c,
  attachData: 0x0006800f,
  attachTitle: 0x00018010,
  attachRendData: 0x00069002,
  mapiProps: 0x00069003,
  recipientTable: 0x00069004,
  attachment: 0x00069005,
  tnefVersion: 0x00089006,
  oemCodePage: 0x00069007,
} as const;

export function tnef(...attributes: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from('789f3e220100', 'hex'), ...attributes]);
}

export function attribute(level: number, id: number, data: Uint8Array | string, checksum?: number): Buffer {
  const bytes = typeof data === 'string' ? Buffer.from(`${data}\0`, 'latin1') : data;
  const sum = bytes.reduce((total, byte) => (total + byte) & 0xffff, 0);
  return Buffer.concat([Buffer.of(level), u32(id), u32(bytes.length), bytes, u16(checksum ?? sum)]);
}

export const codePage = (page: number): Buffer =>
  attribute(MESSAGE, ATT.oemCodePage, Buffer.concat([u32(page), u32(0)]));

export const body = (text: string): Buffer => attribute(MESSAGE, ATT.body, text);
export const messageClass = (name: string): Buffer => attribute(MESSAGE, ATT.messageClass, name);

const properties = (...list: readonly Buffer[]): Buffer => Buffer.concat([u32(list.length), ...list]);

export const messageProperties = (...list: readonly Buffer[]): Buffer =>
  attribute(MESSAGE, ATT.mapiProps, properties(...list));

/** The attributes of one attachment: where it is shown, then its own, then its properties. */
export function attachment(list: readonly Buffer[], ...attributes: readonly Buffer[]): Buffer {
  const rendering = attribute(ATTACHMENT, ATT.attachRendData, Buffer.alloc(14));
  return Buffer.concat([rendering, ...attributes, attribute(ATTACHMENT, ATT.attachment, properties(...list))]);
}

export const attachData = (content: string): Buffer =>
  attribute(ATTACHMENT, ATT.attachData, Buffer.from(content, 'utf8'));
export const attachTitle = (title: string): Buffer => attribute(ATTACHMENT, ATT.attachTitle, title);

export const string8 = (id: number, text: string, encoding: BufferEncoding = 'latin1'): Buffer =>
  variable(0x001e, id, Buffer.from(`${text}\0`, encoding));
export const unicode = (id: number, text: string): Buffer => variable(0x001f, id, Buffer.from(`${text}\0`, 'utf16le'));
export const binary = (id: number, value: Uint8Array): Buffer => variable(0x0102, id, value);
export const integer = (id: number, value: number): Buffer => Buffer.concat([tag(0x0003, id), u32(value)]);
export const fixed = (type: number, id: number, length: number): Buffer =>
  Buffer.concat([tag(type, id), Buffer.alloc(length, 7)]);
export const listOf = (type: number, id: number, ...values: readonly Uint8Array[]): Buffer =>
  Buffer.concat([tag(0x1000 | type, id), u32(values.length), ...values.map(counted)]);
export const fixedListOf = (type: number, id: number, count: number, length: number): Buffer =>
  Buffer.concat([tag(0x1000 | type, id), u32(count), Buffer.alloc(count * length, 7)]);

/** A property whose id says nothing: a GUID and a number or a name say what it is. */
export function named(name: number | string, property: Buffer): Buffer {
  const text = Buffer.from(`${name}\0`, 'utf16le');
  const spec = typeof name === 'number' ? [u32(0), u32(name)] : [u32(1), counted(text)];
  return Buffer.concat([property.subarray(0, 4), Buffer.alloc(16, 9), ...spec, property.subarray(4)]);
}

/** A message as the data of an attachment: the id of its interface, and a stream of its own. */
export const embedded = (stream: Uint8Array): Buffer =>
  variable(0x000d, 0x3701, Buffer.concat([Buffer.from('0703020000000000c000000000000046', 'hex'), stream]));
export const oleObject = (content: string): Buffer =>
  variable(
    0x000d,
    0x3701,
    Buffer.concat([Buffer.from('0b00000000000000c000000000000046', 'hex'), Buffer.from(content)]),
  );

/** What Outlook writes about its user, in a few of the places. */
function senderProperties(): readonly Buffer[] {
  return [
    string8(0x0c1f, SENDER),
    unicode(0x0c1a, `Jane Doe <${SENDER}>`),
    binary(0x0c1d, Buffer.from(`SMTP:${SENDER}\0`)),
    unicode(0x1035, `<4711.${SENDER}>`),
    named('x-originating-user', unicode(0x8001, SENDER)),
    named(0x8580, listOf(0x001f, 0x8002, Buffer.from(`${SENDER}\0`, 'utf16le'), Buffer.from('\0\0'))),
  ];
}

/** MS-OXRTFCP 4.1.1: {\rtf1\ansi\ansicpg1252\pard hello world}, with a line end. */
export const HELLO_RTF = Buffer.from(
  '2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0',
  'hex',
);

/** Text, HTML, RTF and a file, and the sender wherever Outlook puts him. */
export const fromOutlook = (): Buffer =>
  tnef(
    attribute(MESSAGE, ATT.tnefVersion, Buffer.from('00000100', 'hex')),
    codePage(1252),
    messageClass('IPM.Microsoft Mail.Note'),
    attribute(MESSAGE, ATT.from, `SMTP:${SENDER}`),
    attribute(MESSAGE, ATT.subject, 'Re: the bike'),
    attribute(MESSAGE, ATT.messageId, `<1.${SENDER}>`),
    body('Is it still there?'),
    messageProperties(
      ...senderProperties(),
      unicode(0x1000, 'Is it still there? \u20ac 20?'),
      binary(0x1013, Buffer.from('<p>Is it still th\u00e9re?</p>')),
      integer(0x3fde, 65001),
      binary(0x1009, HELLO_RTF),
    ),
    attribute(MESSAGE, ATT.recipientTable, properties(...senderProperties())),
    attachment(
      [
        ...senderProperties(),
        unicode(0x3707, 'Größe des Rads.txt'),
        string8(0x3704, 'GRSSED~1.TXT'),
        unicode(0x370e, 'text/plain'),
      ],
      attachTitle('GRSSED~1.TXT'),
      attachData('26 inches'),
    ),
  );

/** Messages in messages, each with a file. */
export const nested = (depth: number): Buffer =>
  tnef(
    attribute(MESSAGE, ATT.subject, `Subject ${depth}`),
    body(`Text ${depth}`),
    messageProperties(...senderProperties()),
    attachment([string8(0x3707, `file ${depth}.txt`)], attachData(`Content ${depth}`)),
    ...(depth === 0 ? [] : [attachment([embedded(nested(depth - 1))])]),
  );

/** A length, the value, and its padding to four bytes. */
function counted(value: Uint8Array): Buffer {
  return Buffer.concat([u32(value.length), value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

const variable = (type: number, id: number, value: Uint8Array): Buffer =>
  Buffer.concat([tag(type, id), u32(1), counted(value)]);

const tag = (type: number, id: number): Buffer => Buffer.concat([u16(type), u16(id)]);

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
