/**
 * messages: what sellers' and buyers' own programs write, byte for byte, with the places left open that a scenario fills.
 * The shapes are those of the programs named; the words are ours.
 */
import { createHash } from 'node:crypto';

/** The smallest picture that every reader shows. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

export const PDF = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n' +
    '4 0 obj<</Length 42>>stream\nBT /F 12 Tf 20 100 Td (Fold it here.) Tj ET\nendstream endobj\n' +
    '5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
);
/** What its only page says. */
export const PDF_SAYS = 'Fold it here.';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export interface Sent {
  readonly from: string;
  readonly to: string;
  readonly messageId: string;
}

/** What a message must show on the other side. */
export interface Shown {
  readonly subject: string;
  readonly text: string;
  readonly html?: RegExp;
  /** A picture arrives byte for byte, a document as one that says the same. */
  readonly files: readonly ({ readonly name: string } & ({ readonly sha256: string } | { readonly says: string }))[];
}

export interface Kind {
  readonly name: string;
  /** Needs a client that can hand over 8-bit bytes as they are. */
  readonly raw: (sent: Sent) => Buffer;
  readonly shown: Shown;
}

const crlf = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`;
const head = ({ from, to, messageId }: Sent, name: string, subject: string): readonly string[] => [
  `From: ${name} <${from}>`,
  `To: <${to}>`,
  `Subject: ${subject}`,
  'Date: Mon, 23 Nov 2026 10:00:00 +0200',
  `Message-ID: <${messageId}>`,
  'X-Mailer: Desk 4.2',
  'X-Originating-IP: [192.0.2.7]',
  'Reply-To: <' + from + '>',
  'MIME-Version: 1.0',
];

const base64 = (bytes: Uint8Array): readonly string[] =>
  Buffer.from(bytes)
    .toString('base64')
    .match(/.{1,76}/g) ?? [];

export const KINDS: readonly Kind[] = [
  {
    name: 'plain text',
    raw: (sent) =>
      Buffer.from(
        crlf([
          ...head(sent, 'Nord Tools', 'Your order is on its way'),
          'Content-Type: text/plain; charset=us-ascii',
          '',
          'Hello,',
          '',
          'your parcel left our warehouse today.',
          '.a line that begins with a dot',
          'From here it takes two days.',
        ]),
      ),
    shown: {
      subject: 'Your order is on its way',
      text: 'Hello,\n\nyour parcel left our warehouse today.\n.a line that begins with a dot\nFrom here it takes two days.',
      files: [],
    },
  },
  {
    name: 'HTML with an inline image and a PDF',
    raw: (sent) =>
      Buffer.from(
        crlf([
          ...head(sent, 'Nord Tools', 'How to put it together'),
          'Content-Type: multipart/mixed; boundary="mix_1"',
          '',
          '--mix_1',
          'Content-Type: multipart/related; boundary="rel_1"',
          '',
          '--rel_1',
          'Content-Type: multipart/alternative; boundary="alt_1"',
          '',
          '--alt_1',
          'Content-Type: text/plain; charset=utf-8',
          '',
          'See the manual that is attached.',
          '--alt_1',
          'Content-Type: text/html; charset=utf-8',
          '',
          '<html><body><p>See the <b>manual</b> that is attached.</p><img src="cid:part1@nord.test" alt="Step 1"></body></html>',
          '--alt_1--',
          '--rel_1',
          'Content-Type: image/png; name="step1.png"',
          'Content-Transfer-Encoding: base64',
          'Content-ID: <part1@nord.test>',
          'Content-Disposition: inline; filename="step1.png"',
          '',
          ...base64(PNG),
          '--rel_1--',
          '--mix_1',
          'Content-Type: application/pdf; name="manual.pdf"',
          'Content-Transfer-Encoding: base64',
          'Content-Disposition: attachment; filename="manual.pdf"',
          '',
          ...base64(PDF),
          '--mix_1--',
        ]),
      ),
    shown: {
      subject: 'How to put it together',
      text: 'See the manual that is attached.',
      html: /See the <b>manual<\/b> that is attached/,
      files: [
        { name: 'step1.png', sha256: sha256(PNG) },
        { name: 'manual.pdf', says: PDF_SAYS },
      ],
    },
  },
  {
    name: 'UTF-8 in subject and names',
    raw: (sent) =>
      Buffer.from(
        crlf([
          ...head(
            sent,
            '=?utf-8?B?V2Vya3pldWdlIE3DvGxsZXI=?=',
            '=?utf-8?Q?Gr=C3=B6=C3=9Fe_und_Farbe?= =?utf-8?B?IOKAkyDoibI=?=',
          ),
          'Content-Type: text/plain; charset=utf-8',
          'Content-Transfer-Encoding: 8bit',
          '',
          'Die Größe passt. 色も大丈夫です。',
        ]),
      ),
    shown: { subject: 'Größe und Farbe – 色', text: 'Die Größe passt. 色も大丈夫です。', files: [] },
  },
  {
    name: '8-bit Latin-1',
    raw: (sent) =>
      Buffer.from(
        crlf([
          ...head(sent, 'Nord Tools', 'Votre colis'),
          'Content-Type: text/plain; charset=iso-8859-1',
          'Content-Transfer-Encoding: 8bit',
          '',
          'Votre colis est arrivé à la déchèterie, désolé.',
        ]),
        'latin1',
      ),
    shown: { subject: 'Votre colis', text: 'Votre colis est arrivé à la déchèterie, désolé.', files: [] },
  },
  {
    name: 'quoted-printable',
    raw: (sent) =>
      Buffer.from(
        crlf([
          ...head(sent, 'Nord Tools', 'Size chart'),
          'Content-Type: text/plain; charset=utf-8',
          'Content-Transfer-Encoding: quoted-printable',
          '',
          'The jacket comes in sizes S, M and L =E2=80=93 the sleeves of the L are two =',
          'centimetres longer.=20',
          'That is all =3D everything.',
        ]),
      ),
    shown: {
      subject: 'Size chart',
      text: 'The jacket comes in sizes S, M and L – the sleeves of the L are two centimetres longer. \nThat is all = everything.',
      files: [],
    },
  },
  {
    name: 'base64',
    raw: (sent) =>
      Buffer.from(
        crlf([
          ...head(sent, 'Nord Tools', 'Care instructions'),
          'Content-Type: text/plain; charset=utf-8',
          'Content-Transfer-Encoding: base64',
          '',
          ...base64(Buffer.from('Wash at 30 °C.\r\nDo not bleach.\r\n')),
        ]),
      ),
    shown: { subject: 'Care instructions', text: 'Wash at 30 °C.\nDo not bleach.', files: [] },
  },
];

export interface Quoted {
  readonly sent: Sent;
  /** What the buyer answers: ids and lines as the buyer's inbox shows them. */
  readonly inReplyTo: string;
  readonly references: readonly string[];
  readonly subject: string;
  readonly quote: readonly string[];
  /** Name and alias of who is answered. */
  readonly author: string;
  readonly words: string;
}

export interface ReplyShape {
  readonly name: string;
  /** Its author signs with the own address, below the own words: that is masked, and the author gets a note, once a day. */
  readonly isSignedWithAddress?: true;
  readonly raw: (reply: Quoted) => Buffer;
}

const replyHead = ({ sent, inReplyTo, references, subject }: Quoted, name: string, extra: readonly string[]) => [
  `From: ${name} <${sent.from}>`,
  `To: <${sent.to}>`,
  `Subject: Re: ${subject.replace(/^Re: /, '')}`,
  'Date: Mon, 23 Nov 2026 12:00:00 +0900',
  `Message-ID: <${sent.messageId}>`,
  `In-Reply-To: <${inReplyTo}>`,
  `References: ${references.map((id) => `<${id}>`).join('\r\n ')}`,
  ...extra,
  'MIME-Version: 1.0',
];

const quoted = (lines: readonly string[]): readonly string[] => lines.map((line) => `> ${line}`);
const alternative = (boundary: string, text: readonly string[], html: readonly string[]): readonly string[] => [
  `Content-Type: multipart/alternative; boundary="${boundary}"`,
  '',
  `--${boundary}`,
  'Content-Type: text/plain; charset="UTF-8"',
  '',
  ...text,
  '',
  `--${boundary}`,
  'Content-Type: text/html; charset="UTF-8"',
  '',
  ...html,
  '',
  `--${boundary}--`,
];

export const REPLIES: readonly ReplyShape[] = [
  {
    name: 'Gmail, top-posted',
    raw: (reply) =>
      Buffer.from(
        crlf([
          ...replyHead(reply, 'Kim Buyer', [
            'X-Gm-Message-State: AOJu0YxCanary',
            'X-Google-Smtp-Source: AGHT+IEcanary',
          ]),
          ...alternative(
            '000000000000a1b2c3',
            [
              reply.words,
              '',
              `On Mon, Nov 23, 2026 at 11:00 AM ${reply.author}`,
              `<${reply.sent.to}> wrote:`,
              '',
              ...quoted(reply.quote),
            ],
            [
              `<div dir="ltr">${reply.words}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, Nov 23, 2026 at 11:00 AM ` +
                `${reply.author} &lt;<a href="mailto:${reply.sent.to}">${reply.sent.to}</a>&gt; wrote:<br></div>` +
                `<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">${reply.quote.join('<br>')}</blockquote></div>`,
            ],
          ),
        ]),
      ),
  },
  {
    name: 'Outlook, top-posted with a header block',
    raw: (reply) =>
      Buffer.from(
        crlf([
          ...replyHead(reply, '"Buyer, Kim"', [
            'Thread-Topic: Your order',
            'Thread-Index: AQHbCanaryIndex==',
            'X-MS-Exchange-Organization-AuthSource: EX01.hidden.test',
            'X-Originating-IP: [198.51.100.23]',
          ]),
          ...alternative(
            '_000_EX01hiddentest_',
            [
              reply.words,
              '',
              '________________________________',
              `From: ${reply.author} <${reply.sent.to}>`,
              'Sent: Monday, November 23, 2026 11:00 AM',
              `To: Kim Buyer <${reply.sent.from}>`,
              `Subject: ${reply.subject}`,
              '',
              ...reply.quote,
            ],
            [
              `<html><body><p class="MsoNormal">${reply.words}</p><div style="border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> ${reply.author} &lt;${reply.sent.to}&gt;<br>` +
                `<b>To:</b> Kim Buyer &lt;<a href="mailto:${reply.sent.from}">${reply.sent.from}</a>&gt;<br><b>Subject:</b> ${reply.subject}</p></div>` +
                `<p>${reply.quote.join('</p><p>')}</p></body></html>`,
            ],
          ),
        ]),
      ),
  },
  {
    name: 'Apple Mail, bottom-posted',
    isSignedWithAddress: true,
    raw: (reply) =>
      Buffer.from(
        crlf([
          ...replyHead(reply, 'Kim Buyer', ['X-Mailer: Apple Mail (2.3776)']),
          'Content-Type: text/plain; charset=utf-8; format=flowed',
          'Content-Transfer-Encoding: 7bit',
          '',
          `On 23. Nov 2026, at 11:00, ${reply.author} <${reply.sent.to}> wrote:`,
          '> ',
          ...quoted(reply.quote),
          '',
          reply.words,
          '',
          'Sent from my iPhone',
          `Kim Buyer, ${reply.sent.from}`,
        ]),
      ),
  },
  {
    name: 'Gmail, bottom-posted in plain text',
    raw: (reply) =>
      Buffer.from(
        crlf([
          ...replyHead(reply, 'Kim Buyer', ['User-Agent: Mozilla/5.0']),
          'Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes',
          'Content-Transfer-Encoding: base64',
          '',
          ...base64(
            Buffer.from(
              crlf([
                `Le lun. 23 nov. 2026 à 11:00, ${reply.author} <${reply.sent.to}> a écrit :`,
                '',
                ...quoted(reply.quote),
                '',
                reply.words,
              ]),
            ),
          ),
        ]),
      ),
  },
];
