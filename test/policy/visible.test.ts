/** visible: what a reader sees of HTML, and where it stands in the markup. */
import { strict as assert } from 'node:assert';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { sourceOf } from '../../src/policy/mapped.ts';
import { visibleText } from '../../src/policy/visible.ts';

const shown = (markup: string) => visibleText(markup).text.trim();
const markupOf = (markup: string, words: string) => {
  const visible = visibleText(markup);
  const start = visible.text.indexOf(words);
  assert.notEqual(start, -1, `"${words}" is not shown`);
  const span = sourceOf(visible, { start, end: start + words.length });
  return markup.slice(span.start, span.end);
};

suite('visible text', () => {
  test('tags, comments and <wbr> inside a word vanish', () => {
    assert.equal(shown('r<b>e</b>v<!-- x -->i<wbr>e<span class=a>w</span>'), 'review');
  });

  test('character references are decoded and map to the whole reference', () => {
    assert.equal(shown('&#114;&#x65;vi&#101w &amp; 5 &euro;'), 'review & 5 €');
    assert.equal(markupOf('a &#114;eview b', 'review'), '&#114;eview');
    assert.equal(markupOf('x&#114;&#101;y', 're'), '&#114;&#101;');
  });

  test('blocks end a line, cells stand apart', () => {
    assert.match(shown('<p>one</p><p>two</p>three<br>four'), /^one\n+two\n+three\nfour$/);
    assert.equal(shown('<table><tr><td>a</td><td>b</td></tr></table>'), 'a b');
  });

  test('scripts and styles are not shown', () => {
    assert.equal(shown('a<style>.review{}</style><script>review("</p>")</script>b'), 'ab');
  });

  test('hidden words are read, but after the sentence that they stand in', () => {
    for (const hidden of [
      '<i style="display:none">XX</i>',
      '<i style="color:red; font-size:0px">XX</i>',
      '<i style="opacity:0">XX</i>',
      '<i style="visibility: hidden">X<i>X</i></i>',
      '<i hidden>XX</i>',
      '<svg>XX</svg>',
    ]) {
      const text = shown(`re${hidden}view`);
      assert.match(text, /^review\n\nXX$/, hidden);
    }
    assert.equal(shown('<i style="font-size:10px">ab</i>'), 'ab');
  });

  test('alternative text stands in its place, link targets and titles follow', () => {
    assert.equal(shown('see <img alt="our mail"> here'), 'see our mail here');
    const markup = '<a href="https://lamps.test/?a=1&amp;b" title="Shop">here</a>';
    assert.match(shown(markup), /^here\n\nhttps:\/\/lamps\.test\/\?a=1&b\n\nShop$/);
    assert.equal(markupOf(markup, 'lamps.test'), 'lamps.test');
    assert.equal(markupOf('<a href="x&#46;test/&#112;">y</a>', 'x.test'), 'x&#46;test');
  });

  test('any span of any markup lies inside the markup', () => {
    const bits = fc.constantFrom(
      '<p>',
      '</p>',
      '<i hidden>',
      '</i>',
      '&#114;',
      '&amp',
      '<a href="a&#46;b">',
      '<!--',
      '-->',
      '<',
      '"',
      "<b x='",
      'ab',
      '\u{1F600}',
      '<script>',
      '<svg>',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(bits, fc.string({ maxLength: 5 })), { maxLength: 25 }),
        fc.nat(),
        fc.nat(20),
        (parts, at, length) => {
          const markup = parts.join('');
          const visible = visibleText(markup);
          assert.equal(visible.starts.length, visible.text.length);
          const start = at % (visible.text.length + 1);
          const span = sourceOf(visible, { start, end: Math.min(visible.text.length, start + length) });
          assert.ok(0 <= span.start && span.start <= span.end && span.end <= markup.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('a million nested tags are read in linear time', () => {
    const started = performance.now();
    assert.equal(shown(`${'<b><i>'.repeat(200_000)}deep`), 'deep');
    // A quadratic reader needs minutes; the limit only tells the two apart.
    assert.ok(performance.now() - started < 20_000);
  });
});
