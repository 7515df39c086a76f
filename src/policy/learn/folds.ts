/**
 * folds: ideas dealt into groups, so that no message is scored by a model that has seen another of the same idea.
 *
 * Split by line, a paraphrase of each test message would sit in the training part and every figure would be too good.
 */
import type { Example } from './corpus.ts';

/** The fold of each idea, 0 to `count - 1`; the ideas of each class are dealt evenly. */
export function foldsOf(examples: readonly Example[], count: number): ReadonlyMap<string, number> {
  const classOf = new Map(examples.map((example) => [example.idea, example.classes[0] ?? '']));
  const ideas = [...classOf].sort(
    ([a, classA], [b, classB]) => compare(classA, classB) || compare(shuffled(a), shuffled(b)),
  );
  return new Map(ideas.map(([idea], index) => [idea, index % count]));
}

/** A fixed order that has nothing to do with the alphabet, in which related ideas stand together. */
function shuffled(idea: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < idea.length; index++) hash = Math.imul(hash ^ idea.charCodeAt(index), 0x01000193);
  return `${(hash >>> 0).toString(16).padStart(8, '0')}${idea}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
