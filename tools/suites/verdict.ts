/**
 * verdict: what became of one case of a suite, and the table of all of them.
 */
export interface Verdict {
  readonly name: string;
  /** Where a suite leaves the choice, there are several. */
  readonly wanted: readonly string[];
  readonly got: string;
  readonly isGood: boolean;
}

export function verdictOf(name: string, wanted: readonly string[], got: string): Verdict {
  return { name, wanted, got, isGood: wanted.includes(got) };
}

export function tableOf(verdicts: readonly Verdict[]): string {
  const width = Math.max(0, ...verdicts.map(({ name }) => name.length));
  const lines = verdicts.map(({ name, wanted, got, isGood }) => {
    const word = isGood ? 'pass' : 'FAIL';
    return `${word}  ${name.padEnd(width)}  ${got}${isGood ? '' : `, not ${wanted.join(' or ')}`}`;
  });
  const passed = verdicts.filter(({ isGood }) => isGood).length;
  return [...lines, '', `${passed} passed, ${verdicts.length - passed} failed`].join('\n');
}
