/**
 * files-pictures: one address in every place where cameras and programs write into a picture. The picture is to arrive; the address not.
 */
import { crc32, deflateSync } from 'node:zlib';
import { file, utf16, withPart, type Plant } from './plant.ts';

type Bytes = Uint8Array | string;

const bytes = (content: Bytes): Buffer =>
  typeof content === 'string' ? Buffer.from(content, 'latin1') : Buffer.from(content);

function big(value: number, width: 2 | 4): Buffer {
  const result = Buffer.alloc(width);
  result.writeUIntBE(value, 0, width);
  return result;
}

const segment = (marker: number, ...payload: readonly Bytes[]): Buffer => {
  const content = Buffer.concat(payload.map(bytes));
  return Buffer.concat([Buffer.of(0xff, marker), big(content.length + 2, 2), content]);
};

/** One ASCII tag of the first directory (TIFF 6.0, section 2), behind the last entry of which its text stands. */
function exif(tag: number, text: Bytes, type = 2): Buffer {
  const value = bytes(text);
  const entry = Buffer.concat([big(tag, 2), big(type, 2), big(value.length, 4), big(26, 4)]);
  return Buffer.concat([bytes('MM'), big(42, 2), big(8, 4), big(1, 2), entry, big(0, 4), value]);
}

const xmp = (address: string): string =>
  `<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description><dc:creator>${address}</dc:creator>` +
  '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>';

/** IPTC IIM 2:80, the by-line, in Photoshop's resource 0x0404. */
function iptc(address: string): Buffer {
  const line = Buffer.concat([Buffer.of(0x1c, 2, 80), big(address.length, 2), bytes(address)]);
  const padded = Buffer.concat([line, Buffer.alloc(line.length % 2)]);
  return Buffer.concat([bytes('Photoshop 3.0\x008BIM\x04\x04\0\0'), big(line.length, 4), padded]);
}

const frame = Buffer.concat([
  segment(0xdb, Buffer.alloc(65, 1).fill(0, 0, 1)),
  segment(0xc0, '\x08\0\x01\0\x01\x01\x01\x11\0'),
  segment(0xc4, Buffer.of(0, 1), Buffer.alloc(15), Buffer.of(5)),
  segment(0xda, '\x01\x01\x00\x00\x3f\x00'),
  bytes('the-coded-picture\xff\x00'),
]);

/** A JPEG with `planted` segments in front of its frame, and `behind` after its end. */
const jpeg = (planted: readonly Buffer[], behind = ''): Buffer =>
  Buffer.concat([
    bytes('\xff\xd8'),
    segment(0xe0, 'JFIF\0\x01\x01\0\0\x01\0\x01\0\0'),
    ...planted,
    frame,
    bytes('\xff\xd9'),
    bytes(behind),
  ]);

export const jpegWithExif = (address: string): Buffer =>
  jpeg([segment(0xe1, 'Exif\0\0', exif(0x013b, `${address}\0`))]);

function chunk(type: string, data: Bytes): Buffer {
  const named = Buffer.concat([bytes(type), bytes(data)]);
  return Buffer.concat([big(named.length - 4, 4), named, big(crc32(named), 4)]);
}

const png = (planted: readonly Buffer[], behind = ''): Buffer =>
  Buffer.concat([
    bytes('\x89PNG\r\n\x1a\n'),
    chunk('IHDR', '\0\0\0\x01\0\0\0\x01\x08\0\0\0\0'),
    ...planted,
    chunk('IDAT', deflateSync(Buffer.of(0, 0))),
    chunk('IEND', ''),
    bytes(behind),
  ]);

const gif = (planted: string): Buffer =>
  bytes(`GIF89a\x01\0\x01\0\x80\0\0black!${planted},\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;`);
const gifText = (text: string): string => `${String.fromCharCode(text.length)}${text}\0`;

function riff(type: string, ...data: readonly Bytes[]): Buffer {
  const body = Buffer.concat(data.map(bytes));
  return Buffer.concat([bytes(type), big(body.length, 4).reverse(), body, Buffer.alloc(body.length % 2)]);
}

const webp = (flags: number, planted: Buffer): Buffer =>
  riff('RIFF', 'WEBP', riff('VP8X', Buffer.of(flags, 0, 0, 0, 0, 0, 0, 0, 0, 0)), riff('VP8L', 'picture.'), planted);

const photo = (what: string, content: (address: string) => Buffer): Plant =>
  withPart(what, (address) => file('image/jpeg', content(address), 'IMG_1.jpg'));
const drawing = (what: string, content: (address: string) => Buffer): Plant =>
  withPart(what, (address) => file('image/png', content(address), 'shot.png'));

export const PICTURE_PLANTS: readonly Plant[] = [
  photo('the artist in the EXIF of a JPEG', jpegWithExif),
  photo('the copyright in the EXIF of a JPEG', (address) =>
    jpeg([segment(0xe1, 'Exif\0\0', exif(0x8298, `${address}\0`))]),
  ),
  photo('the author for Windows in the EXIF of a JPEG', (address) =>
    jpeg([segment(0xe1, 'Exif\0\0', exif(0x9c9d, utf16(`${address}\0`), 1))]),
  ),
  photo('the XMP of a JPEG', (address) => jpeg([segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0', xmp(address))])),
  photo('the extended XMP of a JPEG', (address) =>
    jpeg([segment(0xe1, 'http://ns.adobe.com/xmp/extension/\0', '0'.repeat(32), big(400, 4), big(0, 4), xmp(address))]),
  ),
  photo('the IPTC by-line of a JPEG', (address) => jpeg([segment(0xed, iptc(address))])),
  photo('the comment of a JPEG', (address) => jpeg([segment(0xfe, address)])),
  photo('the Ducky segment of a JPEG', (address) =>
    jpeg([segment(0xec, 'Ducky\0\x02\0', big(address.length, 2), address)]),
  ),
  photo('the bytes behind a JPEG', (address) => jpeg([], `\r\n${address}`)),
  drawing('the tEXt of a PNG', (address) => png([chunk('tEXt', `Author\0${address}`)])),
  drawing('the iTXt of a PNG', (address) => png([chunk('iTXt', `XML:com.adobe.xmp\0\0\0\0\0${xmp(address)}`)])),
  drawing('the packed iTXt of a PNG', (address) =>
    png([chunk('iTXt', Buffer.concat([bytes('Comment\0\x01\0en\0\0'), deflateSync(address)]))]),
  ),
  drawing('the zTXt of a PNG', (address) =>
    png([chunk('zTXt', Buffer.concat([bytes('Author\0\0'), deflateSync(address)]))]),
  ),
  drawing('the eXIf of a PNG', (address) => png([chunk('eXIf', exif(0x013b, `${address}\0`))])),
  drawing('a private chunk of a PNG', (address) => png([chunk('meTa', utf16(address))])),
  drawing('the bytes behind a PNG', (address) => png([], address)),
  withPart('the comment of a GIF', (address) => file('image/gif', gif(`!\xfe${gifText(address)}`), 'a.gif')),
  withPart('the XMP of a GIF', (address) =>
    file('image/gif', gif(`!\xff\x0bXMP DataXMP${gifText(`<x:xmpmeta>${address}`)}`), 'a.gif'),
  ),
  withPart('the EXIF of a WebP', (address) =>
    file('image/webp', webp(8, riff('EXIF', exif(0x013b, `${address}\0`))), 'a.webp'),
  ),
  withPart('the XMP of a WebP', (address) => file('image/webp', webp(4, riff('XMP ', xmp(address))), 'a.webp')),
  withPart('the picture inline in the text, in its EXIF', (address) => ({
    headers: [
      'Content-Type: image/jpeg; name="logo.jpg"',
      'Content-Transfer-Encoding: base64',
      `Content-ID: <logo.${address}>`,
      'Content-Disposition: inline; filename="logo.jpg"',
    ],
    body: file('image/jpeg', jpegWithExif(address)).body,
  })),
  withPart('the text and the metadata of an SVG', (address) =>
    file(
      'image/svg+xml',
      `<svg xmlns="http://www.w3.org/2000/svg"><metadata>${address}</metadata><!-- ${address} --><text>${address}</text></svg>`,
      'a.svg',
    ),
  ),
  // Held by verify: the colour profile belongs to the picture and is not cut.
  withPart(
    'the colour profile in a JPEG',
    (address) =>
      file('image/jpeg', jpeg([segment(0xe2, 'ICC_PROFILE\0\x01\x01', Buffer.alloc(128), address)]), 'IMG_1.jpg'),
    'held',
  ),
  // Held: no writer for TIFF here, and what is no known picture is not cut.
  withPart('the artist of a TIFF', (address) => file('image/tiff', exif(0x013b, `${address}\0`), 'scan.tif'), 'held'),
];
