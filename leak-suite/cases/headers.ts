/**
 * headers: one address in every header where a mail program, a server or a list writes it.
 */
import { domain, local, mirrored, utf16, whole, withHeader, type Plant } from './plant.ts';

const word = (charset: string, text: string | Uint8Array): string =>
  `=?${charset}?B?${Buffer.from(text).toString('base64')}?=`;

/** RFC 2047 4.2: every octet but letters and digits as hexadecimal. */
const quotedWord = (text: string): string =>
  `=?utf-8?Q?${Array.from(Buffer.from(text), (octet) => `=${octet.toString(16).toUpperCase().padStart(2, '0')}`).join('')}?=`;

const half = (text: string): readonly [string, string] => {
  const middle = Math.floor(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
};

/** Two encoded words, cut in the middle of the address: the white space between them is not shown (RFC 2047 6.2). */
function cutWord(charset: string, address: string, coded: (text: string) => string | Uint8Array): string {
  const [front, back] = half(address);
  return `${word(charset, coded(`From ${front}`))}\n ${word(charset, coded(back))}`;
}

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
/** ISO-2022-JP: two signs of JIS X 0208 in front, then ASCII again. */
const japanese = (text: string): string => text.replace(/^From/, '\u001b$BCmJ8\u001b(B $&');

/** The author's line as it stands in From, in place of `Somebody <address>`. */
const withFrom = (what: string, from: (address: string) => string): Plant => ({
  what,
  mail: (address) =>
    whole([
      `From: ${from(address)}`,
      'To: b7k2m9q4t1x8w3z5@relay.test',
      'Subject: Re: Your order',
      'Date: Mon, 23 Nov 2026 10:00:00 +0100',
      'Message-ID: <m1@client.example>',
      'MIME-Version: 1.0',
      'Content-Type: text/plain',
      '',
      'Hello',
    ]),
});

const held = (plant: Plant): Plant => ({ ...plant, end: 'held' });

const replies: readonly Plant[] = [
  withHeader('a Reply-To of no address, whose comment names it', (address) => `Reply-To: (${address})`),
  withHeader('a Reply-To of three', (address) => `Reply-To: ${address}, "Me" <${address}>,\n me+x <${address}>`),
  withHeader('a Reply-To without its end', (address) => `Reply-To: Somebody <${address}`),
  withHeader('a Reply-To in a group', (address) => `Reply-To: Friends: ${address}, x@example.org;`),
  withHeader('a Reply-To with two signs', (address) => `Reply-To: ${address}@relay.test`),
  withHeader('Mail-Followup-To', (address) => `Mail-Followup-To: ${address}\nMail-Reply-To: ${address}`),
];

const names: readonly Plant[] = [
  withFrom('the display name', (address) => `"${address}" <${address}>`),
  withFrom('a display name in base64', (address) => `${word('utf-8', address)} <${address}>`),
  withFrom('a display name in quoted-printable', (address) => `${quotedWord(address)} <${address}>`),
  withFrom('a display name cut in two', (address) => `${cutWord('utf-8', address, (text) => text)} <${address}>`),
  withFrom('a display name with (a)', (address) => `"${local(address)}(a)${domain(address)}" <${address}>`),
  withFrom('a folded display name', (address) => `"${local(address)}@\n ${domain(address)}"\n <${address}>`),
];

const subjects: readonly Plant[] = [
  withHeader('a folded Subject', (address) => `Subject: Mail from ${local(address)}@\n ${domain(address)}`),
  withHeader('a Subject in quoted-printable', (address) => `Subject: ${quotedWord(address)}`),
  withHeader('a Subject of two encoded words', (address) => `Subject: ${cutWord('utf-8', address, (text) => text)}`),
  // Held: UTF-16 has hidden text from filters before, so it counts as an unknown charset wherever it is declared.
  held(withHeader('a Subject in UTF-16', (address) => `Subject: ${word('utf-16', utf16(`From ${address}`))}`)),
  held(withHeader('a Subject in UTF-16 cut in two', (address) => `Subject: ${cutWord('utf-16be', address, utf16be)}`)),
  withHeader(
    'a Subject in ISO-2022-JP cut in two',
    (address) => `Subject: ${cutWord('iso-2022-jp', address, japanese)}`,
  ),
  withHeader('a Subject from right to left', (address) => `Subject: ${mirrored(address)}`),
  withHeader(
    'a Subject with a zero-width joiner',
    (address) => `Subject: ${word('utf-8', address.replace('@', '\u200d@\u200d'))}`,
  ),
  withHeader('a Subject of a forwarded message', (address) => `Subject: Fwd: Re: [${address}] Order`),
];

const programs: readonly Plant[] = [
  withHeader(
    'the headers of Postmark and Proton',
    (address) =>
      `X-Pm-Message-Id: ${address}\nX-Pm-Origin: internal\nX-Pm-Recipient-Authentication: b7k2%40relay.test=${address}` +
      `\nX-Pm-Recipient-Encryption: ${address.replace('@', '%40')}=none\nX-Pm-External-Id: <${address}>`,
  ),
  withHeader(
    'the headers of Google',
    (address) =>
      `X-Google-Smtp-Source: ${address}\nX-Google-DKIM-Signature: v=1; d=${domain(address)}; i=${address}; b=x` +
      `\nX-Google-Original-From: ${address}\nX-Google-Sender-Delegation: ${address}\nX-Gm-Message-State: ${address}`,
  ),
  withHeader(
    'the headers of Exchange',
    (address) =>
      `Thread-Topic: mail of ${address}\nThread-Index: ${Buffer.from(address).toString('base64')}` +
      `\nX-MS-Exchange-Organization-AuthAs: ${address}\nX-MS-TNEF-Correlator: <${address}>\nAccept-Language: ${address}`,
  ),
  withHeader(
    'Content-Language',
    (address) => `Content-Language: x-${local(address)}\nContent-Location: mailto:${address}`,
  ),
  withHeader(
    'X-Mailer and User-Agent',
    (address) =>
      `X-Mailer: Mail of ${address}\nUser-Agent: Mail (${address})\nX-Originating-IP: [192.0.2.1] (${address})`,
  ),
  withHeader(
    'OpenPGP and Autocrypt-Gossip',
    (address) =>
      `OpenPGP: id=0123456789ABCDEF; url=https://keys.test/search?q=${address}\nAutocrypt-Gossip: addr=${address}; keydata=AAAA` +
      `\nX-PGP-Key: ${address}\nFace: ${Buffer.from(address).toString('base64')}`,
  ),
  withHeader(
    'the requests for receipts',
    (address) =>
      `X-Confirm-Reading-To: ${address}\nDisposition-Notification-Options: x=optional,${address}\nReturn-Receipt-To: <${address}>` +
      `\nGenerate-Delivery-Report: ${address}`,
  ),
  withHeader('Received-SPF', (address) => `Received-SPF: pass (mx: domain of ${address}) envelope-from="${address}"`),
  withHeader('X-Received', (address) => `X-Received: by 2002:a05 for ${address}; Mon, 23 Nov 2026 01:00:00 -0800`),
  withHeader(
    'the headers of forwarding',
    (address) =>
      `X-Forwarded-For: ${address} b7k2@relay.test\nX-Forwarded-To: ${address}\nOriginal-Sender: ${address}\nEnvelope-To: ${address}`,
  ),
  withHeader(
    'the fields of a bounce',
    (address) => `X-Failed-Recipients: ${address}\nX-Postfix-Sender: rfc822; ${address}\nErrors-To: ${address}`,
  ),
  withHeader(
    'a References chain of five',
    (address) =>
      `References:${['a', 'b', 'c', 'd', 'e'].map((id) => `\n <${id}.${address}>`).join('')}\nIn-Reply-To: <e.${address}>`,
  ),
  withHeader('Bcc', (address) => `Bcc: ${address}`),
  withHeader('To, beside the alias', (address) => `Apparently-To: ${address}\nX-Envelope-From: ${address}`),
];

const lists: readonly Plant[] = [
  withHeader(
    'List-Unsubscribe with both ways',
    (address) =>
      `List-Unsubscribe: <https://l.test/u?m=${encodeURIComponent(address)}>, <mailto:${address}?subject=stop>` +
      '\nList-Unsubscribe-Post: List-Unsubscribe=One-Click',
  ),
  withHeader('List-Unsubscribe without its end', (address) => `List-Unsubscribe: <mailto:${address}`),
  withHeader(
    'the other List headers',
    (address) =>
      `List-Id: ${address} <l.${domain(address)}>\nList-Post: <mailto:${address}>\nList-Help: <mailto:${address}>` +
      `\nList-Owner: <mailto:${address}>\nList-Archive: <https://l.test/${address}>`,
  ),
];

const STRANGE = `
X-Abuse X-Account X-AOL-IP X-Apparently-To X-Auth-User X-Authenticated-Id X-Authenticated-Sender
X-Authentication-Warning X-AuthUser X-Auto-Response-Suppress X-BeenThere X-Campaign X-Client-Name
X-CMAE-Envelope X-Complaints-To X-Contact X-Delivered-To X-EM-Registration X-Env-Sender X-Envelope-To X-Face
X-Fastmail-Owner X-Feedback-ID X-From X-Get-Message-Sender-Via X-GMX-Antispam X-Identity-Key X-Kmail-Account
X-Loop X-Mail-From X-Mailgun-Sid X-Mozilla-Keys X-MSMail-Account X-Original-From X-Original-To
X-OriginalArrivalTime X-Originating-Email X-Owner X-PHP-Originating-Script X-Provags-ID X-Rcpt-To
X-RIM-Org-Msg-Ref-ID X-Roundcube-Identity X-SASL-Sender X-Sender-ID X-Sender-Verify X-SES-From X-SG-EID
X-SimpleLogin-Envelope-From X-Source-Auth X-Tuta-Account X-UI-Sender-Class X-User X-VR-From X-Yahoo-Profile
X-YMail-OSG X-Zoho-Account Abuse-Reports-To Alternate-Recipient Auto-Submitted-For Bounces-To Delegate
Feedback-ID Followup-To Mail-Copies-To Original-From Original-Recipient Path Posted-To
Require-Recipient-Valid-Since Return-Address Sent-By Solicitation VBR-Info Veilpost-Author`
  .trim()
  .split(/\s+/)
  .map((name) => (address: string) => `${name}: ${address}`);

/** Names that no list could hold. */
const INVENTED = Array.from({ length: 150 - STRANGE.length }, (_, number) => (address: string) => {
  const shapes = [
    address,
    `<mailto:${address}>`,
    address.toUpperCase(),
    `x; addr="${address}"; y`,
    word('utf-8', address),
  ];
  return `X-Unheard-${number}: ${shapes[number % shapes.length] ?? address}`;
});

export const HEADER_PLANTS: readonly Plant[] = [
  ...replies,
  ...names,
  ...subjects,
  ...programs,
  ...lists,
  withHeader('a hundred and fifty headers', (address) =>
    [...STRANGE, ...INVENTED].map((line) => line(address)).join('\n'),
  ),
];
