/**
 * planted: one address in every place where relays were seen to leak it.
 */
import {
  base64,
  domain,
  file,
  hexEntities,
  local,
  mirrored,
  utf16,
  withCoded,
  withHeader,
  withHtml,
  withPart,
  withText,
  type Plant,
} from './plant.ts';

export const PLANTS: readonly Plant[] = [
  // headers
  withHeader('Reply-To', (address) => `Reply-To: ${address}`),
  withHeader('Sender', (address) => `Sender: ${address}`),
  withHeader(
    'Return-Path and Delivered-To',
    (address) => `Return-Path: <${address}>\nDelivered-To: ${address}\nX-Original-To: ${address}`,
  ),
  withHeader(
    'Received',
    (address) =>
      `Received: from laptop ([192.0.2.1]) by mx.${domain(address)} for <${address}>; Mon, 23 Nov 2026 10:00:00 +0100`,
  ),
  withHeader(
    'X-Originating and Exchange headers',
    (address) => `X-Originating-Email: [${address}]\nX-MS-Exchange-Sender: ${address}\nX-Sender: ${address}`,
  ),
  withHeader('Authentication-Results', (address) => `Authentication-Results: mx; spf=pass smtp.mailfrom=${address}`),
  withHeader('DKIM-Signature', (address) => `DKIM-Signature: v=1; d=${domain(address)}; i=${address}; b=x`),
  withHeader('ARC', (address) => `ARC-Authentication-Results: i=1; mx; smtp.mailfrom=${address}`),
  withHeader('Message-ID', (address) => `Message-ID: <123.${address}>`),
  withHeader(
    'In-Reply-To and References',
    (address) => `In-Reply-To: <9.${address}>\nReferences: <8.${address}> <9.${address}>`,
  ),
  withHeader(
    'Disposition-Notification-To',
    (address) => `Disposition-Notification-To: ${address}\nReturn-Receipt-To: ${address}`,
  ),
  withHeader('Autocrypt', (address) => `Autocrypt: addr=${address}; keydata=AAAA`),
  withHeader('List-Unsubscribe', (address) => `List-Unsubscribe: <mailto:${address}>`),
  withHeader('Resent', (address) => `Resent-From: ${address}\nResent-To: ${address}`),
  withHeader(
    'Comments, Keywords, Organization',
    (address) => `Comments: ${address}\nKeywords: ${address}\nOrganization: ${address}`,
  ),
  withHeader('Cc', (address) => `Cc: "${address}" <${address}>`),
  withHeader('Subject', (address) => `Subject: Mail from ${address}`),
  withHeader(
    'Subject in an encoded word',
    (address) => `Subject: =?utf-8?B?${Buffer.from(`From ${address}`).toString('base64')}?=`,
  ),
  // plain text
  withText('text, as it is', (address) => `Hello ${address}.`),
  withText('text, in capitals', (address) => `Hello ${address.toUpperCase()}`),
  withText('an attribution line', (address) => `Yes\n\nOn Mon, 23 Nov 2026, Somebody <${address}> wrote:\n> Hello`),
  withText(
    'the header block of Outlook',
    (address) => `Yes\n\nFrom: Somebody [mailto:${address}]\nTo: ${address}\nSubject: Order`,
  ),
  withText('X-Delivered-To as Fastmail quotes it', (address) => `> X-Delivered-To: ${address}\n> Subject: x`),
  withText(
    'a display name of the form name(a)domain',
    (address) => `Somebody - ${local(address)}(a)${domain(address)} wrote:`,
  ),
  withText('a zero-width space', (address) => `Hello ${local(address)}\u200b@${domain(address)}`),
  withText('a soft hyphen', (address) => `Hello ${local(address)}@\u00ad${domain(address)}`),
  withText('a quote wrapped at the @', (address) => `> ${local(address)}@\n> ${domain(address)} wrote:`),
  withText('a subaddress', (address) => `Hello ${local(address)}+shop@${domain(address)}`),
  withText('no dots', (address) => `Hello ${local(address).replaceAll('.', '')}@${domain(address)}`),
  withText(' at ', (address) => `Hello ${local(address)} at ${domain(address).replaceAll('.', ' dot ')}`),
  withText('letters from right to left', (address) => `Hello ${mirrored(address)}`),
  withText('a signature and a link', (address) => `-- \nSomebody\nhttps://x.test/?me=${encodeURIComponent(address)}`),
  withCoded(
    'quoted-printable',
    'utf-8',
    'quoted-printable',
    (address) => `Hello ${local(address)}=40${domain(address).slice(0, 4)}=\n${domain(address).slice(4)}`,
  ),
  withCoded(
    'quoted-printable in ISO-8859-1',
    'iso-8859-1',
    'quoted-printable',
    (address) => `Gr=FC=DFe ${address.replace('@', '=40')}`,
  ),
  withCoded('base64', 'utf-8', 'base64', (address) => base64(`Hello ${address}`)),
  withCoded('base64 in UTF-16', 'utf-16', 'base64', (address) => base64(utf16(`Hello ${address}`))),
  // HTML
  withHtml('HTML, as it is', (address) => `<p>${address}</p>`),
  withHtml('a character reference', (address) => `<p>${address.replace('@', '&#64;')}</p>`),
  withHtml('character references only', (address) => `<p>${hexEntities(address)}</p>`),
  withHtml('mailto with %40', (address) => `<a href="mailto:${address.replace('@', '%40')}">me</a>`),
  withHtml('<wbr>', (address) => `<p>${address.replace('@', '<wbr>@<wbr>')}</p>`),
  withHtml('tags and comments', (address) => `<p>${address.replace('@', '<b>@</b><!-- x -->')}</p>`),
  withHtml('a comment', (address) => `<!-- ${address} --><p>Hello</p>`),
  withHtml(
    'meta, title and style',
    (address) =>
      `<head><meta name="author" content="${address}"><title>${address}</title><style>/* ${address} */</style></head><p>Hello</p>`,
  ),
  withHtml(
    'attributes',
    (address) =>
      `<p title="${address}" class="${address}" data-from="${address}"><img alt="${address}" src="https://t.test/${address}.gif"></p>`,
  ),
  withHtml('hidden text', (address) => `<p>Hello<span style="display:none">${address}</span></p>`),
  withHtml('the query of a link', (address) => `<a href="https://t.test/?u=${encodeURIComponent(address)}">open</a>`),
  withHtml(
    'the attribution of Gmail',
    (address) =>
      `<div class="gmail_attr">On Mon, Somebody &lt;<a href="mailto:${address}">${address}</a>&gt; wrote:<br></div>`,
  ),
  // parts
  withPart('a second text part', (address) => ({
    headers: ['Content-Type: text/plain; charset=utf-8'],
    body: `Hello ${address}`,
  })),
  withPart('a nested message', (address) => ({
    headers: ['Content-Type: message/rfc822'],
    body: `From: ${address}\nTo: ${address}\nSubject: of ${address}\n\nHello ${address}`,
  })),
  withPart('a calendar', (address) =>
    file(
      'text/calendar; charset=utf-8; method=REPLY',
      `BEGIN:VCALENDAR\r\nATTENDEE;CN="${address}":mailto:${local(address)}\r\n @${domain(address)}\r\nEND:VCALENDAR\r\n`,
      'invite.ics',
    ),
  ),
  withPart('a card', (address) =>
    file('text/vcard', `BEGIN:VCARD\r\nEMAIL;TYPE=INTERNET:${address}\r\nEND:VCARD\r\n`, 'me.vcf'),
  ),
  withPart('a table', (address) => file('text/csv; charset=utf-8', `name;mail\r\nme;${address}\r\n`, 'list.csv')),
  withPart('a file name', (address) => file('application/pdf', '%PDF-1.4 nothing', `${address}.pdf`)),
  withPart('a file name in RFC 2231', (address) => ({
    headers: [
      'Content-Type: application/pdf',
      `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(address)}.pdf`,
    ],
    body: '%PDF-1.4 nothing',
  })),
  withPart('part headers', (address) => ({
    headers: [
      'Content-Type: image/png',
      `Content-ID: <1.${address}>`,
      `Content-Description: by ${address}`,
      'Content-Disposition: inline',
    ],
    body: 'nothing',
  })),
  withPart('a signature', (address) => file('application/pgp-signature', `comment: ${address}`, 'signature.asc')),
  withPart('a report', (address) => ({
    headers: ['Content-Type: message/disposition-notification'],
    body: `Final-Recipient: rfc822; ${address}\nOriginal-Recipient: rfc822; ${address}`,
  })),
  withPart(
    'a document',
    (address) =>
      file('application/pdf', Buffer.concat([Buffer.from([0x25, 0x80, 1, 2]), Buffer.from(`/Author (${address})`)])),
    'held',
  ),
  withPart(
    'a document in UTF-16',
    (address) =>
      file('application/msword', Buffer.concat([Buffer.from([0xd0, 0xcf, 1, 2]), Buffer.from(address, 'utf16le')])),
    'held',
  ),
  withPart('preamble and epilogue', (address) => ({
    headers: ['Content-Type: text/plain'],
    body: `Hello\n--edge--\n${address}\n--edge`,
  })),
];
