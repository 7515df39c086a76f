/** review-change-request: asks to change or take down a review, with nothing offered. To say that it is possible is information. */
import { framesOf } from '../frame.ts';
import { asksOf, valueAnywhere } from '../review-asks.ts';
import { defineRule, type Span } from '../rule.ts';
import type { View } from '../text.ts';

export const reviewChangeRequest = defineRule({
  id: 'review-change-request',
  title: 'A request to change or remove a review',
  class: 'gating',
  reads: ['seller'],
  severity: 60,
  policy: 'amazon-reviews',
  views: ['folded', 'joined', 'leet'],
  languages: ['en', 'de', 'fr', 'es', 'it'],
  why: {
    en: 'It asks the buyer to change or remove a review. A review is the buyer’s alone, also after the problem is solved.',
    de: 'Hier wird darum gebeten, eine Bewertung zu ändern oder zu löschen. Sie gehört allein dem Käufer, auch wenn das Problem gelöst ist.',
  },
  fix: {
    en: 'Take the request out. Say what you did about the problem, and leave it there.',
    de: 'Lassen Sie die Bitte weg. Schreiben Sie, wie das Problem gelöst wurde, und belassen Sie es dabei.',
  },
  *find(view: View): Iterable<Span> {
    for (const frame of framesOf(view)) {
      const asked = asksOf(frame).changes.filter((ask) => ask.isAsked);
      // With something of value in the message it is an inducement, and that rule's.
      if (asked.length === 0 || valueAnywhere(frame) !== undefined) continue;
      for (const ask of asked) yield frame.spanOf(ask.first, ask.last);
    }
  },
});
