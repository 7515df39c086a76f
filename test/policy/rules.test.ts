/** rules: every example beside a rule is a test; and what holds for all rules. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { judgeText } from '../../src/policy/engine.ts';
import type { Context } from '../../src/policy/rule.ts';
import { describeRules, readExamples, rulesMarkdown } from '../../src/policy/rules-page.ts';
import { RULES } from '../../src/policy/rules/index.ts';
import { SOURCES } from '../../src/policy/sources.ts';
import { allExamples } from '../support/rule-examples.ts';
import { STANDARD } from '../support/standard.ts';

const seller: Context = { from: 'seller', ownDomains: ['market.test', 'relay.test'], isMasked: () => false };
const judge = (text: string) => judgeText([{ name: 'text', source: text, kind: 'plain' }], seller, STANDARD, []);

suite('the examples beside the rules', () => {
  for (const { rule, example } of allExamples()) {
    const title = `${rule.id} ${example.kind} (${example.language}): ${example.text.slice(0, 70)}`;
    test(title, () => {
      const own = judge(example.text).evidence.filter((entry) => entry.rule === rule.id);
      if (example.kind === 'flag') assert.notEqual(own.length, 0, 'should be found');
      else assert.deepEqual(own, [], 'should be left alone');
      for (const { start, end, excerpt } of own) {
        assert.ok(start >= 0 && start < end && end <= example.text.length, `span ${start}-${end}`);
        assert.notEqual(excerpt, '');
      }
    });
    if (example.kind === 'pass') {
      test(`no rule stops what ${rule.id} leaves alone (${example.language}): ${example.text.slice(0, 60)}`, () => {
        assert.deepEqual(
          judge(example.text).evidence.map((entry) => `${entry.rule}: ${entry.excerpt}`),
          [],
        );
      });
    }
  }
});

suite('all rules', () => {
  test('a rule names a source with an address, a date and a clause', () => {
    assert.ok(RULES.length >= 9);
    for (const rule of RULES) {
      const source = SOURCES[rule.policy];
      assert.match(source.url, /^https?:\/\/./);
      assert.match(source.read, /^\d{4}-\d\d-\d\d$/);
      assert.notEqual(source.clause, '');
    }
  });

  test('a rule has at least five flags and five passes in each language that it claims', () => {
    for (const rule of RULES) {
      assert.ok(rule.languages.length > 0, rule.id);
      for (const language of rule.languages) {
        for (const kind of ['flag', 'pass'] as const) {
          const count = readExamples(rule.id).filter((e) => e.kind === kind && e.language === language).length;
          assert.ok(count >= 5, `${rule.id} has ${count} ${kind} in ${language}`);
        }
      }
    }
  });

  test('ids are unique and kebab case, and texts say something in English', () => {
    assert.equal(new Set(RULES.map((rule) => rule.id)).size, RULES.length);
    for (const rule of RULES) {
      assert.match(rule.id, /^[a-z]+(?:-[a-z]+)*$/);
      assert.ok(rule.why.en.length > 40 && rule.fix.en.length > 30, rule.id);
    }
  });

  test('a rule is pure: it imports neither files, network, clock nor randomness', () => {
    for (const rule of RULES) {
      const code = readFileSync(new URL(`../../src/policy/rules/${rule.id}.ts`, import.meta.url), 'utf8');
      assert.doesNotMatch(code, /node:|process\.|Date\.|Math\.random|console\./, rule.id);
    }
  });

  test('the page shows every rule with its action, its reason and its known gaps', () => {
    const page = rulesMarkdown();
    for (const rule of describeRules()) {
      assert.ok(page.includes(`<a id="${rule.id}"></a>`) && page.includes(rule.why) && page.includes(rule.fix));
      for (const example of rule.examples) {
        if (example.kind === 'miss') assert.ok(page.includes(example.text), rule.id);
      }
    }
    assert.match(page, /Not found yet:/);
  });
});
