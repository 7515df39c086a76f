/**
 * places-html: one address in HTML where one program shows it in one piece and another does not: blocks, attributes, text that is struck
 * out or hidden by a style, links that lead to a text elsewhere.
 */
import { domain, local, mirrored, whole, head, withHtml, withPart, type Plant } from './plant.ts';

const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
const picture = (id: string): readonly string[] => [
  '--rel',
  'Content-Type: image/gif',
  `Content-ID: <${id}>`,
  'Content-Transfer-Encoding: base64',
  '',
  GIF,
];

/** HTML with two pictures of its own. */
const withPictures = (what: string, html: (address: string) => string): Plant => ({
  what,
  mail: (address) =>
    whole([
      ...head(address, 'Content-Type: multipart/related; boundary="rel"'),
      '',
      '--rel',
      'Content-Type: text/html; charset=utf-8',
      '',
      html(address),
      ...picture('one@client.example'),
      ...picture('two@client.example'),
      '--rel--',
    ]),
});

const between = (what: string, nothing: string): Plant =>
  withHtml(`${what} between its halves`, (address) => `<p>${local(address)}${nothing}@${domain(address)}</p>`);

export const HTML_PLANTS: readonly Plant[] = [
  withHtml(
    'a block behind the last word of another',
    (address) => `<details><summary>Mail</summary>${address}</details><section>Mail</section>${address}`,
  ),
  withHtml(
    'a list with one letter a line',
    (address) => `<ul>${Array.from(address, (letter) => `<li>${letter}</li>`).join('')}</ul>`,
  ),
  withHtml(
    'a table with one letter a cell',
    (address) => `<table><tr>${Array.from(address, (letter) => `<td>${letter}</td>`).join('')}</tr></table>`,
  ),
  between('text that is struck out', '<del>XX</del>'),
  between('text of no size', '<span style="font-size:0">XX</span>'),
  between('text that cannot be seen', '<span style="opacity:0">XX</span>'),
  between('text that a style sheet hides', '<span class="no">XX</span>'),
  between('a sign without a text', '<ruby><rp>(</rp><rt></rt></ruby>'),
  withHtml(
    'a font of that name',
    (address) => `<p style="font-family:'${local(address)} at ${domain(address)}'">Hello</p>`,
  ),
  withHtml(
    'a host from right to left',
    (address) => `<p>${local(address)}@<bdo dir="rtl">${mirrored(domain(address))}</bdo></p>`,
  ),
  withHtml(
    'a link with a sign of twice its width',
    (address) => `<a href="mailto:${address.replace('@', '%EF%BC%A0')}">me</a>`,
  ),
  withPictures(
    'the texts of two pictures',
    (address) =>
      `<img src="cid:one@client.example" alt="${local(address)}"><img src="cid:two@client.example" alt="@${domain(address)}">`,
  ),
  withPictures(
    'the text of a picture and what follows',
    (address) => `<p><img src="cid:one@client.example" alt="${local(address)}">@${domain(address)}</p>`,
  ),
  // Held: nobody here reads what stands behind such a link.
  withPart(
    'a text that is read elsewhere, its link in references',
    (address) => ({
      headers: ['Content-Type: text/html'],
      body: `<p>${address}</p><a href="https&#58;//mail.proton.me/e&#111;/abc">read</a>`,
    }),
    'held',
  ),
];
