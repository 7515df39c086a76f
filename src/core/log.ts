/**
 * log: lines about what happened, made of ids, numbers, booleans and words from closed lists.
 *
 * Only `events.ts` imports this. A field can hold no object, so no message, error or address can be passed by mistake; the
 * last-resort filter masks anything that still looks like an address, and throws where the tests ask it to.
 */

/** What a log line may hold. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type Level = 'info' | 'warn' | 'error';

/** Where lines go. `name` is the event, such as `mail.held`. */
export interface LogSink {
  write(level: Level, name: string, fields: LogFields): void;
}

const ADDRESS_LIKE = /[^\s@<>"]+@[^\s@<>"]+/g;

/** Masks whatever looks like an address. Returns the same fields when nothing did. */
export function withoutAddresses(fields: LogFields): LogFields {
  const suspicious = Object.values(fields).some((value) => typeof value === 'string' && value.includes('@'));
  if (!suspicious) return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replace(ADDRESS_LIKE, '[address]') : value,
    ]),
  );
}

/** JSON lines on standard output, one event a line. `now` gives the time in milliseconds. */
export function jsonLines(now: () => number, out: (line: string) => void): LogSink {
  return {
    write(level, name, fields) {
      out(
        `${JSON.stringify({ time: new Date(now()).toISOString(), level, event: name, ...withoutAddresses(fields) })}\n`,
      );
    },
  };
}
