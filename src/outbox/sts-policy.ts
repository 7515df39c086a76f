/**
 * sts-policy: what a domain writes about the encryption of its mail (MTA-STS): the record, the policy file, the names in it.
 *
 * In:  text of a stranger.    Out: the policy, or `undefined` when it is none. Never throws; lengths are bounded by who fetches it.
 * Standards: RFC 8461 3.1 (record), 3.2 (policy), 4.1 (names).
 */
export interface StsPolicy {
  readonly mode: 'enforce' | 'testing' | 'none';
  /** How long it may be relied on, in seconds. */
  readonly maxAge: number;
  /** Names of exchangers in lower case; the first label may be a wildcard. */
  readonly mx: readonly string[];
}

/** RFC 8461 3.2: one year, a little more in leap years. */
const MAX_AGE_SECONDS = 31_557_600;
const NAMES_AT_MOST = 200;
const MX_NAME = /^(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;

/** The id in the records at `_mta-sts`: other records do not count, and two that do are none (RFC 8461 3.1). */
export function stsIdIn(records: readonly string[]): string | undefined {
  const ours = records.filter((record) => /^v=STSv1[ \t]*;/.test(record));
  const [only] = ours;
  if (only === undefined || ours.length > 1) return undefined;
  const ids = only.split(';').map((field) => /^[ \t]*id=([A-Za-z0-9]{1,32})[ \t]*$/.exec(field)?.[1]);
  return ids.find((id) => id !== undefined);
}

/** Of a field that stands twice the first counts, except `mx` (RFC 8461 3.2). */
export function parseStsPolicy(text: string): StsPolicy | undefined {
  const fields = text.split(/\r?\n/).flatMap((line) => {
    const match = /^([A-Za-z0-9][A-Za-z0-9_.-]{0,31}):[ \t]*(\S*)[ \t]*$/.exec(line);
    return match === null ? [] : [{ name: match[1], value: match[2] ?? '' }];
  });
  const first = (name: string): string => fields.find((field) => field.name === name)?.value ?? '';
  const mode = (['enforce', 'testing', 'none'] as const).find((word) => word === first('mode'));
  const maxAge = /^\d{1,10}$/.test(first('max_age')) ? Number(first('max_age')) : Number.NaN;
  const mx = fields.filter(({ name }) => name === 'mx').map(({ value }) => value.toLowerCase());
  const isSound = first('version') === 'STSv1' && maxAge <= MAX_AGE_SECONDS && mx.every((name) => MX_NAME.test(name));
  if (mode === undefined || !isSound || mx.length > NAMES_AT_MOST) return undefined;
  return mode !== 'none' && mx.length === 0 ? undefined : { mode, maxAge, mx };
}

/** RFC 8461 4.1: a wildcard stands for exactly one label, and only the first. */
export function isNamedBy({ mx }: StsPolicy, host: string): boolean {
  const name = host.toLowerCase();
  const parent = name.slice(name.indexOf('.'));
  return mx.some((pattern) =>
    pattern.startsWith('*') ? name.includes('.') && pattern === `*${parent}` : pattern === name,
  );
}
