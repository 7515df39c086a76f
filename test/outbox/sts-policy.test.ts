import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import { once } from 'node:events';
import { test } from 'node:test';
import fc from 'fast-check';
import { parsePolicy, validateMx } from 'mailauth/lib/mta-sts.js';
import { fetchStsPolicy } from '../../src/outbox/sts-fetch.ts';
import { isNamedBy, parseStsPolicy, stsIdIn } from '../../src/outbox/sts-policy.ts';
import { makeAuthority } from '../support/certificates.ts';

const lines = (...all: readonly string[]): string => all.join('\r\n');

for (const [records, id] of [
  [['v=STSv1; id=20160831085700Z;'], '20160831085700Z'],
  [['v=STSv1;id=1'], '1'],
  [['v=STSv1 ; id=1 ; other=x;'], '1'],
  [['v=spf1 -all', 'v=STSv1; id=1;'], '1'],
  [['v=STSv1; id=1;', 'v=STSv1; id=2;'], undefined],
  [['v=STSv1;'], undefined],
  [['v=STSv2; id=1;'], undefined],
  [['v=STSv1; id=with-dash;'], undefined],
  [[`v=STSv1; id=${'1'.repeat(33)};`], undefined],
  [[], undefined],
] as const) {
  test(`the id in ${JSON.stringify(records)} is ${id ?? 'none'}`, () => {
    assert.equal(stsIdIn(records), id);
  });
}

const SOUND = lines(
  'version: STSv1',
  'mode: enforce',
  'mx: mail.example.com',
  'mx: *.example.net',
  'max_age: 604800',
  '',
);

test('the policy of RFC 8461 is read, with either line ending', () => {
  const expected = { mode: 'enforce', maxAge: 604_800, mx: ['mail.example.com', '*.example.net'] };
  assert.deepEqual(parseStsPolicy(SOUND), expected);
  assert.deepEqual(parseStsPolicy(SOUND.replaceAll('\r\n', '\n')), expected);
});

for (const [name, text] of [
  ['another version', SOUND.replace('STSv1', 'STSv2')],
  ['no version', SOUND.replace('version: STSv1\r\n', '')],
  ['no mode', SOUND.replace('mode: enforce\r\n', '')],
  ['an unknown mode', SOUND.replace('enforce', 'insist')],
  ['no age', SOUND.replace('max_age: 604800', '')],
  ['an age above a year', SOUND.replace('604800', '31557601')],
  ['a negative age', SOUND.replace('604800', '-1')],
  ['no name', lines('version: STSv1', 'mode: testing', 'max_age: 1')],
  ['a wildcard in the middle', SOUND.replace('*.example.net', 'mx.*.example.net')],
  ['a wildcard alone', SOUND.replace('*.example.net', '*')],
  ['a name with an address in it', SOUND.replace('*.example.net', 'ann@example.net')],
] as const) {
  test(`a policy with ${name} is none, to mailauth too`, () => {
    assert.equal(parseStsPolicy(text), undefined);
    assert.throws(() => parsePolicy(text, { strict: true }));
  });
}

for (const [pattern, host, isNamed] of [
  ['mail.example.com', 'mail.example.com', true],
  ['mail.example.com', 'MAIL.example.com', true],
  ['mail.example.com', 'mx.mail.example.com', false],
  ['*.example.com', 'mail.example.com', true],
  ['*.example.com', 'example.com', false],
  ['*.example.com', 'a.b.example.com', false],
  ['*.example.com', 'mail.badexample.com', false],
  ['*.example.com', 'com', false],
] as const) {
  test(`${host} is ${isNamed ? '' : 'not '}named by ${pattern}, to mailauth too`, () => {
    assert.equal(isNamedBy({ mode: 'enforce', maxAge: 1, mx: [pattern] }, host), isNamed);
    assert.equal(validateMx(host, { mode: 'enforce', mx: [pattern] }).valid, isNamed);
  });
}

test('any text is a policy to us exactly when it is one to mailauth', () => {
  const field = fc.oneof(
    fc.constantFrom(
      'version: STSv1',
      'mode: enforce',
      'mode: none',
      'mode:testing',
      'mx: a.example',
      'mx: *.b.example',
    ),
    fc.constantFrom('max_age: 1', 'max_age: 99999999', 'mx: *.*.c', 'mode: x', 'version: STSv2', 'mx:', 'other: y', ''),
  );
  fc.assert(
    fc.property(fc.array(field, { maxLength: 8 }), (fields) => {
      const text = fields.join('\r\n');
      let theirs: unknown;
      try {
        theirs = parsePolicy(text, { strict: true });
      } catch {
        theirs = undefined;
      }
      assert.equal(parseStsPolicy(text) !== undefined, theirs !== undefined, text);
    }),
    { numRuns: 3000 },
  );
});

test('a policy host that sends an octet now and then is given up as a whole', async () => {
  using authority = makeAuthority();
  const server = createServer(authority.certify('mta-sts.slow.example'), (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    const timer = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(timer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const begun = performance.now();
  assert.deepEqual(
    await fetchStsPolicy('slow.example', {
      addresses: async () => ['127.0.0.1'],
      isAllowed: () => true,
      port,
      trusted: authority.pem,
      wholeMs: 200,
    }),
    { fault: 'sts-policy-fetch-error' },
  );
  assert.ok(performance.now() - begun < 1500);
  server.close();
  server.closeAllConnections();
});
