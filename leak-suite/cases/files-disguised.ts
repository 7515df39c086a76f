/**
 * files-disguised: one address in a file that is not what it says: packed bytes called text, an archive behind a picture's first bytes,
 * what base64 in a text unpacks to, an address cut by what a format lets stand between two letters.
 */
import { crc32, deflateSync, gzipSync } from 'node:zlib';
import { zipped, type Entries } from './files-office.ts';
import { base64, domain, file, local, withPart, type Plant } from './plant.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const once = (content: Uint8Array): string => Buffer.from(content).toString('base64');

const held = (what: string, type: string, name: string, content: (address: string) => string | Uint8Array): Plant =>
  withPart(what, (address) => file(type, content(address), name), 'held');
const masked = (what: string, type: string, name: string, content: (address: string) => string | Uint8Array): Plant =>
  withPart(what, (address) => file(type, content(address), name));

/** Long enough for whoever looks at the beginning of a file only. */
const LONG = 'Nothing to see here. '.repeat(400);

const called: readonly Plant[] = [
  held('a packed table that calls itself text', 'text/csv; charset=iso-8859-1', 'a.csv', (address) =>
    gzipSync(address),
  ),
  masked('an archive that calls itself a page', 'text/html; charset=iso-8859-1', 'a.html', (address) =>
    zipped({ 'me.txt': `I am ${address}` }),
  ),
  held('packed bytes that call themselves a program', 'application/javascript; charset=latin1', 'a.js', (address) =>
    gzipSync(`I am ${address}`),
  ),
  held('packed bytes behind a long text', 'application/octet-stream', 'a.bin', (address) =>
    Buffer.concat([bytes(LONG), gzipSync(address)]),
  ),
  held('packed bytes behind the head of a photo', 'image/jpeg', 'a.jpg', (address) =>
    Buffer.concat([Buffer.from('ffd8ffe000104a464946', 'hex'), gzipSync(address)]),
  ),
  held('packed bytes behind the head of a WebP', 'image/webp', 'a.webp', (address) =>
    Buffer.concat([bytes('RIFF\x10\0\0\0WEBPXXXX'), deflateSync(address)]),
  ),
  held(
    'what PostScript draws',
    'application/postscript',
    'a.ps',
    (address) => `%!PS\n(${local(address)}) show (@) show (${domain(address)}) show`,
  ),
  held(
    'the digits of an object in an RTF letter',
    'application/rtf',
    'a.rtf',
    (address) => `{\\rtf1 Hello {\\*\\unknown ${bytes(`write to ${address}`).toString('hex')}}\\par}`,
  ),
];

/** PNG 11.3.4.3. */
function pictureWithText(text: string): Buffer {
  const chunk = (type: string, data: Uint8Array): Buffer => {
    const named = Buffer.concat([bytes(type), data]);
    const length = Buffer.alloc(4);
    const checksum = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    checksum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, checksum]);
  };
  const written = Buffer.concat([bytes('Author\0\0'), deflateSync(text)]);
  return Buffer.concat([
    bytes('\x89PNG\r\n\x1a\n'),
    chunk('IHDR', bytes('\0\0\0\x01\0\0\0\x01\x08\0\0\0\0')),
    chunk('zTXt', written),
    chunk('IDAT', deflateSync(Buffer.of(0, 0))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const letter = (content: Uint8Array): string =>
  `From: x@client.example\nSubject: Hi\nContent-Transfer-Encoding: base64\n\n${base64(content)}\n`;

/** Masking looks at text; verify unpacks what the base64 in it holds, and what nobody can unpack is held before. */
const packedInText: readonly Plant[] = [
  held(
    'the packed text of a picture in an SVG',
    'image/svg+xml',
    'a.svg',
    (address) => `<svg><image href="data:image/png;base64,${once(pictureWithText(address))}"/></svg>`,
  ),
  held(
    'the packed text of a picture on a card',
    'text/vcard',
    'me.vcf',
    (address) => `BEGIN:VCARD\r\nX-PICTURE:data:image/png;base64,${once(pictureWithText(address))}\r\nEND:VCARD\r\n`,
  ),
  held('an archive in a mail that is a text file', 'text/plain', 'mail.eml', (address) =>
    letter(zipped({ 'me.txt': `I am ${address}` })),
  ),
  held('a document in a mail in an archive', 'application/zip', 'a.zip', (address) =>
    zipped({ 'mail.eml': letter(zipped({ '[Content_Types].xml': '<Types/>', 'word/a.xml': `<t>${address}</t>` })) }),
  ),
  held('packed bytes in a mail in an archive', 'application/zip', 'a.zip', (address) =>
    zipped({ 'mail.eml': letter(gzipSync(`I am ${address}`)) }),
  ),
  held(
    'an archive of a kind that nobody opens, in a text',
    'text/plain',
    'a.txt',
    (address) =>
      `Here:\n${base64(Buffer.concat([Buffer.from('377abcaf271c0004', 'hex'), deflateSync(`I am ${address}, of ${address}`)]))}`,
  ),
  held('the short last line of a text in base64', 'text/plain', 'a.txt', (address) =>
    base64(`${'x'.repeat(52)}${address}`),
  ),
];

const inArchive = (what: string, entries: (address: string) => Entries, end?: 'held'): Plant =>
  withPart(what, (address) => file('application/zip', zipped(entries(address)), 'a.zip'), end);
const document = (part: string, content: string): Entries => ({ '[Content_Types].xml': '<Types/>', [part]: content });

const cut: readonly Plant[] = [
  inArchive(
    'two file names in an archive',
    (address) => ({ [local(address)]: '1', [`@${domain(address)}`]: '2' }),
    'held',
  ),
  inArchive('two verbatim stretches of a Word document', (address) =>
    document('word/footnotes.xml', `<t><![CDATA[${local(address)}]]></t><t><![CDATA[@${domain(address)}]]></t>`),
  ),
  inArchive(
    'a part of a Word document in UTF-7',
    (address) =>
      document('word/footnotes.xml', `<?xml version="1.0" encoding="UTF-7"?><t>${address.replace('@', '+AEA-')}</t>`),
    'held',
  ),
  inArchive('the escape of Excel', (address) =>
    document('xl/sharedStrings.xml', `<sst><si><t>${address.replace('@', '_x0040_')} or ${address}</t></si></sst>`),
  ),
  held(
    'an entity of an XML file',
    'application/xml',
    'a.xml',
    (address) => `<!DOCTYPE a [<!ENTITY x "@">]><a>${local(address)}&x;${domain(address)}</a>`,
  ),
  masked(
    'the line end of a parameter in a calendar',
    'text/calendar',
    'a.ics',
    (address) => `BEGIN:VCALENDAR\r\nSUMMARY;X-NOTE="Mail:^n${address}^n":x\r\nEND:VCALENDAR\r\n`,
  ),
];

export const DISGUISED_PLANTS: readonly Plant[] = [...called, ...packedInText, ...cut];
