/**
 * header-list: the header of a message of ours, as anybody may expect it: verify's own list, not the one that rewrite writes from.
 *
 * A header that nobody chose can name a client, a host or a program without holding an address (relays.md 2.2, rows 8 and 9); two of a
 * kind are read differently by different programs (row 40). Pure; never fails.
 */
const AT_MOST_ONCE: ReadonlySet<string> = new Set([
  'received',
  'from',
  'to',
  'subject',
  'date',
  'message-id',
  'in-reply-to',
  'references',
  'auto-submitted',
  'veilpost-hops',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
]);

/** `names` in lower case, in order. */
export const hasForeignHeader = (names: readonly string[]): boolean =>
  new Set(names).size < names.length || names.some((name) => !AT_MOST_ONCE.has(name));
