/**
 * load: the model from its files: `model.json`, `model.bin` and `concepts/LANG.txt`.
 *
 * Once for each thread, at the start. Throws when a file is missing or does not fit: a judge without its model must not run.
 */
import { readdirSync, readFileSync } from 'node:fs';
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
