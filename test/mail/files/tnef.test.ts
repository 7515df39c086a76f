import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decompressRtf } from '../../../src/mail/files/rtf-compressed.ts';
import { readTnef, type TnefContent } from '../../../src/mail/files/tnef.ts';
import * as make from '../../support/make-tnef.ts';

/** MS-OXRTFCP 4.1.2. */
const REPEATED_RTF = Buffer.from('1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0', 'hex');

const read = (...attributes: readonly Buffer[]): TnefContent => {
  const result = readTnef(make.tnef(...attributes));
  assert.ok(result !== undefined, 'it is TNEF');
  return result;
};

const complete = (...attributes: readonly Buffer[]): TnefContent => {
  const result = read(...attributes);
  assert.equal(result.isComplete, true);
  return result;
};

const assertHeld = (...attributes: readonly Buffer[]): void => {
  assert.equal(read(...attributes).isComplete, false);
};

/** Everything that leaves, as text. */
const everything = ({ files, ...texts }: TnefContent): string =>
  JSON.stringify(texts) +
  files.map(({ content, ...names }) => JSON.stringify(names) + Buffer.from(content).toString()).join('');

const nothing = { subject: undefined, text: undefined, html: undefined, rtf: undefined, files: [], isComplete: true };

test('a message from Outlook gives its texts and its files and not its sender', () => {
  const result = readTnef(make.fromOutlook());
  assert.deepEqual(result && { ...result, files: [] }, {
    subject: 'Re: the bike',
    text: 'Is it still there? \u20ac 20?',
    html: '<p>Is it still th\u00e9re?</p>',
    rtf: '{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n',
    files: [],
    isComplete: true,
  });
  assert.deepEqual(
    result?.files.map((file) => ({ ...file, content: Buffer.from(file.content).toString() })),
    [{ filename: 'Größe des Rads.txt', contentType: 'text/plain', content: '26 inches' }],
  );
  assert.ok(result !== undefined && !/realmail|jane/i.test(everything(result)));
  assert.ok(make.fromOutlook().includes(make.SENDER), 'the sender was in there');
});

test('other files are no TNEF, and an empty one has nothing in it', () => {
  for (const content of ['', 'x\x9f>#', 'PK\x03\x04 and more', '\x78\x9f\x3e']) {
    assert.equal(readTnef(Buffer.from(content, 'latin1')), undefined);
  }
  assert.deepEqual(complete(), nothing);
});

test('a wrong checksum is not complete', () => {
  assertHeld(make.attribute(make.MESSAGE, make.ATT.body, 'Hello', 1));
  assertHeld(make.attribute(make.MESSAGE, make.ATT.from, make.SENDER, 0));
  assert.equal(read(make.attribute(make.MESSAGE, make.ATT.body, 'Hello', 1)).text, 'Hello');
});

test('a file that is cut anywhere never throws and is complete only between two attributes', () => {
  const whole = make.fromOutlook();
  let completeOnes = 0;
  for (let length = 4; length <= whole.length; length++) {
    const result = readTnef(whole.subarray(0, length));
    if (result?.isComplete === true) completeOnes++;
  }
  // The attachment has a beginning, and nothing to show until its data is there.
  assert.equal(completeOnes, 12);
  for (let length = 0; length < 4; length++) assert.equal(readTnef(whole.subarray(0, length)), undefined);
});

test('random bytes never throw', () => {
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return (seed >> 8) % below;
  };
  const whole = make.fromOutlook();
  for (let round = 0; round < 3000; round++) {
    const content = Buffer.from(whole);
    for (let change = 0; change <= random(8); change++) content[6 + random(content.length - 6)] = random(256);
    readTnef(content);
    const noise = Buffer.from(Array.from({ length: random(120) }, () => random(256)));
    readTnef(make.tnef(noise));
    read(make.attribute(make.MESSAGE, make.ATT.mapiProps, noise));
    decompressRtf(Buffer.concat([make.HELLO_RTF.subarray(0, random(20)), noise]));
  }
});

test('every kind of property can be stepped over', () => {
  const lengths = { 2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16 };
  const values = Object.entries(lengths).flatMap(([type, length]) => [
    make.fixed(Number(type), 0x4000, length),
    make.fixedListOf(Number(type), 0x5000, 3, length),
  ]);
  const texts = [Buffer.from('a\0'), Buffer.from(''), Buffer.from('abcde\0')];
  for (const type of [0x1e, 0x1f, 0x0d, 0x102]) values.push(make.listOf(type, 0x6000 + type, ...texts));
  values.push(
    make.named('odd', make.fixed(0x0b, 0x8003, 4)),
    make.named('evenly', make.listOf(0x1e, 0x8004, ...texts)),
  );
  values.push(make.named(0x8233, make.integer(0x8005, 1)));
  assert.equal(
    complete(make.messageProperties(...values, make.string8(0x1000, 'behind it all'))).text,
    'behind it all',
  );
});

test('a stream of properties that cannot be walked is not complete', () => {
  const text = make.string8(0x1000, 'Hello');
  assertHeld(make.messageProperties(make.fixed(0x000a, 0x1000, 4))); // a text that was too long
  assertHeld(make.messageProperties(make.fixed(0x0099, 0x4000, 4), text));
  assertHeld(make.messageProperties(make.named(1, make.integer(0x8001, 1)).fill(7, 20, 24), text));
  assertHeld(make.attribute(make.MESSAGE, make.ATT.mapiProps, Buffer.from('ffffff7f', 'hex')));
  assertHeld(make.attribute(make.MESSAGE, make.ATT.mapiProps, Buffer.from('010000001e100010ffffffff', 'hex')));
});

test('at most a thousand properties are read', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => make.integer(0x4000 + index, index));
  complete(make.messageProperties(...many(1000)));
  assertHeld(make.messageProperties(...many(1001)));
});

test('two texts where there should be one are not complete', () => {
  assertHeld(make.body('for the rules'), make.body('for the reader'));
  assertHeld(make.messageProperties(make.string8(0x1000, 'for the rules'), make.unicode(0x1000, 'for the reader')));
  assertHeld(make.attachment([make.binary(0x3701, Buffer.from('other'))], make.attachData('one')));
  complete(make.attachment([make.binary(0x3701, Buffer.from('one'))], make.attachData('one')));
});

test('a text is read in the code page of its stream', () => {
  const inPage = (page: number, ...bytes: readonly number[]): TnefContent =>
    read(make.codePage(page), make.attribute(make.MESSAGE, make.ATT.body, Uint8Array.of(...bytes, 0)));
  assert.equal(inPage(1252, 0x80).text, '\u20ac');
  assert.equal(inPage(1251, 0xcf).text, '\u041f');
  assert.equal(inPage(932, 0x82, 0xa0).text, '\u3042');
  assert.equal(inPage(28605, 0xa4).text, '\u20ac');
  assert.equal(inPage(65001, 0xe2, 0x82, 0xac).text, '\u20ac');
  assert.deepEqual(inPage(437, 0x41), { ...nothing, text: 'A' });
  assert.equal(inPage(437, 0x80).isComplete, false, 'nobody here knows the upper half of that page');
  assert.equal(inPage(65000, 0x41).isComplete, false, 'UTF-7');
  assert.equal(inPage(37, 0x41).isComplete, false, 'EBCDIC');
  assert.equal(inPage(28602, 0x41).isComplete, false, 'ISO 8859-12 was never made');
  assert.equal(inPage(65001, 0xe2, 0x82).isComplete, false, 'broken');
});

test('HTML is read in its own code page, and as UTF-8 when nobody says', () => {
  const html = (...list: readonly Buffer[]) => complete(make.codePage(1251), make.messageProperties(...list)).html;
  assert.equal(html(make.binary(0x1013, Buffer.of(0xe9)), make.integer(0x3fde, 28591)), '\u00e9');
  assert.equal(html(make.binary(0x1013, Buffer.from('\u00e9'))), '\u00e9');
  assert.equal(html(make.binary(0x1013, Buffer.of(0xcf))), '\u041f');
  assert.equal(html(make.string8(0x1013, '\xcf')), '\u041f');
  assert.equal(html(make.unicode(0x1013, '<p>\u20ac</p>')), '<p>\u20ac</p>');
});

test('what stands behind the end of a string is not read', () => {
  assert.equal(complete(make.body(`Hello\0${make.SENDER}`)).text, 'Hello');
  assert.equal(complete(make.messageProperties(make.unicode(0x0037, `Hello\0${make.SENDER}`))).subject, 'Hello');
});

test('notes are read, and meetings, contacts and encrypted mail are held', () => {
  for (const name of ['IPM.Note', 'IPM.Microsoft Mail.Note', 'IPM.Note.Our Form']) complete(make.messageClass(name));
  const others = ['IPM.Contact', 'IPM.Schedule.Meeting.Request', 'IPM.Note.SMIME', 'IPM.Note.SMIME.MultipartSigned'];
  for (const name of others) assertHeld(make.messageClass(name));
  assertHeld(make.messageProperties(make.unicode(0x001a, 'IPM.Task')));
});

test('an attachment without content is not complete', () => {
  assertHeld(make.attachment([make.unicode(0x3707, 'linked.doc')]));
  assertHeld(make.attachment([make.oleObject('drawing')]));
  assert.equal(complete(make.attachment([], make.attachData(''))).files[0]?.content.length, 0);
});

test('an attachment keeps the best of its names', () => {
  const nameOf = (list: readonly Buffer[]): string | undefined =>
    complete(make.attachment(list, make.attachTitle('title.txt'), make.attachData('x'))).files[0]?.filename;
  const short = make.string8(0x3704, 'short.txt');
  assert.equal(nameOf([]), 'title.txt');
  assert.equal(nameOf([short]), 'short.txt');
  assert.equal(nameOf([short, make.string8(0x3707, 'long.txt')]), 'long.txt');
});

test('an attachment out of its place is not complete', () => {
  assertHeld(make.attachData('before its beginning'));
  assertHeld(make.attribute(3, make.ATT.body, 'of nobody'));
});

test('a message in a message becomes a text file, and its files come along', () => {
  const result = readTnef(make.nested(1));
  assert.ok(result?.isComplete === true);
  assert.deepEqual(
    result.files.map(({ filename, content }) => [filename, Buffer.from(content).toString()]),
    [
      ['file 1.txt', 'Content 1'],
      ['Subject 0.txt', 'Text 0'],
      ['file 0.txt', 'Content 0'],
    ],
  );
  assert.ok(!everything(result).includes(make.SENDER));
});

test('messages in messages are read three deep', () => {
  assert.equal(readTnef(make.nested(3))?.isComplete, true);
  assert.equal(readTnef(make.nested(4))?.isComplete, false);
  assert.equal(readTnef(make.nested(4))?.files.length, 7);
});

test('a message in a message that cannot be read, or that has nothing but formatting, is not complete', () => {
  const holding = (stream: Buffer) => make.attachment([make.embedded(stream)]);
  assertHeld(holding(Buffer.from('no TNEF')));
  assertHeld(holding(make.tnef(make.attribute(make.MESSAGE, make.ATT.body, 'Hello', 1))));
  assertHeld(holding(make.tnef(make.messageProperties(make.binary(0x1009, make.HELLO_RTF)))));
  const page = make.tnef(make.messageProperties(make.string8(0x1013, '<p>Hello</p>')));
  assert.equal(complete(holding(page)).files[0]?.contentType, 'text/html');
});

test('compressed RTF is decompressed as in the examples of the standard', () => {
  assert.equal(decompressRtf(make.HELLO_RTF), '{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n');
  assert.equal(decompressRtf(REPEATED_RTF), '{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}');
});

test('RTF that was not compressed is taken as it is', () => {
  const value = Buffer.concat([Buffer.from('13000000070000004d454c4100000000', 'hex'), Buffer.from('{\\rtf1}')]);
  assert.equal(decompressRtf(value), '{\\rtf1}');
  assert.equal(decompressRtf(value.subarray(0, -1)), undefined);
});

test('RTF that is damaged, or promises more than its bytes can hold, is not complete', () => {
  for (let at = 0; at < make.HELLO_RTF.length; at++) {
    const damaged = Buffer.from(make.HELLO_RTF);
    damaged[at] = (damaged[at] ?? 0) ^ 0x10;
    assert.equal(decompressRtf(damaged), undefined, `byte ${at}`);
    assert.equal(decompressRtf(make.HELLO_RTF.subarray(0, at)), undefined, `cut at ${at}`);
  }
  assertHeld(make.messageProperties(make.binary(0x1009, make.HELLO_RTF.subarray(0, 30))));
  const promising = Buffer.from(make.HELLO_RTF);
  promising.writeUInt32LE(0xffffffff, 4);
  assert.equal(decompressRtf(promising), undefined);
});

test('a large file is read in linear time', () => {
  const large = Buffer.alloc(8_000_000, 0x41);
  const many = Array.from({ length: 9000 }, () => make.body('x'));
  const started = performance.now();
  read(make.attribute(make.MESSAGE, make.ATT.body, large));
  assertHeld(...many, ...many);
  assert.ok(performance.now() - started < 5000);
});
