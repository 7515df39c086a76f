/** review-steering: asks for a good review, or sends the unhappy elsewhere before they write one. */
import { framesOf, type Frame, type Sentence } from '../frame.ts';
import { asksOf, valueAnywhere } from '../review-asks.ts';
import { defineRule, type Span } from '../rule.ts';
import type { View } from '../text.ts';

export const reviewSteering = defineRule({
  id: 'review-steering',
  title: 'Steering who writes a review, or what it says',
  class: 'gating',
  reads: ['seller'],
  severity: 58,
  policy: 'amazon-reviews',
  views: ['folded', 'joined', 'leet'],
  languages: ['en', 'de'],
  why: {
    en: 'It asks for a good review, or asks the unhappy to come to you instead of writing one. A request must be neutral and the same for everybody.',
    de: 'Hier wird um eine gute Bewertung gebeten, oder Unzufriedene sollen sich statt einer Bewertung bei Ihnen melden. Eine Bitte muss neutral und für alle gleich sein.',
  },
  fix: {
    en: 'Ask for an honest review, good or bad, or do not ask. Help may be offered, with no word about reviews.',
    de: 'Bitten Sie um eine ehrliche Bewertung, gut oder schlecht, oder gar nicht. Hilfe dürfen Sie anbieten, ohne von Bewertungen zu sprechen.',
  },
  *find(view: View): Iterable<Span> {
    for (const frame of framesOf(view)) {
      const hasValue = valueAnywhere(frame) !== undefined;
      for (const ask of asksOf(frame).posts) {
        const isBoth = ask.sentence.has('negative');
        if (ask.isPositive && ask.isAsked && !isBoth && !hasValue) yield frame.spanOf(ask.first, ask.last);
      }
      for (const sentence of frame.sentences.values()) yield* diverted(sentence, frame);
    }
  },
});

/** "Contact us before you leave a review"; "happy? review us. Not happy? write to us." */
function* diverted(sentence: Sentence, frame: Frame): Iterable<Span> {
  const contact = sentence.first('contact');
  const review = sentence.first('review', 'negative');
  if (contact === undefined) return;
  const before = sentence.first('before');
  if (before !== undefined && review !== undefined && before.last < review.first) {
    yield frame.spanOf(Math.min(contact.first, before.first), Math.max(contact.last, review.last));
    return;
  }
  const previous = frame.sentences.get(sentence.index - 1);
  const happy = previous?.has('if') === true && previous.has('review') && !previous.has('negative');
  if (happy && sentence.has('unhappy'))
    yield frame.spanOf(sentence.first('unhappy')?.first ?? contact.first, contact.last);
}
