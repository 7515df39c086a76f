/** Ordinary mail, as ordinary programs write it: read as its reader sees it, with nothing to hold it for. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { RealAddress } from '../../src/core/real-address.ts';
import { leaves, type FilePart, type Message } from '../../src/mail/message.ts';
import { parse } from '../../src/mail/parse.ts';
import { render } from '../../src/mail/render.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/mail');
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith('.eml'));

const read = (name: string): Message => parse(readFileSync(join(FOLDER, `${name}.eml`)));
const bodies = (message: Message, subtype: 'plain' | 'html'): string =>
  [...leaves(message.body)]
    .flatMap((part) => (part.kind === 'text' && part.subtype === subtype ? part.text : []))
    .join('|');
const files = (message: Message): readonly FilePart[] =>
  [...leaves(message.body)].filter((part) => part.kind === 'file');

test('mail of Gmail, Outlook, Apple Mail, Thunderbird, swaks, curl, smtplib and nodemailer gives no reason to hold it', () => {
  assert.ok(NAMES.length >= 11, 'there are fixtures to read');
  for (const name of NAMES) {
    assert.deepEqual(parse(readFileSync(join(FOLDER, name))).anomalies, [], name);
  }
});

test('what is written again from the tree of ordinary mail reads the same', () => {
  for (const name of NAMES) {
    const message = parse(readFileSync(join(FOLDER, name)));
    const again = parse(render([['From', 'a@shop.test']], message.body));
    const shown = (body: Message['body']) =>
      [...leaves(body)].map((part) => (part.kind === 'text' ? part.text : [part.filename, Buffer.from(part.content)]));
    assert.deepEqual(shown(again.body), shown(message.body), name);
    assert.deepEqual(again.anomalies, [], name);
  }
});

test('a reply from Gmail has its author, its name, its thread and its flowed text', () => {
  const message = read('gmail-reply-top-posted');
  assert.ok(message.from.is(RealAddress.parse('joerg@buyer.example')));
  assert.equal(message.fromName, 'Jörg Müller');
  assert.equal(message.subject, 'Re: Ihre Bestellung – eine Frage');
  assert.equal(message.messageId, 'CAF=abc_123+xyz@mail.buyer.example');
  assert.equal(message.inReplyTo, 'k3v9.one@relay.test');
  assert.deepEqual(message.references, ['k3v9.one@relay.test']);
  assert.equal(message.date, Date.parse('2026-11-23T09:11:12Z'));
  assert.equal(message.origin, 'person');
  assert.match(bodies(message, 'plain'), /^Vielen Dank .* noch nicht da, können Sie nachsehen\?\n/);
  assert.match(bodies(message, 'html'), /^<div dir="ltr">Vielen Dank/);
});

test('Outlook hides a name with a comma in quotes and a file name in encoded words', () => {
  const message = read('outlook-html-with-inline-image-and-pdf');
  assert.equal(message.fromName, 'Shop, Kamera');
  assert.equal(bodies(message, 'plain'), 'Your parcel is late – sorry. We refund the shipping of 5\u00a0EUR.\n');
  const [image, document] = files(message);
  assert.deepEqual(
    [image?.contentType, image?.filename, image?.disposition, image?.contentId],
    ['image/png', 'image001.png', 'inline', '6f1c2a@seller.test'],
  );
  assert.equal(image?.content.length, 70);
  assert.deepEqual([document?.filename, document?.disposition], ['Rücksendung.pdf', 'attachment']);
  assert.equal(Buffer.from(document?.content ?? []).toString(), '%PDF-1.4\n');
});

test('a name that Apple Mail writes with combining accents is one with accented letters', () => {
  const message = read('apple-mail-reply-bottom-posted');
  assert.deepEqual(
    files(message).map((file) => file.filename),
    ['F\u00f6to.png'],
  );
  assert.match(bodies(message, 'plain'), /Thank you 🙂\n$/);
});

test('Thunderbird sends paragraphs in lines, and the reader sees paragraphs', () => {
  const message = read('thunderbird-flowed-with-preamble');
  assert.match(bodies(message, 'plain'), /zu der Kamera, die Sie bei uns gekauft haben\.\n/);
  assert.match(bodies(message, 'plain'), /> Eine Frage, .* auf zwei Zeilen verteilt werden muss\.\n/);
  assert.match(bodies(message, 'plain'), /\n-- \nKamera Welt\n$/);
  assert.deepEqual(
    files(message).map((file) => [file.filename, file.text]),
    [['Maße.csv', 'Breite;Höhe\n20;10\n']],
  );
});

test('swaks sends UTF-8 without saying so, in the header and in the body', () => {
  const message = read('swaks-without-mime-headers-raw-utf-8');
  assert.equal(message.subject, 'Grüße aus Köln');
  assert.equal(bodies(message, 'plain'), 'Ihr Paket ist unterwegs. Schöne Grüße!');
});

test('nodemailer and smtplib split file names, and the pieces are put together', () => {
  assert.deepEqual(
    files(read('nodemailer-html-inline-image-pdf')).map((file) => file.filename),
    ['bild ä.png', 'Rücksendung für Ihre Bestellung.pdf'],
  );
  assert.deepEqual(
    files(read('python-smtplib-html-inline-image-pdf')).map((file) => file.filename),
    [undefined, 'Rücksendung.pdf'],
  );
});

test('Japanese in ISO-2022-JP is read as Japanese', () => {
  const message = read('microsoft-japanese-iso-2022-jp');
  assert.deepEqual([message.fromName, message.subject], ['田中', '質問']);
  assert.equal(bodies(message, 'plain'), '荷物はまだ届いていません。');
});

test('a delivery report is known as one and shows of the returned message its subject and its body', () => {
  const message = read('delivery-report-with-nested-message');
  assert.equal(message.origin, 'report');
  const nested = message.body.kind === 'multipart' ? message.body.parts.at(-1) : undefined;
  assert.ok(nested?.kind === 'message');
  assert.equal(nested.subject, 'Your örder');
  assert.deepEqual(nested.body, { kind: 'text', subtype: 'plain', text: 'It is on its way. Grüße\n' });
});
