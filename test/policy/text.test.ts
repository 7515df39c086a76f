/** text: readings of a text, and the way back from each to what was sent. */
import { strict as assert } from 'node:assert';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { foldCodePoint } from '../../src/policy/fold.ts';
import { languageOf } from '../../src/policy/language.ts';
import { viewsOf } from '../../src/policy/text.ts';

const folded = (text: string) => viewsOf(text)[0]?.text;
const view = (text: string, name: string) => viewsOf(text).find((entry) => entry.name === name)?.text;

suite('what a reader sees', () => {
  test('capitals, full width, mathematical, circled and accented letters are plain ones', () => {
    for (const text of ['Review', 'ｒｅｖｉｅｗ', '𝐫𝐞𝐯𝐢𝐞𝐰', 'ⓡⓔⓥⓘⓔⓦ', 'rëvíèw', 'r̷e̷v̷i̷e̷w̷', '🅡🅔🅥🅘🅔🅦']) {
      assert.equal(folded(text), 'review', text);
    }
  });

  test('Cyrillic and Greek look-alikes are the letters that they are taken for', () => {
    assert.equal(folded('rеviеw'), 'review');
    assert.equal(folded('рауραl'), 'paypal');
  });

  test('ASCII letters stay themselves', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz0123456789@.,-';
    assert.equal(folded(letters), letters);
    for (const letter of 'äöüßéñçøłœ') assert.match(foldCodePoint(letter.codePointAt(0) ?? 0), /^[a-z]{1,2}$/, letter);
  });

  test('zero-width, soft hyphen, tag, variation and direction characters vanish', () => {
    assert.equal(folded('re\u200Bv\u00ADi\u{E0065}e\uFE0Fw\u202E'), 'review');
  });

  test('white space is folded, a line end stays one and an empty line two', () => {
    assert.equal(folded('  a\u00A0\t b \r\n c\n\n\n d \n'), 'a b\nc\n\nd');
  });

  test('dotted and spaced letters are read as a word, abbreviations and numbers after them stay apart', () => {
    assert.equal(view('my w.h.a.t.s.a.p.p', 'joined'), 'my whatsapp');
    assert.equal(view('p a y p a l now', 'joined'), 'paypal now');
    assert.equal(view('e i g h t 9', 'joined'), 'eight 9');
    assert.equal(view('z. B. am 1. 2.', 'joined'), undefined);
  });

  test('digits and signs inside a word are read as letters, sizes and codes are not', () => {
    assert.equal(view('a r3v1ew for p@ypal', 'leet'), 'a review for paypal');
    assert.equal(view('250ml, A4, 5s, 20EUR', 'leet'), undefined);
  });

  test('ordinary text has one reading', () => {
    assert.equal(viewsOf('Your parcel is late, we refund the shipping.').length, 1);
  });
});

suite('the way back', () => {
  test('a span covers the invisible characters inside a word', () => {
    const text = 'a re\u200B\u200Bview!';
    const [first] = viewsOf(text);
    assert.deepEqual(first?.sourceOf({ start: 2, end: 8 }), { start: 2, end: 10 });
  });

  test('a span of a joined word covers the dots', () => {
    const joined = viewsOf('on w.h.a.t.s').find((entry) => entry.name === 'joined');
    assert.equal(joined?.written({ start: 3, end: 8 }), 'w.h.a.t.s');
  });

  test('any span of any reading of any text lies inside the text', () => {
    let checked = 0;
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.nat(), fc.nat(), (text, a, b) => {
        for (const entry of viewsOf(text)) {
          const start = Math.min(a, b) % (entry.text.length + 1);
          const end = Math.min(entry.text.length, start + (Math.max(a, b) % 8));
          const span = entry.sourceOf({ start, end });
          assert.ok(0 <= span.start && span.start <= span.end && span.end <= text.length);
          checked++;
        }
      }),
      { numRuns: 500 },
    );
    assert.ok(checked >= 500);
  });
});

suite('languageOf', () => {
  const of = (text: string) => languageOf(viewsOf(text)[0]?.words ?? []);
  test('tells the claimed languages apart by their small words', () => {
    assert.equal(of('Your parcel is late and we refund the shipping to you.'), 'en');
    assert.equal(of('Ihr Paket ist leider noch nicht bei Ihnen und wir erstatten den Versand.'), 'de');
    assert.equal(of('Nous vous remercions pour votre commande, le colis est dans la rue.'), 'fr');
    assert.equal(of('Hemos enviado su pedido con el transportista y no ha llegado.'), 'es');
    assert.equal(of('Abbiamo spedito il suo ordine con il corriere e non è arrivato.'), 'it');
  });
  test('says so when it cannot tell', () => {
    for (const text of ['', 'OK', 'DHL 12345', 'Lampe Modell X']) assert.equal(of(text), 'und', text);
  });
});
