/**
 * run-file: one test file in a process of its own, and what became of it.
 *
 * Nothing that happens to the process can pass for success: a crash, an early exit, a hang and a file without tests each count
 * as a failure. What the file leaves running (a Redis, a browser, a relay) is ended with it.
 * In: the path of a test file, a time limit. Out: FileResult. Throws only when the process cannot be started at all.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestLine } from './event-lines.ts';

export interface Failure {
  readonly name: string;
  readonly error: string;
}

export interface FileResult {
  readonly file: string;
  readonly passed: number;
  readonly failures: readonly Failure[];
  /** Why each skipped test was skipped. */
  readonly skips: readonly string[];
  readonly milliseconds: number;
  /** The end of what the file printed on either stream. */
  readonly output: string;
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly isLate: boolean;
  readonly output: string;
}

const REPORTER = fileURLToPath(new URL('event-lines.ts', import.meta.url));
const OUTPUT_KEPT = 20_000;

/** Runs `file` for at most `limitMs`; ends it early when `stop` aborts. */
export async function runFile(file: string, limitMs: number, stop: AbortSignal): Promise<FileResult> {
  const started = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'veilpost-test-'));
  try {
    const destination = join(folder, 'events.jsonl');
    const ending = await runProcess(file, destination, AbortSignal.any([stop, AbortSignal.timeout(limitMs)]));
    const lines = await readLines(destination);
    return { file, milliseconds: performance.now() - started, ...judgeFile(lines, ending, limitMs) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runProcess(file: string, destination: string, stop: AbortSignal): Promise<Ending> {
  const args = ['--no-warnings', `--test-reporter=${REPORTER}`, `--test-reporter-destination=${destination}`, file];
  // A process group of its own, so that its children can be ended with it.
  const child = spawn(process.execPath, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: testEnvironment(),
  });
  const output = collectOutput(child);
  const kill = () => killGroup(child);
  if (stop.aborted) kill();
  stop.addEventListener('abort', kill);
  try {
    await once(child, 'exit');
    return { code: child.exitCode, signal: child.signalCode, isLate: stop.aborted, output: output() };
  } finally {
    stop.removeEventListener('abort', kill);
    kill();
  }
}

/**
 * The settings of whoever runs the tests must not reach the relays under test; what tests themselves are told may.
 * NODE_TEST_CONTEXT would make the file report to a `node --test` that is not there.
 */
function testEnvironment(): NodeJS.ProcessEnv {
  const isForeign = (name: string) => /^(NODE_TEST_CONTEXT$|VEILPOST_(?!TEST_))/.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isForeign(name)));
}

function collectOutput(child: ChildProcess): () => string {
  let text = '';
  const add = (chunk: Buffer) => {
    text = (text + chunk.toString('utf8')).slice(-OUTPUT_KEPT);
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return () => text;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: the group is empty, which is what we want.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function readLines(destination: string): Promise<readonly TestLine[]> {
  const text = await readFile(destination, 'utf8').catch(() => '');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line): TestLine => JSON.parse(line) as TestLine);
}

function judgeFile(lines: readonly TestLine[], ending: Ending, limitMs: number) {
  const passed = lines.filter((line) => line.kind === 'pass').length;
  const skips = lines.flatMap((line) => (line.kind === 'skip' ? [line.reason] : []));
  const failures = lines.flatMap((line) =>
    line.kind === 'fail' ? [{ name: line.name.join(' > '), error: line.error }] : [],
  );
  const trouble = troubleOf(lines, ending, limitMs, passed + skips.length + failures.length);
  if (trouble !== undefined) failures.push({ name: '(the file as a whole)', error: trouble });
  return { passed, skips, failures, output: ending.output };
}

/** What went wrong with the process beside its tests, or `undefined`. */
function troubleOf(lines: readonly TestLine[], ending: Ending, limitMs: number, seen: number): string | undefined {
  const hasEnded = lines.some((line) => line.kind === 'end');
  if (ending.isLate) {
    const reason = `Ended from outside: after ${limitMs / 1000} s, or with the whole run.`;
    const open = openTests(lines);
    return open.length > 0
      ? `${reason} Not over: ${open.join(', ')}.`
      : `${reason} Its tests were over, but something kept it running.`;
  }
  if (!hasEnded) {
    return `The process ended (code ${ending.code}, signal ${ending.signal}) before its tests did, or it has none.`;
  }
  if (seen === 0) return 'The file ran no test.';
  if (ending.code !== 0 && !lines.some((line) => line.kind === 'fail')) {
    const notes = lines.flatMap((line) => (line.kind === 'note' ? [line.text] : []));
    return [`No test failed, but the process ended with code ${ending.code}.`, ...notes].join('\n');
  }
  return undefined;
}

/** Titles of the tests that began and were not over. */
function openTests(lines: readonly TestLine[]): readonly string[] {
  const open: string[] = [];
  for (const line of lines) {
    if (line.kind === 'begin') open.push(line.title);
    if (line.kind === 'over' && open.includes(line.title)) open.splice(open.indexOf(line.title), 1);
  }
  return open;
}
