import assert from 'node:assert/strict';
import { createSecretKey, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { mintCaseId } from '../../src/core/ids.ts';
import { caseOfToken, confirmKey, mintConfirmToken } from '../../src/mail/confirm-token.ts';

const NOW = Date.UTC(2026, 10, 24, 12);
const END = NOW + 7 * 24 * 3_600_000;
const alias = createSecretKey(randomBytes(32));
const key = confirmKey(alias);

test('a token names its case until its second comes, and nothing from then on', () => {
  const id = mintCaseId();
  const token = mintConfirmToken(id, END, key);
  assert.equal(caseOfToken(token, NOW, key), id);
  assert.equal(caseOfToken(token, END - 1, key), id);
  assert.equal(caseOfToken(token, END, key), undefined);
  assert.equal(caseOfToken(token, END + 1_000_000, key), undefined);
});

test('a token that was changed in any letter is none', () => {
  const token = mintConfirmToken(mintCaseId(), END, key);
  for (let at = 0; at < token.length; at++) {
    const changed = token.slice(0, at) + (token[at] === 'a' ? 'b' : 'a') + token.slice(at + 1);
    assert.equal(caseOfToken(changed, NOW, key), undefined, `letter ${at}`);
  }
});

test('a token of other keys is none, and neither is the key of the aliases the key of the tokens', () => {
  const id = mintCaseId();
  assert.equal(
    caseOfToken(mintConfirmToken(id, END, confirmKey(createSecretKey(randomBytes(32)))), NOW, key),
    undefined,
  );
  assert.equal(caseOfToken(mintConfirmToken(id, END, alias), NOW, key), undefined);
  assert.equal(caseOfToken(mintConfirmToken(id, END, confirmKey(alias)), NOW, key), id, 'the same after a restart');
});

test('what is no token at all is none', () => {
  const token = mintConfirmToken(mintCaseId(), END, key);
  for (const text of [
    '',
    'x',
    token.toUpperCase(),
    `${token}0`,
    token.slice(1),
    `${token}\n`,
    'é'.repeat(53),
    '0'.repeat(53),
  ])
    assert.equal(caseOfToken(text, NOW, key), undefined, text);
});
