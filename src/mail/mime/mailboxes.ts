/**
 * mailboxes: the addresses in From, To, Cc, Bcc and Reply-To.
 *
 * From is read strictly: one mailbox, in one of two forms, or nothing. Lists, groups, routes, comments, quoted local parts and
 * encoded words in the address are each a way to show one author to the filter and another to the reader (security.md AD-01..AD-11).
 * The other fields are read loosely, for whatever could be an address: they are only compared, never written to.
 * Standards: RFC 5322 3.4, RFC 2047 5 (3), RFC 6532. Linear, never throws.
 */
import { parseMailbox } from '../../core/address.ts';
import { RealAddress } from '../../core/real-address.ts';
import type { Anomaly } from '../message.ts';
import { decodeWords, oneLine, unicodeOf } from './header-text.ts';

export interface Author {
  readonly address: RealAddress;
  /** As shown; '' when there is none. */
  readonly name: string;
}

const WORD = /[ \t]*(?:"(?:[^"\\]|\\.)*"|[^\s"(),:;<>@[\\\]]+)[ \t]*/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/g;

/** `addr-spec`, or `[display name] <addr-spec>`; `undefined` for everything else. `value` in Latin-1 units. */
export function readAuthor(value: string, anomalies: Set<Anomaly>): Author | undefined {
  const { phrase, address: text } = partsOf(value, anomalies);
  const address = addressOf(text);
  if (address === undefined || !isPhrase(phrase)) return undefined;
  const unquoted = phrase.replace(QUOTED, (_, quoted: string) => quoted.replace(/\\(.)/g, '$1'));
  return { address, name: oneLine(decodeWords(unquoted, anomalies)) };
}

/** The domain of the one author in the one From field, as `readAuthor` takes it. `values`: those of all From fields. */
export function authorDomainIn(values: readonly string[]): string | undefined {
  const [value = '', ...others] = values;
  const anomalies = new Set<Anomaly>();
  if (others.length > 0 || readAuthor(value, anomalies) === undefined) return undefined;
  return parseMailbox(partsOf(value, anomalies).address)?.domain;
}

function partsOf(value: string, anomalies: Set<Anomaly>): { readonly phrase: string; readonly address: string } {
  const text = unicodeOf(value, anomalies).trim();
  const bracket = text.endsWith('>') ? text.lastIndexOf('<') : -1;
  if (bracket === -1) return { phrase: '', address: text };
  return { phrase: text.slice(0, bracket), address: text.slice(bracket + 1, -1).trim() };
}

/** RFC 2047 5: no encoded word in an addr-spec. To the grammar it would be a fine local part, to some readers another address. */
function addressOf(text: string): RealAddress | undefined {
  return text.includes('=?') || parseMailbox(text) === undefined ? undefined : RealAddress.parse(text);
}

function isPhrase(text: string): boolean {
  let position = 0;
  while (position < text.length) {
    WORD.lastIndex = position;
    const match = WORD.exec(text);
    if (match === null) return false;
    position += match[0].length;
  }
  return true;
}

const MAX_CANDIDATES = 2000;
const MAX_RECIPIENTS = 100;
const SEPARATORS = /[\s,;:<>()"[\]]+/;

/** Everything in `values` that is a mailbox, each once, at most 100. */
export function mailboxesIn(values: readonly string[]): readonly RealAddress[] {
  const found = new Map<string, RealAddress>();
  const candidates = values.flatMap((value) => unicodeOf(value, new Set()).split(SEPARATORS));
  for (const candidate of candidates.filter((text) => text.includes('@')).slice(0, MAX_CANDIDATES)) {
    if (found.size === MAX_RECIPIENTS) break;
    const address = addressOf(candidate);
    if (address !== undefined) found.set(address.tag, address);
  }
  return [...found.values()];
}
