/**
 * run-all: every test file, a few at a time, against one clock for the whole run.
 */
import { globSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runFile, type FileResult } from './run-file.ts';

export interface RunLimits {
  /** Files that run at once. */
  readonly parallel: number;
  readonly fileMs: number;
  readonly runMs: number;
}

/** The test files in `places` (files or folders), sorted. Files under a folder named `fixtures` belong to other tests. */
export async function findTestFiles(places: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const place of places) {
    const isFolder = (await stat(place)).isDirectory();
    const files = isFolder ? globSync('**/*.test.ts', { cwd: place, exclude: ['**/fixtures/**'] }) : [''];
    for (const file of files) found.add(join(place, file));
  }
  return [...found].toSorted();
}

/** Runs `files`, telling each result as it comes. Files that the run has no time left for come back as failures. */
export async function runAll(
  files: readonly string[],
  limits: RunLimits,
  stop: AbortSignal,
  tell: (result: FileResult) => void,
): Promise<readonly FileResult[]> {
  const ending = AbortSignal.any([stop, AbortSignal.timeout(limits.runMs)]);
  const waiting = [...files];
  const results: FileResult[] = [];
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const result = ending.aborted ? notRun(file) : await runFile(file, limits.fileMs, ending);
      results.push(result);
      tell(result);
    }
  };
  await Promise.all(Array.from({ length: limits.parallel }, work));
  return results;
}

function notRun(file: string): FileResult {
  const error = 'Not run: the whole run was ended or ran out of time.';
  return {
    file,
    passed: 0,
    failures: [{ name: '(the file as a whole)', error }],
    skips: [],
    milliseconds: 0,
    output: '',
  };
}
