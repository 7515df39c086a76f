/**
 * files-hidden: one address behind the escapes of a format, or in a packing that does not say so: whoever searches the bytes alone sees
 * nothing, and the reader's program shows it.
 */
import { brotliCompressSync, deflateSync } from 'node:zlib';
import { inCalendar, lines, rtf } from './files-text.ts';
import { domain, file, local, withPart, withText, type Plant } from './plant.ts';

const BELOW = 'Please write to me at\\n';
const letter = (what: string, text: (address: string) => string): Plant =>
  withPart(what, (address) => file('application/rtf', rtf(text(address)), 'letter.rtf'), 'held');
const hexadecimal = (text: string): string =>
  Array.from(text, (sign) => `\\'${sign.charCodeAt(0).toString(16)}`).join('');

/** RFC 5545 3.3.11, RFC 6350 3.4, RFC 8259 7: a line end in a text is a backslash and an `n`, and the `n` is no letter of a name. */
const inLines: readonly Plant[] = [
  inCalendar('the second line of the description in a calendar', (address) => `DESCRIPTION:${BELOW}${address}`),
  inCalendar(
    'a line end within the address in a calendar',
    (address) => `DESCRIPTION:${local(address)}@\\n${domain(address)}`,
  ),
  withPart('the second line of the note on a card', (address) =>
    file('text/vcard', lines('BEGIN:VCARD', 'VERSION:4.0', `NOTE:${BELOW}${address}\\nBye`, 'END:VCARD'), 'me.vcf'),
  ),
  withPart('the second line of a text in a JSON file', (address) =>
    file('application/json', JSON.stringify({ text: `Hello\n${address}`, more: 'x'.repeat(200) }), 'a.json'),
  ),
  withText('a backslash and an n in front', (address) => `It said: "Hello\\n${address}\\nBye"`),
  withText('a sign of JavaScript in hexadecimal', (address) => `var mail = "${address.replace('@', '\\x40')}"`),
];

/** RTF 1.9.1: letters as hexadecimal or as Unicode, a word cut by a change of type. */
const letters: readonly Plant[] = [
  letter("an RTF letter with \\'40", (address) => address.replace('@', "\\'40")),
  letter('an RTF letter in hexadecimal', hexadecimal),
  letter('an RTF letter in Unicode', (address) => Array.from(address, (sign) => `\\u${sign.charCodeAt(0)}?`).join('')),
  letter('an RTF letter cut by a change of type', (address) => `${local(address)}{\\b @}${domain(address)}`),
];

/** To be held as what nobody here can look into: the address is in there, and no reading of the bytes shows it. */
const opaque: readonly Plant[] = [
  withPart(
    'a text packed with Brotli',
    (address) => file('application/octet-stream', brotliCompressSync(`I am ${address}, ${address}`), 'me.br'),
    'held',
  ),
  withPart(
    'a text packed with zlib',
    (address) => file('application/zlib', deflateSync(`I am ${address}, write to ${address}`), 'me.zz'),
    'held',
  ),
];

export const HIDDEN_PLANTS: readonly Plant[] = [...inLines, ...letters, ...opaque];
