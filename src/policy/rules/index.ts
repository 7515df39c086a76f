/** The rules, in an explicit list: what is not here does not read. */
import type { Rule } from '../rule.ts';
import { giftForReview } from './gift-for-review.ts';
import { refundForReviewChange } from './refund-for-review-change.ts';

export const RULES: readonly Rule[] = [refundForReviewChange, giftForReview];
