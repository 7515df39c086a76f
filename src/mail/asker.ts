/**
 * asker: which seller asks what the rules say of a message?
 *
 * There is no order to be a party of, so a seller is known by what proves it anywhere: that it signed in, or what DNS and signatures say of
 * a registered address or domain (prove.ts). The answer goes to the author that was proved, or to the inbox of who signed in; a client
 * cannot choose another reader. Everybody else gets the answer of an alias that does not exist, at the same moment.
 * Fails with: alias.unknown, sender.unproven, sender.unverifiable.
 */
import { RelayError } from '../core/errors.ts';
import type { SellerId } from '../core/ids.ts';
import type { RealAddress } from '../core/real-address.ts';
import type { Clock } from '../core/time.ts';
import type { RecordLookup } from '../dns/resolver.ts';
import { sellerInbox } from '../orders/order.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/seal.ts';
import { proveSeller, refusalOf } from './prove.ts';
import type { Claim, Peer } from './types.ts';

export interface AskerParts {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly aliasDomains: readonly [string, ...string[]];
  readonly records: RecordLookup;
  readonly sealers: readonly string[];
}

export interface Writer {
  readonly seller: SellerId;
  /** Where the answer goes. */
  readonly mailbox: RealAddress;
}

/** At RCPT. Throws `alias.unknown` where the message cannot show more than the client has. */
export async function mayAsk(
  reversePath: RealAddress | undefined,
  claim: Claim,
  parts: Pick<AskerParts, 'store' | 'vault'>,
): Promise<void> {
  if (claim.seller !== undefined) return;
  const isKnown = async () => reversePath !== undefined && (await sellersOf(reversePath, parts)).length > 0;
  if (claim.isSandboxLoopback ? !(await isKnown()) : claim.peer === undefined || reversePath === undefined) {
    throw new RelayError('alias.unknown');
  }
}

/** After the data. */
export async function findWriter(
  raw: Uint8Array,
  author: RealAddress,
  reversePath: RealAddress | undefined,
  claim: Claim,
  parts: AskerParts,
): Promise<Writer> {
  if (claim.seller !== undefined) return await signedIn(claim.seller, parts);
  if (claim.isSandboxLoopback) return await believed(author, parts);
  if (claim.peer === undefined) throw new RelayError('alias.unknown');
  return await proved(raw, author, reversePath, claim.peer, parts);
}

async function signedIn(sellerId: SellerId, { store, vault }: AskerParts): Promise<Writer> {
  const seller = await store.findSeller(sellerId);
  if (seller === undefined) throw new RelayError('alias.unknown');
  return { seller: sellerId, mailbox: sellerInbox(seller, vault, 'deliver') };
}

async function believed(author: RealAddress, parts: AskerParts): Promise<Writer> {
  const [seller] = await sellersOf(author, parts);
  if (seller === undefined) throw new RelayError('sender.unproven');
  return { seller, mailbox: author };
}

/** DNS is asked whoever the author is, as for an alias: a stranger's answer takes as long. */
async function proved(
  raw: Uint8Array,
  author: RealAddress,
  reversePath: RealAddress | undefined,
  peer: Peer,
  parts: AskerParts,
): Promise<Writer> {
  const { store, vault, clock, aliasDomains, records, sealers } = parts;
  const { checkAuthentication } = await import('./authentication/check.ts');
  const question = { raw, peer, reversePath, resolver: records, sealers, aliasDomains, now: clock.now() };
  const shown = await checkAuthentication(question);
  for (const id of await sellersOf(author, parts)) {
    const seller = await store.findSeller(id);
    if (seller !== undefined && proveSeller(seller.senders, author, shown, vault) !== undefined) {
      return { seller: id, mailbox: author };
    }
  }
  throw refusalOf(shown);
}

async function sellersOf(address: RealAddress, { store, vault }: Pick<AskerParts, 'store' | 'vault'>) {
  const byAddress = await store.findSellersBySender(vault.fingerprint(address));
  return [...byAddress, ...(await store.findSellersBySender(vault.domainFingerprint(address)))];
}
