/**
 * bypass: a recipient was refused; was it an attempt to reach the other party around the alias?
 *
 * In:  the refused recipient and what the client showed.    Out: a record, when the sender is a seller that we know.
 * The recipient is kept as a keyed fingerprint only: it may well be the buyer's real address.
 */
import type { KeyObject } from 'node:crypto';
import { RelayError } from '../core/errors.ts';
import type { BypassKind, Events } from '../core/events.ts';
import { mintBypassId, type SellerId } from '../core/ids.ts';
import type { RealAddress } from '../core/real-address.ts';
import type { Clock } from '../core/time.ts';
import { checkLocal } from '../orders/alias.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/seal.ts';
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
  const id = mintBypassId();
  await parts.store.recordBypass({
    id,
    kind,
    sellerId,
    recipient: parts.vault.fingerprintOf('recipient', recipient.toLowerCase()),
    door: claim.door,
    at: parts.clock.now(),
  });
  parts.events.bypassTried({ bypass: id, kind, seller: sellerId });
}

function kindOf(recipient: string, error: unknown, aliasKey: KeyObject): BypassKind | undefined {
  if (!(error instanceof RelayError)) return undefined;
  if (error.code === 'recipient.notOurs') return 'real-recipient';
  if (error.code !== 'alias.unknown') return undefined;
  return checkLocal(recipient.slice(0, recipient.lastIndexOf('@')), aliasKey) === undefined
    ? 'guessed-alias'
    : 'foreign-alias';
}

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
