/**
 * sentences: a wording cut into pieces short enough to be judged one by one.
 *
 * Ends of sentences, empty lines, list items; a piece without any of these is cut after forty words, so that polite words around an
 * offer cannot thin it out (inducement.md 3.1 row 27). Lines that begin with `>` are marked as quoted.
 */
import type { Word, Wording } from '../text.ts';

export interface SentenceSpan {
  /** First and last word. */
  readonly first: number;
  readonly last: number;
  readonly isQuoted: boolean;
}

const MAX_WORDS = 40;
/** Signs count one by one in scripts that do not divide words. */
const MAX_SIGNS = 60;
const END = /[.!?…;]["'”»)\]]*\s|[。！？!?]["'”»」』)\]]*$|[。]|\n\n|\n\s*[-*•·▪–>]/;
const QUOTED = /(?:^|\n)\s*>/;
const FIRST_CJK = 0x2e80;

export function sentencesOf({ text, words }: Wording): readonly SentenceSpan[] {
  const sentences: SentenceSpan[] = [];
  let first = 0;
  let isQuoted = false;
  for (const [index, word] of words.entries()) {
    const gap: string = gapBefore(text, words, index, word);
    const isNowQuoted: boolean = gap.includes('\n') || index === 0 ? QUOTED.test(gap) : isQuoted;
    const isLong = index - first >= (text.charCodeAt(word.start) >= FIRST_CJK ? MAX_SIGNS : MAX_WORDS);
    if (index > first && (isLong || isNowQuoted !== isQuoted || END.test(gap))) {
      sentences.push({ first, last: index - 1, isQuoted });
      first = index;
    }
    isQuoted = isNowQuoted;
  }
  if (words.length > 0) sentences.push({ first, last: words.length - 1, isQuoted });
  return sentences;
}

/** The signs between two words; a gap that is not short divides anyway, so only its beginning is read. */
function gapBefore(text: string, words: readonly Word[], index: number, word: Word): string {
  const end = words[index - 1]?.end ?? 0;
  return word.start === end ? '' : text.slice(end, Math.min(word.start, end + 40));
}
