/**
 * doubt: the words of a message are its author's; did the author send them here, and now?
 *
 * In:  the message, its alias, what `checkAuthentication` found.    Out: why the author must be asked, or nothing.
 * A signature goes with a message wherever somebody sends it. So a message that shows to have come by way of a list or of another
 * mailbox, that was not written to this alias, or that is old, may be a stranger's doing: it is held and the registered address is asked.
 * It was written to the alias when To or Cc names it and the signature covers that field. Where it does not (Microsoft signs neither), a
 * machine of the author's own domain must have brought it. Who puts the alias into Bcc is asked.
 * A forwarder on the operator's list answers for all but lists. Attacks: security.md AU-13; replay as in RFC 6376 8.6. Pure.
 */
import { RealAddress } from '../core/real-address.ts';
import type { AliasAddress } from '../core/address.ts';
import { DAY, type Instant } from '../core/time.ts';
import type { AuthenticationResult } from './authentication/result.ts';
import type { Message } from './message.ts';
import type { Doubt, Signature } from './types.ts';

/**
 * A signature that is older was not made for this delivery: servers give up after five days (RFC 5321 4.5.4.1). What we took is
 * remembered for longer (sightings.ts), so between the two nothing comes through twice.
 */
const STALE_MS = 7 * DAY;

export function doubtOf(
  message: Message,
  alias: AliasAddress,
  shown: AuthenticationResult,
  now: Instant,
  isSealed: boolean,
): Doubt | undefined {
  if (message.passage === 'list') return 'list';
  if (isSealed) return undefined;
  if (message.passage === 'forwarded') return 'forwarded';
  if (!isWrittenTo(message, alias, shown)) return 'not-addressed';
  return !isFromMachine(shown) && isStale(message, shown, now) ? 'stale' : undefined;
}

/** Did the author write to this alias, as far as the author's domain shows? */
export function isWrittenTo(message: Message, alias: AliasAddress, shown: AuthenticationResult): boolean {
  const fields = fieldsNaming(message, alias);
  if (fields.length > 0 && isFromMachine(shown)) return true;
  return signaturesOf(message, alias, shown).some(({ namesAlias }) => namesAlias);
}

export function signaturesOf(
  message: Message,
  alias: AliasAddress,
  { dkim }: AuthenticationResult,
): readonly Signature[] {
  const fields = fieldsNaming(message, alias);
  const good = dkim.filter(({ result, isAligned }) => result === 'pass' && isAligned);
  return good.map(({ octets, covers }) => ({ octets, namesAlias: fields.some((field) => covers.includes(field)) }));
}

function fieldsNaming({ writtenTo }: Message, alias: AliasAddress): readonly ('to' | 'cc')[] {
  const own = RealAddress.parse(alias);
  return (['to', 'cc'] as const).filter((field) => writtenTo[field].some((address) => address.is(own)));
}

const isFromMachine = ({ spf }: AuthenticationResult): boolean => spf.result === 'pass' && spf.isAligned;

/** By the signature's own time, else by the date that it covers. What shows neither cannot be told. */
function isStale({ date }: Message, { dkim }: AuthenticationResult, now: Instant): boolean {
  const good = dkim.filter(({ result, isAligned }) => result === 'pass' && isAligned);
  const times = good.map(({ signedAt, covers }) => signedAt ?? (covers.includes('date') ? date : undefined));
  return times.some((time) => time !== undefined && time < now - STALE_MS);
}
