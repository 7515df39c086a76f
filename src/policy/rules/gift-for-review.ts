/** gift-for-review: something of value for writing a review, or for a good one. */
import { framesOf, type Frame, type Sentence } from '../frame.ts';
import type { Hit } from '../lexicon/lexicon.ts';
import { asksOf, valueAnywhere, valueIn, valueOrSumIn, type Ask } from '../review-asks.ts';
import { defineRule, type Span } from '../rule.ts';
import type { View } from '../text.ts';

export const giftForReview = defineRule({
  id: 'gift-for-review',
  title: 'Something of value for a review',
  class: 'inducement',
  reads: ['seller'],
  severity: 85,
  policy: 'ftc-465.4',
  views: ['folded', 'joined', 'leet'],
  languages: ['en', 'de', 'fr', 'es', 'it'],
  why: {
    en: 'It offers something of value for a review. Gifts, discounts, refunds and free products may not be given for reviews, openly or by implication.',
    de: 'Hier wird ein Vorteil für eine Bewertung in Aussicht gestellt. Geschenke, Rabatte, Erstattungen oder Gratisware für Bewertungen sind nicht erlaubt, weder offen noch angedeutet.',
  },
  fix: {
    en: 'Leave out either the offer or the review. An honest review, good or bad, may be asked for once, with nothing offered.',
    de: 'Lassen Sie entweder das Angebot oder die Bewertung weg. Um eine ehrliche Bewertung, gut oder schlecht, dürfen Sie einmal bitten, ohne etwas anzubieten.',
  },
  *find(view: View): Iterable<Span> {
    for (const frame of framesOf(view)) {
      const { changes, posts } = asksOf(frame);
      // An offer for changing a review is the other rule's, unless a new one is wanted too.
      const changed = new Set(changes.map((ask) => ask.sentence).filter((sentence) => !sentence.has('post')));
      for (const sentence of frame.sentences.values()) if (!changed.has(sentence)) yield* offered(sentence, frame);
      for (const ask of posts) yield* besideAsk(ask, frame);
    }
  },
});

/** Value and review in one sentence, with a tie between them. */
function* offered(sentence: Sentence, frame: Frame): Iterable<Span> {
  const review = sentence.first('review', 'positive');
  const value = valueOrSumIn(sentence);
  if (review === undefined || value === undefined || sentence.has('unbound')) return;
  if (isTied(sentence, review, value)) {
    yield frame.spanOf(Math.min(review.first, value.first), Math.max(review.last, value.last));
  }
}

function isTied(sentence: Sentence, review: Hit, value: Hit): boolean {
  if (sentence.has('exchange', 'proof')) return true;
  const reviewClause = sentence.clauseOf(review.first);
  const isConditioned = sentence
    .all('if')
    .some((condition) => condition.first < review.first && sentence.clauseOf(condition.first) === reviewClause);
  if (isConditioned) return true;
  const asks = sentence.has('post') || (sentence.has('positive') && sentence.has('ask'));
  return asks && review.first < value.first && sentence.all('get').some((get) => get.first > review.first - 2);
}

/** An ask, with value in the sentence beside it; for a good review value anywhere in the message will do. */
function* besideAsk(ask: Ask, frame: Frame): Iterable<Span> {
  const value = giftBeside(ask, frame) ?? (ask.isPositive && ask.isAsked ? valueAnywhere(frame) : undefined);
  if (value === undefined) return;
  yield frame.spanOf(ask.first, ask.last);
  yield frame.spanOf(value.first, value.last);
}

function giftBeside(ask: Ask, frame: Frame): Hit | undefined {
  for (const index of [ask.sentence.index + 1, ask.sentence.index - 1]) {
    const sentence = frame.sentences.get(index);
    const gift =
      valueIn(sentence, 'gift') ?? (ask.sentence.has('proof') ? valueIn(sentence) : undefined) ?? sentence?.amounts[0];
    if (gift !== undefined && sentence?.has('get') === true && !sentence.has('unbound')) return gift;
  }
  return undefined;
}
