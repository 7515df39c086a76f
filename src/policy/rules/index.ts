/** The rules, in an explicit list: what is not here does not read. */
import type { Rule } from '../rule.ts';
import { emailAddress } from './email-address.ts';
import { giftForReview } from './gift-for-review.ts';
import { messengerHandle } from './messenger-handle.ts';
import { outsidePayment } from './outside-payment.ts';
import { outsideUrl } from './outside-url.ts';
import { refundForReviewChange } from './refund-for-review-change.ts';
import { reviewChangeRequest } from './review-change-request.ts';
import { reviewSteering } from './review-steering.ts';
import { telephone } from './telephone.ts';

export const RULES: readonly Rule[] = [
  refundForReviewChange,
  giftForReview,
  reviewChangeRequest,
  reviewSteering,
  outsidePayment,
  messengerHandle,
  emailAddress,
  telephone,
  outsideUrl,
];
