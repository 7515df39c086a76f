/**
 * The runner of the public suites, on two small suites of our own: a runner that passes whatever it is given would prove nothing.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runArcSuite } from '../../tools/suites/arc.ts';
import { runSpfSuite } from '../../tools/suites/spf.ts';
import { tableOf } from '../../tools/suites/verdict.ts';
import { RSA, sealed, signed } from '../mail/authentication/letters.ts';

const SPF = String.raw`
description: Records
tests:
  goes-right: { helo: mail.shop.test, host: 192.0.2.1, mailfrom: ann@shop.test, result: pass }
  is-left-open: { helo: mail.shop.test, host: 192.0.2.9, mailfrom: ann@shop.test, result: [softfail, fail] }
  goes-wrong: { helo: mail.shop.test, host: 192.0.2.9, mailfrom: ann@shop.test, result: pass }
  old-type-only: { helo: mail.shop.test, host: 192.0.2.1, mailfrom: ann@old.test, result: none }
  octets: { helo: mail.shop.test, host: 192.0.2.1, mailfrom: ann@octets.test, result: permerror }
  answers-all-the-same: { helo: mail.shop.test, host: 192.0.2.1, mailfrom: ann@half.test, result: pass }
zonedata:
  shop.test:
    - SPF: v=spf1 mx -all
    - MX: [10, MX.shop.test]
  mx.shop.test:
    - A: 192.0.2.1
  old.test:
    - SPF: v=spf1 +all
    - TXT: NONE
  octets.test:
    - TXT: ["v=spf1 \x80all"]
  half.test:
    - TXT: v=spf1 +all
    - TIMEOUT
---
description: A name of its own
tests:
  mail: { helo: mail.shop.test, host: 192.0.2.1, mailfrom: ann@shop.test, result: none }
zonedata: {}
`;

test('a suite of SPF cases is run case by case, each document with its own records', async () => {
  const table = tableOf(await runSpfSuite(SPF));
  assert.deepEqual(
    table.split('\n').map((line) =>
      line
        .trim()
        .split(/\s{2,}/)
        .slice(0, 2)
        .join(' '),
    ),
    [
      'pass Records / goes-right',
      'pass Records / is-left-open',
      'FAIL Records / goes-wrong',
      'pass Records / old-type-only',
      'pass Records / octets',
      'pass Records / answers-all-the-same',
      'pass A name of its own / mail',
      '',
      '6 passed, 1 failed',
    ],
  );
  assert.match(table, /goes-wrong +fail, not pass$/m);
});

test('a suite of ARC cases is run with its keys', async () => {
  const letter = await sealed(await signed());
  const message = (text: string) => text.trimEnd().replaceAll('\r\n', '\n').replace(/^/gm, '      ');
  const suite = `
description: Chains
tests:
  holds:
    message: |
${message(letter)}
    cv: Pass
  is-broken:
    message: |
${message(letter.replace('today', 'tomorrow'))}
    cv: Fail
  goes-wrong:
    message: |
${message(letter)}
    cv: None
txt-records:
  A._domainkey.list.test: >-
    ${RSA.record}
`;
  const verdicts = await runArcSuite(suite);
  assert.deepEqual(
    verdicts.map(({ got, isGood }) => [got, isGood]),
    [
      ['pass', true],
      ['fail', true],
      ['pass', false],
    ],
  );
});

test('what is no suite is not taken for one without cases', async () => {
  await assert.rejects(runSpfSuite('tests: [1'));
  await assert.rejects(runSpfSuite('description: x\ntests: {}\n'));
  await assert.rejects(runArcSuite('tests:\n  one: { cv: Pass }\n'));
});
