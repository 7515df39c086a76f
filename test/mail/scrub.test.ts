import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RealAddress } from '../../src/core/real-address.ts';
import { ADDRESS_MASK, maskText } from '../../src/mail/scrub.ts';
import { spellingsOf } from '../../src/mail/traces.ts';

const tracesOf = (...addresses: readonly string[]) =>
  spellingsOf({ buyer: addresses.map((address) => RealAddress.parse(address)), seller: [] });

const traces = tracesOf('jane.doe@realmail.example', 'ann+news@x.test', 'bob.ross@gmail.com', 'mia@m\u00fcller.test');

/** A text and what the reader gets, for each way in which an address was seen to slip through. */
const HIDDEN: readonly (readonly [what: string, text: string, masked: string])[] = [
  ['as it is', 'jane.doe@realmail.example', '*'],
  ['in an attribution line', 'On Mon, Ann <ann@x.test> wrote:', 'On Mon, Ann <*> wrote:'],
  ['in the header block of Outlook', 'From: Ann [mailto:ann@x.test]\nSent: Monday', 'From: Ann [*]\nSent: Monday'],
  ['twice, as Outlook writes links', 'ann@x.test<mailto:ann@x.test>', '*<*>'],
  ['in another letter case', 'JANE.Doe@RealMail.Example', '*'],
  ['with a subaddress', 'jane.doe+shop@realmail.example', '*'],
  ['with two subaddresses', '1 + 1, jane.doe+a+b@realmail.example', '1 + 1, *'],
  ['without the subaddress it is registered with', 'ann@x.test', '*'],
  ['without dots', 'janedoe@realmail.example', '*'],
  ['with dots that Gmail ignores', 'b.o.b.r.o.s.s@gmail.com', '*'],
  ['under the other name of Gmail', 'bobross@googlemail.com', '*'],
  ['with an A-label', 'mia@xn--mller-kva.test', '*'],
  ['with a U-label in capitals', 'mia@M\u00dcLLER.test', '*'],
  ['with a U-label in decomposed letters', 'mia@mu\u0308ller.test', '*'],
  ['in full-width letters', '\uff41\uff4e\uff4e\uff20\uff58\uff0e\uff54\uff45\uff53\uff54', '*'],
  ['with zero-width spaces', 'jane\u200b.doe@\u200brealmail.exa\u2060mple', '*'],
  ['with soft hyphens', 'jane.doe@real\u00admail.ex\u00adample', '*'],
  ['with tag characters and variation selectors', 'an\u{e0061}n@\ufe0fx.test', '*'],
  ['wrapped at the @ in a quote', '> > jane.doe@\n> > realmail.example\n> yes', '> > *\n> yes'],
  ['wrapped within the domain', 'jane.doe@realmail.\r\n  example', '*'],
  ['as words', 'jane dot doe at realmail dot example', '*'],
  ['in brackets', 'jane.doe [at] realmail [dot] example', '*'],
  ['as in a display name', 'John ann(a)x.test', 'John *'],
  ['percent-coded', 'https://shop.test/?to=jane.doe%40realmail%2Eexample&a=1', 'https://shop.test/?to=*&a=1'],
  ['percent-coded twice', 'jane.doe%2540realmail.example', '*'],
  ['as character references', '&#106;ane.doe&commat;realmail&#x2e;example', '*'],
  ['in quoted-printable source', 'jane=2Edoe=40realmail.example', '*'],
  ['in JavaScript escapes', 'ann\\u0040x.test', '*'],
  ['from right to left', 'elpmaxe.liamlaer@eod.enaj', '*'],
  ['at the end of a sentence', 'Write to ann@x.test.', 'Write to *.'],
  ['in markdown', '_ann@x.test_', '_*_'],
  ['folded in a calendar', 'ATTENDEE;CN=Ann:mailto:an\r\n n@x.test', 'ATTENDEE;CN=Ann:*'],
];

for (const [what, text, masked] of HIDDEN) {
  test(`an address ${what} is masked, and nothing around it`, () => {
    const expected = masked.replaceAll('*', ADDRESS_MASK);
    assert.equal(maskText(text, traces).text, expected);
  });
}

/** What is none of the parties' addresses stays as it is, to the letter. */
const KEPT: readonly (readonly [what: string, text: string])[] = [
  ['an alias', 'b7k2m9q4t1x8w3z5@relay.test'],
  ['a longer name that ends alike', 'joann@x.test and maryann@x.test'],
  ['another name of the same domain', 'anna@x.test, hello@x.test'],
  ['a longer domain that begins alike', 'ann@x.testing'],
  ['another domain', 'ann@y.test'],
  ['the bare domain', 'See www.x.test and realmail.example.'],
  ['the bare name', 'Ann, Jane Doe and jane.doe'],
  ['a word with `at` in it', 'www.annatx.test, annax.test, anndotx.test at least'],
  ['quoted-printable, entities and escapes of anything else', 'a=3D100%25 &amp; &#228; \\u0041'],
  [
    'letters of all the world',
    'Z\u0142o\u015b\u0107 \u304a\u75b2\u308c\u69d8 \u0645\u0631\u062d\u0628\u0627 \u{1f600}',
  ],
];

for (const [what, text] of KEPT) {
  test(`${what} is not masked`, () => assert.deepEqual(maskText(text, traces), { text, masked: 0 }));
}

test('every address in a text is counted', () => {
  assert.equal(maskText('ann@x.test, ann@x.test; jane.doe@realmail.example', traces).masked, 3);
});

test('masking a masked text changes nothing', () => {
  const around = fc.string({
    unit: fc.constantFrom('a', 'n', ' ', '@', '.', '+', 'x', '\u200b', '\n', '<', '%40', 'ann@x.test'),
  });
  fc.assert(
    fc.property(around, (text) => {
      const once = maskText(text, traces).text;
      assert.equal(maskText(once, traces).text, once);
    }),
  );
});

test('an address torn apart by any marks does not survive', () => {
  const mark = fc.constantFrom('', '', '', '\u200b', '\u00ad', '\u200d', '\ufeff', '\n', '\u0301', '\u2063');
  fc.assert(
    fc.property(fc.array(mark, { minLength: 10, maxLength: 10 }), (marks) => {
      const torn = Array.from('ann@x.test', (letter, index) => letter + (index < 9 ? marks[index] : '')).join('');
      assert.equal(maskText(`(${torn})`, traces).text, `(${ADDRESS_MASK})`);
    }),
  );
});

test('a megabyte built to be slow is searched in a moment', () => {
  for (const unit of ['x.test', 'ann@x.test', '+', '.', '....@x.test', '&amp;', '%25', ' dot ', 'ann+']) {
    const begin = performance.now();
    maskText(unit.repeat(1_000_000 / unit.length), traces);
    assert.ok(performance.now() - begin < 5000, `${unit} is quadratic`);
  }
});
