/**
 * files-office: one address in every place of documents, tables and slides: who wrote them, what they show, what they hide.
 */
import { strToU8, zipSync } from 'fflate';
import { domain, file, local, utf16, withPart, type Plant } from './plant.ts';
import { jpegWithExif } from './files-pictures.ts';

export type Entries = Readonly<Record<string, string | Uint8Array>>;

export const zipped = (entries: Entries): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(entries).map(([name, content]) => [
        name,
        typeof content === 'string' ? strToU8(content) : content,
      ]),
    ),
  );

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org';
const types = `${XML}<Types xmlns="${MAIN}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`;
const relations = (...inner: readonly string[]): string =>
  `${XML}<Relationships xmlns="${MAIN}/package/2006/relationships">${inner.join('')}</Relationships>`;
const mailtoRelation = (address: string): string =>
  relations(`<Relationship Id="rId1" Type="hyperlink" Target="mailto:${address}" TargetMode="External"/>`);

const WORD = `xmlns:w="${MAIN}/wordprocessingml/2006/main"`;
const wordText = (inner: string): string => `${XML}<w:document ${WORD}><w:body>${inner}</w:body></w:document>`;
const paragraph = (...runs: readonly string[]): string =>
  `<w:p>${runs.map((run) => `<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">${run}</w:t></w:r>`).join('')}</w:p>`;

const word = (entries: Entries): Uint8Array =>
  zipped({
    '[Content_Types].xml': types,
    '_rels/.rels': relations('<Relationship Id="rId1" Type="officeDocument" Target="word/document.xml"/>'),
    'word/document.xml': wordText(paragraph('Your order')),
    ...entries,
  });

const SHEET = `xmlns="${MAIN}/spreadsheetml/2006/main"`;
const sheet = (inner: string): string => `${XML}<worksheet ${SHEET}><sheetData>${inner}</sheetData></worksheet>`;
const inlineCell = (text: string): string => `<row r="1"><c r="A1" t="inlineStr"><is><t>${text}</t></is></c></row>`;

const table = (entries: Entries): Uint8Array =>
  zipped({
    '[Content_Types].xml': types,
    '_rels/.rels': relations('<Relationship Id="rId1" Type="officeDocument" Target="xl/workbook.xml"/>'),
    'xl/workbook.xml': `${XML}<workbook ${SHEET}><sheets><sheet name="One" sheetId="1"/></sheets></workbook>`,
    'xl/worksheets/sheet1.xml': sheet(inlineCell('1')),
    ...entries,
  });

const SLIDE = `xmlns:a="${MAIN}/drawingml/2006/main" xmlns:p="${MAIN}/presentationml/2006/main"`;
const slide = (root: string, ...runs: readonly string[]): string =>
  `${XML}<p:${root} ${SLIDE}><p:txBody><a:p>${runs.map((run) => `<a:r><a:rPr/><a:t>${run}</a:t></a:r>`).join('')}</a:p></p:txBody></p:${root}>`;

const slides = (entries: Entries): Uint8Array =>
  zipped({
    '[Content_Types].xml': types,
    '_rels/.rels': relations('<Relationship Id="rId1" Type="officeDocument" Target="ppt/presentation.xml"/>'),
    'ppt/presentation.xml': `${XML}<p:presentation ${SLIDE}/>`,
    'ppt/slides/slide1.xml': slide('sld', 'Hello'),
    ...entries,
  });

const core = (address: string): string =>
  `${XML}<cp:coreProperties xmlns:cp="cp" xmlns:dc="dc"><dc:creator>${address}</dc:creator><cp:lastModifiedBy>${address}</cp:lastModifiedBy></cp:coreProperties>`;
const app = (address: string): string =>
  `${XML}<Properties><Company>${address}</Company><Manager>${address}</Manager></Properties>`;
const custom = (address: string): string =>
  `${XML}<Properties><property name="_AuthorEmail"><vt:lpwstr xmlns:vt="vt">${address}</vt:lpwstr></property></Properties>`;

const of =
  (extension: string, kind: string, build: (entries: Entries) => Uint8Array) =>
  (what: string, entries: (address: string) => Entries, end?: 'held'): Plant =>
    withPart(
      what,
      (address) =>
        file(`application/vnd.openxmlformats-officedocument.${kind}`, build(entries(address)), `file.${extension}`),
      end,
    );
const inWord = of('docx', 'wordprocessingml.document', word);
const inTable = of('xlsx', 'spreadsheetml.sheet', table);
const inSlides = of('pptx', 'presentationml.presentation', slides);

const documents: readonly Plant[] = [
  inWord('the author of a Word document', (address) => ({ 'docProps/core.xml': core(address) })),
  inWord('the company of a Word document', (address) => ({ 'docProps/app.xml': app(address) })),
  inWord('the custom properties of a Word document', (address) => ({ 'docProps/custom.xml': custom(address) })),
  inWord('the text of a Word document', (address) => ({ 'word/document.xml': wordText(paragraph(`I am ${address}`)) })),
  inWord('the text of a Word document, cut into runs', (address) => ({
    'word/document.xml': wordText(
      paragraph(`I am ${local(address)}`, '@', domain(address).slice(0, 4), domain(address).slice(4)),
    ),
  })),
  inWord('the text of a Word document, torn by a spelling mark', (address) => ({
    'word/document.xml': wordText(
      paragraph(local(address), `&#64;</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:t>${domain(address)}`),
    ),
  })),
  inWord('hidden text of a Word document', (address) => ({
    'word/document.xml': wordText(`<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>${address}</w:t></w:r></w:p>`),
  })),
  inWord('a field code of a Word document', (address) => ({
    'word/document.xml': wordText(
      `<w:p><w:r><w:instrText> HYPERLINK "mailto:${local(address)}</w:instrText></w:r><w:r><w:instrText>@${domain(address)}" </w:instrText></w:r></w:p>`,
    ),
  })),
  inWord('a link of a Word document', (address) => ({ 'word/_rels/document.xml.rels': mailtoRelation(address) })),
  inWord('a comment in a Word document and its author', (address) => ({
    'word/comments.xml': `${XML}<w:comments ${WORD}><w:comment w:id="0" w:author="${address}" w:initials="J">${paragraph(`Ask ${address}`)}</w:comment></w:comments>`,
  })),
  inWord('the author of a change in a Word document', (address) => ({
    'word/document.xml': wordText(
      `<w:p><w:del w:id="1" w:author="${address}"><w:r><w:delText>${address}</w:delText></w:r></w:del></w:p>`,
    ),
  })),
  inWord('the people of a Word document', (address) => ({
    'word/people.xml': `${XML}<w15:people xmlns:w15="w15"><w15:person w15:author="${address}"><w15:presenceInfo w15:providerId="AD" w15:userId="S::${address}::1"/></w15:person></w15:people>`,
  })),
  inWord('header, footer and footnotes of a Word document', (address) => ({
    'word/header1.xml': `${XML}<w:hdr ${WORD}>${paragraph(address)}</w:hdr>`,
    'word/footer1.xml': `${XML}<w:ftr ${WORD}>${paragraph(address)}</w:ftr>`,
    'word/footnotes.xml': `${XML}<w:footnotes ${WORD}>${paragraph(address)}</w:footnotes>`,
  })),
  inWord('the settings and the custom XML of a Word document', (address) => ({
    'word/settings.xml': `${XML}<w:settings ${WORD}><w:mailMerge><w:query w:val="${address}"/></w:mailMerge></w:settings>`,
    'customXml/item1.xml': `<?xml version="1.0"?><root><!-- ${address} --><mail>${address}</mail></root>`,
  })),
  inWord('the EXIF of a photo in a Word document', (address) => ({ 'word/media/image1.jpeg': jpegWithExif(address) })),
  inWord('a table in a Word document', (address) => ({
    'word/embeddings/Microsoft_Excel_Sheet.xlsx': table({ 'docProps/core.xml': core(address) }),
  })),
  inWord('the text of a Word document in UTF-16', (address) => ({
    'word/document.xml': utf16(wordText(paragraph(address)).replace('UTF-8', 'UTF-16')),
  })),
  // Held by verify: drawings of Windows are not read.
  inWord(
    'a drawing in a Word document',
    (address) => ({ 'word/media/image1.emf': Buffer.concat([Buffer.of(1, 0, 0, 0), utf16(address)]) }),
    'held',
  ),
  // Held: programs and objects of other programs are not opened.
  inWord('a macro of a Word document', (address) => ({ 'word/vbaProject.bin': address }), 'held'),
  inWord('an object in a Word document', (address) => ({ 'word/embeddings/oleObject1.bin': address }), 'held'),
];

const tables: readonly Plant[] = [
  inTable('the author of an Excel table', (address) => ({ 'docProps/core.xml': core(address) })),
  inTable('a cell of an Excel table', (address) => ({ 'xl/worksheets/sheet1.xml': sheet(inlineCell(address)) })),
  inTable('a shared text of an Excel table, cut into runs', (address) => ({
    'xl/sharedStrings.xml': `${XML}<sst ${SHEET}><si><r><t>${local(address)}</t></r><r><t>@${domain(address)}</t></r></si></sst>`,
  })),
  inTable('a hidden sheet of an Excel table', (address) => ({
    'xl/workbook.xml': `${XML}<workbook ${SHEET}><sheets><sheet name="One" sheetId="1"/><sheet name="${local(address)}" sheetId="2" state="veryHidden"/></sheets></workbook>`,
    'xl/worksheets/sheet2.xml': sheet(inlineCell(address)),
  })),
  inTable('a comment of an Excel table and its author', (address) => ({
    'xl/comments1.xml': `${XML}<comments ${SHEET}><authors><author>${address}</author></authors><commentList><comment ref="A1" authorId="0"><text><r><t>${address}:</t></r></text></comment></commentList></comments>`,
  })),
  inTable('a threaded comment of an Excel table', (address) => ({
    'xl/persons/person.xml': `${XML}<personList><person displayName="${address}" id="{1}" userId="${address}" providerId="AD"/></personList>`,
    'xl/threadedComments/threadedComment1.xml': `${XML}<ThreadedComments><threadedComment ref="A1" personId="{1}"><text>@${address}</text></threadedComment></ThreadedComments>`,
  })),
  inTable('a formula and a name of an Excel table', (address) => ({
    'xl/worksheets/sheet1.xml': sheet(
      `<row r="1"><c r="A1" t="str"><f>HYPERLINK(&quot;mailto:${address}&quot;,&quot;me&quot;)</f><v>me</v></c></row>`,
    ),
    'xl/worksheets/_rels/sheet1.xml.rels': mailtoRelation(address),
    'xl/connections.xml': `${XML}<connections ${SHEET}><connection id="1" name="${address}"/></connections>`,
  })),
];

const presentations: readonly Plant[] = [
  inSlides('the author of a PowerPoint file', (address) => ({ 'docProps/core.xml': core(address) })),
  inSlides('a slide of a PowerPoint file, cut into runs', (address) => ({
    'ppt/slides/slide1.xml': slide('sld', local(address), '@', domain(address)),
  })),
  inSlides('the notes of a PowerPoint file', (address) => ({
    'ppt/notesSlides/notesSlide1.xml': slide('notes', address),
  })),
  inSlides('the author of a comment in a PowerPoint file', (address) => ({
    'ppt/commentAuthors.xml': `${XML}<p:cmAuthorLst ${SLIDE}><p:cmAuthor id="1" name="${address}" initials="J"/></p:cmAuthorLst>`,
    'ppt/comments/comment1.xml': `${XML}<p:cmLst ${SLIDE}><p:cm authorId="1"><p:text>${address}</p:text></p:cm></p:cmLst>`,
  })),
];

const open: readonly Plant[] = [
  withPart('an OpenDocument text', (address) =>
    file(
      'application/vnd.oasis.opendocument.text',
      zipped({
        'mimetype': 'application/vnd.oasis.opendocument.text',
        'meta.xml': `<office:document-meta xmlns:office="o" xmlns:dc="d"><dc:creator>${address}</dc:creator></office:document-meta>`,
        'content.xml': `<office:document-content xmlns:office="o" xmlns:text="t"><text:p><text:span>${local(address)}</text:span>@${domain(address)}</text:p><office:annotation><dc:creator>${address}</dc:creator></office:annotation></office:document-content>`,
      }),
      'file.odt',
    ),
  ),
];

export const OFFICE_PLANTS: readonly Plant[] = [...documents, ...tables, ...presentations, ...open];
