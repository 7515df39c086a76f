/**
 * load: the model from its files: `model.json`, `model.bin` and `concepts/LANG.txt`.
 *
 * Once for each thread that judges, with its first message: reading fifty thousand entries takes about 0.2 s of a processor, and most
 * threads of a relay that was just started never judge. What is missing is found at the start all the same.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '../language.ts';
import { Concepts } from './concepts.ts';
import { Model, type ModelCard } from './model.ts';

export const POLICY_FOLDER = join(import.meta.dirname, '../../../config/policy');

export function loadConcepts(folder = POLICY_FOLDER): Concepts {
  const names = readdirSync(join(folder, 'concepts'))
    .filter((name) => name.endsWith('.txt'))
    .sort();
  return new Concepts(
    new Map(
      names.map((name) => [
        name.slice(0, -'.txt'.length) as Language,
        readFileSync(join(folder, 'concepts', name), 'utf8'),
      ]),
    ),
  );
}

export function loadModel(folder = POLICY_FOLDER): Model {
  const card = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as ModelCard;
  const bytes = readFileSync(join(folder, 'model.bin'));
  return new Model(card, new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length), loadConcepts(folder));
}

/** The model, read when it is first asked for. Throws at once when its files are not there: a judge without its model must not run. */
export function modelOnDemand(folder = POLICY_FOLDER): () => Model {
  for (const name of ['model.json', 'model.bin', 'concepts']) statSync(join(folder, name));
  let model: Model | undefined;
  return () => (model ??= loadModel(folder));
}
