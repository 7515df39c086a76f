/**
 * report: what a person reads while the tests run. A line for each file; failures in full; one last line with the counts.
 */
import type { FileResult } from './run-file.ts';

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function totalsOf(results: readonly FileResult[]): Totals {
  const sum = (count: (result: FileResult) => number) => results.reduce((total, result) => total + count(result), 0);
  return {
    passed: sum((result) => result.passed),
    failed: sum((result) => result.failures.length),
    skipped: sum((result) => result.skips.length),
  };
}

/** The line that the issue tracker, CI and people look for. Nothing is printed after it. */
export function lastLine({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** Not a success: a failure, a run that saw no test, and in CI a skipped test. */
export function isGood({ passed, failed, skipped }: Totals, isCi: boolean): boolean {
  return failed === 0 && passed > 0 && !(isCi && skipped > 0);
}

/** One line for a good file; for another one also what failed and the end of what the file printed. */
export function fileReport(result: FileResult): string {
  const mark = result.failures.length > 0 ? 'FAIL' : result.passed > 0 ? 'ok' : 'skip';
  const time = `${(result.milliseconds / 1000).toFixed(1)} s`;
  const line = `${mark.padEnd(4)} ${String(result.passed).padStart(4)} ${time.padStart(8)}  ${result.file}`;
  if (result.failures.length === 0) return line;
  const failures = result.failures.map(({ name, error }) => `\n     x ${name}\n${indent(error, '       ')}`);
  const output = result.output.trim();
  const printed = output === '' ? '' : `\n     it printed:\n${indent(output, '       | ')}`;
  return `${line}${failures.join('')}${printed}\n`;
}

/** Why tests were skipped, each reason once. */
export function skipReport(results: readonly FileResult[]): string {
  const files = Map.groupBy(
    results.flatMap(({ file, skips }) => skips.map((reason) => ({ file, reason }))),
    ({ reason }) => reason,
  );
  return [...files]
    .map(
      ([reason, skips]) =>
        `skipped ${skips.length}: ${reason} (${[...new Set(skips.map(({ file }) => file))].join(', ')})`,
    )
    .join('\n');
}

function indent(text: string, by: string): string {
  return text.replaceAll(/^/gm, by);
}
