import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { readBounceReport } from '../../src/mail/bounce-report.ts';
import { BOUNCES, NON_REPORTS, PLANTED, PLANTED_HOST } from '../fixtures/bounces.ts';

const ACTIONS = ['failed', 'delayed', 'delivered'];
const REASONS = ['mailbox-full', 'unknown-mailbox', 'policy', 'too-big', 'temporary', 'other'];

for (const { what, raw, expected } of BOUNCES) {
  test(`a report is read: ${what}`, () => assert.deepEqual(readBounceReport(raw), expected));
}

for (const { what, raw } of NON_REPORTS) {
  test(`no report is seen in ${what}`, () => assert.equal(readBounceReport(raw), undefined));
}

test('there are enough shapes of both kinds', () => {
  assert.ok(BOUNCES.length >= 30);
  assert.ok(NON_REPORTS.length >= 10);
});

test('nothing of a report comes out but two words of ours', () => {
  for (const { what, raw } of BOUNCES) {
    assert.ok(Buffer.from(raw).includes(PLANTED) || Buffer.from(raw).includes(PLANTED_HOST), what);
    const report = readBounceReport(raw);
    assert.ok(report !== undefined, what);
    assert.ok(ACTIONS.includes(report.action) && REASONS.includes(report.reason), what);
    const { action, reason } = report;
    assert.equal(JSON.stringify(report), `{"action":"${action}","reason":"${reason}"}`, what);
  }
});

test('random bytes are no report and never throw', () => {
  for (let round = 0; round < 300; round++) assert.equal(readBounceReport(randomBytes(round * 7)), undefined);
});

test('a report cut or damaged anywhere never throws', () => {
  for (const { raw } of [...BOUNCES, ...NON_REPORTS]) {
    for (let end = 0; end < raw.length; end += 97) readBounceReport(raw.subarray(0, end));
    const damaged = Buffer.from(raw);
    for (let at = 0; at < damaged.length; at += 41) damaged[at] = (damaged[at] ?? 0) ^ 0x5a;
    readBounceReport(damaged);
  }
});

const HEAD = 'From: MAILER-DAEMON@x.test\r\nSubject: failure notice\r\n';
const HOSTILE: readonly (readonly [what: string, raw: string])[] = [
  ['dashes', `${HEAD}\r\n${'-'.repeat(2_000_000)}`],
  ['opened tags', `${HEAD}Content-Type: text/html\r\n\r\n${'<'.repeat(2_000_000)}`],
  ['codes', `${HEAD}\r\n${'550 5.0.0 '.repeat(200_000)}`],
  ['blanks', `${HEAD}\r\n${' '.repeat(2_000_000)}`],
  ['short lines', `${HEAD}\r\n${'\r\n'.repeat(1_000_000)}`],
  ['fields', `${HEAD}Content-Type: message/delivery-status\r\n\r\n${'Status: 4.0.0\r\n \r\n'.repeat(100_000)}`],
  ['words', `${HEAD}\r\n${'mailbox quota exceed message size over the '.repeat(50_000)}`],
  ['parts', `${HEAD}Content-Type: multipart/report; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(200_000)}`],
  ['nested parts', `${HEAD}${nested(60)}`],
];

function nested(depth: number): string {
  const levels = Array.from({ length: depth }, (_, level) => `Content-Type: multipart/mixed; boundary=b${level}x`);
  return levels.map((line, level) => `${line}\r\n\r\n--b${level}x\r\n`).join('');
}

for (const [what, raw] of HOSTILE) {
  test(`two megabytes of ${what} are read in no time`, () => {
    const bytes = Buffer.from(raw);
    const start = performance.now();
    readBounceReport(bytes);
    assert.ok(performance.now() - start < 500);
  });
}

test('the type of a report is read in any case and with quotes', () => {
  const raw = BOUNCES[0]?.raw ?? Buffer.alloc(0);
  const renamed = Buffer.from(raw)
    .toString('latin1')
    .replace('report-type=delivery-status', 'Report-Type="Delivery-Status"');
  assert.deepEqual(readBounceReport(Buffer.from(renamed, 'latin1')), { action: 'failed', reason: 'unknown-mailbox' });
});
