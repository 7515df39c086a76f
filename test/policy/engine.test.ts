/** engine: whole messages, both directions, exact spans, hostile text. */
import { strict as assert } from 'node:assert';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { excerptOf, findEvidence, judgeText } from '../../src/policy/engine.ts';
import type { Context, Field } from '../../src/policy/rule.ts';
import { STANDARD } from '../support/standard.ts';

const seller: Context = { from: 'seller', ownDomains: ['market.test', 'relay.test'], isMasked: () => false };
const buyer: Context = { ...seller, from: 'buyer' };
const text = (source: string): Field => ({ name: 'text', source, kind: 'plain' });
const html = (source: string): Field => ({ name: 'html', source, kind: 'html' });
const subject = (source: string): Field => ({ name: 'subject', source, kind: 'plain' });
const judge = (fields: readonly Field[], context = seller) => judgeText(fields, context, STANDARD, []);

suite('a seller', () => {
  test('who offers money for more stars is blocked, with the words marked', () => {
    const source = 'Hello. Change your 1 star to 5 and we refund 20 EUR. Thanks';
    const verdict = judge([text(source)]);
    assert.equal(verdict.action, 'block');
    assert.equal(verdict.policyVersion, '2026-11-25.1');
    assert.equal(verdict.language, 'en');
    const [first] = verdict.evidence;
    assert.equal(first?.rule, 'refund-for-review-change');
    assert.equal(first.class, 'inducement');
    assert.equal(source.slice(first.start, first.end), 'Change your 1 star to 5 and we refund 20 EUR');
    assert.equal(first.excerpt, 'Change your 1 star to 5 and we refund 20 EUR');
  });

  test('who refunds the shipping of a late parcel is delivered', () => {
    const verdict = judge([subject('Your order'), text('your parcel is late, we refund the shipping')]);
    assert.equal(verdict.action, 'deliver');
    assert.deepEqual(verdict.evidence, []);
  });

  test('who gives a telephone number gets the message back, and is blocked when a bribe is in it too', () => {
    assert.equal(judge([text('Call me on +49 30 23125 014')]).action, 'return');
    assert.equal(
      judge([text('Call me on +49 30 23125 014. Leave us a 5 star review and get a $10 gift card.')]).action,
      'block',
    );
  });

  test('who puts the offer in the subject and the ask in the text is blocked, with both marked', () => {
    const verdict = judge([
      subject('A $20 voucher for you'),
      text('Could you please change your review to five stars?'),
    ]);
    assert.equal(verdict.action, 'block');
    assert.deepEqual(
      new Set(verdict.evidence.filter((e) => e.rule === 'refund-for-review-change').map((e) => e.field)),
      new Set(['subject', 'text']),
    );
  });

  test('who hides the ask in HTML and writes an innocent text is blocked', () => {
    const markup = '<p>Please ch<b>an</b>ge your re&#118;<!-- -->iew,</p><p>then we re<wbr>fund&nbsp;20&nbsp;EUR.</p>';
    const verdict = judge([text('Thank you for your order.'), html(markup)]);
    assert.equal(verdict.action, 'block');
    const [first] = verdict.evidence;
    assert.equal(first?.field, 'html');
    assert.equal(markup.slice(first.start, first.end).startsWith('ch<b>an</b>ge your re&#118;'), true);
    assert.match(first.excerpt, /^change your review/);
  });

  test('whose link says one thing and leads elsewhere gets it back, with the target marked', () => {
    const markup = '<a href="https://lamps.test/x">https://www.market.test/</a>';
    const verdict = judge([html(markup)]);
    assert.equal(verdict.action, 'return');
    const [first] = verdict.evidence;
    assert.equal(markup.slice(first?.start, first?.end), 'https://lamps.test/x');
  });

  test('whose name, file name or attachment holds a way out is found there', () => {
    const verdict = judge([
      { name: 'from', source: 'WhatsApp +49 30 23125014', kind: 'plain' },
      { name: 'filename:0', source: 'lamps@shop.test.jpg', kind: 'plain' },
      { name: 'attachment:0', source: 'Leave a 5 star review and get a $10 gift card', kind: 'plain' },
    ]);
    assert.deepEqual(
      new Set(verdict.evidence.map((entry) => entry.field)),
      new Set(['from', 'filename:0', 'attachment:0']),
    );
    assert.equal(verdict.action, 'block');
  });

  test('is told why in the language of the message where there is one', () => {
    const [first] = judge([text('Wenn Sie die Bewertung löschen, dann erstatten wir Ihnen den Kaufpreis.')]).evidence;
    assert.match(first?.why ?? '', /Vorteil/);
  });
});

suite('a buyer', () => {
  test('who gives an address, a number or a messenger is delivered without it', () => {
    const source = 'I am ann@home.test, or call +49 30 23125 014, or text me on WhatsApp.';
    const verdict = judge([text(source)], buyer);
    assert.equal(verdict.action, 'redact');
    assert.deepEqual(
      new Set(verdict.evidence.map((entry) => source.slice(entry.start, entry.end).replace(/^.*on W/, 'W'))),
      new Set(['ann@home.test', '+49 30 23125 014', 'WhatsApp']),
    );
  });

  test('who talks of reviews, refunds, links and PayPal is delivered untouched', () => {
    const verdict = judge(
      [text('I will change my review if you refund 20 EUR via PayPal, see https://shop.test/x')],
      buyer,
    );
    assert.deepEqual([verdict.action, verdict.evidence.length], ['deliver', 0]);
  });

  test('who quotes an alias is delivered untouched', () => {
    assert.equal(judge([text('On Monday b-0a1b2c@relay.test wrote:\n> Hello')], buyer).action, 'deliver');
  });
});

suite('the engine', () => {
  test('anomalies hold, ahead of everything that was found', () => {
    const verdict = judgeText([text('Hello')], seller, STANDARD, ['encrypted']);
    assert.equal(verdict.action, 'hold');
    assert.equal(verdict.evidence[0]?.rule, 'encrypted');
  });

  test('evidence comes by severity, then by field, then by place, and overlaps of one rule are one', () => {
    const verdict = judge([
      subject('mail a@x.test'),
      text('mail b@x.test and c@x.test. Leave us a 5 star review and get a $10 gift card'),
    ]);
    assert.deepEqual(
      verdict.evidence.map((entry) => `${entry.rule} ${entry.field}`),
      ['gift-for-review text', 'email-address subject', 'email-address text', 'email-address text'],
    );
  });

  test('an excerpt is one line of at most 160 units, cut between words', () => {
    const excerpt = excerptOf(`${'word '.repeat(20)}\n${'other '.repeat(40)}`);
    assert.match(excerpt, /^[^\n]{100,153} other…$/);
    assert.equal(excerptOf('a\n b'), 'a b');
    assert.ok(excerptOf('x'.repeat(500)).length <= 160);
  });

  test('any text and any markup gets a verdict, with evidence inside the field', () => {
    const words = fc.constantFrom(
      'change',
      'your review',
      'we refund',
      '20 EUR',
      '5 stars',
      'if',
      ', ',
      '. ',
      '\n\n',
      'a@b.test',
      'call',
      '+49 30 23125014',
      'WhatsApp',
      'on ',
      'paypal',
      'www.x.test/',
      'dot com',
      ' at ',
      '<b>',
      '</b>',
      '&#64;',
      '★★★★★',
      'r e v i e w',
      'DE89 3704 0044 0532 0130 00',
      '<a href="',
    );
    let withEvidence = 0;
    fc.assert(
      fc.property(
        fc.array(fc.oneof(words, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 30 }),
        (parts) => {
          const source = parts.join(' ');
          const fields = [subject(source.slice(0, 40)), text(source), html(source)];
          for (const context of [seller, buyer]) {
            for (const entry of findEvidence(fields, context, STANDARD.model, 'en')) {
              const length = fields.find((field) => field.name === entry.field)?.source.length ?? -1;
              assert.ok(0 <= entry.start && entry.start <= entry.end && entry.end <= length);
              assert.ok(entry.excerpt.length <= 160);
              withEvidence++;
            }
          }
        },
      ),
      { numRuns: 300 },
    );
    assert.ok(withEvidence > 100, `only ${withEvidence} found: the property saw nothing`);
  });
});

const HOSTILE: Readonly<Record<string, string>> = {
  'one letter': 'a',
  'one digit': '1',
  'spaced digits': '1 ',
  'dots': '.',
  'labels': 'a.',
  'at signs': 'a@',
  'spaces': ' ',
  'line ends': '\n',
  'reviews': 'review ',
  'changes and reviews': 'change review ',
  'ifs and gifts': 'if gift card, ',
  'guards': 'review your ',
  'gaps': 'take take take x ',
  'messengers': 'on whatsapp ',
  'spelled': 'a dot b dot ',
  'brackets': '[at] ',
  'ibans': 'de89 3704 ',
  'digit words': 'one two ',
  'telephones': '+49 30 23125014 ',
  'stars': '★ ',
  'spaced letters': 'a.b ',
  'leet': 'a1a1 ',
  'tags': '<b><i x="',
  'hidden': '<i hidden>a',
  'references': '&#114;&amp',
  'comments': '<!-- a --',
  'attributes': '<a href="a&#46;b',
  'combining marks': 'e\u0301\u0301',
};

suite('hostile text', () => {
  for (const [name, unit] of Object.entries(HOSTILE)) {
    test(`100 kB of ${name} cost no more than their size`, () => {
      const cost = (size: number) => {
        const source = unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
        const started = performance.now();
        judge([text(source), html(source)]);
        return performance.now() - started;
      };
      cost(4_000);
      const small = Math.min(cost(20_000), cost(20_000));
      const large = Math.min(cost(100_000), cost(100_000));
      // Linear is 5, quadratic 25; the floor keeps a busy machine's noise out of small figures.
      assert.ok(large < Math.max(small, 8) * 18, `20 kB: ${small.toFixed(1)} ms, 100 kB: ${large.toFixed(1)} ms`);
    });
  }
});
