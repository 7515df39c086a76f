/** verdict: the table from evidence to action, cell by cell. */
import { strict as assert } from 'node:assert';
import { suite, test } from 'node:test';
import { anomalyEvidence } from '../../src/policy/anomaly.ts';
import type { Action, Evidence, PolicyClass } from '../../src/policy/rule.ts';
import { actionOf, POLICY_VERSION } from '../../src/policy/verdict.ts';

const found = (policyClass: PolicyClass, rule = 'some-rule'): Evidence => ({
  rule,
  class: policyClass,
  field: 'text',
  start: 0,
  end: 1,
  excerpt: 'x',
  why: '',
  fix: '',
  policy: 'ftc-465.4',
});

const CELLS: readonly [PolicyClass, string, { seller: Action; beside: Action; buyer: Action }][] = [
  ['inducement', 'refund-for-review-change', { seller: 'block', beside: 'block', buyer: 'deliver' }],
  ['inducement', 'gift-for-review', { seller: 'block', beside: 'block', buyer: 'deliver' }],
  ['gating', 'review-change-request', { seller: 'return', beside: 'return', buyer: 'deliver' }],
  ['gating', 'review-steering', { seller: 'return', beside: 'return', buyer: 'deliver' }],
  ['pressure', 'some-rule', { seller: 'return', beside: 'return', buyer: 'deliver' }],
  ['offplatform', 'outside-payment', { seller: 'block', beside: 'block', buyer: 'redact' }],
  ['offplatform', 'email-address', { seller: 'return', beside: 'hold', buyer: 'redact' }],
  ['offplatform', 'telephone', { seller: 'return', beside: 'hold', buyer: 'redact' }],
  ['offplatform', 'messenger-handle', { seller: 'return', beside: 'hold', buyer: 'redact' }],
  ['offplatform', 'outside-url', { seller: 'return', beside: 'hold', buyer: 'redact' }],
  ['promo', 'some-rule', { seller: 'return', beside: 'return', buyer: 'deliver' }],
  ['survey', 'some-rule', { seller: 'return', beside: 'return', buyer: 'deliver' }],
  ['unscannable', 'encrypted', { seller: 'hold', beside: 'hold', buyer: 'hold' }],
  ['malformed', 'duplicate-header', { seller: 'hold', beside: 'hold', buyer: 'hold' }],
  ['other', 'some-rule', { seller: 'deliver', beside: 'return', buyer: 'deliver' }],
];

suite('the verdict table of marketplace-strict', () => {
  for (const [policyClass, rule, cell] of CELLS) {
    test(`${rule} (${policyClass}) of a seller alone: ${cell.seller}`, () => {
      assert.equal(actionOf([found(policyClass, rule)], 'seller', 'marketplace-strict'), cell.seller);
    });
    test(`${rule} (${policyClass}) beside a request about a review: ${cell.beside}`, () => {
      const evidence = [found(policyClass, rule), found('gating', 'review-steering')];
      assert.equal(actionOf(evidence, 'seller', 'marketplace-strict'), cell.beside);
    });
    test(`${rule} (${policyClass}) of a buyer: ${cell.buyer}`, () => {
      assert.equal(actionOf([found(policyClass, rule)], 'buyer', 'marketplace-strict'), cell.buyer);
    });
  }

  test('nothing found is delivered', () => {
    assert.equal(actionOf([], 'seller', 'marketplace-strict'), 'deliver');
    assert.equal(actionOf([], 'buyer', 'marketplace-strict'), 'deliver');
  });

  test('an inducement blocks whatever else is in the message', () => {
    for (const [policyClass, rule] of CELLS) {
      const evidence = [found(policyClass, rule), found('inducement', 'gift-for-review')];
      assert.equal(actionOf(evidence, 'seller', 'marketplace-strict'), 'block', rule);
    }
  });

  test('what cannot be read is held even where the rest would be redacted or returned', () => {
    const held = found('malformed', 'duplicate-header');
    assert.equal(actionOf([held, found('offplatform', 'telephone')], 'buyer', 'marketplace-strict'), 'hold');
    assert.equal(actionOf([held, found('offplatform', 'telephone')], 'seller', 'marketplace-strict'), 'hold');
  });

  test('the version is a date and a count', () => {
    assert.match(POLICY_VERSION, /^\d{4}-\d\d-\d\d\.\d+$/);
  });
});

suite('anomalies', () => {
  test('each kind is one piece of evidence; encrypted is unscannable, the rest malformed', () => {
    const evidence = anomalyEvidence(['encrypted', 'duplicate-header', 'duplicate-header']);
    assert.deepEqual(
      evidence.map(({ rule, class: policyClass, field, start, end }) => [rule, policyClass, field, start, end]),
      [
        ['encrypted', 'unscannable', 'text', 0, 0],
        ['duplicate-header', 'malformed', 'text', 0, 0],
      ],
    );
  });
});
