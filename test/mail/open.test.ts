/** What nobody here can look into is held, whatever it pretends to be; what is honest is not. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { file, withPart } from '../../leak-suite/cases/plant.ts';
import { openFiles } from '../../src/mail/open.ts';
import { parse } from '../../src/mail/parse.ts';
import { BUYER, SECRETS } from '../support/deliverable.ts';

async function anomaliesOf(content: Uint8Array | string, name: string, type: string): Promise<readonly string[]> {
  const { mail } = withPart('a file', () => file(type, content, name));
  return (await openFiles(parse(Buffer.from(mail('somebody.else@mail.example'))), SECRETS, true)).anomalies;
}

/** Bit 0 of the flags in each header (APPNOTE 4.4.4) says that a password is needed. */
function locked(text: string): Buffer {
  const zip = Buffer.from(zipSync({ 'me.txt': Buffer.from(text) }, { level: 0 }));
  zip.writeUInt16LE(zip.readUInt16LE(6) | 1, 6);
  const entry = zip.indexOf(Buffer.from('504b0102', 'hex'));
  zip.writeUInt16LE(zip.readUInt16LE(entry + 8) | 1, entry + 8);
  return zip;
}

const closed = locked(BUYER);
const behind = (front: string | Buffer, back: Buffer = closed): Buffer =>
  Buffer.concat([typeof front === 'string' ? Buffer.from(front, 'latin1') : front, back]);
const SEVEN_ZIP = behind(Buffer.from('377abcaf271c0004', 'hex'), randomBytes(300));
const OCTETS = 'application/octet-stream';

const CLOSED: readonly (readonly [what: string, content: Uint8Array | string, name: string, type?: string])[] = [
  ['an archive with a password behind the first octets of a JPEG', behind('\xff\xd8\xff'), 'files.zip'],
  ['the same, called a picture', behind('\xff\xd8\xff'), 'photo.jpg', 'image/jpeg'],
  ['an archive with a password behind the mark of a PNG', behind('\x89PNG\r\n\x1a\n'), 'files.zip'],
  ['an archive of another kind behind the mark of a GIF', behind('GIF89a', SEVEN_ZIP), 'a.gif', 'image/gif'],
  ['packed text behind the mark of a WebP', behind('RIFF\0\0\0\0WEBP', brotliCompressSync(BUYER)), 'a.webp'],
  ['an archive with a password behind a page of text', behind('Dear reader,\r\n'.repeat(400)), 'letter.txt.zip'],
  ['an archive of another kind behind a megabyte of text', behind('x y z '.repeat(180_000), SEVEN_ZIP), 'book.dat'],
  ['a file written as letters', `begin 644 me.txt\r\n#86YN\r\n\`\r\nend\r\n`, 'a.uu'],
  [
    'a file written as letters under no type',
    `begin-base64 644 me.txt\r\n${Buffer.from(BUYER).toString('base64')}\r\n====\r\n`,
    'a.dat',
  ],
  [
    'a BinHex file',
    '(This file must be converted with BinHex 4.0)\r\n\r\n:#Q9bFf9bE!\r\n',
    'a.hqx',
    'application/mac-binhex40',
  ],
  [
    'a message in PGP in a file of no type',
    '-----BEGIN PGP MESSAGE-----\r\n\r\nabcd\r\n-----END PGP MESSAGE-----\r\n',
    'a.dat',
  ],
];

for (const [what, content, name, type = OCTETS] of CLOSED) {
  test(`held: ${what}`, async () => assert.notDeepEqual(await anomaliesOf(content, name, type), []));
}

const OPEN: readonly (readonly [what: string, content: Uint8Array | string, name: string, type?: string])[] = [
  ['a long text of no type', 'Größe und Farbe\r\n'.repeat(5000), 'notes.dat'],
  ['a text in Latin-1 of no type', Buffer.from('Größe und Farbe\r\n', 'latin1'), 'notes.dat'],
  ['a text that begins with "begin"', 'begin with the left screw\r\nthen the right one\r\n', 'manual.dat'],
  ['a table', 'a;b;c\r\n1;2;3\r\n', 'table.csv', 'text/csv'],
  ['an archive that can be opened', zipSync({ 'a.txt': Buffer.from('Hello') }), 'files.zip', 'application/zip'],
];

for (const [what, content, name, type = OCTETS] of OPEN) {
  test(`not held: ${what}`, async () => assert.deepEqual(await anomaliesOf(content, name, type), []));
}
