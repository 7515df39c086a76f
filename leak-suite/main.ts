/**
 * main: `npm run leak-suite -- --relay HOST:PORT ...`: does this relay show one party the other's address?
 */
import { writeFileSync } from 'node:fs';
import { drive, namesOf, type Score } from './drive.ts';
import { openMailbox } from './mailbox.ts';
import { HELP, readOptions, SetupError, type Options } from './options.ts';
import { exitCode, scoreboard, tallies } from './scoreboard.ts';

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') return say(HELP);
  if (options === 'list') return say(`${namesOf('').join('\n')}\n`);
  const began = performance.now();
  await using mailbox = await openMailbox(options.listen);
  const score = await drive(options, mailbox, (text) => void process.stderr.write(`${text}\n`));
  report(options, score, (performance.now() - began) / 1000);
  return exitCode(score);
}

function report({ json }: Options, score: Score, seconds: number): void {
  const asJson = `${JSON.stringify({ ...score, tallies: tallies(score) }, undefined, 2)}\n`;
  if (json === '-') return void process.stdout.write(asJson);
  if (json !== undefined) writeFileSync(json, asJson);
  const isColoured = process.stdout.isTTY && process.env.NO_COLOR === undefined;
  process.stdout.write(scoreboard(score, seconds, isColoured));
}

function say(text: string): 0 {
  process.stdout.write(text);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
