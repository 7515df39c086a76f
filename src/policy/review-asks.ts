/**
 * review-asks: what a text asks about a review, and what it offers; the shared reading of the rules on inducement.
 *
 * In:  a frame.    Out: asks to change or take down a review, asks to write one, and things of value, each with its place.
 */
import { distance, pairs, type Frame, type Sentence } from './frame.ts';
import type { Hit } from './lexicon/lexicon.ts';

/** An ask in one sentence: first and last word; `isPositive`: for a good one; `isAsked`: as a wish or an order, not as information. */
export interface Ask {
  readonly sentence: Sentence;
  readonly first: number;
  readonly last: number;
  readonly isPositive: boolean;
  readonly isAsked: boolean;
  /** The act hangs on a condition ("if you change it", "once it is gone"). */
  readonly isConditional: boolean;
}

const REACH = 6;
/** How many sentences back "it" may point. */
const BACK = 2;

const asksOfFrame = new WeakMap<Frame, { changes: readonly Ask[]; posts: readonly Ask[] }>();

export function asksOf(frame: Frame): { readonly changes: readonly Ask[]; readonly posts: readonly Ask[] } {
  const known = asksOfFrame.get(frame);
  if (known !== undefined) return known;
  const sentences = [...frame.sentences.values()];
  const asks = {
    changes: sentences.flatMap((sentence) => changeAsk(sentence, frame) ?? []),
    posts: sentences.flatMap((sentence) => postAsk(sentence) ?? []),
  };
  asksOfFrame.set(frame, asks);
  return asks;
}

function changeAsk(sentence: Sentence, frame: Frame): Ask | undefined {
  if (sentence.has('unbound')) return undefined;
  for (const [change, review] of pairs(sentence.all('change'), sentence.all('review'), REACH)) {
    if (isPair(sentence, change, review)) return askOf(sentence, change, review);
  }
  const implied = sentence.first('changeIt');
  if (implied === undefined || !speaksOfReview(sentence, frame)) return undefined;
  return askOf(sentence, implied, sentence.first('positive') ?? implied);
}

/** The act is on the review: nothing else is written about in between, and both stand in one clause. */
function isPair(sentence: Sentence, change: Hit, review: Hit): boolean {
  if (sentence.clauseOf(change.first) !== sentence.clauseOf(review.first)) return distance(change, review) <= 1;
  const low = Math.min(change.first, review.first);
  const high = Math.max(change.first, review.first);
  return !sentence.all('post').some((post) => post.first > low && post.first < high && change.first < review.first);
}

function speaksOfReview(sentence: Sentence, frame: Frame): boolean {
  for (let back = 0; back <= BACK; back++) {
    if (frame.sentences.get(sentence.index - back)?.has('review', 'cited') === true) return true;
  }
  return false;
}

function postAsk(sentence: Sentence): Ask | undefined {
  if (sentence.has('unbound')) return undefined;
  for (const [post, review] of pairs(sentence.all('post'), sentence.all('review'), REACH)) {
    return askOf(sentence, post, review);
  }
  for (const [positive, asks] of pairs(sentence.all('positive'), sentence.all('ask'), REACH + 2)) {
    if (sentence.clauseOf(positive.first) === sentence.clauseOf(asks.first)) return askOf(sentence, positive, positive);
  }
  return undefined;
}

function askOf(sentence: Sentence, act: Hit, object: Hit): Ask {
  return {
    sentence,
    first: Math.min(act.first, object.first),
    last: Math.max(act.last, object.last),
    isPositive: sentence.has('positive'),
    isAsked: sentence.has('ask') || sentence.startsClause(act.first),
    isConditional: sentence.has('if'),
  };
}

/** Something of value in the sentence. Sums of money count where the sentence itself speaks of the review. */
export function valueIn(sentence: Sentence | undefined, kinds: 'any' | 'gift' = 'any'): Hit | undefined {
  if (sentence === undefined) return undefined;
  return sentence.first('gift') ?? (kinds === 'any' ? sentence.first('remedy') : undefined);
}

export function valueOrSumIn(sentence: Sentence): Hit | undefined {
  return valueIn(sentence) ?? sentence.amounts[0];
}

/** The first thing of value in the whole text. */
export function valueAnywhere(frame: Frame): Hit | undefined {
  for (const sentence of frame.sentences.values()) {
    if (sentence.has('unbound')) continue;
    const value = valueIn(sentence);
    if (value !== undefined) return value;
  }
  return undefined;
}
