/**
 * messages: what the benchmarks send: an ordinary message of 4 KB, text and HTML; one of 60 KB and one of 25 MB with a picture; and text
 * of the size up to which the doors' thread carries it itself.
 */
import { randomBytes } from 'node:crypto';

const WORDS =
  'Your parcel left our warehouse this morning and should reach you in two or three days. The carrier will leave a note when nobody is at home. ' +
  'The manual is in the box; the batteries are not. If anything is missing, just reply to this message and we look into it at once. ';

const head = (subject: string, type: string) =>
  [
    'From: Nord Tools <{FROM}>',
    'To: <{TO}>',
    `Subject: ${subject} {N}`,
    'Date: Mon, 23 Nov 2026 10:00:00 +0200',
    'Message-ID: <bench-{N}@nord.test>',
    'X-Mailer: Desk 4.2',
    'Received: from desk (desk.nord.test [192.0.2.7]) by out.nord.test; Mon, 23 Nov 2026 10:00:00 +0200',
    'MIME-Version: 1.0',
    `Content-Type: ${type}`,
    '',
  ].join('\r\n');

const wrapped = (text: string): string => text.replace(/(.{1,72})(?: |$)/g, '$1\r\n');

const alternative = [
  '--alt',
  'Content-Type: text/plain; charset=utf-8',
  '',
  wrapped(WORDS.repeat(7)),
  '--alt',
  'Content-Type: text/html; charset=utf-8',
  '',
  `<html><body><p>${wrapped(WORDS.repeat(7))}</p></body></html>`,
  '--alt--',
].join('\r\n');

export const FOUR_KB = `${head('Your order', 'multipart/alternative; boundary=alt')}\r\n${alternative}`;

/**
 * A JPEG as far as its segments go, with noise for a picture: nothing can pack it, and it is not held, as a file would be that nobody
 * here can read. In the scan an FF would begin a marker (ITU T.81 B.1.1.2).
 */
function picture(octets: number): Buffer {
  const scan = randomBytes(octets).map((octet) => (octet === 0xff ? 0xfe : octet));
  const head =
    'ffd8 ffe0 0010 4a46494600 0102 00 0001 0001 0000 ffc0 000b 08 0400 0400 01 01 1100 ffda 0008 01 0100 003f00';
  return Buffer.concat([Buffer.from(head.replaceAll(' ', ''), 'hex'), scan, Buffer.from('ffd9', 'hex')]);
}

/** A message with a picture of so many octets. */
function withPicture(octets: number, filename: string): string {
  const lines =
    picture(octets)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  return [
    `${head('A file', 'multipart/mixed; boundary=mix')}\r\n--mix`,
    'Content-Type: multipart/alternative; boundary=alt',
    '',
    alternative,
    '--mix',
    'Content-Type: image/jpeg',
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename="${filename}"`,
    '',
    ...lines,
    '--mix--',
  ].join('\r\n');
}

export const SIXTY_KB = withPicture(40_000, 'step.jpg');
/** 25 MB on the wire: 37 octets of file are 50 of mail, line ends with them. */
export const LARGE = withPicture(18_200_000, 'factory.jpg');

const GERMAN = 'Schöne Grüße aus Köln, das Gerät für die Küche wäre morgen größtenteils verfügbar.\r\n';
/** Nothing but letters, an eighth of them with marks: the most that a message without files asks of the thread that takes it in. */
export const TEXT_ALONE = `${head('A long answer', 'text/plain; charset=utf-8')}\r\n${GERMAN.repeat(320)}`;
