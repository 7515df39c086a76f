/**
 * verdict: from evidence to an action. The one table; thresholds and combinations live nowhere else.
 *
 * Each rule or class has a cell for each direction and profile. A way out of the relay beside talk of reviews weighs more than alone:
 * the second half of the cell. The heaviest action wins; the rest is listed. Basis: inducement.md 1.3, 2.8 and 2.9.
 */
import type { Action, Context, Evidence, PolicyClass } from './rule.ts';

/** Changes whenever a rule, a lexicon or this table changes what is decided. Stored with every verdict. */
export const POLICY_VERSION = '2026-11-25.1';

export type Profile = 'marketplace-strict';

/** `alone`: on its own. `aggravated`: in one message with talk of reviews that is evidence itself. */
export interface Cell {
  readonly alone: Action;
  readonly aggravated: Action;
}

const always = (action: Action): Cell => ({ alone: action, aggravated: action });
const wayOut: Cell = { alone: 'return', aggravated: 'hold' };

/** By rule where there is a row, else by class. */
interface Table {
  readonly seller: {
    readonly rules: Readonly<Record<string, Cell>>;
    readonly classes: Readonly<Record<PolicyClass, Cell>>;
  };
  readonly buyer: {
    readonly rules: Readonly<Record<string, Cell>>;
    readonly classes: Readonly<Record<PolicyClass, Cell>>;
  };
}

const UNREAD = { unscannable: always('hold'), malformed: always('hold') };

const PROFILES: Readonly<Record<Profile, Table>> = {
  'marketplace-strict': {
    seller: {
      // The model alone never blocks: what no rule can name, a person looks at.
      rules: {
        'outside-payment': always('block'),
        'quoted-contact': always('redact'),
        'quoted-offer': always('hold'),
        'wording-inducement': always('hold'),
        'wording-gating': always('return'),
        'wording-pressure': always('hold'),
        'wording-offplatform': always('hold'),
        'wording-promo': always('return'),
        'wording-survey': always('return'),
        'wording-other': always('hold'),
      },
      classes: {
        ...UNREAD,
        inducement: always('block'),
        gating: always('return'),
        pressure: always('return'),
        offplatform: wayOut,
        promo: always('return'),
        survey: always('return'),
        other: always('deliver'),
      },
    },
    buyer: {
      rules: {},
      classes: {
        ...UNREAD,
        inducement: always('deliver'),
        gating: always('deliver'),
        pressure: always('deliver'),
        offplatform: always('redact'),
        promo: always('deliver'),
        survey: always('deliver'),
        other: always('deliver'),
      },
    },
  },
};

/** Whoever asks something about a review and then offers another channel goes on there, unseen. */
const AGGRAVATES: ReadonlySet<PolicyClass> = new Set(['inducement', 'gating', 'pressure']);

const WEIGHT: Readonly<Record<Action, number>> = { deliver: 0, redact: 1, return: 2, hold: 3, block: 4 };

export function cellOf(rule: string, policyClass: PolicyClass, from: Context['from'], profile: Profile): Cell {
  const table = PROFILES[profile][from];
  return table.rules[rule] ?? table.classes[policyClass];
}

export function actionOf(evidence: readonly Evidence[], from: Context['from'], profile: Profile): Action {
  const isAggravated = evidence.some((entry) => AGGRAVATES.has(entry.class));
  let action: Action = 'deliver';
  for (const entry of evidence) {
    const cell = cellOf(entry.rule, entry.class, from, profile);
    const wanted = isAggravated ? cell.aggravated : cell.alone;
    // Words can be taken out of text, not out of a file: its own program would have to write it again.
    const own = wanted === 'redact' && entry.field.startsWith('attachment:') ? 'hold' : wanted;
    if (WEIGHT[own] > WEIGHT[action]) action = own;
  }
  return action;
}
