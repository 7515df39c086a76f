/**
 * held-out: the test part of the corpus, by which one model is compared with another. Nothing of it is ever learned.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Model } from '../model/model.ts';
import { viewsOf } from '../text.ts';
import { textOf } from './corpus.ts';

export interface HeldOut {
  readonly text: string;
  readonly isStop: boolean;
}

export function loadHeldOut(folder: string): readonly HeldOut[] {
  return readdirSync(join(folder, 'test'))
    .sort()
    .flatMap((name) => readFileSync(join(folder, 'test', name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => {
      const { subject, body, verdict } = JSON.parse(line) as Readonly<Record<'subject' | 'body' | 'verdict', string>>;
      return { text: textOf({ subject, body }), isStop: verdict === 'stop' };
    });
}

/** The share of guilty messages that a model finds where it stops `falseStops` of the honest ones. */
export function foundAt(model: Model, messages: readonly HeldOut[], falseStops: number): number {
  const scored = messages.map(({ text, isStop }) => ({ isStop, probability: likelihood(model, text) }));
  const honest = scored.filter(({ isStop }) => !isStop).map(({ probability }) => probability);
  honest.sort((a, b) => b - a);
  const threshold = honest[Math.floor(honest.length * falseStops)] ?? 1;
  const guilty = scored.filter(({ isStop }) => isStop);
  return guilty.filter(({ probability }) => probability > threshold).length / Math.max(guilty.length, 1);
}

function likelihood(model: Model, text: string): number {
  const view = viewsOf(text)[0];
  return view === undefined ? 0 : model.probabilityOf(view.wording);
}
