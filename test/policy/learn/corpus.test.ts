/** corpus: how it is written down, and what the committed one holds. */
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { parseExamples, parseIdeas, textOf } from '../../../src/policy/learn/corpus.ts';
import { foldsOf } from '../../../src/policy/learn/folds.ts';
import { loadCorpus } from '../../../src/policy/learn/load.ts';
import { POLICY_FOLDER } from '../../../src/policy/model/load.ts';

const IDEAS = parseIdeas('# idea\tverdict\tclass\nbribe\tstop\tinducement\tmoney\nfine\tdeliver\t-\tnothing wrong\n');

suite('a line of the corpus', () => {
  test('says its idea, subject and text, and marks what breaks the rule', () => {
    const [example] = parseExamples('bribe\tHello\tHi,\\n\\n⟦20 EUR for five stars⟧.', 'en', IDEAS);
    assert.ok(example !== undefined);
    assert.equal(textOf(example), 'Hello\n\nHi,\n\n20 EUR for five stars.');
    assert.deepEqual(example.classes, ['inducement']);
    const [mark] = example.marks;
    assert.equal(textOf(example).slice(mark?.start, mark?.end), '20 EUR for five stars');
  });

  test('that is guilty and marks nothing, or honest and marks something, is refused with its number', () => {
    assert.throws(() => parseExamples('fine\t\tok\nbribe\t\t20 EUR', 'en', IDEAS), /en, message 2: nothing is marked/);
    assert.throws(() => parseExamples('fine\t\t⟦ok⟧', 'en', IDEAS), /an honest message has marks/);
    assert.throws(() => parseExamples('bribe\t\t⟦20 EUR', 'en', IDEAS), /a mark begins that does not end/);
    assert.throws(() => parseExamples('typo\t\tok', 'en', IDEAS), /no idea is called "typo"/);
  });
});

suite('the committed corpus', () => {
  const examples = loadCorpus(join(POLICY_FOLDER, 'corpus'), 'train');

  test('holds 3,000 messages and more in twelve languages, four in ten of them honest or more', () => {
    assert.ok(examples.length >= 3000, String(examples.length));
    const languages = new Set(examples.map(({ language }) => language));
    assert.deepEqual([...languages].sort(), ['de', 'en', 'es', 'fr', 'it', 'ja', 'nl', 'pl', 'pt', 'sv', 'tr', 'zh']);
    for (const language of languages) {
      const own = examples.filter((example) => example.language === language);
      const honest = own.filter(({ isStop }) => !isStop).length / own.length;
      assert.ok(honest >= 0.4, `${language}: ${honest}`);
    }
  });

  test('says nothing twice', () => {
    const bodies = examples.map(({ language, subject, body }) => `${language} ${subject} ${body}`);
    assert.equal(new Set(bodies).size, bodies.length);
  });

  test('is dealt so that all messages of an idea lie in one fold, in any language', () => {
    const foldOf = foldsOf(examples, 8);
    const sizes = Array.from(
      { length: 8 },
      (_, fold) => examples.filter(({ idea }) => foldOf.get(idea) === fold).length,
    );
    for (const size of sizes) assert.ok(size > examples.length / 16, sizes.join(' '));
    assert.deepEqual(foldsOf([...examples].reverse(), 8), foldOf);
  });
});
