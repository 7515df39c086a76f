/** The ARC set on what buyers write: that it verifies, what it says, and what breaks it. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { checkArc } from '../../src/mail/authentication/arc.ts';
import { sign } from '../../src/mail/sign.ts';
import type { DkimKey } from '../../src/vault/keys.ts';
import { LETTER, NOW, RSA, sealed } from './authentication/letters.ts';
import { keyRecords, lookupOf } from '../support/key-records.ts';
import { dkimpyIsMissing, verifyWithDkimpy } from '../support/second-verifier.ts';

const KEYS: readonly DkimKey[] = [
  { selector: 'e1', algorithm: 'ed25519-sha256', privateKey: generateKeyPairSync('ed25519').privateKey },
  {
    selector: 'r1',
    algorithm: 'rsa-sha256',
    privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  },
];
const RECORDS = { ...keyRecords(KEYS, 'relay.test'), 'a._domainkey.list.test': RSA.record };
const resolver = lookupOf(RECORDS);

const ours = (keys = KEYS) =>
  Buffer.from(
    sign(Buffer.from(LETTER), { keys, domain: 'relay.test', now: NOW - 60_000, sealer: 'mail.relay.test' }),
  ).toString();
const chainOf = (message: string) => checkArc({ raw: Buffer.from(message), resolver, now: NOW });

test('the set is a valid chain of one, for a strict validator and for a second one', async () => {
  assert.equal(await chainOf(ours()), 'pass');
  const alone = KEYS.slice(0, 1);
  assert.equal(await chainOf(ours(alone)), 'pass', 'with Ed25519 alone');
});

test('a second validator says so too', { skip: dkimpyIsMissing }, () => {
  assert.deepEqual(verifyWithDkimpy(Buffer.from(ours()), RECORDS), { dkim: [true, true], arc: 'pass' });
});

test('it says that our own signatures are there, and nothing else', () => {
  const header = ours().slice(0, ours().indexOf('From:'));
  const fields = header.split(/\r\n(?![ \t])/).filter((field) => field !== '');
  assert.deepEqual(
    fields.map((field) => field.slice(0, field.indexOf(':'))),
    ['ARC-Seal', 'ARC-Message-Signature', 'ARC-Authentication-Results', 'DKIM-Signature', 'DKIM-Signature'],
  );
  assert.equal(
    fields[2]?.replace(/\s+/g, ' '),
    'ARC-Authentication-Results: i=1; mail.relay.test;' +
      ' dkim=pass header.d=relay.test header.s=e1 header.a=ed25519-sha256;' +
      ' dkim=pass header.d=relay.test header.s=r1 header.a=rsa-sha256',
  );
  assert.match(fields[0] ?? '', /i=1; a=rsa-sha256; cv=none;/);
  assert.ok(header.split('\r\n').every((line) => line.length <= 78));
});

for (const [name, tamper] of [
  ['a changed word in the body', (text: string) => text.replace('It left', 'It stays')],
  ['a second From', (text: string) => `From: evil@evil.test\r\n${text}`],
  ['another report', (text: string) => text.replace('header.s=e1', 'header.s=e2')],
  ['a DKIM signature that is gone', (text: string) => text.replace(/DKIM-Signature:[^]*?\r\n(?![ \t])/, '')],
] as const) {
  test(`${name} breaks it`, async () => {
    const message = ours();
    assert.notEqual(tamper(message), message);
    assert.equal(await chainOf(tamper(message)), 'fail');
  });
}

test('a forwarder that changes the message can go on with the chain', async () => {
  const forwarded = await sealed(ours().replace('It left', '[list] It left'), { cv: 'pass', signTime: new Date(NOW) });
  assert.match(forwarded, /^ARC-Seal: i=2;/);
  assert.equal(await chainOf(forwarded), 'pass');
});
