/** `veilpost keys ...`, as an operator types it, with a name server that knows what was published. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startOperator, type Operator } from './operator.ts';

const stateOf = async (operator: Operator) => (await operator.keys()).map(({ state }) => state);
async function nextOf(operator: Operator): Promise<readonly string[]> {
  return (await operator.keys()).filter(({ state }) => state === 'next').map(({ selector }) => selector);
}

test('keys are made, published, let sign and taken away, each step saying the next one', async () => {
  await using operator = await startOperator();
  const [old = '', other = ''] = (await operator.keys()).map(({ selector }) => selector);
  const made = await operator.veilpost('keys', 'rotate');
  assert.deepEqual([made.code, made.err], [0, '']);
  const next = await nextOf(operator);
  assert.match(made.out, new RegExp(`veilpost keys activate ${next.join(' ')}\n`));
  for (const [, piece = ''] of made.out.matchAll(/"([^"]*)"/g)) assert.ok(piece.length <= 255);
  operator.publish(made.out);

  const active = await operator.veilpost('keys', 'activate', ...next);
  assert.deepEqual([active.code, active.err], [0, '']);
  assert.match(active.out, /will sign\. A running relay takes this up within a minute, or at once on SIGHUP/);
  assert.match(active.out, new RegExp(`after 72 hours: veilpost keys retire ${old}\n`));
  assert.deepEqual(await stateOf(operator), ['retiring', 'retiring', 'active', 'active']);

  const early = await operator.veilpost('keys', 'retire', old);
  assert.equal(early.code, 1);
  assert.match(early.err, /may be on its way until/);
  const gone = await operator.veilpost('keys', 'retire', old, '--force');
  assert.equal(gone.code, 0);
  assert.match(gone.out, new RegExp(`^${old} is gone\\. .*\n${old}\\._domainkey\\.ord\\.market\\.example\\.\n$`));
  const { out } = await operator.veilpost('keys', 'list');
  assert.match(out, new RegExp(`^${other}  ed25519-sha256  retiring  since 2\\d{3}-\\S+Z\n`));
  assert.equal(out.trim().split('\n').length, 3);
});

test('a key is not let sign before everybody can find it, unless somebody insists', async () => {
  await using operator = await startOperator();
  const { out } = await operator.veilpost('keys', 'rotate');
  const next = await nextOf(operator);
  const [rsa = '', ed25519 = ''] = next;
  const missing = await operator.veilpost('keys', 'activate', ...next);
  assert.equal(missing.code, 1);
  assert.match(missing.err, new RegExp(`${rsa}\\._domainkey\\.ord\\.market\\.example: there is no such record in DNS`));
  assert.match(missing.err, /nothing was changed: mail signed with these keys would fail/);

  operator.publish(out);
  operator.zone[`TXT ${rsa}._domainkey.ord.market.example`] = [['v=DKIM1; k=rsa; p=AAAA']];
  const different = await operator.veilpost('keys', 'activate', ...next);
  assert.equal(different.code, 1);
  assert.match(different.err, /what is in DNS is not this key/);
  assert.doesNotMatch(different.err, new RegExp(`${ed25519}\\._domainkey`));

  operator.zone[`SERVFAIL ${rsa}._domainkey.ord.market.example`] = [];
  assert.match((await operator.veilpost('keys', 'activate', rsa)).err, /DNS gave no answer/);
  assert.deepEqual(await stateOf(operator), ['active', 'active', 'next', 'next']);
  assert.equal((await operator.veilpost('keys', 'activate', rsa, '--force')).code, 0);
  assert.deepEqual(await stateOf(operator), ['retiring', 'active', 'active', 'next']);
});

test('what would break the signing is refused in words', async () => {
  await using operator = await startOperator();
  const [active = ''] = (await operator.keys()).map(({ selector }) => selector);
  await operator.veilpost('keys', 'rotate');
  for (const [words, expected] of [
    [['rotate'], /there are next keys already/],
    [['activate', 'nobody', '--force'], /there is no key nobody; "veilpost keys list"/],
    [['retire', active, '--force'], /signs the mail of now: activate another key of rsa-sha256 first/],
  ] as const) {
    const { code, err } = await operator.veilpost('keys', ...words);
    assert.equal(code, 1, words.join(' '));
    assert.match(err, expected);
  }
});

test('words that are none end with 2', async () => {
  await using operator = await startOperator();
  for (const words of [
    [],
    ['old'],
    ['activate'],
    ['retire'],
    ['rotate', '--hard'],
    ['list', 'x'],
    ['retire', 'a', 'b'],
  ]) {
    const { code, err } = await operator.veilpost('keys', ...words);
    assert.equal(code, 2, words.join(' '));
    assert.match(err, /keys takes "new", "list", "rotate", "activate SELECTOR\.\.\. \[--force\]"/);
  }
});
