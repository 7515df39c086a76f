/**
 * messages: what the benchmarks send: an ordinary message of 4 KB, text and HTML, and one of 60 KB with a picture.
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

/** `octets` of a file that nothing can pack, as a message carries it. */
function withFile(octets: number, type: string, filename: string): string {
  const lines =
    randomBytes(octets)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  return [
    `${head('A file', 'multipart/mixed; boundary=mix')}\r\n--mix`,
    'Content-Type: multipart/alternative; boundary=alt',
    '',
    alternative,
    '--mix',
    `Content-Type: ${type}`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename="${filename}"`,
    '',
    ...lines,
    '--mix--',
  ].join('\r\n');
}

export const SIXTY_KB = withFile(40_000, 'image/jpeg', 'step.jpg');
/** 25 MB on the wire: 37 octets of file are 50 of mail, line ends with them. */
export const LARGE = withFile(18_200_000, 'application/octet-stream', 'film.bin');
