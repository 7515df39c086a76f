/**
 * main: `npm run suites -- spf FILE.yml` and `npm run suites -- arc FILE.yml`.
 *
 * Runs a public suite of cases, which is not part of this repository, against our SPF or ARC: RFC 7208's (`rfc7208-tests.yml` of pyspf)
 * or the ARC suite's (`arc-draft-validation-tests.yml`). Prints one line for each case. Ends with 1 when one has another result.
 */
import { readFile } from 'node:fs/promises';
import { runArcSuite } from './arc.ts';
import { runSpfSuite } from './spf.ts';
import { tableOf } from './verdict.ts';

const SUITES: Readonly<Record<string, typeof runSpfSuite>> = { spf: runSpfSuite, arc: runArcSuite };

async function main([kind = '', file = '']: readonly string[]): Promise<number> {
  const run = SUITES[kind];
  if (run === undefined || file === '') {
    console.error('usage: npm run suites -- spf|arc FILE.yml');
    return 2;
  }
  const verdicts = await run(await readFile(file, 'utf8'));
  console.log(tableOf(verdicts));
  return verdicts.every(({ isGood }) => isGood) ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
