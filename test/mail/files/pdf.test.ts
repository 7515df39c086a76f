import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { PDFArray, PDFDict, PDFDocument, PDFHexString, PDFName, PDFString, StandardFonts } from '@cantoo/pdf-lib';
import { MAX_ENTRIES, MAX_EXPANDED, type LookedInto } from '../../../src/mail/files/looked-into.ts';
import { lookIntoPdf } from '../../../src/mail/files/pdf.ts';
import { spellingsOf } from '../../../src/mail/traces.ts';
import { canariesIn } from '../../support/canary.ts';
import { BUYER, SECRETS, SHOP } from '../../support/deliverable.ts';
import { exif, jpeg } from './samples.ts';

const TRACES = spellingsOf(SECRETS);
const look = (content: Uint8Array, octets = MAX_EXPANDED): Promise<LookedInto> =>
  lookIntoPdf(content, TRACES, { depth: 0, left: { octets, entries: MAX_ENTRIES } });

/** A document that shows `text`, changed by `change` before it is written. */
async function pdf(
  text: string,
  change?: (document: PDFDocument) => Promise<void> | void,
  objectStreams = true,
): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const font = await document.embedFont(StandardFonts.Helvetica);
  document.addPage([400, 200]).drawText(text, { x: 20, y: 100, size: 12, font });
  await change?.(document);
  return await document.save({ useObjectStreams: objectStreams });
}

/** As another program reads the objects of it again. */
async function everyString(content: Uint8Array): Promise<string> {
  const document = await PDFDocument.load(content, { updateMetadata: false });
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (value instanceof PDFString || value instanceof PDFHexString) found.push(value.decodeText());
    else if (value instanceof PDFArray) for (const item of value.asArray()) walk(item);
    else if (value instanceof PDFDict) for (const item of value.values()) walk(item);
  };
  for (const [, object] of document.context.enumerateIndirectObjects()) walk(object);
  return found.join('\n');
}

async function sound(content: Uint8Array): Promise<LookedInto> {
  const looked = await look(content);
  assert.deepEqual(looked.anomalies, []);
  assert.deepEqual(canariesIn(looked.content, [BUYER, SHOP]), []);
  return looked;
}

test('the words that a page shows are handed to the rules', async () => {
  const { words, masked } = await sound(await pdf('Invoice 2026-17, thank you'));
  assert.deepEqual([words, masked], ['Invoice 2026-17, thank you', 0]);
});

test('an address that a page draws in another order than it shows holds the document', async () => {
  const document = await pdf('@realmail.example', async (drawn) => {
    const font = await drawn.embedFont(StandardFonts.Helvetica);
    drawn.getPage(0).drawText('and more', { x: 20, y: 60, size: 12, font });
    drawn.getPage(0).moveTo(0, 0);
    drawn.getPage(0).drawText('jane.doe', { x: 2, y: 100, size: 4, font });
  });
  assert.deepEqual((await look(document)).anomalies, ['address-in-file']);
});

test('an address that a page draws holds the document', async () => {
  for (const text of [BUYER, `Write to ${SHOP.toUpperCase()} today`, 'jane.doe (at) realmail.example']) {
    const looked = await look(await pdf(text));
    assert.deepEqual(looked.anomalies, ['address-in-file'], text);
  }
});

test('document information says nothing of its maker any more', async () => {
  const { content } = await sound(
    await pdf('Hello', (document) => {
      document.setAuthor(`Jane Doe <${BUYER}>`);
      document.setTitle('The secret title');
      document.setCreator('Secret Program');
      document.setProducer('Secret Producer');
      document.setKeywords(['secret', BUYER]);
    }),
  );
  const again = await PDFDocument.load(content, { updateMetadata: false });
  assert.deepEqual(
    [again.getAuthor(), again.getTitle(), again.getCreator(), again.getProducer(), again.getKeywords()],
    [undefined, undefined, undefined, undefined, undefined],
  );
  assert.doesNotMatch(`${Buffer.from(content).toString('latin1')}${await everyString(content)}`, /secret/i);
});

test('XMP, plain or packed, is left out', async () => {
  const xmp = `<?xpacket begin=""?><x:xmpmeta><dc:creator>Jane Doe ${BUYER}</dc:creator></x:xmpmeta>`;
  for (const isPacked of [false, true]) {
    const { content } = await sound(
      await pdf('Hello', ({ context, catalog }) => {
        const entries = { Type: 'Metadata', Subtype: 'XML', ...(isPacked ? { Filter: 'FlateDecode' } : {}) };
        const bytes = isPacked ? deflateSync(xmp) : Buffer.from(xmp);
        catalog.set(PDFName.of('Metadata'), context.register(context.stream(bytes, entries)));
      }),
    );
    const again = await PDFDocument.load(content, { updateMetadata: false });
    assert.equal(again.catalog.get(PDFName.of('Metadata')), undefined);
    assert.doesNotMatch(Buffer.from(content).toString('latin1'), /\/Type\s*\/Metadata|xpacket/);
  }
});

test('addresses in links, forms, notes and outlines are masked and counted', async () => {
  const document = await pdf('Hello', (made) => {
    const { context } = made;
    const page = made.getPage(0);
    const annotation = (entries: Record<string, unknown>) =>
      context.register(
        context.obj({ Type: 'Annot', Rect: [0, 0, 9, 9], ...entries } as Parameters<typeof context.obj>[0]),
      );
    page.node.set(
      PDFName.of('Annots'),
      context.obj([
        annotation({ Subtype: 'Link', A: { S: 'URI', URI: PDFString.of(`mailto:${BUYER}`) } }),
        annotation({ Subtype: 'Text', Contents: PDFHexString.fromText(`Grüße ${BUYER}`), T: PDFString.of(SHOP) }),
      ]),
    );
    made.getForm().createTextField('answer').setText(`I am ${BUYER}`);
    made.catalog.set(PDFName.of('Outlines'), context.obj({ Title: PDFString.of(`From ${BUYER}`) }));
  });
  const looked = await look(document);
  const strings = await everyString(looked.content);
  assert.deepEqual(canariesIn(strings, [BUYER, SHOP]), []);
  for (const kept of ['Grüße [address hidden]', 'I am [address hidden]', 'From [address hidden]']) {
    assert.ok(strings.split('\n').includes(kept), kept);
  }
  assert.ok(looked.masked >= 5);
});

test('scripts and actions that start a program are left out', async () => {
  const { content } = await sound(
    await pdf('Hello', (document) => {
      document.addJavaScript('main', 'app.alert("secret")');
      document.catalog.set(
        PDFName.of('OpenAction'),
        document.context.obj({ S: 'Launch', F: PDFString.of('secret.exe') }),
      );
      document.catalog.set(
        PDFName.of('AA'),
        document.context.obj({ WC: { S: 'JavaScript', JS: PDFString.of('secret()') } }),
      );
    }),
  );
  const raw = Buffer.from(content).toString('latin1');
  assert.doesNotMatch(raw, /\/JavaScript|\/JS\b|\/Launch|\/AA\b/);
  assert.doesNotMatch(await everyString(content), /app\.alert|secret\(\)/);
});

test('private data of programs are left out', async () => {
  const { content } = await sound(
    await pdf('Hello', (document) => {
      const data = { Illustrator: { Private: PDFString.of('Jane Doe'), LastModified: PDFString.of('D:20261123') } };
      document.getPage(0).node.set(PDFName.of('PieceInfo'), document.context.obj(data));
    }),
  );
  assert.doesNotMatch(
    `${Buffer.from(content).toString('latin1')}${await everyString(content)}`,
    /PieceInfo|Jane Doe|D:2026/,
  );
});

test('a file that is attached to the document and holds an address holds the document', async () => {
  const attached = await pdf('Hello', (document) =>
    document.attach(Buffer.from(`Write to ${BUYER}`), 'note.txt', { mimeType: 'text/plain' }),
  );
  assert.deepEqual((await look(attached)).anomalies, ['address-in-file']);
});

test('an archive that is attached to the document is not let through unread', async () => {
  const { zipSync, strToU8 } = await import('fflate');
  const attached = await pdf('Hello', (document) =>
    document.attach(zipSync({ 'a.txt': strToU8(`Write to ${BUYER}`) }), 'note.zip', { mimeType: 'application/zip' }),
  );
  const { anomalies } = await look(attached);
  assert.equal(anomalies.length, 1);
});

test('a photograph on a page leaves without where it was taken', async () => {
  const photo = jpeg([Buffer.from([0xff, 0xe1, 0, 2])].slice(1));
  assert.ok(exif('II', 1).length > 0 && photo.length > 0);
  const withPlace = jpeg([Buffer.concat([Buffer.from([0xff, 0xe1, 0, exif('II', 1).length + 2]), exif('II', 1)])]);
  const content = await pdf('Hello', ({ context, catalog }) => {
    const stream = context.stream(withPlace, { Type: 'XObject', Subtype: 'Image', Filter: 'DCTDecode' });
    catalog.set(PDFName.of('Picture'), context.register(stream));
  });
  assert.ok(Buffer.from(content).includes('Exif\0'), 'it was in there');
  const looked = await look(content);
  assert.deepEqual(looked.anomalies, []);
  assert.ok(!Buffer.from(looked.content).includes('Exif\0\0II*\0\x08\0\0\0\x02\0\x0f\x01'));
  assert.ok(Buffer.from(looked.content).includes('these-are-the-pixels'));
});

test('a document under a password is held', async () => {
  const content = await pdf('Hello', (document) => {
    document.encrypt({ userPassword: 'x', ownerPassword: 'y' });
  });
  assert.deepEqual((await look(content)).anomalies, ['unreadable-file']);
});

test('a document that only its owner may change, and everybody may read, is held or cleaned', async () => {
  const content = await pdf(
    'Hello',
    (document) => {
      document.setAuthor(BUYER);
      document.encrypt({ userPassword: '', ownerPassword: 'y' });
    },
    false,
  );
  const looked = await look(content);
  assert.ok(looked.anomalies.includes('unreadable-file'));
});

test('what an earlier version of the document said is not in the new one', async () => {
  const first = await pdf('Hello', (document) => document.setSubject('from an earlier version'), false);
  const text = Buffer.from(first).toString('latin1');
  const start = Number(/startxref\s+(\d+)/.exec(text)?.[1]);
  const info = /\/Info (\d+) 0 R/.exec(text)?.[1] ?? '';
  const root = /\/Root (\d+) 0 R/.exec(text)?.[1] ?? '';
  const object = `${info} 0 obj\n<< /Note (second) >>\nendobj\n`;
  const xref = `xref\n${info} 1\n${String(first.length).padStart(10, '0')} 00000 n \ntrailer\n<< /Size 99 /Root ${root} 0 R /Prev ${start} >>\nstartxref\n${first.length + object.length}\n%%EOF\n`;
  const { content } = await sound(Buffer.concat([first, Buffer.from(object + xref, 'latin1')]));
  assert.doesNotMatch(`${Buffer.from(content).toString('latin1')}${await everyString(content)}`, /earlier version/);
});

test('a packed stream that would expand beyond what is left holds the document', async () => {
  const content = await pdf('Hello', ({ context, catalog }) => {
    catalog.set(PDFName.of('Big'), context.register(context.flateStream(new Uint8Array(3_000_000))));
  });
  assert.ok(content.length < 100_000);
  assert.deepEqual((await look(content, 1_000_000)).anomalies, ['unreadable-file']);
  assert.deepEqual((await look(content, 10_000_000)).anomalies, []);
});

test('a document that says PDF and holds no streams is read as it stands', async () => {
  assert.deepEqual(await look(Buffer.from('%PDF-1.4\nnothing')), {
    content: Buffer.from('%PDF-1.4\nnothing'),
    words: '%PDF-1.4\nnothing',
    masked: 0,
    anomalies: [],
  });
  assert.deepEqual((await look(Buffer.from(`%PDF-1.4\n(${BUYER})`))).anomalies, ['address-in-file']);
});

test('a document that is cut anywhere never throws, and never leaves with the address of its links', async () => {
  const whole = await pdf(
    'Hello',
    (document) => {
      document.catalog.set(PDFName.of('Note'), PDFString.of(`of ${BUYER}`));
      document.setAuthor(BUYER);
    },
    false,
  );
  for (let length = 0; length < whole.length; length += 37) {
    const { content, anomalies } = await look(whole.slice(0, length));
    if (anomalies.length === 0) assert.deepEqual(canariesIn(content, [BUYER]), [], `${length} octets`);
  }
});
