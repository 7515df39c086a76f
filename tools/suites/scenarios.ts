/**
 * scenarios: reads a suite, a YAML file of several documents, and hands each to a name server with its records.
 *
 * Throws when the text is not YAML or not of the suite's form: a suite that is half understood would pass.
 */
import { parseAllDocuments } from 'yaml';
import type { z } from 'zod';
import { systemResolver } from '../../src/dns/system.ts';
import type { RecordLookup } from '../../src/dns/resolver.ts';
import { startNameServer, type Zone } from '../../test/support/name-server.ts';

export function readScenarios<Scenario>(text: string, shape: z.ZodType<Scenario>): readonly Scenario[] {
  return [...parseAllDocuments(text, { uniqueKeys: false })].map((document) => {
    if (document.errors.length > 0) throw new Error(`not YAML: ${document.errors[0]?.message}`);
    return shape.parse(document.toJS());
  });
}

/** All cases of a scenario at once, as a name that never answers costs ten seconds. */
export async function inZone<Case, Result>(
  zone: Zone,
  cases: readonly Case[],
  judge: (one: Case, resolver: RecordLookup) => Promise<Result>,
): Promise<readonly Result[]> {
  await using names = await startNameServer(zone);
  const resolver = systemResolver([`127.0.0.1:${names.port}`]).records;
  return await Promise.all(cases.map((one) => judge(one, resolver)));
}

/** Strings of at most 255 octets (RFC 1035 3.3.14). The suites write octets as characters up to U+00FF. */
export function textRecord(text: string): readonly Buffer[] {
  const octets = Buffer.from(text, 'latin1');
  const count = Math.max(1, Math.ceil(octets.length / 255));
  return Array.from({ length: count }, (_, index) => octets.subarray(index * 255, (index + 1) * 255));
}
