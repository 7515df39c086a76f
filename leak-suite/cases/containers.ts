/**
 * containers: one address in what lies in something else: messages in messages, archives, signatures and keys.
 */
import { OFFICE_PLANTS, zipped, type Entries } from './files-office.ts';
import { DISGUISED_PLANTS } from './files-disguised.ts';
import { ESCAPED_PLANTS } from './files-escaped.ts';
import { HIDDEN_PLANTS } from './files-hidden.ts';
import { OUTLOOK_PLANTS } from './files-outlook.ts';
import { PDF_PLANTS } from './files-pdf.ts';
import { jpegWithExif, PICTURE_PLANTS } from './files-pictures.ts';
import { TEXT_FILE_PLANTS } from './files-text.ts';
import { base64, domain, file, head, local, utf16, whole, withPart, withText, type Plant } from './plant.ts';

// --- messages ----------------------------------------------------------------------------------------------------------

/** A whole message; `inner` are the headers of its content and the content. */
const message = (address: string, ...inner: readonly string[]): string =>
  [
    `Received: from [192.0.2.1] for <${address}>; Mon, 23 Nov 2026 10:00:00 +0100`,
    `From: ${address}`,
    `Reply-To: ${address}`,
    'To: b7k2m9q4t1x8w3z5@relay.test',
    `Subject: of ${address}`,
    `Message-ID: <1.${address}>`,
    ...inner,
  ].join('\n');

function nested(address: string, depth: number): string {
  if (depth === 1) return message(address, 'Content-Type: text/plain', '', `Hello ${address}`);
  return message(address, 'Content-Type: message/rfc822', '', nested(address, depth - 1));
}

const inMixed = (address: string, depth: number): string =>
  message(
    address,
    `Content-Type: multipart/mixed; boundary="level-${depth}-of-it"`,
    '',
    `--level-${depth}-of-it`,
    'Content-Type: text/plain',
    '',
    `Level ${depth}: ${address}`,
    `--level-${depth}-of-it`,
    ...(depth === 1
      ? ['Content-Type: text/csv; name="a.csv"', '', `me;${address}`]
      : ['Content-Type: message/rfc822', '', inMixed(address, depth - 1)]),
    `--level-${depth}-of-it--`,
  );

const messages: readonly Plant[] = [
  withPart('a message three deep', (address) => ({
    headers: ['Content-Type: message/rfc822'],
    body: nested(address, 3),
  })),
  withPart('a message three deep, each beside a text', (address) => ({
    headers: ['Content-Type: message/rfc822', 'Content-Disposition: attachment; filename="mail.eml"'],
    body: inMixed(address, 3),
  })),
  withPart('an .eml file of no type', (address) => file('application/octet-stream', nested(address, 2), 'mail.eml')),
  withPart('an .eml file as text', (address) => file('text/plain', nested(address, 2), 'mail.eml')),
  withPart('the headers of a message (text/rfc822-headers)', (address) => ({
    headers: ['Content-Type: text/rfc822-headers'],
    body: message(address),
  })),
  withPart('the report of a delivery', (address) => ({
    headers: ['Content-Type: message/delivery-status'],
    body: `Reporting-MTA: dns; localhost\n\nOriginal-Recipient: rfc822;${address}\nFinal-Recipient: rfc822;${address}\nDiagnostic-Code: smtp; 550 <${address}> unknown`,
  })),
  // Held: Outlook's own file of a message, an OLE file, cannot be cleaned.
  withPart(
    'a .msg file',
    (address) =>
      file(
        'application/vnd.ms-outlook',
        Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), utf16(address)]),
        'mail.msg',
      ),
    'held',
  ),
];

// --- archives ----------------------------------------------------------------------------------------------------------

const archive = (what: string, entries: (address: string) => Entries, end?: 'held'): Plant =>
  withPart(what, (address) => file('application/zip', zipped(entries(address)), 'files.zip'), end);

/** The comment at the very end (APPNOTE 4.3.16): its length in the last two octets of the record. */
function withComment(zip: Uint8Array, comment: string): Buffer {
  const bytes = Buffer.concat([zip, Buffer.from(comment, 'latin1')]);
  bytes.writeUInt16LE(comment.length, zip.length - 2);
  return bytes;
}

/** Bit 0 of the flags in each header (APPNOTE 4.4.4) says that a password is needed. */
function locked(zip: Uint8Array): Buffer {
  const bytes = Buffer.from(zip);
  bytes[6] = (bytes[6] ?? 0) | 1;
  const entry = bytes.indexOf(Buffer.from('504b0102', 'hex'));
  bytes[entry + 8] = (bytes[entry + 8] ?? 0) | 1;
  return bytes;
}

const archives: readonly Plant[] = [
  archive('a text file in an archive', (address) => ({ 'me.txt': `I am ${address}` })),
  archive('a file name in an archive', (address) => ({ [`${address}/hello.txt`]: 'Hello' })),
  archive('a table and a card in an archive', (address) => ({
    'a.csv': `me;${address}\r\n`,
    'me.vcf': `EMAIL:${local(address)}@\r\n ${domain(address)}`,
  })),
  archive('a photo in an archive', (address) => ({ 'IMG_1.jpg': jpegWithExif(address) })),
  archive('an archive in an archive', (address) => ({ 'inner.zip': zipped({ 'me.txt': address }) })),
  archive('a message in an archive', (address) => ({ 'mail.eml': nested(address, 1) })),
  withPart('the comment of an archive', (address) =>
    file('application/zip', withComment(zipped({ 'a.txt': 'Hello' }), address), 'files.zip'),
  ),
  // Held by verify: what begins as something else is not opened.
  withPart(
    'an archive behind a program',
    (address) =>
      file(
        'application/octet-stream',
        Buffer.concat([Buffer.from('MZ\0\x01'), zipped({ 'me.txt': address })]),
        'setup.exe',
      ),
    'held',
  ),
  // Held: text in UTF-16 is not taken for text in an archive, and verify finds it.
  archive('a text file in UTF-16 in an archive', (address) => ({ 'me.txt': utf16(address) }), 'held'),
  archive('a coded message in an archive', (address) => ({
    'mail.eml': `From: b7k2m9q4t1x8w3z5@relay.test\nContent-Transfer-Encoding: base64\n\n${base64(`Hello, I am ${address}`)}\n`,
  })),
  // Held: nobody here has the password; four archives in each other are one too many; other packers are not read.
  withPart(
    'an archive under a password',
    (address) => file('application/zip', locked(zipped({ 'me.txt': address })), 'files.zip'),
    'held',
  ),
  archive(
    'an archive four deep',
    (address) => ({ 'a.zip': zipped({ 'b.zip': zipped({ 'c.zip': zipped({ 'me.txt': address }) }) }) }),
    'held',
  ),
  withPart(
    'an archive of another kind',
    (address) =>
      file(
        'application/x-7z-compressed',
        Buffer.concat([Buffer.from('377abcaf271c', 'hex'), Buffer.from(address)]),
        'a.7z',
      ),
    'held',
  ),
];

// --- signatures and keys -----------------------------------------------------------------------------------------------

const armoured = (what: string, address: string): string =>
  [
    `-----BEGIN PGP ${what}-----`,
    `Comment: ${address}`,
    '',
    base64(`\x99key of ${address}, and then some`),
    '=abcd',
    `-----END PGP ${what}-----`,
  ].join('\n');

/** The text of a multipart/signed, and its signature (RFC 1847). */
const signed = (what: string, protocol: string, name: string, signature: (address: string) => string): Plant => ({
  what,
  mail: (address) =>
    whole([
      ...head(address, `Content-Type: multipart/signed; micalg=sha-256; protocol="${protocol}"; boundary="signed"`),
      '',
      '--signed',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Hello',
      '--signed',
      `Content-Type: ${protocol}; name="${name}"`,
      'Content-Transfer-Encoding: 7bit',
      `Content-Disposition: attachment; filename="${name}"`,
      '',
      signature(address),
      '--signed--',
    ]),
});

const keys: readonly Plant[] = [
  signed('a PGP signature', 'application/pgp-signature', 'signature.asc', (address) => armoured('SIGNATURE', address)),
  signed('an S/MIME signature', 'application/pkcs7-signature', 'smime.p7s', (address) =>
    base64(`0\x82\x01\x02rfc822Name ${address} certificate`),
  ),
  withText(
    'a clear-signed text',
    (address) => `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n${armoured('SIGNATURE', address)}`,
  ),
  withText('a key in the text', (address) => `My key:\n${armoured('PUBLIC KEY BLOCK', address)}`),
  withPart('an attached key', (address) =>
    file('application/pgp-keys', armoured('PUBLIC KEY BLOCK', address), 'publickey.asc'),
  ),
  withPart('an attached key named after its number', (address) =>
    file('application/pgp-keys', armoured('PUBLIC KEY BLOCK', address), '0x0123456789ABCDEF.asc'),
  ),
  withPart('a key in a file of no type', (address) =>
    file('application/octet-stream', armoured('PUBLIC KEY BLOCK', address), 'key.asc'),
  ),
  withPart('a certificate', (address) => file('application/pkix-cert', `0\x82\x01\x02${address}`, 'me.cer')),
  // Held: only the addressee can open it, or the signature is around the text itself.
  withPart(
    'an encrypted S/MIME message',
    (address) => file('application/pkcs7-mime; smime-type=enveloped-data', `0\x82${address}`, 'smime.p7m'),
    'held',
  ),
  { ...withText('an encrypted PGP message', (address) => armoured('MESSAGE', address)), end: 'held' },
];

export const CONTAINER_PLANTS: readonly Plant[] = [...messages, ...archives, ...keys];

/** What lies in files. */
export const FILE_PLANTS: readonly Plant[] = [
  ...PICTURE_PLANTS,
  ...PDF_PLANTS,
  ...OFFICE_PLANTS,
  ...OUTLOOK_PLANTS,
  ...TEXT_FILE_PLANTS,
  ...ESCAPED_PLANTS,
  ...DISGUISED_PLANTS,
  ...HIDDEN_PLANTS,
];
