/**
 * key-records: key records in DNS, without a name server.
 */
import type { Answer, RecordLookup } from '../../src/dns/resolver.ts';
import { dkimRecord } from '../../src/vault/dkim-record.ts';
import type { DkimAlgorithm } from '../../src/vault/keys.ts';
import type { KeyObject } from 'node:crypto';

interface Key {
  readonly selector: string;
  readonly algorithm: DkimAlgorithm;
  readonly privateKey: KeyObject | string;
}

/** Records by name, as an operator of `domain` publishes them. */
export function keyRecords(keys: readonly Key[], domain: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    keys.map(({ selector, algorithm, privateKey }) => [
      `${selector}._domainkey.${domain}`,
      dkimRecord(algorithm, privateKey),
    ]),
  );
}

/** Knows TXT records, and nothing else. */
export function lookupOf(records: Readonly<Record<string, string>>): RecordLookup {
  const nothing = async (): Promise<Answer<never>> => ({ records: [], isName: false });
  return {
    a: nothing,
    aaaa: nothing,
    cname: nothing,
    mx: nothing,
    ptr: nothing,
    async txt(name) {
      const record = records[name];
      return record === undefined ? await nothing() : { records: [[record]], isName: true };
    },
  };
}
