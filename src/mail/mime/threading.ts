/**
 * threading: the fields that say which message this is, what it answers and when it was written (RFC 5322 3.6.1, 3.6.4).
 *
 * Ids lose their angle brackets. They are names to look up and never go out again, so they are read loosely. Never throws.
 */
import type { Instant } from '../../core/time.ts';

/** RFC 5322 2.1.1: a line has at most 998 characters, and an id cannot be folded. */
const MESSAGE_ID = /<([^<>\s]{1,998})>/;
const MESSAGE_IDS = /<([^<>\s]{1,998})>/g;
/** The first names the thread, the last ones the place in it. */
const MAX_REFERENCES = 50;

export function messageIdIn(value: string | undefined): string {
  return MESSAGE_ID.exec(value ?? '')?.[1] ?? '';
}

export function messageIdsIn(value: string | undefined): readonly string[] {
  const ids = [...(value ?? '').matchAll(MESSAGE_IDS)].map((match) => match[1] ?? '');
  return ids.length <= MAX_REFERENCES ? ids : [...ids.slice(0, 1), ...ids.slice(1 - MAX_REFERENCES)];
}

const DATE =
  /^(?:[a-z]{3},)?[ \t]*(\d{1,2})[ \t]+([a-z]{3})[ \t]+(\d{4})[ \t]+(\d{2}):(\d{2})(?::(\d{2}))?[ \t]+(?:([+-])(\d{2})(\d{2})|[a-z]{1,5}\b)/i;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `undefined` for what is no date. Zones by name count as UTC (RFC 5322 4.3: their meaning is unknown). */
export function dateOf(value: string | undefined): Instant | undefined {
  const match = DATE.exec(value ?? '');
  if (match === null) return undefined;
  const [, day, monthName = '', year, hour, minute, second, sign, zoneHours, zoneMinutes] = match;
  const month = MONTHS.indexOf(monthName.toLowerCase());
  if (month === -1) return undefined;
  const local = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second ?? 0));
  const zone = (Number(zoneHours ?? 0) * 60 + Number(zoneMinutes ?? 0)) * 60_000;
  return sign === '-' ? local + zone : local - zone;
}
