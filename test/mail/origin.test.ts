import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Origin } from '../../src/store/records.ts';
import { originOf } from '../../src/mail/mime/origin.ts';

/** `Name: value` lines as the header reader gives them. */
function origin(subject: string, ...lines: readonly string[]): Origin {
  const fields = lines.map((line) => {
    const colon = line.indexOf(':');
    return { name: line.slice(0, colon).toLowerCase(), value: line.slice(colon + 1).trim() };
  });
  return originOf(fields, subject);
}

const expectAll = (expected: Origin, ...lines: readonly string[]): void => {
  for (const line of lines) assert.equal(origin('My order', line), expected, line);
};

test('a message without any of these fields is from a person', () => {
  assert.equal(origin('My order'), 'person');
  assert.equal(origin(''), 'person');
  expectAll('person', 'X-Mailer: Apple Mail (2.3826)', 'User-Agent: Mozilla Thunderbird', 'Priority: urgent');
});

test('RFC 3834: what was answered by itself is a responder, what was generated is a program, "no" is a person', () => {
  expectAll(
    'responder',
    'Auto-Submitted: auto-replied',
    'Auto-Submitted: Auto-Replied',
    'Auto-Submitted: auto-replied (vacation)',
    'Auto-Submitted: auto-replied; owner-email="jane.doe@realmail.example"',
  );
  expectAll(
    'program',
    'Auto-Submitted: auto-generated',
    'Auto-Submitted: AUTO-GENERATED',
    'Auto-Submitted: auto-notified; owner-email="x"',
    'Auto-Submitted: x-anything',
  );
  expectAll('person', 'Auto-Submitted: no', 'Auto-Submitted: No', 'Auto-Submitted:', 'Auto-Submitted: (nothing)');
});

test('RFC 8098: a disposition notification is a receipt, whatever else the message says', () => {
  expectAll(
    'receipt',
    'Content-Type: multipart/report; report-type=disposition-notification; boundary=b',
    'Content-Type: Multipart/Report; Report-Type="Disposition-Notification"; boundary=b',
    'Content-Type: message/disposition-notification',
  );
  const type = 'Content-Type: multipart/report; report-type=disposition-notification; boundary=b';
  assert.equal(origin('Read: My order', type, 'Auto-Submitted: auto-replied'), 'receipt');
});

test('RFC 6522: every other report is a report', () => {
  expectAll(
    'report',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    'Content-Type: multipart/report; report-type=feedback-report; boundary=b',
    'Content-Type: message/delivery-status',
  );
  const type = 'Content-Type: multipart/report; report-type=delivery-status; boundary=b';
  assert.equal(origin('Automatic reply: x', type, 'Auto-Submitted: auto-replied'), 'report');
});

test('a report-type on another type says nothing', () => {
  expectAll(
    'person',
    'Content-Type: multipart/mixed; report-type=delivery-status; boundary=b',
    'Content-Type: multipart/report; boundary=b',
    'Content-Type: text/plain; charset=utf-8',
  );
});

test('the fields of the dialects mark a responder', () => {
  expectAll(
    'responder',
    'X-Autoreply: yes',
    'X-Autoreply-From: x',
    'X-Auto-Reply-From: x',
    'X-Autorespond: vacation',
    'X-Autoresponder: 1',
    'X-Autoresponse: true',
    'X-Mail-Autoreply: 1',
    'X-Vacation: yes',
    'X-MS-Exchange-Inbox-Rules-Loop: x',
    'X-FC-MachineGenerated: true',
    'Precedence: auto_reply',
    'Precedence: autoreply',
    'X-Mailer: Vacation 1.2',
    'X-Mailer: Exim auto-reply',
    'X-Mailer: PHP Autoresponder',
  );
});

test('a dialect field that says no, and a wish about answers, leave a person', () => {
  expectAll(
    'person',
    'X-Autoreply: no',
    'X-Autoreply: False',
    'X-Autoresponder: 0',
    'X-Vacation:',
    'X-Auto-Response-Suppress: All',
    'X-Auto-Response-Suppress: DR, OOF, AutoReply',
    'X-Mailer: Vacationer',
    'Precedence: first-class',
    'Precedence: normal',
  );
});

test('bulk, junk and list mail is from a program', () => {
  expectAll('program', 'Precedence: bulk', 'Precedence: List', 'Precedence: junk');
});

test('an answer in bulk is still an answer', () => {
  assert.equal(origin('x', 'Precedence: bulk', 'X-Autoreply: yes'), 'responder');
  assert.equal(origin('x', 'Auto-Submitted: auto-generated', 'X-Vacation: yes'), 'responder');
});

const ANNOUNCED = [
  'Automatic reply: My order',
  'AUTOMATIC REPLY: My order',
  '  Out of Office: My order',
  'Out of Office AutoReply: My order',
  'Automatische Antwort: My order',
  'Abwesenheitsnotiz: My order',
  'Réponse automatique : My order',
  'Re\u0301ponse automatique: My order',
  'Respuesta automática: My order',
  'Risposta automatica: My order',
  'Automatisch antwoord: My order',
  'Automatyczna odpowiedź: My order',
  'Resposta automática: My order',
  'Autosvar: My order',
  'Automatiskt svar: My order',
  'Otomatik yanıt: My order',
  'Автоматический ответ: My order',
  '自動応答: My order',
  '自动回复：My order',
];

test('subjects announce an answering program in many languages', () => {
  for (const subject of ANNOUNCED) assert.equal(origin(subject), 'responder', subject);
});

test('a person may answer, forward or talk about an automatic reply', () => {
  for (const subject of ANNOUNCED) {
    assert.equal(origin(`Re: ${subject}`), 'person', subject);
    assert.equal(origin(`Fwd: ${subject}`), 'person', subject);
  }
  assert.equal(origin('I got an automatic reply: why?'), 'person');
  assert.equal(origin('Automatic reply'), 'person');
  assert.equal(origin('Out of office chairs?'), 'person');
});

test('of two fields of one name the first counts', () => {
  assert.equal(origin('x', 'Auto-Submitted: no', 'Auto-Submitted: auto-replied'), 'person');
});
