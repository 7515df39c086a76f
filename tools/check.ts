/**
 * check: `npm run check`. Types, lint, format, dead code, generated files: one line each, everything a failing one has to say.
 *
 * The tools run side by side and are told in this order. Ends with 1 when any of them finds something.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, resolve } from 'node:path';

interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

interface Finding {
  readonly isGood: boolean;
  readonly seconds: string;
  readonly output: string;
}

const CHECKS: readonly Check[] = [
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: "types of the sandbox's page", command: ['tsc', '-p', 'src/sandbox/page'] },
  { name: 'lint', command: ['oxlint'] },
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'dead code', command: ['knip', '--no-progress'] },
  { name: 'generated files', command: [process.execPath, 'tools/generate.ts', '--check'] },
];

/** So that the tools are found, and run in this Node, however this script was started. */
const PATH = [resolve('node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter);

async function run({ command: [program, ...args] }: Check): Promise<Finding> {
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PATH } });
  const outputs = Promise.all([child.stdout.toArray(), child.stderr.toArray()]);
  await once(child, 'close');
  const output = Buffer.concat((await outputs).flat())
    .toString('utf8')
    .trim();
  return { isGood: child.exitCode === 0, seconds: `${((performance.now() - started) / 1000).toFixed(1)} s`, output };
}

const running = CHECKS.map((check) => ({ name: check.name, finding: run(check) }));
for (const { name, finding } of running) {
  const { isGood, seconds, output } = await finding;
  console.log(`${isGood ? 'ok  ' : 'FAIL'} ${seconds.padStart(7)}  ${name}`);
  if (isGood) continue;
  console.log(`\n${output}\n`);
  process.exitCode = 1;
}
