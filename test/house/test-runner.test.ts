/**
 * The runner behind `npm test`, run on folders of small test files that end in every way a test file can.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { before, describe, test } from 'node:test';
import { isGood, lastLine, totalsOf } from '../../tools/test/report.ts';
import { findTestFiles, runAll } from '../../tools/test/run-all.ts';
import type { FileResult } from '../../tools/test/run-file.ts';

const FIXTURES = 'test/house/fixtures';
const NEVER = new AbortController().signal;

async function runFixture(folder: string): Promise<readonly FileResult[]> {
  const files = await findTestFiles([`${FIXTURES}/${folder}`]);
  return runAll(files, { parallel: 4, fileMs: 2500, runMs: 30_000 }, NEVER, () => undefined);
}

describe('a folder of good tests', () => {
  test('is counted, and what a test prints is not taken for a result', async () => {
    const totals = totalsOf(await runFixture('green'));
    assert.deepEqual(totals, { passed: 3, failed: 0, skipped: 0 });
    assert.equal(lastLine(totals), '3 passed, 0 failed, 0 skipped');
    assert.ok(isGood(totals, true));
  });
});

describe('a folder of bad test files', () => {
  let results: readonly FileResult[] = [];
  before(async () => {
    results = await runFixture('red');
  });

  const errorOf = (name: string): string => {
    const result = results.find(({ file }) => file.endsWith(`/${name}.test.ts`));
    assert.equal(result?.failures.length, 1, `${name} has one failure`);
    return result.failures[0]?.error ?? '';
  };

  test('a failed assertion is told with its values', () => assert.match(errorOf('asserts'), /1 !== 2/));
  test('a killed process is a failure', () => assert.match(errorOf('crashes'), /SIGKILL/));
  test('process.exit(0) in the middle is a failure', () =>
    assert.match(errorOf('leaves-early'), /before its tests did/));
  test('an error after the last test is a failure', () =>
    assert.match(errorOf('throws-late'), /after the test was over/));
  test('an error while loading is a failure', () => assert.match(errorOf('throws-outside'), /code 1/));
  test('a test that hangs is named', () => assert.match(errorOf('hangs'), /Not over: never ends\./));

  test('a file that something keeps running is a failure, and what it left behind is ended', async () => {
    assert.match(errorOf('stays-open'), /something kept it running/);
    const output = results.find(({ file }) => file.endsWith('/stays-open.test.ts'))?.output ?? '';
    const port = Number(/listening on (\d+)/.exec(output)?.[1]);
    assert.ok(port > 0);
    const socket = connect(port, '127.0.0.1');
    await assert.rejects(once(socket, 'connect'), { code: 'ECONNREFUSED' });
  });

  test('the tests that passed beside the failures count, and the whole is not good', () => {
    const totals = totalsOf(results);
    assert.deepEqual(totals, { passed: 4, failed: 7, skipped: 0 });
    assert.equal(isGood(totals, false), false);
  });
});

describe('what could pass for success by seeing nothing', () => {
  test('a file that runs no test is a failure', async () => {
    const totals = totalsOf(await runFixture('empty'));
    assert.deepEqual(totals, { passed: 0, failed: 1, skipped: 0 });
  });

  test('a run without a single test is not good', () =>
    assert.equal(isGood({ passed: 0, failed: 0, skipped: 3 }, false), false));

  test('a skipped test is good at home and not in CI', async () => {
    const totals = totalsOf(await runFixture('skips'));
    assert.deepEqual(totals, { passed: 1, failed: 0, skipped: 2 });
    assert.equal(isGood(totals, false), true);
    assert.equal(isGood(totals, true), false);
  });

  test('files that the run has no time left for are failures', async () => {
    const files = await findTestFiles([`${FIXTURES}/green`]);
    const ended = AbortSignal.abort();
    const results = await runAll(files, { parallel: 1, fileMs: 2000, runMs: 2000 }, ended, () => undefined);
    assert.deepEqual(totalsOf(results), { passed: 0, failed: 2, skipped: 0 });
  });
});

describe('npm test', () => {
  const run = async (folder: string, environment: Record<string, string>) => {
    const child = spawn(process.execPath, ['bin/veilpost-test.js', `${FIXTURES}/${folder}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, CI: '', ...environment },
    });
    const output = await child.stdout.toArray();
    if (child.exitCode === null) await once(child, 'exit');
    return { code: child.exitCode, lines: Buffer.concat(output).toString('utf8').trimEnd().split('\n') };
  };

  test('ends with the line of counts and with 0', async () => {
    const { code, lines } = await run('green', {});
    assert.equal(lines.at(-1), '3 passed, 0 failed, 0 skipped');
    assert.equal(code, 0);
  });

  test('ends with 1 when something failed', async () => {
    const { code, lines } = await run('empty', {});
    assert.equal(lines.at(-1), '0 passed, 1 failed, 0 skipped');
    assert.equal(code, 1);
  });

  test('says why something was skipped, and ends with 1 for it in CI only', async () => {
    const atHome = await run('skips', {});
    assert.equal(atHome.code, 0);
    assert.ok(atHome.lines.some((line) => line.includes('no moon here')));
    assert.equal((await run('skips', { CI: 'true' })).code, 1);
  });
});
