/**
 * samples: tiny pictures of every format, built byte by byte, with room for what a test plants in them.
 * The coded data are a marker text: no test decodes them, each looks for them.
 */
import { crc32 } from 'node:zlib';

export const ADDRESS = 'jane.doe@realmail.example';
export const PIXELS = 'these-are-the-pixels';

type Bytes = Buffer | string;

const bytes = (content: Bytes): Buffer =>
  typeof content === 'string' ? Buffer.from(content, 'latin1') : Buffer.from(content);

const number = (value: number, width: 2 | 4): Buffer => {
  const result = Buffer.alloc(width);
  result.writeUIntBE(value, 0, width);
  return result;
};

const little = (value: number): Buffer => number(value, 4).reverse();

export const segment = (marker: number, payload: Bytes): Buffer =>
  Buffer.concat([Buffer.from([0xff, marker]), number(bytes(payload).length + 2, 2), bytes(payload)]);

/** Make, Orientation and a place, as a phone writes them. */
export function exif(order: 'II' | 'MM', orientation: number): Buffer {
  const put = (value: number, width: 2 | 4): Buffer =>
    order === 'II' ? number(value, width).reverse() : number(value, width);
  const make = [put(0x010f, 2), put(2, 2), put(ADDRESS.length, 4), put(38, 4)];
  const upright = [put(0x0112, 2), put(3, 2), put(1, 4), put(orientation, 2), put(0, 2)];
  const header = [bytes(`Exif\0\0${order}`), put(42, 2), put(8, 4), put(2, 2)];
  return Buffer.concat([...header, ...make, ...upright, put(0, 4), bytes(`${ADDRESS}ASCII\0\0\0${ADDRESS}`)]);
}

export function jpeg(planted: readonly Buffer[], scans: readonly Buffer[] = []): Buffer {
  return Buffer.concat([
    bytes('\xff\xd8'),
    segment(0xe0, `JFIF\0\x01\x01\0\0\x01\0\x01\x03\x03${ADDRESS}xx`),
    ...planted,
    segment(0xdb, Buffer.alloc(65, 1).fill(0, 0, 1)),
    segment(0xc0, '\x08\0\x01\0\x01\x01\x01\x11\0'),
    segment(0xc4, Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(15), Buffer.from([5])])),
    segment(0xda, '\x01\x01\x00\x00\x3f\x00'),
    bytes(`${PIXELS}\xff\x00`),
    ...scans,
    bytes('\xff\xd9'),
  ]);
}

export function chunk(type: string, data: Bytes): Buffer {
  const named = Buffer.concat([bytes(type), bytes(data)]);
  return Buffer.concat([number(named.length - 4, 4), named, number(crc32(named), 4)]);
}

export const png = (planted: readonly Buffer[]): Buffer =>
  Buffer.concat([
    bytes('\x89PNG\r\n\x1a\n'),
    chunk('IHDR', '\0\0\0\x01\0\0\0\x01\x08\0\0\0\0'),
    ...planted,
    chunk('IDAT', PIXELS),
    chunk('tIME', '\x07\xe8\x01\x01\0\0\0'),
    chunk('IEND', ''),
  ]);

/** Two colours for the screen, then one image with its own two. */
export const gif = (planted: string): Buffer =>
  bytes(
    `GIF89a\x01\0\x01\0\x80\0\0black!${planted},\0\0\0\0\x01\0\x01\0\x80white!\x02${String.fromCharCode(PIXELS.length)}${PIXELS}\0;`,
  );

export function riffChunk(type: string, data: Bytes): Buffer {
  const body = bytes(data);
  return Buffer.concat([bytes(type), little(body.length), body, Buffer.alloc(body.length % 2)]);
}

export function webp(flags: number, planted: readonly Buffer[]): Buffer {
  const features = riffChunk('VP8X', Buffer.from([flags, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
  return riffChunk('RIFF', Buffer.concat([bytes('WEBP'), features, riffChunk('VP8L', PIXELS), ...planted]));
}

export function box(type: string, ...parts: readonly Bytes[]): Buffer {
  const body = Buffer.concat(parts.map(bytes));
  return Buffer.concat([number(body.length + 8, 4), bytes(type), body]);
}

interface HeicChoice {
  readonly brand?: string;
  readonly source?: number;
  readonly method?: number;
  readonly pictureLength?: number;
  /** How often the EXIF item names its bytes, and how much room lies behind them. */
  readonly extents?: number;
  readonly room?: number;
}

/** A grid (in idat) of one tile (in mdat), with EXIF in mdat, XMP in idat, and words wherever the format has room for them. */
export function heic(choice: HeicChoice): Buffer {
  const brand = choice.brand ?? 'heic';
  const start = box('ftyp', brand, '\0\0\0\0', brand === 'isom' ? 'mp42' : brand);
  const free = box('free', ADDRESS);
  const data = [PIXELS, exif('MM', 6), ADDRESS, Buffer.alloc(choice.room ?? 0)] as const;
  const length = heicMeta(choice, 0).length;
  const dataAt = start.length + length + free.length + 8;
  return Buffer.concat([start, heicMeta(choice, dataAt), free, box('mdat', ...data), box('uuid', ADDRESS)]);
}

function heicMeta(choice: HeicChoice, dataAt: number): Buffer {
  const grid = 'idat-grid';
  const item = (id: number, type: string, words: string): Buffer =>
    box('infe', '\x02\0\0\0', number(id, 2), '\0\0', type, words, '\0');
  const place = (id: number, method: number, ...extents: readonly Buffer[]): Buffer =>
    Buffer.concat([number(id, 2), number(method, 2), number(0, 2), number(extents.length, 2), ...extents]);
  const extent = (offset: number, length: number): Buffer => Buffer.concat([number(offset, 4), number(length, 4)]);
  const hidden = extent(dataAt + PIXELS.length, exif('MM', 6).length + (choice.room ?? 0));
  const tile = place(2, choice.method ?? 0, extent(dataAt, choice.pictureLength ?? PIXELS.length));
  tile.writeUInt16BE(choice.source ?? 0, 4);
  const places = [
    place(1, 1, extent(0, grid.length)),
    tile,
    place(3, 0, ...Array.from({ length: choice.extents ?? 1 }, () => hidden)),
    place(4, 1, extent(grid.length, ADDRESS.length)),
  ];
  const items = [item(1, 'grid', ADDRESS), item(2, 'hvc1', ADDRESS), item(3, 'Exif', ''), item(4, 'mime', 'rdf+xml')];
  return box(
    'meta',
    '\0\0\0\0',
    box('hdlr', '\0\0\0\0\0\0\0\0pict', '\0'.repeat(12), ADDRESS, '\0'),
    box('dinf', ADDRESS),
    box('pitm', '\0\0\0\0\0\x01'),
    box('iinf', '\0\0\0\0\0\x04', ...items),
    box(
      'iprp',
      box('ipco', box('colr', 'colour'), box('udes', '\0\0\0\0en\0', ADDRESS)),
      box('ipma', '\0\0\0\0\0\0\0\0'),
    ),
    box('idat', grid, ADDRESS),
    box('iloc', '\x01\0\0\0\x44\0', number(places.length, 2), ...places),
  );
}

/** One pixel row of 20 bytes, a gap before it, and a profile that is a path. */
export function bmp(): Buffer {
  const header = Buffer.alloc(124);
  const gap = bytes(ADDRESS);
  const pixelsAt = 14 + 124 + gap.length;
  const end = pixelsAt + PIXELS.length + ADDRESS.length;
  header.writeUInt32LE(124, 0);
  header.writeInt32LE(5, 4);
  header.writeInt32LE(-1, 8);
  header.writeUInt16LE(1, 12);
  header.writeUInt16LE(32, 14);
  header.write('KNIL', 56);
  header.writeUInt32LE(pixelsAt + PIXELS.length - 14, 112);
  header.writeUInt32LE(ADDRESS.length, 116);
  return Buffer.concat([
    bytes('BM'),
    little(end),
    bytes('jane'),
    little(pixelsAt),
    header,
    gap,
    bytes(PIXELS),
    bytes(ADDRESS),
  ]);
}
