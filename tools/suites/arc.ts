/**
 * arc: the ARC suite's validation cases through our ARC, our resolver and a name server on the loopback.
 */
import { z } from 'zod';
import { checkArc } from '../../src/mail/authentication/arc.ts';
import type { Zone } from '../../test/support/name-server.ts';
import { inZone, readScenarios, textRecord } from './scenarios.ts';
import { verdictOf, type Verdict } from './verdict.ts';

const scenarioShape = z.object({
  'description': z.string(),
  'tests': z.record(z.string(), z.object({ message: z.string(), cv: z.string().nullish() })),
  'txt-records': z.record(z.string(), z.string()).nullish(),
});

/** Long after the seals of the suite were made, which do not expire. */
const NOW = Date.UTC(2026, 0, 1);

export async function runArcSuite(text: string): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const { description, tests, 'txt-records': records } of readScenarios(text, scenarioShape)) {
    const texts = Object.entries(records ?? {}).map(
      ([name, value]) => [`TXT ${name.toLowerCase()}`, [textRecord(value.replaceAll('\n', ''))]] as const,
    );
    const judged = await inZone(
      Object.fromEntries<Zone[string]>(texts),
      Object.entries(tests),
      async ([name, test], resolver) => {
        const raw = Buffer.from(test.message.replace(/\r?\n/g, '\r\n'));
        const found = await checkArc({ raw, resolver, now: NOW });
        // The suite leaves the field empty where RFC 8617 says nothing.
        const wanted =
          test.cv === null || test.cv === undefined || test.cv === '' ? ['pass', 'fail', 'none'] : [test.cv];
        return verdictOf(
          `${description} / ${name}`,
          wanted.map((word) => word.toLowerCase()),
          found,
        );
      },
    );
    verdicts.push(...judged);
  }
  return verdicts;
}
