/**
 * bypass: a recipient was refused; was it an attempt to reach the other party around the alias?
 *
 * In:  the refused recipient and what the client showed.    Out: a record, when the sender is a seller that we know.
 * From another server only a message proves its author, and then it must have been written to that alias: else whoever has any letter of
 * a shop could send it to an alias of their own, and the shop would stand here. The recipient is kept as a keyed fingerprint only: it may well be the buyer's real address.
 */
import type { KeyObject } from 'node:crypto';
import type { AliasAddress } from '../core/address.ts';
import { RelayError } from '../core/errors.ts';
import type { BypassKind, Events } from '../core/events.ts';
import { mintBypassId, type SellerId } from '../core/ids.ts';
import type { RealAddress } from '../core/real-address.ts';
import type { Clock } from '../core/time.ts';
import { checkLocal } from '../orders/alias.ts';
import type { BypassRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/seal.ts';
import type { AuthenticationResult } from './authentication/result.ts';
import { isWrittenTo } from './doubt.ts';
import { byShop, type Evidence } from './prove.ts';
import type { Claim } from './types.ts';

export interface BypassParts {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly events: Events;
  readonly aliasKey: KeyObject;
}

/** Records the refusal `error` of `recipient`, or nothing when the sender is nobody that we know. */
export async function recordBypass(
  recipient: string,
  reversePath: RealAddress | undefined,
  claim: Claim,
  error: unknown,
  parts: BypassParts,
): Promise<void> {
  const kind = kindOf(recipient, error, parts.aliasKey);
  const sellerId = kind === undefined ? undefined : await knownSeller(reversePath, claim, parts);
  if (kind === undefined || sellerId === undefined) return;
  await record({ kind, sellerId, recipient }, claim, parts);
}

/** `aliases` that are not the author's to write to, or were never made, refused after DATA: recorded when the message proves that a seller wrote it there. */
export async function recordProvenBypasses(
  aliases: readonly AliasAddress[],
  { message, shown }: Evidence,
  claim: Claim,
  parts: BypassParts,
): Promise<void> {
  const tried = aliases.filter((alias) => isWrittenTo(message, alias, shown));
  const sellerId = tried.length === 0 ? undefined : await provenSeller(message.from, shown, parts);
  if (sellerId === undefined) return;
  for (const alias of tried)
    await record({ kind: aliasKindOf(alias, parts.aliasKey), sellerId, recipient: alias }, claim, parts);
}

async function provenSeller(
  author: RealAddress,
  shown: AuthenticationResult,
  { store, vault }: BypassParts,
): Promise<SellerId | undefined> {
  if (byShop('address', shown) === undefined) return undefined;
  const [byAddress] = await store.findSellersBySender(vault.fingerprint(author));
  if (byAddress !== undefined || byShop('domain', shown) === undefined) return byAddress;
  const [byDomain] = await store.findSellersBySender(vault.domainFingerprint(author));
  return byDomain;
}

async function record(
  {
    kind,
    sellerId,
    recipient,
  }: Pick<BypassRecord, 'kind'> & { readonly sellerId: SellerId; readonly recipient: string },
  { door }: Claim,
  { store, vault, clock, events }: BypassParts,
): Promise<void> {
  const id = mintBypassId();
  const hidden = vault.fingerprintOf('recipient', recipient.toLowerCase());
  await store.recordBypass({ id, kind, sellerId, recipient: hidden, door, at: clock.now() });
  events.bypassTried({ bypass: id, kind, seller: sellerId });
}

function kindOf(recipient: string, error: unknown, aliasKey: KeyObject): BypassKind | undefined {
  if (!(error instanceof RelayError)) return undefined;
  if (error.code === 'recipient.notOurs') return 'real-recipient';
  if (error.code !== 'alias.unknown') return undefined;
  return aliasKindOf(recipient, aliasKey);
}

const aliasKindOf = (recipient: string, aliasKey: KeyObject): 'guessed-alias' | 'foreign-alias' =>
  checkLocal(recipient.slice(0, recipient.lastIndexOf('@')), aliasKey) === undefined
    ? 'guessed-alias'
    : 'foreign-alias';

async function knownSeller(
  reversePath: RealAddress | undefined,
  claim: Claim,
  parts: BypassParts,
): Promise<SellerId | undefined> {
  if (claim.seller !== undefined) return claim.seller;
  if (!claim.isSandboxLoopback || reversePath === undefined) return undefined;
  const [byAddress] = await parts.store.findSellersBySender(parts.vault.fingerprint(reversePath));
  if (byAddress !== undefined) return byAddress;
  const [byDomain] = await parts.store.findSellersBySender(parts.vault.domainFingerprint(reversePath));
  return byDomain;
}
