/**
 * files-text: one address in files that are text: invitations, cards, tables, letters in RTF, and each in the spellings of its format.
 */
import {
  domain,
  file,
  local,
  utf16,
  withCoded,
  withHtml,
  withPart,
  withText,
  type Plant,
  type PlantedPart,
} from './plant.ts';

const CRLF = '\r\n';
export const lines = (...all: readonly string[]): string => `${all.join(CRLF)}${CRLF}`;

/** The other name of the same mailbox at providers that have two; elsewhere in other letters. */
function otherName(address: string): string {
  const others: Readonly<Record<string, string>> = {
    'gmail.com': 'googlemail.com',
    'googlemail.com': 'gmail.com',
    'icloud.com': 'me.com',
    'protonmail.com': 'pm.me',
  };
  return `${local(address)}@${others[domain(address)] ?? domain(address).toUpperCase()}`;
}

const split = (address: string): readonly [string, string] => [address.slice(0, 6), address.slice(6)];
const fullWidth = (text: string): string =>
  text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
const decimals = (text: string): string => Array.from(text, (letter) => `&#${letter.charCodeAt(0)};`).join('');

const spellings: readonly Plant[] = [
  withText('the other name of the provider', (address) => `Hello ${otherName(address)}`),
  withText(
    'dots in other places',
    (address) => `Hello ${local(address).replaceAll('.', '').split('').join('.')}@${domain(address)}`,
  ),
  withText('[at] and [dot]', (address) => `Hello ${address.replace('@', ' [at] ').replaceAll('.', ' [dot] ')}`),
  withText('(a)', (address) => `Hello ${address.replace('@', '(a)')}`),
  withText('full-width letters', (address) => `Hello ${fullWidth(address)}`),
  withText(
    'a local part from right to left',
    (address) => `Hello ${local(address).split('').toReversed().join('')}@${domain(address)}`,
  ),
  withText('letters with spaces between', (address) => `Hello ${Array.from(address).join(' ')}`),
  withText('a word joiner between all letters', (address) => `Hello ${Array.from(address).join('\u2060')}`),
  withText('an address cut by quote marks', (address) => `> > ${split(address).join('\n> > ')}`),
  withText('percent signs, twice', (address) => `https://x.test/?m=${encodeURIComponent(encodeURIComponent(address))}`),
  withText(
    'a run of base64',
    (address) => `https://x.test/?m=${Buffer.from(`m=${address}&x=1`).toString('base64url')}`,
  ),
  withHtml('decimal entities', (address) => `<p>${decimals(address)}</p>`),
  withHtml(
    '&commat; and &period;',
    (address) => `<p>${address.replace('@', '&commat;').replaceAll('.', '&period;')}</p>`,
  ),
  withHtml(
    'soft hyphens and joiners',
    (address) => `<p>${split(address).join('&shy;').replace('@', '&zwj;@&#8203;')}</p>`,
  ),
  withHtml('<wbr> behind every letter', (address) => `<p>${Array.from(address).join('<wbr>')}</p>`),
  withHtml(
    'cells of a table',
    (address) => `<table><tr><td>${local(address)}</td><td>@${domain(address)}</td></tr></table>`,
  ),
  withHtml('the reading direction', (address) => `<bdo dir="rtl">${address.split('').toReversed().join('')}</bdo>`),
  withHtml(
    'the names of styles',
    (address) => `<style>.x::after{content:"${address}"}</style><p id="${address}">Hello</p>`,
  ),
  withCoded('quoted-printable for every letter', 'us-ascii', 'quoted-printable', (address) =>
    Array.from(address, (letter) => `=${letter.charCodeAt(0).toString(16).toUpperCase()}`)
      .join('')
      .replace(/(.{60})/g, '$1=\n'),
  ),
];

const inline = (type: string, body: string): PlantedPart => ({
  headers: [`Content-Type: ${type}`],
  body: body.trimEnd(),
});

/** An invitation with one line of its own. */
export const inCalendar = (what: string, line: (address: string) => string): Plant =>
  withPart(what, (address) =>
    file(
      'text/calendar; charset=utf-8; method=REQUEST',
      lines('BEGIN:VCALENDAR', 'BEGIN:VEVENT', line(address), 'END:VEVENT', 'END:VCALENDAR'),
      'invite.ics',
    ),
  );

const invitation = (method: string, address: string): string =>
  lines(
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    `PRODID:-//${address}//Calendar//EN`,
    `METHOD:${method}`,
    `X-WR-CALNAME:${address}`,
    'BEGIN:VEVENT',
    `UID:1-${address}`,
    'DTSTART:20261124T100000Z',
    `ORGANIZER;CN="${address}";SENT-BY="mailto:${address}":mailto:${address}`,
    `ATTENDEE;PARTSTAT=ACCEPTED;CN=${address};X-NUM-GUESTS=0:mailto:${local(address)}`,
    ` @${domain(address)}`,
    `X-MS-OLK-SENDER;CN="Me":mailto:${address}`,
    `X-ALT-DESC;FMTTYPE=text/html:<p>${address.replace('@', '&#64;')}</p>`,
    `DESCRIPTION:Write to ${address}\\, please.\\n`,
    `CONTACT:${address}`,
    'END:VEVENT',
    'END:VCALENDAR',
  );

const calendars: readonly Plant[] = ['REQUEST', 'REPLY', 'CANCEL'].flatMap((method) => [
  withPart(`a ${method} in a calendar, attached`, (address) =>
    file(`text/calendar; charset=utf-8; method=${method}`, invitation(method, address), 'invite.ics'),
  ),
  withPart(`a ${method} in a calendar, beside the text`, (address) =>
    inline(`text/calendar; charset=utf-8; method=${method}`, invitation(method, address)),
  ),
  withPart(`a ${method} in a calendar of no type`, (address) =>
    file('application/octet-stream', invitation(method, address), 'invite.ics'),
  ),
]);

const card = (version: string, ...inner: readonly string[]): string =>
  lines('BEGIN:VCARD', `VERSION:${version}`, 'N:Doe;Jane', ...inner, 'END:VCARD');
const coded = (address: string): string => Buffer.from(address).toString('base64');

const cards: readonly Plant[] = [
  withPart('a card of version 4', (address) =>
    file(
      'text/vcard',
      card('4.0', `EMAIL;PREF=1:${address}`, `IMPP:xmpp:${address}`, `NOTE:${split(address).join(`${CRLF} `)}`),
      'me.vcf',
    ),
  ),
  withPart('a card beside the text', (address) =>
    inline('text/vcard', card('3.0', `EMAIL:${address}`, `SOURCE:x:${address}`)),
  ),
  withPart('a card of version 2.1 in quoted-printable', (address) =>
    file('text/x-vcard', card('2.1', `EMAIL;ENCODING=QUOTED-PRINTABLE:${address.replace('@', '=40')}`), 'me.vcf'),
  ),
  withPart('a card of version 2.1 in quoted-printable, wrapped', (address) =>
    file('text/x-vcard', card('2.1', `EMAIL;ENCODING=QUOTED-PRINTABLE:${split(address).join(`=${CRLF}`)}`), 'me.vcf'),
  ),
  withPart('a card of version 2.1 in base64', (address) =>
    file('text/x-vcard', card('2.1', `EMAIL;ENCODING=BASE64:${coded(address)}`, '', 'TEL:1'), 'me.vcf'),
  ),
  withPart('the photo and the key of a card', (address) =>
    file('text/vcard', card('3.0', `PHOTO;ENCODING=b:${coded(address)}`, `KEY;ENCODING=b:${coded(address)}`), 'me.vcf'),
  ),
];

export const rtf = (text: string): string => `{\\rtf1\\ansi\\ansicpg1252{\\info{\\author Jane}}\\pard ${text}\\par}`;

const letters: readonly Plant[] = [
  withPart('an RTF letter and its author', (address) =>
    file('application/rtf', rtf(address).replace('Jane', address), 'letter.rtf'),
  ),
  withPart('an RTF letter behind a tabulator', (address) =>
    file('application/rtf', rtf(`Mail:\\tab\n${address}`), 'letter.rtf'),
  ),
];

const tables: readonly Plant[] = [
  withPart('a table of no type', (address) =>
    file('application/octet-stream', lines('name;mail', `me;${address}`), 'list.csv'),
  ),
  withPart('a table in two columns', (address) =>
    file('text/csv', lines('name,host', `"${local(address)}","@${domain(address)}"`), 'a.csv'),
  ),
  withPart('a text file', (address) => file('text/plain; charset=iso-8859-1', lines('Hello', address), 'read me.txt')),
  withPart('a text file in UTF-16', (address) => file('text/plain; charset=utf-16', utf16(address), 'a.txt')),
  withPart('a text file in UTF-16 of no type', (address) => file('application/octet-stream', utf16(address), 'a.txt')),
  withPart('an HTML file', (address) =>
    file('text/html', `<p>${address.replace('@', '<!-- x -->&#64;')}</p>`, 'page.html'),
  ),
  withPart('a JSON file', (address) =>
    file('application/json', JSON.stringify({ mail: address.replace('@', '\\u0040') }), 'a.json'),
  ),
  withPart('an XML file', (address) =>
    file('application/xml', `<a mail="${address}">${decimals(address)}</a>`, 'a.xml'),
  ),
  withPart('a Markdown file', (address) => file('application/octet-stream', `[me](mailto:${address})`, 'a.md')),
];

export const TEXT_FILE_PLANTS: readonly Plant[] = [...spellings, ...calendars, ...cards, ...letters, ...tables];
