/**
 * wording: what the model found, as evidence that its writer understands.
 *
 * One kind of evidence for each class. The model says that a stretch reads like what was stopped before; it cannot say which word
 * did it, so the words for the writer name the rule and the way to mend it.
 */
import type { PolicyClass, Texts } from '../rule.ts';
import type { PolicyId } from '../sources.ts';
import type { Suspicion } from './model.ts';

export interface Worded {
  readonly id: string;
  readonly title: string;
  readonly class: PolicyClass;
  readonly severity: number;
  readonly policy: PolicyId;
  readonly why: Texts;
  readonly fix: Texts;
}

const SEVERITY = 30;

const word = (policyClass: PolicyClass, policy: PolicyId, title: string, why: string, fix: string): Worded => ({
  id: `wording-${policyClass}`,
  title,
  class: policyClass,
  severity: SEVERITY,
  policy,
  why: { en: why },
  fix: { en: fix },
});

export const WORDED: Readonly<Record<Suspicion['policyClass'], Worded>> = {
  inducement: word(
    'inducement',
    'amazon-reviews',
    'Reads like an offer or a request about a review',
    'It reads like an offer for a review, or like a request to change or remove one. Neither may be sent, whether or not the problem was solved.',
    'Help the buyer without a word about the review. Refunds and replacements need no mention of it.',
  ),
  gating: word(
    'gating',
    'amazon-reviews',
    'Reads like asking only happy buyers',
    'It reads as if only good reviews were wanted, or as if unhappy buyers should not write one. A request must go to everybody alike.',
    'Ask once, for an honest review, good or bad; or do not mention reviews.',
  ),
  pressure: word(
    'pressure',
    'amazon-reviews',
    'Reads like pressure on the buyer',
    'It reads like pressure because of a review, a claim or a return: guilt, threats or deadlines.',
    'Say what you can do about the problem, and leave out what the review means for you.',
  ),
  offplatform: word(
    'offplatform',
    'amazon-messages',
    'Reads like a way around the marketplace',
    'It reads like an invitation to write, pay or buy outside the marketplace, or like a question for the buyer’s own contact details.',
    'Ask for a reply to this message. Refunds go to the original payment method.',
  ),
  promo: word(
    'promo',
    'amazon-messages',
    'Reads like advertising',
    'It reads like advertising. Messages about an order serve the order or answer the buyer.',
    'Leave out offers, new products, newsletters and clubs.',
  ),
  survey: word(
    'survey',
    'amazon-messages',
    'Reads like a survey',
    'It reads like a survey of your own. Messages about an order serve the order or answer the buyer.',
    'Leave the survey out. The buyer can reply to this message.',
  ),
  other: word(
    'other',
    'amazon-messages',
    'Reads like something that may not be asked',
    'It reads as if it came from the marketplace itself, or asked for what nobody may ask for: card numbers, codes, passwords, papers.',
    'Write in your own name, and ask for nothing that the order does not need.',
  ),
};
