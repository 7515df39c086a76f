/**
 * heavy: what costs more to read than one message may cost (security.md 3.12: 5 seconds, 256 MB; DO-07).
 *
 * Such a message is marked, and the judge holds it by its mark without reading it: work that ended one thread would end the next, and
 * the client would come again for ever. The tree stays whole, so a person can let it go. Pure; never fails.
 */
import { leaves, type Message, type Part } from './message.ts';

/**
 * UTF-16 units in all texts and text files together. The judge, rewrite and verify take about two seconds and 150 MB for so many
 * letters of ordinary text, and about twice that for what is built to be slow. A long novel has half as many.
 */
const MAX_TEXT = 2_000_000;

/** Marks a message whose text is more than the rules may be given. */
export const weighed = (message: Message): Message => (textIn(message.body) > MAX_TEXT ? tooHeavy(message) : message);

export function tooHeavy(message: Message): Message {
  return { ...message, anomalies: [...message.anomalies, 'too-heavy'] };
}

/** Without what made it heavy: who wrote it, and its subject. */
export function withoutWeight(message: Message): Message {
  return message.anomalies.includes('too-heavy') ? { ...message, body: NOTHING } : message;
}

const NOTHING: Part = { kind: 'text', subtype: 'plain', text: '' };

function textIn(body: Part): number {
  let units = 0;
  for (const leaf of leaves(body)) units += (leaf.kind === 'text' ? leaf.text : (leaf.text ?? leaf.words ?? '')).length;
  return units;
}
