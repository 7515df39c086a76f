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

const [kind = '', file] = process.argv.slice(2);
const run = SUITES[kind];
if (run === undefined || file === undefined) {
  console.error('usage: npm run suites -- spf|arc FILE.yml');
  process.exit(2);
}
const verdicts = await run(await readFile(file, 'utf8'));
console.log(tableOf(verdicts));
process.exitCode = verdicts.every(({ isGood }) => isGood) ? 0 : 1;
