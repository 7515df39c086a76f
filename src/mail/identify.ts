/**
 * identify: whom is this recipient for?
 *
 * In:  a RCPT path.    Out: the open order and its two parties, or the message that a return path belongs to.
 * Fails with: recipient.notOurs (no alias domain of ours), alias.unknown (written as no alias is, a return path that is forged or
 * over). An alias that was never made, or whose order is closed, is answered as one of somebody else's is, in the same words and at the
 * same moment, by whoever asks for the proof: so nobody learns which it is.
 */
import type { KeyObject } from 'node:crypto';
import { parseMailbox, type AliasAddress } from '../core/address.ts';
import { RelayError } from '../core/errors.ts';
import type { MessageId } from '../core/ids.ts';
import type { RealAddress } from '../core/real-address.ts';
import type { Instant } from '../core/time.ts';
import { checkLocal, hasAliasShape, messageOfBounce } from '../orders/alias.ts';
import { isOpen } from '../orders/order.ts';
import type { Store } from '../store/store.ts';
import type { Identified } from './types.ts';

export interface IdentifyParts {
  readonly store: Store;
  /** The first is the one that new mail carries. */
  readonly aliasDomains: readonly [string, ...string[]];
  readonly aliasKey: KeyObject;
}

export type Recipient =
  | { readonly kind: 'party'; readonly identified: Identified }
  /** An alias that takes no mail: its order is closed or was erased, or it was never made. */
  | { readonly kind: 'retired'; readonly alias: AliasAddress }
  | { readonly kind: 'bounce'; readonly messageId: MessageId };

export async function identify(
  recipient: string,
  reversePath: RealAddress | undefined,
  now: Instant,
  parts: IdentifyParts,
): Promise<Recipient> {
  const mailbox = parseMailbox(recipient);
  if (mailbox === undefined || !parts.aliasDomains.includes(mailbox.domain)) throw new RelayError('recipient.notOurs');
  // The keyed check comes first: a guess costs no look-up.
  const checked = checkLocal(mailbox.local, parts.aliasKey);
  const alias = `${mailbox.local.toLowerCase()}@${mailbox.domain}` as AliasAddress;
  if (checked === undefined && hasAliasShape(mailbox.local)) return { kind: 'retired', alias };
  if (checked === undefined) throw new RelayError('alias.unknown');
  if (checked.kind === 'bounce') {
    const messageId = messageOfBounce(checked.local, now);
    if (messageId === undefined) throw new RelayError('alias.unknown');
    return { kind: 'bounce', messageId };
  }
  const identified = await partiesOf(checked.local, reversePath, now, parts);
  return identified === undefined ? { kind: 'retired', alias } : { kind: 'party', identified };
}

async function partiesOf(
  local: string,
  reversePath: RealAddress | undefined,
  now: Instant,
  parts: IdentifyParts,
): Promise<Identified | undefined> {
  const holder = await parts.store.findAlias(local);
  if (holder === undefined || !isOpen(holder.order, now)) return undefined;
  const seller = await parts.store.findSeller(holder.order.sellerId);
  if (seller === undefined) return undefined;
  return {
    envelope: { reversePath, alias: holder.order.aliases[holder.party] },
    order: holder.order,
    seller,
    from: holder.party === 'buyer' ? 'seller' : 'buyer',
    to: holder.party,
  };
}
