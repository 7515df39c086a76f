import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf, ERRORS, RelayError, rowOf, type ErrorCode } from '../../src/core/errors.ts';

const codes = Object.keys(ERRORS) as ErrorCode[];

test('every error has an enhanced code that agrees with its basic code (RFC 3463 2)', () => {
  assert.ok(codes.length > 20);
  for (const code of codes) {
    const { smtp } = rowOf(code);
    assert.equal(String(smtp[0])[0], smtp[1][0], code);
  }
});

test('our own trouble is temporary in every protocol', () => {
  assert.equal(rowOf('internal').smtp[0], 451);
  assert.equal(rowOf('internal').http, 500);
  assert.equal(codeOf(new TypeError("cannot read 'ann@example.test'")), 'internal');
});

test('a relay error speaks with the words of its row only', () => {
  const error = new RelayError('alias.unknown', { cause: new Error('ann@example.test') });
  assert.equal(error.message, ERRORS['alias.unknown'].text);
  assert.equal(codeOf(error), 'alias.unknown');
});

test('public texts are plain ASCII of one line, fit for an SMTP reply', () => {
  for (const code of codes) {
    const { text, fix } = rowOf(code);
    assert.match(text, /^[\x20-\x7e]{5,200}$/, code);
    assert.match(fix, /^[\x20-\x7e]{5,300}$/, code);
  }
});
