import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RealAddress } from '../../../src/core/real-address.ts';
import { ADDRESS_MASK, maskText } from '../../../src/mail/mask/scrub.ts';
import { spellingsOf } from '../../../src/mail/traces.ts';

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
  ['with a word for the sign in Spanish', 'jane.doe arroba realmail punto example', '*'],
  ['with a word for the sign in German', 'jane Punkt doe (Klammeraffe) realmail Punkt example', '*'],
  ['with a word for the sign in Polish', 'jane.doe ma\u0142pa realmail kropka example', '*'],
  [
    'with a word for the sign in Russian',
    'jane.doe \u0441\u043e\u0431\u0430\u043a\u0430 realmail \u0442\u043e\u0447\u043a\u0430 example',
    '*',
  ],
  ['with words in capitals and no space', 'jane.doeATrealmailDOTexample', '*'],
  ['with commas for dots', 'jane.doe@realmail,example', '*'],
  ['with middle dots', 'jane.doe@realmail\u00b7example', '*'],
  ['in the path of a link', 'https://y.test/u/jane.doe/realmail.example', 'https://y.test/u/*'],
  ['in the path of a link, the host first', 'https://y.test/realmail.example/jane.doe', 'https://y.test/*'],
  ['as a return path that was rewritten', 'bounce+jane.doe=realmail.example@y.test', 'bounce+*@y.test'],
  ['with a percent sign', 'jane.doe%realmail.example@y.test', '*@y.test'],
  ['in two columns', 'jane.doe;realmail.example;1', '*;1'],
  ['in two fields of JSON', '{"user":"jane.doe","host":"realmail.example"}', '{"user":"*"}'],
  ['in two parameters of a link', 'https://y.test/?u=jane.doe&d=realmail.example', 'https://y.test/?u=*'],
  ['in two lines with names', 'User: jane.doe\nHost: realmail.example', 'User: *'],
  ['at a host of its domain', 'jane.doe@mail.realmail.example', '*'],
  ['with a word to be taken out', 'jane.doe@NOSPAMrealmail.example', '*'],
  ['as the name of a host', 'https://jane.doe.realmail.example/', 'https://*/'],
  ['with comments (RFC 5322)', 'jane.doe(me)@(here)realmail.example', '*'],
  ['with tags in it', 'jane.doe<!-- no > -->@<b></b>realmail.example', '*'],
  ['in numbered lines', '1. jane.\n2. doe@\n3. realmail.example', '1. *'],
  [
    'in Cyrillic letters',
    '\u0458\u0430n\u0435.d\u043e\u0435@r\u0435\u0430lm\u0430\u0456l.\u0435\u0445\u0430m\u0440l\u0435',
    '*',
  ],
  [
    'in small capitals',
    '\u1d0a\u1d00\u0274\u1d07.\u1d05\u1d0f\u1d07@\u0280\u1d07\u1d00\u029f\u1d0d\u1d00\u026a\u029f.example',
    '*',
  ],
  ['in letters that flags are made of', '\u{1f1e6}\u{1f1f3}\u{1f1f3}@x.test', '*'],
  ['with digits for letters', 'j4n3.d03@r34lm4il.3x4mpl3', '*'],
  [
    'in a text without spaces',
    '\u8bf7\u5199\u4fe1\u7ed9jane.doe@realmail.example\u8c22\u8c22',
    '\u8bf7\u5199\u4fe1\u7ed9*\u8c22\u8c22',
  ],
  ['before a word that a program put there', 'Mail: jane.doe@realmail.exampleTel: 1', 'Mail: *Tel: 1'],
  ['before a number', 'jane.doe@realmail.example2026', '*2026'],
  [
    'behind a coded line end',
    'https://y.test/?body=Hello%0A%0Djane.doe@realmail.example',
    'https://y.test/?body=Hello%0A%0D*',
  ],
  ['as octets of UTF-8', 'mia@m%C3%BCller.test', '*'],
  ['in escapes of Excel', 'jane.doe_x0040_realmail.example', '*'],
  [
    'in invisible copies of letters',
    'Hi\u{e0061}\u{e006e}\u{e006e}\u{e0040}\u{e0078}\u{e002e}\u{e0074}\u{e0065}\u{e0073}\u{e0074}',
    'Hi*',
  ],
  ['half of it from right to left', 'jane.doe@elpmaxe.liamlaer', '*'],
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
  ['a person and where she works', 'Jane Doe\nrealmail.example'],
  ['a plain word and a domain', 'Ask Ann: x.test'],
  ['an equals sign and a name', 'a=deb@y.test, https://y.test/?a=22cats@y.test'],
  ['a name in capitals that ends alike', 'MaryAnn@x.test'],
  ['numbers, formulas and lists', '1. (a) [b] {c} 10%41\n2. x: 1, y = 2 \\n 6a616e65'],
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
