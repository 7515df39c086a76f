import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strFromU8, strToU8, unzipSync, zipSync, type Zippable } from 'fflate';
import { lookIntoArchive } from '../../../src/mail/files/archive.ts';
import { untouched, type Bounds, type LookedInto, type LookInto } from '../../../src/mail/files/looked-into.ts';
import type { FilePart, Part } from '../../../src/mail/message.ts';
import { openFiles } from '../../../src/mail/open.ts';
import { maskText } from '../../../src/mail/mask/scrub.ts';
import { spellingsOf } from '../../../src/mail/traces.ts';
import { canariesIn } from '../../support/canary.ts';
import { BARE, BUYER, SECRETS } from '../../support/deliverable.ts';

const TRACES = spellingsOf(SECRETS);
const MASK = '[address hidden]';

const boundsOf = (left: Partial<Bounds['left']> = {}, depth = 0): Bounds => ({
  depth,
  left: { octets: 1_000_000, entries: 100, ...left },
});

/** Takes every entry for text, so that these tests are of the archive alone. */
const readText: LookInto = async (content, _name, traces) => {
  const { text, masked } = maskText(strFromU8(content), traces);
  return { content: strToU8(text), words: text, masked, anomalies: [] };
};

const zip = (entries: Readonly<Record<string, string | Uint8Array>>): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(entries).map(([name, content]) => [
        name,
        typeof content === 'string' ? strToU8(content) : content,
      ]),
    ),
  );
const look = (content: Uint8Array, bounds = boundsOf(), lookInto: LookInto = readText): Promise<LookedInto> =>
  lookIntoArchive(content, TRACES, bounds, lookInto);

async function sound(content: Uint8Array): Promise<LookedInto & { readonly entries: Record<string, string> }> {
  const looked = await look(content);
  assert.deepEqual(looked.anomalies, []);
  const entries = Object.entries(unzipSync(looked.content)).map(([name, bytes]) => [name, strFromU8(bytes)]);
  return { ...looked, entries: Object.fromEntries(entries) as Record<string, string> };
}

async function assertHeld(content: Uint8Array, bounds = boundsOf()): Promise<void> {
  const looked = await look(content, bounds);
  assert.deepEqual([looked.anomalies, looked.words, looked.masked], [['unreadable-file'], '', 0]);
}

/** As the path does it: the file in a message, with nothing but the real readers. */
async function opened(
  content: Uint8Array,
  filename = 'a.zip',
): Promise<{ file: FilePart; anomalies: readonly string[] }> {
  const file: Part = {
    kind: 'file',
    contentType: 'application/zip',
    filename,
    disposition: 'attachment',
    contentId: undefined,
    content,
    text: undefined,
  };
  const message = await openFiles({ ...BARE, body: file }, SECRETS, true);
  assert.equal(message.body.kind, 'file');
  return { file: message.body, anomalies: message.anomalies };
}

test('the entries of an archive come out masked, in their order, with their words', async () => {
  const { entries, words, masked } = await sound(zip({ 'b.txt': `Ask ${BUYER}`, 'a/c.txt': 'Hello', 'a/d.txt': '' }));
  assert.deepEqual(Object.entries(entries), [
    ['b.txt', `Ask ${MASK}`],
    ['a/c.txt', 'Hello'],
    ['a/d.txt', ''],
  ]);
  assert.deepEqual([words, masked], [`Ask ${MASK}\nHello`, 1]);
});

test('dates, comments, extra fields and owners are not in the new archive', async () => {
  const entry: Zippable = {
    'a.txt': [
      strToU8('Hello'),
      { mtime: '2026-11-23T10:00:00Z', comment: BUYER, extra: { 0x7875: strToU8(BUYER) }, os: 3 },
    ],
  };
  const content = zipSync(entry, { comment: `made by ${BUYER}` });
  assert.ok(canariesIn(content, [BUYER]).length > 0, 'they were in there');
  const looked = await sound(content);
  assert.deepEqual(canariesIn(looked.content, [BUYER, 'made by']), []);
  assert.deepEqual(looked.entries, { 'a.txt': 'Hello' });
  // APPNOTE 4.4.6: bits 0-4 day, 5-8 month, 9-15 years since 1980; and no time of day.
  assert.equal(Buffer.from(looked.content).readUInt32LE(10), 0x0021_0000);
});

test('an address in the path of an entry is masked', async () => {
  const { entries, masked } = await sound(zip({ [`${BUYER}/from ${BUYER}.txt`]: 'x' }));
  assert.deepEqual([entries, masked], [{ [`${MASK}/from ${MASK}.txt`]: 'x' }, 2]);
});

test('two entries whose names are alike once they are masked both come out', async () => {
  const { entries } = await sound(zip({ [`${BUYER}.txt`]: 'one', [`${BUYER.toUpperCase()}.txt`]: 'two' }));
  assert.deepEqual(Object.values(entries).toSorted(), ['one', 'two']);
});

test('an empty archive and one of folders alone have nothing in them', async () => {
  for (const content of [zip({}), zip({ 'a/': '', 'a/b/': '' })]) {
    const { entries, words, masked } = await sound(content);
    assert.deepEqual([entries, words, masked], [{}, '', 0]);
  }
});

test('names that lead out of the folder, or are no names, hold the file', async () => {
  for (const name of [
    '../a.txt',
    'a/../../b.txt',
    '..\\a.txt',
    'a\\..\\b',
    '/etc/passwd',
    '\\a',
    'C:\\a.txt',
    'c:a.txt',
    'a\nb.txt',
    'a\0b',
    '__proto__',
    '..',
  ]) {
    // The same length of harmless letters first: the archiver would not write some of these.
    const stand = '#'.repeat(name.length);
    const content = Buffer.from(zip({ [stand]: 'x' }));
    const renamed = Buffer.from(content.toString('latin1').replaceAll(stand, name), 'latin1');
    await assertHeld(renamed);
  }
  const { entries } = await sound(zip({ 'a..b/c...txt': 'x', '.hidden': 'y' }));
  assert.deepEqual(entries, { 'a..b/c...txt': 'x', '.hidden': 'y' });
});

test('more entries, or more octets, than are left hold the file before anything is unpacked', async () => {
  const three = zip({ a: 'aaaa', b: 'bbbb', c: 'cccc' });
  await assertHeld(three, boundsOf({ entries: 2 }));
  await assertHeld(three, boundsOf({ octets: 11 }));
  const bounds = boundsOf({ entries: 3, octets: 12 });
  assert.deepEqual((await look(three, bounds)).anomalies, []);
  assert.deepEqual(bounds.left, { entries: 0, octets: 0 });
});

test('a bomb costs what it declares and no more', async () => {
  const bomb = zip({ 'zeros.bin': new Uint8Array(20_000_000) });
  assert.ok(bomb.length < 100_000);
  const before = performance.now();
  await assertHeld(bomb);
  assert.ok(performance.now() - before < 200, 'nothing was inflated');
});

test('a bomb that declares little gives no more than it declared', async () => {
  const bomb = Buffer.from(zip({ 'zeros.bin': new Uint8Array(20_000_000) }));
  const directory = bomb.indexOf('PK\x01\x02', 0, 'latin1');
  bomb.writeUInt32LE(10, directory + 24);
  const seen: number[] = [];
  await look(bomb, boundsOf(), async (content) => {
    seen.push(content.length);
    return untouched(content);
  });
  assert.ok(
    seen.every((length) => length <= 10),
    `${seen.join()} octets came out`,
  );
});

test('an entry under a password holds the file, and so does an unknown compression', async () => {
  for (const [at, value] of [
    [8, 1],
    [10, 9],
    [10, 99],
  ] as const) {
    const content = Buffer.from(zip({ 'a.txt': 'Hello', 'b.txt': 'Hello' }));
    content.writeUInt16LE(value, content.lastIndexOf('PK\x01\x02', undefined, 'latin1') + at);
    await assertHeld(content);
  }
});

test('something in front of the archive holds it', async () => {
  await assertHeld(Buffer.concat([Buffer.from('MZ'), zip({ 'a.txt': 'x' })]));
});

test('an archive that is cut anywhere is held and never throws', async () => {
  const whole = zip({ 'a.txt': 'Hello '.repeat(20), 'b.txt': 'x' });
  for (let length = 2; length < whole.length; length++) await assertHeld(whole.subarray(0, length));
});

test('what is found wrong with an entry is said once of the archive', async () => {
  const held: LookInto = async (content) => ({ content, words: '', masked: 0, anomalies: ['address-in-file'] });
  assert.deepEqual((await look(zip({ a: '1', b: '2' }), boundsOf(), held)).anomalies, ['address-in-file']);
});

test('archives in archives are opened three deep and held below that', async () => {
  const nested = (levels: number): Uint8Array => {
    let content = zip({ 'a.txt': `Ask ${BUYER}` });
    for (let level = 1; level < levels; level++) content = zip({ 'inner.zip': content });
    return content;
  };
  for (const levels of [1, 2, 3]) {
    const { file, anomalies } = await opened(nested(levels));
    assert.deepEqual([file.words, file.masked, anomalies], [`Ask ${MASK}`, 1, []], `${levels}`);
  }
  assert.deepEqual((await opened(nested(4))).anomalies, ['unreadable-file']);
});

test('in an archive, what nobody can open holds it', async () => {
  for (const head of ['377abcaf271c', '526172211a0700', '1f8b0800', 'd0cf11e0a1b11ae1', '789f3e22']) {
    const content = zip({ 'a.bin': Buffer.concat([Buffer.from(head, 'hex'), Buffer.alloc(40)]) });
    assert.deepEqual((await opened(content)).anomalies, ['unreadable-file'], head);
  }
});

// --- office documents -------------------------------------------------------------------------------------------------

const TYPES = '<?xml version="1.0"?><Types xmlns="t"/>';
const run = (text: string): string => `<w:r><w:rPr><w:b/></w:rPr><w:t>${text}</w:t></w:r>`;
const documentOf = (inner: string): string => `<w:document xmlns:w="w"><w:body>${inner}</w:body></w:document>`;
const docx = (entries: Readonly<Record<string, string | Uint8Array>>): Uint8Array =>
  zip({ '[Content_Types].xml': TYPES, ...entries });

test('an address over two or three runs of a document is masked, and the runs stay', async () => {
  const inner = `<w:p>${run('Ask jane.d')}${run('oe@real')}${run('mail.example &amp; me')}</w:p>`;
  const { entries, words, masked } = await sound(docx({ 'word/document.xml': documentOf(inner) }));
  assert.equal(
    entries['word/document.xml'],
    documentOf(`<w:p>${run(`Ask ${MASK}`)}${run('')}${run(' &amp; me')}</w:p>`),
  );
  assert.deepEqual([words, masked], [`Ask ${MASK} & me`, 1]);
});

test('paragraphs are lines of their own to the rules', async () => {
  const { words } = await sound(
    docx({ 'word/document.xml': documentOf(`<w:p>${run('a')}${run('b')}</w:p><w:p>${run('c')}</w:p>`) }),
  );
  assert.equal(words, 'ab\nc');
});

test('the property parts are emptied, and their root elements stay', async () => {
  const core = `<?xml version="1.0"?>\n<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:creator>Jane Doe</dc:creator><cp:lastModifiedBy>Jane</cp:lastModifiedBy></cp:coreProperties>`;
  const { entries, words } = await sound(
    docx({
      'docProps/core.xml': core,
      'docProps/app.xml': '<Properties xmlns="p"><Company>Doe</Company></Properties>',
      'docProps/custom.xml': '<Properties xmlns="p"/>',
      'word/people.xml': '<w15:people xmlns:w15="q"><w15:person w15:author="Jane Doe"/></w15:people>',
      'word/document.xml': documentOf(`<w:p>${run('Hello')}</w:p>`),
    }),
  );
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  assert.equal(
    entries['docProps/core.xml'],
    `${head}<cp:coreProperties xmlns:cp="c" xmlns:dc="d"></cp:coreProperties>`,
  );
  assert.equal(entries['docProps/app.xml'], `${head}<Properties xmlns="p"></Properties>`);
  assert.equal(entries['docProps/custom.xml'], `${head}<Properties xmlns="p"></Properties>`);
  assert.equal(entries['word/people.xml'], `${head}<w15:people xmlns:w15="q"></w15:people>`);
  assert.equal(words, 'Hello');
});

test('authors of comments and changes are not named', async () => {
  const comment = `<w:comment w:id="1" w:author="Jane Doe" w:initials='JD'><w:p>${run('No')}</w:p></w:comment>`;
  const { entries } = await sound(
    docx({
      'word/comments.xml': `<w:comments>${comment}</w:comments>`,
      'xl/comments1.xml': '<comments><authors><author>Jane Doe</author></authors></comments>',
    }),
  );
  assert.equal(
    entries['word/comments.xml'],
    `<w:comments><w:comment w:id="1" w:author="" w:initials=""><w:p>${run('No')}</w:p></w:comment></w:comments>`,
  );
  assert.equal(entries['xl/comments1.xml'], '<comments><authors><author></author></authors></comments>');
});

test('the target of a link is masked in the relations, which show no words', async () => {
  const relation = (target: string): string =>
    `<Relationships><Relationship Id="r1" Target="${target}"/></Relationships>`;
  const { entries, words } = await sound(docx({ 'word/_rels/document.xml.rels': relation(`mailto:${BUYER}`) }));
  assert.deepEqual([entries['word/_rels/document.xml.rels'], words], [relation(MASK), '']);
});

test('XML in UTF-16 is read, and leaves in UTF-8', async () => {
  const xml = `<?xml version="1.0" encoding="UTF-16"?><w:p>${run(`Grüße ${BUYER}`)}</w:p>`;
  const little = Buffer.from(`\ufeff${xml}`, 'utf16le');
  for (const bytes of [little, Buffer.from(little).swap16()]) {
    const { entries } = await sound(docx({ 'word/document.xml': bytes }));
    assert.equal(
      entries['word/document.xml'],
      `<?xml version="1.0" encoding="UTF-8"?><w:p>${run(`Grüße ${MASK}`)}</w:p>`,
    );
  }
});

test('macros, embedded objects and XML with a document type hold the document', async () => {
  for (const [name, content] of [
    ['word/vbaProject.bin', 'x'],
    ['word/embeddings/oleObject1.bin', 'x'],
    ['word/activeX/activeX1.xml', '<a/>'],
    ['Basic/Standard/Module1.xml', '<a/>'],
    ['Scripts/python/a.py', 'x'],
    ['word/document.xml', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
  ] as const) {
    assert.deepEqual((await look(docx({ [name]: content }))).anomalies, ['unreadable-file'], name);
  }
});

test('in a document names are parts of it and stay; the mimetype of ODF stands first and unpacked', async () => {
  const odt = zip({
    'mimetype': 'application/vnd.oasis.opendocument.text',
    'content.xml': `<office:text><text:p>Ask ${BUYER}</text:p></office:text>`,
    'meta.xml':
      '<office:document-meta xmlns:office="o"><meta:initial-creator>Jane</meta:initial-creator></office:document-meta>',
  });
  const { content, entries } = await sound(odt);
  assert.equal(Buffer.from(content).toString('latin1', 30, 77), 'mimetypeapplication/vnd.oasis.opendocument.text');
  assert.equal(entries['content.xml'], `<office:text><text:p>Ask ${MASK}</text:p></office:text>`);
  assert.doesNotMatch(entries['meta.xml'] ?? '', /Jane/);
});
