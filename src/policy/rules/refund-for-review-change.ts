/** refund-for-review-change: something of value for changing, raising or taking down a review. */
import { framesOf, type Frame } from '../frame.ts';
import { asksOf, valueAnywhere, valueIn, valueOrSumIn, type Ask } from '../review-asks.ts';
import { defineRule, type Span } from '../rule.ts';
import type { View } from '../text.ts';

export const refundForReviewChange = defineRule({
  id: 'refund-for-review-change',
  title: 'Something of value for changing or removing a review',
  class: 'inducement',
  reads: ['seller'],
  severity: 90,
  policy: 'amazon-reviews',
  views: ['folded', 'joined', 'leet'],
  languages: ['en', 'de', 'fr', 'es', 'it'],
  why: {
    en: 'It offers something of value in connection with changing or removing a review. No refund, gift or discount may be tied to a review, not even after the problem is solved.',
    de: 'Hier wird ein Vorteil mit dem Ändern oder Löschen einer Bewertung verbunden. Erstattung, Geschenk oder Rabatt dürfen nie an einer Bewertung hängen, auch nicht, wenn das Problem gelöst ist.',
  },
  fix: {
    en: 'Take the review out of the message. You may refund, replace or compensate the buyer; just do not mention the review.',
    de: 'Lassen Sie die Bewertung weg. Erstatten, ersetzen oder entschädigen dürfen Sie gern, nur ohne die Bewertung zu erwähnen.',
  },
  *find(view: View): Iterable<Span> {
    for (const frame of framesOf(view)) {
      for (const ask of asksOf(frame).changes) yield* tiedTo(ask, frame);
    }
  },
});

/** The ask and what it is tied to: in its own sentence, in one beside it, or, when the ask is plain, anywhere in the message. */
function* tiedTo(ask: Ask, frame: Frame): Iterable<Span> {
  const own = valueOrSumIn(ask.sentence);
  if (own !== undefined) {
    const sum = ask.sentence.amounts[0] ?? own;
    yield frame.spanOf(Math.min(ask.first, own.first), Math.max(ask.last, own.last, sum.last));
    return;
  }
  const beside = [ask.sentence.index + 1, ask.sentence.index - 1].map((index) => valueIn(frame.sentences.get(index)));
  const value = (ask.isConditional && beside.find((hit) => hit !== undefined)) || (ask.isAsked && valueAnywhere(frame));
  if (!value) return;
  yield frame.spanOf(ask.first, ask.last);
  yield frame.spanOf(value.first, value.last);
}
