/**
 * train: the model anew from the corpus, beside the one that is committed.
 *
 * Every message is scored by a model that has not seen its idea, and the figures come from these scores. With `--write` the new
 * model takes the place of the old one, unless it finds less of the test part. Exit codes: 0 it is as good or better, 1 not.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { augmented } from '../policy/learn/augment.ts';
import { calibrationError, probabilityOf } from '../policy/learn/calibrate.ts';
import { groupedFigures, shareOf, type Outcome } from '../policy/learn/figures.ts';
import { foundAt, loadHeldOut } from '../policy/learn/held-out.ts';
import { loadCorpus } from '../policy/learn/load.ts';
import { FOLDS, scoreOutOfFold, trainModel, type OutOfFold } from '../policy/learn/train.ts';
import { prepare } from '../policy/learn/windows.ts';
import { loadConcepts, loadModel, POLICY_FOLDER } from '../policy/model/load.ts';
import { Model, type ModelCard } from '../policy/model/model.ts';
import { POLICY_VERSION } from '../policy/verdict.ts';
import { USAGE } from './terminal.ts';

export interface TrainParts {
  readonly say: (text: string) => void;
  readonly complain: (text: string) => void;
}

/** The test part is small: fewer false stops than these are a handful of messages. */
const COMPARED_AT = 0.05;
/** Less than this is the noise of a few messages. */
const SLACK = 0.02;

export function trainCommand(words: readonly string[], { say, complain }: TrainParts): number {
  if (words.some((word) => word !== '--write')) {
    complain('train takes --write, to put the new model in the place of the old one');
    return USAGE;
  }
  const concepts = loadConcepts();
  const prepared = augmented(loadCorpus(join(POLICY_FOLDER, 'corpus'), 'train')).map((example) =>
    prepare(example, concepts),
  );
  say(`${prepared.length} messages, ${FOLDS} folds by idea\n`);
  const scored = scoreOutOfFold(prepared, (done) => say(`fold ${done} of ${FOLDS}\n`));
  const { card, weights } = trainModel(prepared, scored, POLICY_VERSION);
  say(report(scored, card));
  const held = loadHeldOut(join(POLICY_FOLDER, 'corpus'));
  const before = foundAt(loadModel(), held, COMPARED_AT);
  const now = foundAt(new Model(card, weights, concepts), held, COMPARED_AT);
  const isWorse = now < before - SLACK;
  say(
    `of the test part, at ${COMPARED_AT * 100} % false stops: ${percent(before)} found before, ${percent(now)} now\n`,
  );
  if (isWorse) {
    complain('the new model finds less than the old one, which stays in its place');
    return 1;
  }
  if (words.includes('--write')) {
    writeFileSync(join(POLICY_FOLDER, 'model.json'), `${JSON.stringify(card, undefined, 2)}\n`);
    writeFileSync(join(POLICY_FOLDER, 'model.bin'), weights);
  }
  return 0;
}

function report(scored: readonly OutOfFold[], card: ModelCard): string {
  const outcomes = scored.map(({ prepared: { example }, logit, isStop }): Outcome => ({
    isStop,
    wasStopped: probabilityOf(card, logit) >= card.threshold,
    language: example.language,
    classes: example.classes,
  }));
  const line = (name: string, members: readonly Outcome[]) => {
    const stops = members.filter(({ isStop }) => isStop);
    const found = stops.filter(({ wasStopped }) => wasStopped).length;
    const { low, high } = shareOf(found, stops.length);
    return `  ${name.padEnd(14)}${percent(found / Math.max(stops.length, 1)).padStart(8)}  (${percent(low)}-${percent(high)} of ${stops.length})\n`;
  };
  const groups = (of: (outcome: Outcome) => readonly string[]) =>
    groupedFigures(outcomes, of)
      .map(([name]) =>
        line(
          name,
          outcomes.filter((outcome) => of(outcome).includes(name)),
        ),
      )
      .join('');
  return (
    `found by the model alone, ideas never seen:\n${line('all', outcomes)}${groups(({ language }) => [language])}` +
    `${groups(({ classes }) => classes)}calibration error ${calibrationError(scored, card).toFixed(3)}\n`
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
