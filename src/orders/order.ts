/**
 * order: the life of an order, and what is sealed in its records.
 */
import type { Instant } from '../core/time.ts';
import { parseDomain } from '../core/address.ts';
import { RealAddress } from '../core/real-address.ts';
import type { OrderRecord, SellerRecord } from '../store/records.ts';
import type { Purpose, Vault } from '../vault/seal.ts';
import type { OrderProfile, SellerProfile } from './register.ts';

/** May the parties still write to each other at `now`? */
export function isOpen(order: OrderRecord, now: Instant): boolean {
  return order.status === 'open' && (order.closesAt === undefined || now < order.closesAt);
}

export function buyerAddress(order: OrderRecord, vault: Vault, purpose: Purpose): RealAddress {
  return vault.openAddress(order.buyerAddress, `buyer/${order.orderId}`, purpose);
}

export function sellerInbox(seller: SellerRecord, vault: Vault, purpose: Purpose): RealAddress {
  return vault.openAddress(seller.inbox, `inbox/${seller.sellerId}`, purpose);
}

export function orderProfile(order: OrderRecord, vault: Vault): OrderProfile {
  return vault.openJson(order.profile, `profile/${order.orderId}`);
}

export function sellerProfile(seller: SellerRecord, vault: Vault): SellerProfile {
  return vault.openJson(seller.profile, `profile/${seller.sellerId}`);
}

/** Is it one of `names`, or at a domain of theirs? Both as they were registered: `@swift-parcels.test`, or one address. */
export function isNamed(address: RealAddress, names: readonly string[], vault: Vault): boolean {
  const domain = vault.domainFingerprint(address);
  return names.some((name) =>
    name.startsWith('@')
      ? domain === vault.fingerprintOf('domain', parseDomain(name.slice(1)) ?? '')
      : RealAddress.parse(name).is(address),
  );
}
