import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FilePart, Part } from '../../src/mail/message.ts';
import { ownFiles, ownWords } from '../../src/mail/own-words.ts';

const plain = (...lines: readonly string[]): Part => ({ kind: 'text', subtype: 'plain', text: lines.join('\n') });
const html = (text: string): Part => ({ kind: 'text', subtype: 'html', text });
const several = (...parts: readonly Part[]): Part => ({ kind: 'multipart', subtype: 'alternative', parts });
const own = (...lines: readonly string[]): string => ownWords(plain(...lines)).trim();

const PERSON = 'Jane Doe <jane.doe@realmail.example>';

const ATTRIBUTIONS: readonly (readonly [where: string, ...lines: readonly string[]])[] = [
  ['Gmail in English', `On Mon, Nov 23, 2026 at 10:00 AM ${PERSON} wrote:`],
  ['Gmail in German', `Am Mo., 23. Nov. 2026 um 10:00 Uhr schrieb ${PERSON}:`],
  ['Gmail in French', `Le lun. 23 nov. 2026 à 10:00, ${PERSON} a écrit :`],
  ['Gmail in French with its narrow space', `Le lun. 23 nov. 2026 à 10:00, ${PERSON} a écrit\u202f:`],
  ['Gmail in Spanish', 'El lun, 23 nov 2026 a las 10:00, Jane Doe (<jane.doe@realmail.example>) escribió:'],
  ['Gmail in Italian', `Il giorno lun 23 nov 2026 alle ore 10:00 ${PERSON} ha scritto:`],
  ['Gmail in Dutch', `Op ma 23 nov 2026 om 10:00 schreef ${PERSON}:`],
  ['Gmail in Polish', `pon., 23 lis 2026 o 10:00 ${PERSON} napisał(a):`],
  ['Gmail in Brazil', `Em seg., 23 de nov. de 2026 às 10:00, ${PERSON} escreveu:`],
  ['Gmail in Swedish', `Den mån 23 nov. 2026 kl 10:00 skrev ${PERSON}:`],
  ['Gmail in Turkish', `${PERSON}, 23 Kas 2026 Pzt, 10:00 tarihinde şunu yazdı:`],
  ['Gmail in Chinese', `${PERSON} 于2026年11月23日周一 10:00写道：`],
  ['Gmail in Taiwan', `${PERSON} 於 2026年11月23日 週一 上午10:00寫道：`],
  ['Apple Mail in English', `> On 23 Nov 2026, at 10:00, ${PERSON} wrote:`],
  ['Apple Mail in German', `Am 23.11.2026 um 10:00 schrieb ${PERSON}:`],
  ['Apple Mail in Polish', `Wiadomość napisana przez ${PERSON} w dniu 23.11.2026, o godz. 10:00:`],
  ['Thunderbird in Dutch', 'Op 23-11-2026 om 10:00 schreef Jane Doe:'],
  ['Thunderbird in Polish', 'W dniu 23.11.2026 o 10:00, Jane Doe pisze:'],
  ['Thunderbird in Portuguese', 'Em 23/11/2026 10:00, Jane Doe escreveu:'],
  ['Thunderbird in Turkish', '23.11.2026 10:00 tarihinde Jane Doe yazdı:'],
  ['Thunderbird in Japanese', '2026/11/23 10:00、Jane Doe さんは書きました:'],
  ['Yahoo in Spanish', `El lunes, 23 de noviembre de 2026, 10:00:00 CET, ${PERSON} escribió:`],
  ['Proton', `On Monday, November 23rd, 2026 at 10:00 AM, ${PERSON} wrote:`],
  [
    'Gmail, wrapped before the address',
    'On Mon, Nov 23, 2026 at 10:00 AM Jane Doe',
    '<jane.doe@realmail.example> wrote:',
  ],
  ['Gmail in German, wrapped', 'Am Mo., 23. Nov. 2026 um 10:00 Uhr schrieb Jane Doe', '<jane.doe@realmail.example>:'],
  ['Apple Mail in Japanese', `2026/11/23 10:00、${PERSON}のメール:`],
  ['Gmail in Japanese', `2026年11月23日(月) 10:00 ${PERSON}:`],
  ['Gmail in Portugal', `${PERSON} escreveu (segunda, 23/11/2026 à(s) 10:00):`],
];

for (const [where, ...lines] of ATTRIBUTIONS) {
  test(`the line of ${where} above a quote is not one's own`, () => {
    assert.equal(own('It fits.', '', ...lines, '> Does it fit?'), 'It fits.');
  });
}

const BLOCKS: readonly (readonly [language: string, ...lines: readonly string[]])[] = [
  ['English', 'From:', 'Sent:', 'To:', 'Subject:'],
  ['German', 'Von:', 'Gesendet:', 'An:', 'Betreff:'],
  ['French', 'De\u00a0:', 'Envoyé\u00a0:', 'À\u00a0:', 'Objet\u00a0:'],
  ['Spanish', 'De:', 'Enviado:', 'Para:', 'Asunto:'],
  ['Italian', 'Da:', 'Inviato:', 'A:', 'Oggetto:'],
  ['Dutch', 'Van:', 'Verzonden:', 'Aan:', 'Onderwerp:'],
  ['Polish', 'Od:', 'Wysłane:', 'Do:', 'Temat:'],
  ['Brazil', 'De:', 'Enviada em:', 'Para:', 'Assunto:'],
  ['Swedish', 'Från:', 'Skickat:', 'Till:', 'Ämne:'],
  ['Turkish', 'Gönderen:', 'Gönderildi:', 'Kime:', 'Konu:'],
  ['Japanese', '差出人:', '送信日時:', '宛先:', '件名:'],
  ['Chinese', '发件人:', '发送时间:', '收件人:', '主题:'],
  ['Taiwan', '寄件者:', '寄件日期:', '收件者:', '主旨:'],
  ['bold in text', '*From:*', '*Sent:*', '*To:*', '*Subject:*'],
];

for (const [language, from = '', sent = '', to = '', subject = ''] of BLOCKS) {
  test(`the header block of Outlook (${language}) and what follows it are not one's own`, () => {
    const block = [`${from} ${PERSON}`, `${sent} 2026-11-23 10:00`, `${to} Shop One`, `${subject} My order`];
    assert.equal(own('It fits.', '', ...block, '', 'Does it fit?'), 'It fits.');
  });
}

test('what Outlook, Gmail and Apple Mail put above a forwarded message ends the own words', () => {
  for (const line of [
    '-----Original Message-----',
    '-----Ursprüngliche Nachricht-----',
    '---------- Forwarded message ---------',
    '________________________________',
    'Begin forwarded message:',
    'Anfang der weitergeleiteten Nachricht:',
  ]) {
    assert.equal(own('See below.', '', line, 'I live elsewhere.'), 'See below.', line);
  }
});

test('answers between the lines of a quote are own words', () => {
  assert.equal(own('> Size?', 'Forty.', '>> Colour?', '  > Which?', 'Red.'), 'Forty.\nRed.');
});

test('answers below a quote are own words, with the line above the quote', () => {
  const words = own(`On Mon, Nov 23, 2026 at 10:00 AM ${PERSON} wrote:`, '> Size?', '', 'Forty, please.');
  assert.match(words, /Forty, please\./);
});

test('a line right above the attribution, without a blank one between, is own words', () => {
  const words = own('Write to me at home.', `On Mon, Nov 23, 2026 at 10:00 AM ${PERSON} wrote:`, '> Size?');
  assert.match(words, /Write to me at home\./);
});

test('the signature is not own words, and two dashes in a sentence are no signature', () => {
  assert.equal(own('Forty -- as I said.', '-- ', 'Jane', '555 1234'), 'Forty -- as I said.');
  assert.equal(own('Forty.', '--', 'Jane'), 'Forty.');
  assert.equal(own('Forty.', '-- not this', 'Red.'), 'Forty.\n-- not this\nRed.');
});

test('sentences that only resemble an attribution are own words', () => {
  for (const line of [
    'As you wrote: send it back.',
    'From: the first day it was broken.',
    'On Monday I was away.',
    'She wrote 3 letters to you.',
    'Am 3. Mai war ich da.',
    'I paid 20 for it: too much.',
  ]) {
    assert.equal(own(line, 'And more.'), `${line}\nAnd more.`, line);
  }
});

test('a text and the HTML beside it are both asked: only the HTML knows where a link leads', () => {
  const words = ownWords(several(plain('Forty.'), html('<p>Forty, <a href="mailto:me@home.example">really</a>.</p>')));
  assert.match(words, /^Forty\.\nForty,/);
  assert.match(words, /mailto:me@home\.example/);
});

test('in HTML, what is quoted is not own, and what stands above, between and below is', () => {
  const line = `On Mon, Nov 23, 2026 at 10:00 AM Jane &lt;<a href="mailto:j@x.example">j@x.example</a>&gt; wrote:<br>`;
  const quotes = [
    '<blockquote>Size? <blockquote>Why?</blockquote> Size?</blockquote>',
    `<div class="gmail_quote"><div class="gmail_attr">${line}</div><blockquote>Size?</blockquote></div>`,
    '<div class="moz-cite-prefix">Jane j@x.example zei op een dag:<br></div><blockquote type="cite">Size?</blockquote>',
    `<div class="protonmail_quote">${line}<blockquote class="protonmail_quote">Size?</blockquote></div>`,
  ];
  for (const quote of quotes) {
    const words = ownWords(html(`<p>For<b>ty</b>.</p>${quote}<p>Blue.</p>${quote}<p>Soon.</p>`));
    assert.deepEqual(words.match(/\w[\w ]*\./g), ['Forty.', 'Blue.', 'Soon.'], quote);
  }
  for (const quote of [
    '<div id="divRplyFwdMsg">Size?</div>',
    '<div id="appendonsend"></div>Size?',
    '<div class="yahoo_quoted">Size?</div>',
  ])
    assert.equal(ownWords(html(`<p>For<b>ty</b>.</p>${quote}`)), 'Forty.\n', quote);
});

test('own files are those that the author attached, by name and text; whom a calendar invites is not meant', () => {
  const file = (fields: Partial<FilePart>): FilePart => ({
    kind: 'file',
    contentType: 'text/plain',
    filename: undefined,
    disposition: 'attachment',
    contentId: undefined,
    content: Buffer.from(''),
    text: undefined,
    ...fields,
  });
  const calendar = 'BEGIN:VEVENT\nORGANIZER;CN=Jane:mail\n to:jane@x.example\nSUMMARY:Call me\nEND:VEVENT';
  const nested: Part = { kind: 'message', subject: 'Hers', body: file({ filename: 'hers.txt' }) };
  const parts = [
    file({ filename: 'a.txt', text: 'In a file.' }),
    file({ contentType: 'application/pdf', filename: 'b.pdf', masked: 2 }),
    file({ contentType: 'text/calendar', text: calendar }),
    file({ contentType: 'application/pgp-signature', text: 'jane@x.example' }),
    nested,
  ];
  const files = ownFiles({ kind: 'multipart', subtype: 'mixed', parts });
  assert.deepEqual(
    files.map(({ masked }) => masked),
    [0, 2, 0],
  );
  assert.deepEqual(files.map(({ words }) => words).slice(0, 2), ['a.txt\nIn a file.', 'b.pdf\n']);
  assert.match(files[2]?.words ?? '', /SUMMARY:Call me/);
  assert.doesNotMatch(files[2]?.words ?? '', /jane/);
});

test('in HTML, paragraphs, breaks and cells end lines', () => {
  assert.equal(ownWords(html('a<br>b<br/>c</p><div>d</div><table><tr><td>e</td></tr></table>')), 'a\nb\nc\nd\ne\n');
});

test('what was forwarded as a message, and files, are somebody else’s words', () => {
  const nested: Part = { kind: 'message', subject: 'Hers', body: plain('Her words.') };
  const file: Part = {
    kind: 'file',
    contentType: 'text/plain',
    filename: 'a.txt',
    disposition: 'attachment',
    contentId: undefined,
    content: Buffer.from('In a file.'),
    text: 'In a file.',
  };
  assert.equal(ownWords({ kind: 'multipart', subtype: 'mixed', parts: [plain('Mine.'), nested, file] }), 'Mine.');
  assert.equal(ownWords(nested), '');
});

test('a message of 40,000 lines that begin like attributions is read within a second', () => {
  const lines = Array.from({ length: 40_000 }, (_, index) => `On 2026 ${'x '.repeat(20)}${index}`);
  const start = performance.now();
  assert.equal(own(...lines), lines.join('\n'));
  assert.ok(performance.now() - start < 1000);
});

test('a megabyte of HTML that never ends what it begins is read within a second', () => {
  for (const piece of [
    '<',
    'a',
    '<a href="',
    "href='",
    '<blockquote>',
    '<div class="moz-cite-prefix">',
    'class=moz-cite-prefix ',
    '<div id=',
    'href =',
  ]) {
    const start = performance.now();
    ownWords(html(`<div ${piece.repeat(1_000_000 / piece.length)}`));
    const took = performance.now() - start;
    assert.ok(took < 1000, `${piece}: ${took} ms`);
  }
});
