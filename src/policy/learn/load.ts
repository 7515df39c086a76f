/** load: the corpus from its folder. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '../language.ts';
import { parseExamples, parseIdeas, type Example } from './corpus.ts';

/** All examples of one split, by language and in the order of the files. */
export function loadCorpus(folder: string, split: 'train' | 'test'): readonly Example[] {
  const ideas = parseIdeas(readFileSync(join(folder, 'ideas.tsv'), 'utf8'));
  const files = readdirSync(join(folder, split))
    .filter((name) => name.endsWith('.tsv'))
    .sort();
  return files.flatMap((name) =>
    parseExamples(readFileSync(join(folder, split, name), 'utf8'), name.slice(0, 2) as Language, ideas),
  );
}
