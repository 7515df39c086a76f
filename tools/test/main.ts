/**
 * main: `npm test`. Installs what the suites talk to, runs every test file, ends with the line of counts.
 *
 * `npm test -- test/mail test/core/ids.test.ts` runs only those. Ends with 1 for a failure, for a run without a single test,
 * and in CI (`CI=true`) for anything skipped.
 */
import { installPrograms } from './programs.ts';
import { fileReport, isGood, lastLine, skipReport, totalsOf } from './report.ts';
import { findTestFiles, runAll } from './run-all.ts';

const MINUTE = 60_000;
const LIMITS = { parallel: 2, fileMs: 8 * MINUTE, runMs: 36 * MINUTE };

const say = (line: string) => console.log(line);
const isCi = process.env['CI'] === 'true';
const places = process.argv.slice(2);

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stop.abort());

if (places.length === 0) {
  installPrograms({ path: process.env['PATH'] ?? '', isRoot: process.getuid?.() === 0 }, say);
}
const files = await findTestFiles(places.length === 0 ? ['test'] : places);
const results = await runAll(files, LIMITS, stop.signal, (result) => say(fileReport(result)));
const totals = totalsOf(results);
const broken = results.filter(({ failures }) => failures.length > 0);

say('');
if (broken.length > 0) say(`failed: ${broken.map(({ file }) => file).join(', ')}`);
if (totals.skipped > 0) say(skipReport(results));
say(lastLine(totals));
process.exitCode = isGood(totals, isCi) ? 0 : 1;
