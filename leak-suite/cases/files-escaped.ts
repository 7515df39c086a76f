/**
 * files-escaped: one address behind the escapes and the tags of a format that is masked as plain text.
 *
 * Whoever masks has to undo the escape, or to leave out the tag, as the program of a reader does.
 */
import { inCalendar, lines } from './files-text.ts';
import { domain, file, local, withHtml, withPart, withText, type Plant } from './plant.ts';

const inText: readonly Plant[] = [
  withText(
    'a coded line end in front, in a link',
    (address) => `mailto:b7k2m9q4t1x8w3z5@relay.test?body=Hello%0D%0A${address}`,
  ),
  withText(
    'a coded line end in front, in a link that is coded as a whole',
    (address) => `https://x.test/?body=Hello%0A${encodeURIComponent(address)}`,
  ),
  withText('a coded space in front, in a link', (address) => `https://x.test/?body=Hello%C2%A0${address}`),
  withHtml(
    'a coded line end in front, in a link of a page',
    (address) => `<a href="https://x.test/?body=Hello%0A${address}">open</a>`,
  ),
  withText('a line end of JavaScript in Unicode', (address) => `"Hello\\u000a${address}"`),
];

const inFiles: readonly Plant[] = [
  inCalendar(
    'a tag within the address in a calendar',
    (address) => `DESCRIPTION:${local(address)}<b>@</b>${domain(address)}`,
  ),
  withPart('the second line of the note on a card of version 2.1', (address) =>
    file(
      'text/x-vcard',
      lines('BEGIN:VCARD', 'VERSION:2.1', `NOTE;ENCODING=QUOTED-PRINTABLE:Hello=0D=0A${address}`, 'END:VCARD'),
      'me.vcf',
    ),
  ),
  withPart('the text of an SVG, cut in two', (address) =>
    file(
      'image/svg+xml',
      `<svg><text><tspan>${local(address)}</tspan><tspan>@${domain(address)}</tspan></text></svg>`,
      'a.svg',
    ),
  ),
  withPart('an XML file, cut by tags', (address) =>
    file('application/xml', `<a>${local(address)}<b>@</b>${domain(address)}</a>`, 'a.xml'),
  ),
];

export const ESCAPED_PLANTS: readonly Plant[] = [...inText, ...inFiles];
