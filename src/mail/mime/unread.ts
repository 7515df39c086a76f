/**
 * unread: what in a text nobody here can read, although it is text: ciphers, files written as letters, pages that lie elsewhere.
 *
 * In:  decoded text of a body or a file.    Out: the reasons to hold it. Linear; never fails.
 * Standards: RFC 9580 6.2 (armour), POSIX uuencode, RFC 1741 (BinHex), yEnc 1.3. Attacks: security.md MI-15, MI-16.
 */
import type { Anomaly } from '../message.ts';

export function* unreadIn(text: string): Generator<Anomaly> {
  if (text.includes('-----BEGIN PGP MESSAGE-----')) yield 'encrypted';
  if (READ_ELSEWHERE.test(text) || READ_ELSEWHERE.test(unescaped(text))) yield 'read-elsewhere';
  // Some programs turn these lines into files, others show them as they stand.
  if (text.includes('begin') && WRITTEN_AS_LETTERS.test(text)) yield 'ambiguous-encoding';
  if (text.includes(BINHEX)) yield 'ambiguous-encoding';
}

/**
 * Links to a text that its sender's provider keeps and shows on a page of its own, under the sender's real address: Proton, Tuta,
 * Virtru, Cisco, Egress and Microsoft's protected mail.
 */
const READ_ELSEWHERE =
  /https:\/\/(?:mail\.proton(?:mail)?\.(?:me|com)\/eo\/|(?:app|mail)\.(?:tuta|tutanota)\.com\/mail\/#|secure\.virtru\.com\/|res\.cisco\.com\/|switch\.egress\.com\/|outlook\.office365\.com\/Encryption\/)/i;

/** Letters of a link as references (HTML 13.5) or octets (RFC 3986 2.1), which its reader's program undoes. */
const unescaped = (text: string): string =>
  text.replace(
    /&#(?:x([\da-f]{2})|(\d{2,3}));?|%([2-7][\da-f])/gi,
    (_, hex?: string, decimal?: string, octet?: string) =>
      String.fromCharCode(decimal === undefined ? Number.parseInt(hex ?? octet ?? '', 16) : Number(decimal)),
  );

const WRITTEN_AS_LETTERS = /^begin(?:-base64)? [0-7]{3,4} \S|^=ybegin (?:part|line)=/m;
const BINHEX = '(This file must be converted with BinHex';
