/**
 * The whole check: what it tells, as a value that others decide on.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ED25519, from, NOW, RSA, sealed, signed } from './letters.ts';
import { check, startWorld, texts } from './zones.ts';

const ZONE = texts({
  'shop.test': 'v=spf1 ip4:192.0.2.1 -all',
  's._domainkey.shop.test': RSA.record,
  's._domainkey.mail.test': RSA.record,
  'a._domainkey.list.test': RSA.record,
  '_dmarc.shop.test': 'v=DMARC1; p=reject',
});

test('a message of its domain, signed also by its mail service, is told in full', async () => {
  await using world = await startWorld(ZONE);
  const letter = await signed(await signed(), { signingDomain: 'mail.test' });
  const shown = await check(world, letter);
  const covers = ['content-type', 'mime-version', 'message-id', 'date', 'subject', 'to', 'from'];
  const told = { result: 'pass', flaw: undefined, selector: 's', signedAt: NOW - 60_000, covers } as const;
  assert.deepEqual(shown, {
    spf: { result: 'pass', domain: 'shop.test', isAligned: true, isOwn: true },
    dkim: [
      { ...told, domain: 'mail.test', isAligned: false, octets: octetsIn(letter, 0) },
      { ...told, domain: 'shop.test', isAligned: true, octets: octetsIn(letter, 1) },
    ],
    dmarc: { result: 'pass', policy: 'reject', authorDomain: 'shop.test', via: 'dkim' },
    arc: { result: 'none', sealer: undefined, report: undefined },
  });
});

test('a forwarded message fails SPF and passes by its signature', async () => {
  await using world = await startWorld(ZONE);
  const { spf, dmarc } = await check(world, await signed(), { ip: '198.51.100.7' });
  assert.equal(spf.result, 'fail');
  assert.deepEqual({ result: dmarc.result, via: dmarc.via }, { result: 'pass', via: 'dkim' });
});

test('a list that changed the message: DMARC fails, and a sealer that we know says it had passed', async () => {
  await using world = await startWorld(ZONE);
  const footed = `${await signed()}-- \r\nThe list\r\n`;
  const sending = { path: 'bounces@list.test', ip: '198.51.100.7', sealers: ['list.test'] };
  const { dkim, dmarc, arc } = await check(world, await sealed(footed), sending);
  assert.deepEqual(
    dkim.map(({ result, flaw }) => flaw ?? result),
    ['body-changed'],
  );
  assert.deepEqual({ result: dmarc.result, policy: dmarc.policy }, { result: 'fail', policy: 'reject' });
  assert.deepEqual(arc.report?.dmarc, { result: 'pass', domain: 'shop.test' });
});

test('without a DMARC record only the same name is aligned', async () => {
  await using world = await startWorld(
    texts({ 's._domainkey.shop.test': RSA.record, 's._domainkey.eu.shop.test': RSA.record }),
  );
  const letter = await signed(await signed(), { signingDomain: 'eu.shop.test' });
  const { dkim, dmarc } = await check(world, letter);
  assert.deepEqual(
    dkim.map(({ isAligned }) => isAligned),
    [false, true],
  );
  assert.equal(dmarc.result, 'none');
});

test('a stranger with good signatures of its own says so, and is not the author', async () => {
  await using world = await startWorld({ ...ZONE, ...texts({ 's._domainkey.evil.test': ED25519.record }) });
  const letter = await signed(from('ann@shop.test'), {
    signingDomain: 'evil.test',
    key: ED25519,
    algorithm: 'ed25519-sha256',
  });
  const { dkim, dmarc } = await check(world, letter, { path: 'e@evil.test', ip: '203.0.113.1' });
  assert.deepEqual(
    dkim.map(({ result, isAligned }) => ({ result, isAligned })),
    [{ result: 'pass', isAligned: false }],
  );
  assert.equal(dmarc.result, 'fail');
});

test('no address is in what it tells', async () => {
  await using world = await startWorld(ZONE);
  const letter = await sealed(await signed(), { selector: 'a' });
  const told = JSON.stringify(await check(world, letter, { sealers: ['list.test'] }));
  assert.doesNotMatch(told, /@|ann/);
  assert.match(told, /"sealer":"list.test"/);
});

/** What stands in the `b=` of the signature at `place`, from the top. */
function octetsIn(letter: string, place: number): string {
  const values = [...letter.matchAll(/[ ;]b=([^;]*?)(?=;|\r\n\S)/g)].map(([, value = '']) => value.replace(/\s/g, ''));
  return values[place] ?? '';
}

test('the octets of a signature are told the same, however they are folded', async () => {
  await using world = await startWorld(ZONE);
  const letter = await signed();
  const folded = letter.replace(/ b=\s*(\S{10})/, ' b=\r\n\t$1\r\n ');
  assert.notEqual(folded, letter);
  const [one, other] = [await check(world, letter), await check(world, folded)];
  assert.deepEqual(other.dkim, one.dkim);
  assert.ok((one.dkim[0]?.octets.length ?? 0) > 300);
});
