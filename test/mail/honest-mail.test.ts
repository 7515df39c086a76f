/**
 * honest-mail: mail that holds no address of a party arrives, with the files that people really send and with its words.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PDFDocument, PDFName, PDFString, StandardFonts } from '@cantoo/pdf-lib';
import { unzipSync } from 'fflate';
import { simpleParser } from 'mailparser';
import { zipped, type Entries } from '../../leak-suite/cases/files-office.ts';
import { file, head, utf16, whole, withHtml, withPart, withText, type Plant } from '../../leak-suite/cases/plant.ts';
import { RealAddress } from '../../src/core/real-address.ts';
import { verdictOf } from '../../src/mail/judge.ts';
import { openFiles } from '../../src/mail/open.ts';
import { parse } from '../../src/mail/parse.ts';
import { rewrite } from '../../src/mail/rewrite.ts';
import type { Rewritten, Secrets } from '../../src/mail/types.ts';
import { verify } from '../../src/mail/verify.ts';
import { CONTEXT, deliverable } from '../support/deliverable.ts';
import { jpeg, png } from './files/samples.ts';
import { STANDARD } from '../support/standard.ts';

const POLICY = { ...STANDARD, ownDomains: ['relay.test', 'market.example'] };
/** A name with a dot, one that is a word, and one whose letters stand everywhere. */
const BUYERS = ['jane.doe@realmail.example', 'info@shop.test', 'al@ex-shop.test'];

async function arrived(mail: string, buyer: string): Promise<Rewritten> {
  const secrets: Secrets = {
    buyer: [RealAddress.parse(buyer)],
    seller: [RealAddress.parse('shop@seller-mail.example')],
  };
  const opened = await openFiles(parse(Buffer.from(mail)), secrets, true);
  const verdict = verdictOf(opened, { from: 'buyer', ownDomains: POLICY.ownDomains, isMasked: () => false }, POLICY);
  assert.deepEqual([verdict.action, verdict.evidence], ['deliver', []]);
  const rewritten = rewrite(deliverable(opened, 'buyer'), { ...CONTEXT, secrets });
  assert.equal((await verify(rewritten, secrets)).kind, 'clean');
  assert.equal(rewritten.masked, 0);
  return rewritten;
}

const CONTENT_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const WORKBOOK: Entries = {
  '[Content_Types].xml': CONTENT_TYPES,
  'xl/workbook.xml': '<workbook><sheets><sheet name="Orders" sheetId="1"/></sheets></workbook>',
  'xl/worksheets/sheet1.xml': '<worksheet><c><v>49.5</v></c><pageSetup paperSize="9" r:id="rId1"/></worksheet>',
  'xl/worksheets/_rels/sheet1.xml.rels': `<Relationships><Relationship Id="rId1" Type="${RELATIONS}/printerSettings" Target="../printerSettings/printerSettings1.bin"/></Relationships>`,
  'xl/printerSettings/printerSettings1.bin': Buffer.from('Printer of somebody\0\u0001', 'utf16le'),
};
const LETTER: Entries = {
  'mimetype': 'application/vnd.oasis.opendocument.text',
  'content.xml':
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content><text:p>Hello</text:p></office:document-content>',
  'meta.xml': '<office:document-meta><meta:generator>x</meta:generator></office:document-meta>',
  'layout-cache': Buffer.of(1, 2, 3, 0, 4),
  'Thumbnails/thumbnail.png': png([]),
  'Configurations2/accelerator/current.xml': '',
};
const RTF =
  '{\\rtf1\\ansi{\\fonttbl{\\f0\\fnil Calibri;}}{\\*\\generator Riched20}' +
  `{\\*\\themedata ${'504b0304140006000800'.repeat(4)}}{\\*\\rsidtbl \\rsid1234567}\\pard Hello, the lamp is here.\\par}`;
const INVITATION = [
  'BEGIN:VCALENDAR',
  'PRODID:-//client.example//Calendar//EN',
  'BEGIN:VEVENT',
  'UID:5abc123@calendar.example',
  'SUMMARY:Pick up the lamp',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\r\n');

async function invoice(useObjectStreams: boolean): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  const page = document.addPage([400, 400]);
  document.setAuthor('Acme');
  for (const [index, line] of ['Invoice 2026-11', 'Jane Doe, Town', '2 x Lamp', 'Total 49,00'].entries())
    page.drawText(line, { x: 40, y: 360 - index * 20, size: 11, font });
  const uri = { S: 'URI', URI: PDFString.of('https://market.example/orders/1') };
  const link = document.context.register(
    document.context.obj({ Type: 'Annot', Subtype: 'Link', Rect: [0, 0, 9, 9], A: uri }),
  );
  page.node.set(PDFName.of('Annots'), document.context.obj([link]));
  return await document.save({ useObjectStreams });
}

const INVOICES = [await invoice(true), await invoice(false)];
/** BITMAPINFOHEADER; two pixels of 24 bits, each row filled up to four octets. */
const BITMAP = Buffer.concat([
  Buffer.from(
    '424d460000000000000036000000280000000200000002000000010018000000000010000000130b0000130b00000000000000000000',
    'hex',
  ),
  Buffer.alloc(16, 7),
]);

const sent = (what: string, type: string, content: string | Uint8Array, name: string): Plant =>
  withPart(what, () => file(type, content, name));

const FILES: readonly Plant[] = [
  ...INVOICES.map((content, index) => sent(`an invoice (${index + 1})`, 'application/pdf', content, 'invoice.pdf')),
  sent('a workbook that was printed', 'application/octet-stream', zipped(WORKBOOK), 'orders.xlsx'),
  sent('a letter of LibreOffice', 'application/vnd.oasis.opendocument.text', zipped(LETTER), 'letter.odt'),
  sent('a letter of Word in RTF', 'application/rtf', RTF, 'letter.rtf'),
  sent('a photo', 'image/jpeg', jpeg([]), 'photo.jpg'),
  sent('a drawing', 'image/png', png([]), 'shot.png'),
  sent('a bitmap', 'image/bmp', BITMAP, 'paint.bmp'),
  sent(
    'an archive of all sorts',
    'application/zip',
    zipped({ 'a.txt': 'Hello', 'b/photo.jpg': jpeg([]), 'c.csv': 'a;b' }),
    'a.zip',
  ),
  sent('an invitation', 'text/calendar; method=REQUEST', INVITATION, 'invite.ics'),
  sent('an invitation of no type', 'application/octet-stream', INVITATION, 'invite.ics'),
  sent(
    'a card of somebody else',
    'text/vcard',
    'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Max Meier\r\nADR:;;Weg 1;Ort\r\nEND:VCARD\r\n',
    'max.vcf',
  ),
  sent('a table in UTF-8', 'text/csv; charset=utf-8', 'Stra\u00dfe;Preis\r\nWeg 1;49,00\r\n', 'a.csv'),
  sent(
    'a table as Windows writes it',
    'application/octet-stream',
    Buffer.from('Stra\u00dfe;Preis\r\n', 'latin1'),
    'a.csv',
  ),
  sent('a text as Windows writes it', 'text/plain', utf16('Hello\r\n'), 'read me.txt'),
  sent('a log with colours', 'text/plain', '\u001b[31mred\u001b[0m\r\n', 'a.log'),
  sent(
    'a drawing in SVG',
    'image/svg+xml',
    `<svg><text>Logo</text><image href="data:image/png;base64,${png([]).toString('base64')}"/></svg>`,
    'a.svg',
  ),
];

for (const buyer of BUYERS) {
  for (const { what, mail } of FILES) {
    test(`${what} sent by ${buyer} arrives`, async () => {
      const { attachments } = await simpleParser(Buffer.from((await arrived(mail(buyer), buyer)).bytes));
      assert.equal(attachments.length, 1);
    });
  }
}

const WORDS: readonly Plant[] = [
  withText(
    'a chain of answers',
    () =>
      'Yes\n\nOn Mon, 23 Nov 2026 at 10:00, Shop <s4n8d1h6v0c2r9g7@relay.test> wrote:\n> Hello\n> > Is it there?\n>> older',
  ),
  withText(
    'a person and her town',
    () => 'Hello, I am Jane Doe. For info: see above. Contact: Jane.\n-- \nJane Doe\nTown',
  ),
  withText(
    'formulas, lists and numbers',
    () => '1. a (b) [c] {d}\n2. x = 10%41, y: 2 \\n \\u0041 &amp; 3D\n7c6f 54 65 73 74 20 6f 6b 20 6f 6b',
  ),
  withText(
    'letters of many scripts',
    () =>
      '\u0417\u0434\u0440\u0430\u0432\u0441\u0442\u0432\u0443\u0439\u0442\u0435, \u0442\u043e\u0447\u043a\u0430. \u3054\u6ce8\u6587 \u0645\u0631\u062d\u0628\u0627 \u{1f1e9}\u{1f1ea}',
  ),
  withText('a long serial number', () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCD and H4sIAAAA'),
  withHtml(
    'a letter of a shop',
    () =>
      '<table class="a" style="width:100%"><tr><td><section><h1>Your order</h1></section><p>1. Lamp, dot matrix</p>' +
      '<a href="https://market.example/orders/1?utm=a%20b" title="Order">Order</a></td></tr></table><footer>Market</footer>',
  ),
];

const squeezed = (text: string | undefined): string => (text ?? '').replace(/\s+/g, '');

for (const buyer of BUYERS) {
  for (const { what, mail } of WORDS) {
    test(`${what} written by ${buyer} arrives word for word`, async () => {
      const written = await simpleParser(mail(buyer));
      const read = await simpleParser(Buffer.from((await arrived(mail(buyer), buyer)).bytes));
      assert.equal(squeezed(read.text), squeezed(written.text));
    });
  }
}

test('a workbook that was printed leaves without its printer and whole', async () => {
  const { bytes } = await arrived(
    FILES[2]?.mail('jane.doe@realmail.example') ?? whole(head('x')),
    'jane.doe@realmail.example',
  );
  const { attachments } = await simpleParser(Buffer.from(bytes));
  const entries = unzipSync(attachments[0]?.content ?? new Uint8Array());
  const text = Object.entries(entries)
    .map(([name, content]) => name + Buffer.from(content).toString())
    .join('\n');
  assert.ok(text.includes('paperSize="9"') && text.includes('49.5'));
  assert.ok(!/printerSettings|r:id/.test(text));
});
