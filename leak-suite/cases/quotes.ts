/**
 * quotes: one address where mail programs write it above what they quote or forward, in the languages that they speak.
 */
import { domain, hexEntities, local, withHtml, withText, type Plant } from './plant.ts';

/** What a program writes above a quote, with `{}` for the author. */
interface Attribution {
  readonly program: string;
  readonly language: string;
  readonly line: string;
}

const attribution = (program: string, language: string, line: string): Attribution => ({ program, language, line });

const ATTRIBUTIONS: readonly Attribution[] = [
  attribution('Gmail', 'English', 'On Mon, Nov 23, 2026 at 10:00 AM {} wrote:'),
  attribution('Gmail', 'German', 'Am Mo., 23. Nov. 2026 um 10:00 Uhr schrieb {}:'),
  attribution('Gmail', 'French', 'Le lun. 23 nov. 2026 \u00e0 10:00, {} a \u00e9crit\u00a0:'),
  attribution('Gmail', 'Spanish', 'El lun, 23 nov 2026 a las 10:00, {} escribi\u00f3:'),
  attribution('Gmail', 'Italian', 'Il giorno lun 23 nov 2026 alle ore 10:00 {} ha scritto:'),
  attribution('Gmail', 'Dutch', 'Op ma 23 nov 2026 om 10:00 schreef {}:'),
  attribution('Gmail', 'Polish', 'pon., 23 lis 2026 o 10:00 {} napisa\u0142(a):'),
  attribution('Gmail', 'Portuguese', 'Em seg., 23 de nov. de 2026 \u00e0s 10:00, {} escreveu:'),
  attribution('Gmail', 'Swedish', 'Den m\u00e5n 23 nov. 2026 kl 10:00 skrev {}:'),
  attribution('Gmail', 'Turkish', '{}, 23 Kas 2026 Pzt, 10:00 tarihinde \u015funu yazd\u0131:'),
  attribution('Gmail', 'Japanese', '2026\u5e7411\u670823\u65e5(\u6708) 10:00 {}:'),
  attribution('Gmail', 'Chinese', '{} \u4e8e2026\u5e7411\u670823\u65e5\u5468\u4e00 10:00\u5199\u9053\uff1a'),
  attribution('Apple Mail', 'English', '> On 23. Nov 2026, at 10:00, {} wrote:'),
  attribution('Apple Mail', 'German', '> Am 23.11.2026 um 10:00 schrieb {}:'),
  attribution('Apple Mail', 'French', '> Le 23 nov. 2026 \u00e0 10:00, {} a \u00e9crit :'),
  attribution('Apple Mail', 'Japanese', '> 2026/11/23 10:00\u3001{}\u306e\u30e1\u30fc\u30eb:'),
  attribution('Apple Mail', 'Chinese', '> 2026\u5e7411\u670823\u65e5 10:00\uff0c{} \u5199\u9053\uff1a'),
  attribution('Thunderbird', 'English', 'On 11/23/26 10:00, {} wrote:'),
  attribution('Thunderbird', 'German', 'Am 23.11.26 um 10:00 schrieb {}:'),
  attribution('Thunderbird', 'Italian', 'Il 23/11/2026 10:00, {} ha scritto:'),
  attribution('Thunderbird', 'Polish', 'W dniu 23.11.2026 o\u00a010:00, {} pisze:'),
  attribution('Thunderbird', 'Portuguese', '\u00c0s 10:00 de 23/11/2026, {} escreveu:'),
  attribution('Thunderbird', 'Turkish', '23.11.2026 10:00 tarihinde {} yazd\u0131:'),
  attribution('Proton', 'English', 'On Monday, November 23rd, 2026 at 10:00 AM, {} wrote:'),
  attribution('Proton', 'Spanish', 'El lunes, 23 de noviembre de 2026 a las 10:00, {} escribi\u00f3:'),
  attribution('Fastmail', 'English', 'On Mon, 23 Nov 2026, at 10:00 AM, {} wrote:'),
  attribution('Fastmail', 'Dutch', 'Op ma 23 nov 2026, om 10:00, schreef {}:'),
  attribution('Tutanota', 'English', 'Nov 23, 2026, 10:00 by {}:'),
  attribution('Tutanota', 'German', '23. Nov. 2026, 10:00 von {}:'),
  attribution('Tutanota', 'Swedish', '23 nov. 2026 10:00 av {}:'),
];

const quoted = '> Hello\n> is it still there?';
const author = (address: string): string => `Somebody <${address}>`;
const linked = (address: string): string => `Somebody &lt;<a href="mailto:${address}">${address}</a>&gt;`;

const attributed = ({ program, language, line }: Attribution): readonly Plant[] => [
  withText(`the attribution of ${program} in ${language}`, (address) =>
    ['Yes', '', line.replace('{}', author(address)), quoted].join('\n'),
  ),
  withText(`the attribution of ${program} in ${language}, wrapped inside the address`, (address) =>
    ['Yes', '', `> ${line.replace('{}', `Somebody\n> <${local(address)}@\n> ${domain(address)}>`)}`, quoted].join('\n'),
  ),
  withHtml(`the attribution of ${program} in ${language}, in HTML`, (address) =>
    [
      '<p>Yes</p><div class="moz-cite-prefix gmail_attr">',
      line.replace('> ', '').replace('{}', linked(address)),
      '<br></div><blockquote type="cite"><p>Hello</p></blockquote>',
    ].join(''),
  ),
];

/** From, Sent, To, Subject as Outlook writes them. */
const HEADER_BLOCKS: readonly (readonly [language: string, ...labels: string[]])[] = [
  ['English', 'From:', 'Sent:', 'To:', 'Subject:'],
  ['German', 'Von:', 'Gesendet:', 'An:', 'Betreff:'],
  ['French', 'De\u00a0:', 'Envoy\u00e9\u00a0:', '\u00c0\u00a0:', 'Objet\u00a0:'],
  ['Spanish', 'De:', 'Enviado:', 'Para:', 'Asunto:'],
  ['Italian', 'Da:', 'Inviato:', 'A:', 'Oggetto:'],
  ['Dutch', 'Van:', 'Verzonden:', 'Aan:', 'Onderwerp:'],
  ['Polish', 'Od:', 'Wys\u0142ano:', 'Do:', 'Temat:'],
  ['Portuguese', 'De:', 'Enviada:', 'Para:', 'Assunto:'],
  ['Swedish', 'Fr\u00e5n:', 'Skickat:', 'Till:', '\u00c4mne:'],
  ['Turkish', 'G\u00f6nderen:', 'G\u00f6nderildi:', 'Al\u0131c\u0131:', 'Konu:'],
  ['Japanese', '\u5dee\u51fa\u4eba:', '\u9001\u4fe1\u65e5\u6642:', '\u5b9b\u5148:', '\u4ef6\u540d:'],
  ['Chinese', '\u53d1\u4ef6\u4eba:', '\u53d1\u9001\u65f6\u95f4:', '\u6536\u4ef6\u4eba:', '\u4e3b\u9898:'],
];

const block = ([
  language,
  from = '',
  sent = '',
  to = '',
  subject = '',
]: (typeof HEADER_BLOCKS)[number]): readonly Plant[] => [
  withText(`the header block of Outlook in ${language}`, (address) =>
    [
      'Yes',
      '________________________________',
      `${from} ${author(address)}`,
      `${sent} Monday, 23 November 2026 10:00`,
      `${to} Shop [mailto:${address}]`,
      `${subject} Re: Order`,
    ].join('\n'),
  ),
  withHtml(`the header block of Outlook in ${language}, in HTML`, (address) =>
    [
      '<div style="border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal">',
      `<b>${from}</b> Somebody &lt;${hexEntities(address)}&gt;<br>`,
      `<b>${sent}</b> Monday, 23 November 2026 10:00<br><b>${to}</b> <a href="mailto:${address}">Shop</a><br>`,
      `<b>${subject}</b> Re: Order</p></div>`,
    ].join(''),
  ),
];

const forwarded: readonly Plant[] = [
  withText('a forwarded message of Gmail', (address) =>
    ['---------- Forwarded message ---------', `From: Somebody <${address}>`, `To: <${address}>`, '', 'Hello'].join(
      '\n',
    ),
  ),
  withText('a forwarded message of Apple Mail', (address) =>
    ['Begin forwarded message:', '', `> From: Somebody <${address}>`, `> Reply-To: ${address}`, '> ', '> Hello'].join(
      '\n',
    ),
  ),
  withText('a forwarded message of Thunderbird', (address) =>
    [
      '-------- Weitergeleitete Nachricht --------',
      'Betreff: \tBestellung',
      `Von: \t${address}`,
      `An: \t${address}`,
    ].join('\n'),
  ),
  withText('an original message of Outlook Express', (address) =>
    ['----- Original Message -----', `From: "Somebody" <${address}>`, `To: <${address}>`, 'Sent: Monday'].join('\n'),
  ),
  withText('all headers of the message that Fastmail quotes', (address) =>
    [`> Return-Path: <${address}>`, `> X-Delivered-To: ${address}`, `> Delivered-To: ${address}`, '> Subject: x'].join(
      '\n',
    ),
  ),
  withHtml(
    'a forwarded message of Gmail, in HTML',
    (address) =>
      `<div class="gmail_attr">---------- Forwarded message ---------<br>Von: <strong class="gmail_sendername">Somebody</strong>` +
      ` <span>&lt;<a href="mailto:${address}">${address}</a>&gt;</span><br></div>`,
  ),
  withHtml(
    'an hCard',
    (address) =>
      `<div class="vcard"><span class="fn">S</span> <a class="email u-email" href="mailto:${address}"><b>${local(address)}</b>@${domain(address)}</a></div>`,
  ),
];

/** What the relay says of itself above a message, when it comes back in the quote. */
const banner = (address: string): string =>
  `This message was relayed from ${address} to b7k2m9q4t1x8w3z5@relay.test.\nReplies go through the relay.`;
const deeper = (text: string): string => text.replace(/^/gm, '> ');

const banners: readonly Plant[] = [1, 2, 3].flatMap((depth) => [
  withText(`the banner of a relay, quoted ${depth} deep`, (address) => {
    let text = banner(address);
    for (let level = 0; level < depth; level++) text = deeper(`On Monday somebody wrote:\n${text}`);
    return `Yes\n\n${text}`;
  }),
  withHtml(
    `the banner of a relay, quoted ${depth} deep, in HTML`,
    (address) =>
      `${'<blockquote>'.repeat(depth)}<p>${banner(address).replace('@', '<span>@</span>')}</p>${'</blockquote>'.repeat(depth)}`,
  ),
]);

export const QUOTE_PLANTS: readonly Plant[] = [
  ...ATTRIBUTIONS.flatMap(attributed),
  ...HEADER_BLOCKS.flatMap(block),
  ...forwarded,
  ...banners,
];
