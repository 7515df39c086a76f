/**
 * planted-mail: real-looking messages with one address planted in every place where relays were seen to leak it (relays.md 2.1 and 2.2,
 * security.md 3.11).
 */

/** `author` is planted; `from` is what stands in From. */
export interface Plant {
  readonly what: string;
  readonly mail: (address: string) => string;
  /** `held` when the file's own bytes hold the address: nobody but its maker can take it out. */
  readonly end?: 'held';
}

const base64 = (content: string | Uint8Array): string =>
  Buffer.from(content)
    .toString('base64')
    .replace(/(.{76})(?=.)/g, '$1\n');

const local = (address: string): string => address.slice(0, address.indexOf('@'));
const domain = (address: string): string => address.slice(address.indexOf('@') + 1);
const hexEntities = (text: string): string =>
  Array.from(text, (letter) => `&#x${letter.charCodeAt(0).toString(16)};`).join('');
const mirrored = (text: string): string => [...text].toReversed().join('');

function head(address: string, ...more: readonly string[]): readonly string[] {
  return [
    `From: Somebody <${address}>`,
    'To: b7k2m9q4t1x8w3z5@relay.test',
    ...(more.some((line) => line.startsWith('Subject:')) ? [] : ['Subject: Re: Your order']),
    'Date: Mon, 23 Nov 2026 10:00:00 +0100',
    ...(more.some((line) => line.startsWith('Message-ID:')) ? [] : ['Message-ID: <m1@client.example>']),
    'MIME-Version: 1.0',
    ...more,
  ];
}

const whole = (lines: readonly string[]): string => `${lines.join('\n')}\n`.replace(/\r?\n/g, '\r\n');

const withHeader = (what: string, header: (address: string) => string): Plant => ({
  what,
  mail: (address) => whole([...head(address, ...header(address).split('\n'), 'Content-Type: text/plain'), '', 'Hello']),
});

const withText = (what: string, text: (address: string) => string): Plant => ({
  what,
  mail: (address) =>
    whole([
      ...head(address, 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit'),
      '',
      text(address),
    ]),
});

const withCoded = (what: string, charset: string, encoding: string, body: (address: string) => string): Plant => ({
  what,
  mail: (address) =>
    whole([
      ...head(address, `Content-Type: text/plain; charset=${charset}`, `Content-Transfer-Encoding: ${encoding}`),
      '',
      body(address),
    ]),
});

const withHtml = (what: string, html: (address: string) => string): Plant => ({
  what,
  mail: (address) =>
    whole([
      ...head(address, 'Content-Type: multipart/alternative; boundary="alt"'),
      '',
      '--alt',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Hello',
      '--alt',
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      html(address),
      '--alt--',
    ]),
});

interface PlantedPart {
  readonly headers: readonly string[];
  readonly body: string;
}

const withPart = (what: string, part: (address: string) => PlantedPart, end?: 'held'): Plant => ({
  what,
  mail: (address) => {
    const { headers, body } = part(address);
    const text = ['--edge', 'Content-Type: text/plain; charset=utf-8', '', 'Hello'];
    return whole([
      ...head(address, 'Content-Type: multipart/mixed; boundary="edge"'),
      '',
      ...text,
      '--edge',
      ...headers,
      '',
      body,
      '--edge--',
    ]);
  },
  ...(end === undefined ? {} : { end }),
});

const file = (type: string, content: string | Uint8Array, name = 'file.bin'): PlantedPart => ({
  headers: [
    `Content-Type: ${type}`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename="${name}"`,
  ],
  body: base64(content),
});

const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');

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
