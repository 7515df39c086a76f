/**
 * rule-examples: the example blocks beside the rules, read as the tests and the rules page read them.
 */
import { readExamples, type Example } from '../../src/policy/rules-page.ts';
import { RULES } from '../../src/policy/rules/index.ts';
import type { Rule } from '../../src/policy/rule.ts';

export function* allExamples(): Generator<{ readonly rule: Rule; readonly example: Example }> {
  for (const rule of RULES) for (const example of readExamples(rule.id)) yield { rule, example };
}
