import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalMailbox, parseDomain, parseMailbox } from '../../src/core/address.ts';

const local64 = 'a'.repeat(64);
const domain255 = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}.x`;

test('ordinary mailboxes are taken, the local part as written and the domain in lower-case A-labels', () => {
  assert.deepEqual(parseMailbox('Ann.Lee+shop@Mail.Example'), { local: 'Ann.Lee+shop', domain: 'mail.example' });
  assert.deepEqual(parseMailbox("o'neil/x=y@a.test"), { local: "o'neil/x=y", domain: 'a.test' });
  assert.deepEqual(parseMailbox('jörg@bücher.example'), { local: 'jörg', domain: 'xn--bcher-kva.example' });
});

test('the limits of RFC 5321 4.5.3.1 hold at the limit and refuse one over', () => {
  assert.ok(parseMailbox(`${local64}@a.test`));
  assert.equal(parseMailbox(`${local64}a@a.test`), undefined);
  assert.equal(domain255.length, 255);
  assert.ok(parseMailbox(`a@${domain255}`));
  assert.equal(parseMailbox(`a@${domain255}${'y'.repeat(4)}.test`), undefined);
  assert.equal(parseMailbox(`${'ü'.repeat(32)}@a.test`)?.local.length, 32);
  assert.equal(parseMailbox(`${'ü'.repeat(33)}@a.test`), undefined);
});

const refused: readonly (readonly [why: string, text: string])[] = [
  ['a quoted local part', '"ann lee"@a.test'],
  ['a quoted address inside a local part', '"ann@real.test x"@a.test'],
  ['a comment in the domain', 'ann@good.test(x)evil.test'],
  ['a source route', '@evil.test,@any.test:ann@a.test'],
  ['an address literal', 'ann@[127.0.0.1]'],
  ['an IP address as a domain', 'ann@127.0.0.1'],
  ['a host without a dot', 'ann@localhost'],
  ['a domain that ends in a dot', 'ann@a.test.'],
  ['two dots in a row', 'ann..lee@a.test'],
  ['a dot at the end of the local part', 'ann.@a.test'],
  ['a space before the address', ' ann@a.test'],
  ['a line break', 'ann@a.test\r\nBcc: x@b.test'],
  ['a NUL', 'an\0n@a.test'],
  ['angle brackets', '<ann@a.test>'],
  ['a fullwidth at sign', 'ann＠a.test'],
  ['an ideographic full stop', 'ann@a。test'],
  ['a zero-width space', 'an\u200bn@a.test'],
  ['a right-to-left override', 'an\u202en@a.test'],
  ['an invalid punycode label', 'ann@xn--0049.test'],
  ['nothing at all', ''],
  ['no local part', '@a.test'],
  ['two at signs', 'ann@b@a.test'],
];

for (const [why, text] of refused) {
  test(`an address with ${why} is refused`, () => assert.equal(parseMailbox(text), undefined));
}

test('spellings of one mailbox share one canonical form, other mailboxes do not', () => {
  const form = (text: string) => {
    const mailbox = parseMailbox(text);
    assert.ok(mailbox);
    return canonicalMailbox(mailbox);
  };
  assert.equal(form('Ann@A.TEST'), form('ann@a.test'));
  assert.equal(form('andre\u0301@a.test'), form('andr\u00e9@a.test'));
  assert.notEqual(form('ann@a.test'), form('ann@b.test'));
});

test('a domain needs a dot and letters', () => {
  assert.equal(parseDomain('Shop.Example'), 'shop.example');
  assert.equal(parseDomain('shop'), undefined);
  assert.equal(parseDomain('-shop.example'), undefined);
});
