/**
 * files-pdf: one address in every place of a PDF: what names its maker, what a click opens, what the page shows.
 */
import { deflateSync } from 'node:zlib';
import { file, withPart, type Plant } from './plant.ts';
import { jpegWithExif } from './files-pictures.ts';

type Body = string | Buffer;

const latin = (body: Body): Buffer => (typeof body === 'string' ? Buffer.from(body, 'latin1') : body);

/** A stream object; `entries` are those of its dictionary beside Length. */
const stream = (entries: string, content: Body): Buffer =>
  Buffer.concat([
    latin(`<< ${entries} /Length ${latin(content).length} >>\nstream\n`),
    latin(content),
    latin('\nendstream'),
  ]);

const packed = (entries: string, content: Body): Buffer =>
  stream(`${entries} /Filter /FlateDecode`, deflateSync(latin(content)));

interface Pdf {
  /** What the page draws. */
  readonly page?: Buffer;
  /** More entries of the catalogue, of the page and of the trailer; objects of one's own begin with number 10. */
  readonly catalogue?: string;
  readonly onPage?: string;
  readonly trailer?: string;
  readonly objects?: readonly Body[];
}

const SHOWN = 'BT /F1 12 Tf 72 720 Td (Your order) Tj ET';

/** ISO 32000-1 7.5: header, objects, cross-reference table, trailer. */
function pdf({ page = stream('', SHOWN), catalogue = '', onPage = '', trailer = '', objects = [] }: Pdf): Buffer {
  const all = new Map<number, Body>([
    [1, `<< /Type /Catalog /Pages 2 0 R ${catalogue} >>`],
    [2, '<< /Type /Pages /Kids [3 0 R] /Count 1 >>'],
    [
      3,
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R ${onPage} >>`,
    ],
    [4, page],
    [5, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'],
    ...objects.map((body, index): [number, Body] => [10 + index, body]),
  ]);
  let written = latin('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n');
  const entries: string[] = [];
  for (const [number, body] of all) {
    entries.push(`${number} 1\n${String(written.length).padStart(10, '0')} 00000 n \n`);
    written = Buffer.concat([written, latin(`${number} 0 obj\n`), latin(body), latin('\nendobj\n')]);
  }
  const table = `xref\n0 1\n0000000000 65535 f \n${entries.join('')}`;
  const end = `trailer\n<< /Size ${10 + objects.length} /Root 1 0 R ${trailer} >>\nstartxref\n${written.length}\n%%EOF\n`;
  return Buffer.concat([written, latin(table), latin(end)]);
}

const hex = (text: string): string => `<${Buffer.from(text, 'latin1').toString('hex')}>`;
/** ISO 32000-1 7.9.2.2: UTF-16, big-endian, with its mark. */
const wideHex = (text: string): string => `<feff${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`;

const xmp = (address: string): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><dc:creator><rdf:Seq><rdf:li>${address}</rdf:li></rdf:Seq></dc:creator></rdf:RDF></x:xmpmeta>`;

/** A later revision in which object 10 says something else: the earlier one is still in the bytes (7.5.6). */
function revised(address: string): Buffer {
  const first = pdf({ trailer: '/Info 10 0 R', objects: [`<< /Title (${address}) >>`] });
  const start = /startxref\n(\d+)/.exec(first.toString('latin1'))?.[1] ?? '0';
  const later = `10 0 obj\n<< /Title (Order) >>\nendobj\n`;
  const at = first.length + later.length;
  const entry = `xref\n10 1\n${String(first.length).padStart(10, '0')} 00000 n \n`;
  const end = `trailer\n<< /Size 11 /Root 1 0 R /Info 10 0 R /Prev ${start} >>\nstartxref\n${at}\n%%EOF\n`;
  return Buffer.concat([first, latin(later + entry + end)]);
}

const document = (what: string, content: (address: string) => Buffer, end?: 'held'): Plant =>
  withPart(what, (address) => file('application/pdf', content(address), 'invoice.pdf'), end);

const names: readonly Plant[] = [
  document('the author of a PDF', (address) =>
    pdf({ trailer: '/Info 10 0 R', objects: [`<< /Author (${address}) /Producer (Writer) /Creator (${address}) >>`] }),
  ),
  document('the author of a PDF in UTF-16', (address) =>
    pdf({ trailer: '/Info 10 0 R', objects: [`<< /Author ${wideHex(address)} /Keywords ${hex(address)} >>`] }),
  ),
  document('the XMP of a PDF', (address) =>
    pdf({ catalogue: '/Metadata 10 0 R', objects: [stream('/Type /Metadata /Subtype /XML', xmp(address))] }),
  ),
  document('the packed XMP of a PDF', (address) =>
    pdf({ catalogue: '/Metadata 10 0 R', objects: [packed('/Type /Metadata /Subtype /XML', xmp(address))] }),
  ),
  document('the XMP of a page of a PDF', (address) =>
    pdf({ onPage: '/Metadata 10 0 R', objects: [packed('/Type /Metadata /Subtype /XML', xmp(address))] }),
  ),
  document("a program's own data in a PDF", (address) =>
    pdf({ catalogue: `/PieceInfo << /Writer << /LastModified (D:2026) /Private << /User (${address}) >> >> >>` }),
  ),
  document('an earlier revision of a PDF', revised),
  document('the EXIF of a photo in a PDF', (address) =>
    pdf({
      onPage: '/Thumb 10 0 R',
      objects: [
        stream(
          '/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode',
          jpegWithExif(address),
        ),
      ],
    }),
  ),
];

const strings: readonly Plant[] = [
  document('a link of a PDF', (address) =>
    pdf({
      onPage: '/Annots [10 0 R]',
      objects: [
        `<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (mailto:${address.replace('@', '%40')}) >> >>`,
      ],
    }),
  ),
  document('a note of a PDF and its author', (address) =>
    pdf({
      onPage: '/Annots [10 0 R]',
      objects: [
        `<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /T ${wideHex(address)} /Contents (Write to ${address}) >>`,
      ],
    }),
  ),
  document('a form field of a PDF', (address) =>
    pdf({
      catalogue: '/AcroForm << /Fields [10 0 R] >>',
      onPage: '/Annots [10 0 R]',
      objects: [`<< /Type /Annot /Subtype /Widget /FT /Tx /T (mail) /V (${address}) /Rect [0 0 9 9] >>`],
    }),
  ),
  document('a bookmark of a PDF', (address) =>
    pdf({
      catalogue: '/Outlines 10 0 R',
      objects: [
        '<< /Type /Outlines /First 11 0 R /Last 11 0 R /Count 1 >>',
        `<< /Title ${wideHex(address)} /Parent 10 0 R /Dest [3 0 R /Fit] >>`,
      ],
    }),
  ),
  document('a script of a PDF', (address) =>
    pdf({
      catalogue: '/OpenAction 10 0 R',
      objects: [`<< /S /JavaScript /JS (app.mailMsg\\(true,"${address}"\\)) >>`],
    }),
  ),
];

/** Held: a page is drawn glyph by glyph, and what is drawn cannot be written anew. */
const drawn: readonly Plant[] = [
  document(
    'the text of a PDF',
    (address) => pdf({ page: stream('', `BT /F1 12 Tf 72 720 Td (${address}) Tj ET`) }),
    'held',
  ),
  document(
    'the packed text of a PDF, in hexadecimal',
    (address) => pdf({ page: packed('', `BT /F1 12 Tf 72 720 Td ${hex(address)} Tj ET`) }),
    'held',
  ),
  document(
    'the text of a PDF, letter by letter',
    (address) =>
      pdf({
        page: packed(
          '',
          `BT /F1 12 Tf 72 720 Td [${Array.from(address, (letter) => `(${letter})`).join(' -5 ')}] TJ ET`,
        ),
      }),
    'held',
  ),
  // Held: files in a PDF are searched, not opened.
  document(
    'a file in a PDF',
    (address) =>
      pdf({
        catalogue: '/Names << /EmbeddedFiles << /Names [(me.txt) 10 0 R] >> >>',
        objects: [
          '<< /Type /Filespec /F (me.txt) /EF << /F 11 0 R >> >>',
          packed('/Type /EmbeddedFile', `I am ${address}`),
        ],
      }),
    'held',
  ),
  // Held: nobody here has the password.
  document(
    'a PDF under a password',
    (address) =>
      pdf({
        trailer: `/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O (${'o'.repeat(32)}) /U (${'u'.repeat(32)}) >> /ID [(1) (1)]`,
        objects: [`<< /Author (${address}) >>`],
      }),
    'held',
  ),
];

export const PDF_PLANTS: readonly Plant[] = [...names, ...strings, ...drawn];
