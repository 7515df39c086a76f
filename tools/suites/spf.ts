/**
 * spf: RFC 7208's suite through our SPF, our resolver and a name server on the loopback.
 *
 * Only results are compared: explanations (`exp=`) go to nobody here, so `checkSpf` has none.
 */
import { z } from 'zod';
import { checkSpf } from '../../src/mail/authentication/spf.ts';
import type { Zone } from '../../test/support/name-server.ts';
import { inZone, readScenarios, textRecord } from './scenarios.ts';
import { verdictOf, type Verdict } from './verdict.ts';

const recordShape = z.union([
  z.literal('TIMEOUT'),
  z.record(z.string(), z.union([z.array(z.union([z.string(), z.number()])), z.coerce.string()])),
]);
type SuiteRecord = z.infer<typeof recordShape>;

const scenarioShape = z.object({
  description: z.string(),
  tests: z.record(
    z.string(),
    z.object({
      helo: z.coerce.string(),
      host: z.coerce.string(),
      mailfrom: z.string(),
      result: z.union([z.string(), z.array(z.string())]),
    }),
  ),
  zonedata: z.record(z.string(), z.array(recordShape)),
});

export async function runSpfSuite(text: string): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const { description, tests, zonedata } of readScenarios(text, scenarioShape)) {
    const judged = await inZone(zoneOf(zonedata), Object.entries(tests), async ([name, test], resolver) => {
      const { helo, host: ip, mailfrom: reversePath, result } = test;
      const found = await checkSpf({ ip, helo, reversePath, resolver });
      return verdictOf(`${description} / ${name}`, [result].flat(), found.result);
    });
    verdicts.push(...judged);
  }
  return verdicts;
}

function zoneOf(zonedata: z.infer<typeof scenarioShape>['zonedata']): Zone {
  const entries = Object.entries(zonedata).flatMap(([name, records]) => recordsAt(name.toLowerCase(), records));
  return Object.fromEntries(entries);
}

const ASKED = ['A', 'AAAA', 'MX', 'PTR', 'TXT'];

/** One entry for each type. A name that times out does so for the types that it has no records of. */
function recordsAt(name: string, records: readonly SuiteRecord[]): readonly (readonly [string, Zone[string]])[] {
  const found: Record<string, Zone[string][number][]> = {};
  for (const record of records) {
    if (record === 'TIMEOUT') continue;
    for (const [type, value] of Object.entries(record)) (found[type] ??= []).push(dataOf(type, value));
  }
  // The suite's rule: where no TXT is given, not even NONE, the records of the old type SPF stand for it.
  found['TXT'] = (found['TXT'] ?? found['SPF'] ?? []).filter((data) => data !== NONE);
  const kept = Object.entries(found).filter(([, data]) => data.length > 0);
  const silent = records.includes('TIMEOUT') ? ASKED.filter((type) => !kept.some(([one]) => one === type)) : [];
  return [
    ...kept.map(([type, data]) => [`${type} ${name}`, data] as const),
    ...(silent.length > 0 ? [[`SILENT ${name}`, silent] as const] : []),
  ];
}

const NONE = 'NONE';

function dataOf(type: string, value: string | readonly (string | number)[]): Zone[string][number] {
  if (type === 'MX' && typeof value !== 'string') return { priority: Number(value[0]), exchange: String(value[1]) };
  if (type !== 'TXT' && type !== 'SPF') return String(value).replace(/\.$/, '');
  if (value === NONE) return NONE;
  return typeof value === 'string' ? textRecord(value) : value.map(String);
}
