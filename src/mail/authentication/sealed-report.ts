/**
 * sealed-report: an ARC-Authentication-Results field as mailauth took it apart, made into a plain value.
 *
 * Everything in it is a remote text: what is not a result of RFC 8601 or a domain is left out.
 */
import { plainDomain } from './domain.ts';
import { REPORTED_RESULTS, type Reported, type ReportedResult, type SealedReport } from './result.ts';

const RESULTS: readonly string[] = REPORTED_RESULTS;
const MAX_SIGNATURES = 8;

export function reportOf(fields: unknown): SealedReport {
  const signatures = at(fields, 'dkim');
  const dkim = (Array.isArray(signatures) ? signatures : []).slice(0, MAX_SIGNATURES);
  return {
    spf: reported(at(fields, 'spf'), 'smtp', ['mailfrom', 'helo']),
    dkim: dkim.flatMap((entry) => reported(entry, 'header', ['d', 'i']) ?? []),
    dmarc: reported(at(fields, 'dmarc'), 'header', ['from']),
  };
}

/** The first of `properties` that is there, as a domain: of `user@domain` and `@domain` the part behind the `@`. */
function reported(entry: unknown, type: string, properties: readonly string[]): Reported | undefined {
  const result = at(entry, 'result');
  if (!isResult(result)) return undefined;
  const values = properties
    .map((property) => at(at(entry, type), property))
    .filter((value) => typeof value === 'string');
  const value = values[0] ?? '';
  return { result, domain: plainDomain(value.slice(value.lastIndexOf('@') + 1)) };
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

function isResult(value: unknown): value is ReportedResult {
  return typeof value === 'string' && RESULTS.includes(value);
}
