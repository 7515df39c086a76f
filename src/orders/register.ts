/**
 * register: the marketplace tells us of its sellers and orders, and gets aliases back.
 *
 * In:  plain input from the API, already of the right shape.    Out: records in the store; personal data sealed on the way in.
 * Everything here is idempotent: the same PUT twice is one seller, one order, the same two aliases.
 * Fails with: address.invalid, order.noSeller, order.conflict, credential.taken.
 */
import type { KeyObject } from 'node:crypto';
import { parseDomain } from '../core/address.ts';
import { RelayError } from '../core/errors.ts';
import type { BuyerId, OrderId, SellerId } from '../core/ids.ts';
import { RealAddress } from '../core/real-address.ts';
import type { Fingerprint } from '../core/sealed.ts';
import type { Clock, Instant } from '../core/time.ts';
import type { OrderRecord, SellerRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/seal.ts';
import { mintAlias } from './alias.ts';
import { hashPassword } from './credentials.ts';

export interface RegisterParts {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly aliasDomain: string;
  readonly aliasKey: KeyObject;
}

export interface SellerInput {
  readonly sellerId: SellerId;
  readonly name: string;
  readonly inbox: string;
  /** Addresses, and whole domains as `@domain`. */
  readonly senders: readonly string[];
  readonly locale: string | undefined;
  readonly notify: string | undefined;
}

export interface OrderInput {
  readonly orderId: OrderId;
  readonly sellerId: SellerId;
  readonly buyer: {
    readonly id: BuyerId;
    readonly address: string;
    readonly name: string | undefined;
    readonly locale: string | undefined;
    /** No: the buyer wants no mail but answers, and what the order cannot do without. */
    readonly acceptsUnsolicited: boolean;
  };
  readonly placedAt: Instant | undefined;
  readonly closesAt: Instant | undefined;
  readonly carriers: readonly string[];
}

/** What is sealed in `SellerRecord.profile`. */
export interface SellerProfile {
  readonly name: string;
  readonly senders: readonly string[];
  readonly locale: string | undefined;
  readonly notify: string | undefined;
}

/** What is sealed in `OrderRecord.profile`. */
export interface OrderProfile {
  readonly buyerName: string | undefined;
  readonly locale: string | undefined;
  readonly carriers: readonly string[];
  /** `undefined` in orders from before it was kept: no. */
  readonly isOptedOut?: boolean;
}

export async function registerSeller(input: SellerInput, parts: RegisterParts): Promise<SellerRecord> {
  const inbox = addressAt(input.inbox, '/inbox');
  const senders = input.senders.map((sender, index) => senderFingerprint(sender, `/senders/${index}`, parts.vault));
  const profile: SellerProfile = {
    name: input.name,
    senders: input.senders,
    locale: input.locale,
    notify: input.notify,
  };
  const record: SellerRecord = {
    sellerId: input.sellerId,
    profile: parts.vault.sealJson(profile, `profile/${input.sellerId}`),
    inbox: parts.vault.sealAddress(inbox, `inbox/${input.sellerId}`),
    senders: [...new Set([...senders, parts.vault.fingerprint(inbox)])],
    updatedAt: parts.clock.now(),
  };
  await parts.store.putSeller(record);
  return record;
}

export async function addCredential(
  input: { readonly sellerId: SellerId; readonly username: string; readonly password: string },
  parts: RegisterParts,
): Promise<void> {
  if ((await parts.store.findSeller(input.sellerId)) === undefined) throw new RelayError('notFound');
  const outcome = await parts.store.putCredential({
    userHash: parts.vault.fingerprintOf('username', input.username.toLowerCase()),
    sellerId: input.sellerId,
    secret: await hashPassword(input.password),
    createdAt: parts.clock.now(),
  });
  if (outcome === 'taken') throw new RelayError('credential.taken');
}

export async function registerOrder(
  input: OrderInput,
  parts: RegisterParts,
): Promise<{ readonly order: OrderRecord; readonly isNew: boolean }> {
  const registration = await parts.store.registerOrder(orderRecord(input, parts), parts.clock.now());
  switch (registration.outcome) {
    case 'conflict':
      throw new RelayError('order.conflict');
    case 'noSeller':
      throw new RelayError('order.noSeller');
    case 'created':
    case 'updated':
      return { order: registration.order, isNew: registration.outcome === 'created' };
  }
}

function orderRecord(input: OrderInput, parts: RegisterParts): OrderRecord {
  const address = addressAt(input.buyer.address, '/buyer/address');
  for (const [index, carrier] of input.carriers.entries())
    senderFingerprint(carrier, `/carriers/${index}`, parts.vault);
  const profile: OrderProfile = {
    buyerName: input.buyer.name,
    locale: input.buyer.locale,
    carriers: input.carriers,
    isOptedOut: !input.buyer.acceptsUnsolicited,
  };
  return {
    orderId: input.orderId,
    sellerId: input.sellerId,
    buyerId: input.buyer.id,
    status: 'open',
    // Minted before it is known whether the order is new: of an order that exists, the store keeps the aliases that it has.
    aliases: {
      buyer: mintAlias('buyer', parts.aliasDomain, parts.aliasKey),
      seller: mintAlias('seller', parts.aliasDomain, parts.aliasKey),
    },
    buyerAddress: parts.vault.sealAddress(address, `buyer/${input.orderId}`),
    buyerFingerprint: parts.vault.fingerprint(address),
    profile: parts.vault.sealJson(profile, `profile/${input.orderId}`),
    placedAt: input.placedAt ?? parts.clock.now(),
    closesAt: input.closesAt,
  };
}

/** `@domain` stands for everybody at that domain; anything else is one address. */
function senderFingerprint(sender: string, pointer: string, vault: Vault): Fingerprint {
  if (!sender.startsWith('@')) return vault.fingerprint(addressAt(sender, pointer));
  const domain = parseDomain(sender.slice(1));
  if (domain === undefined) throw invalidAddress(pointer);
  return vault.fingerprintOf('domain', domain);
}

function addressAt(text: string, pointer: string): RealAddress {
  try {
    return RealAddress.parse(text);
  } catch (error) {
    throw invalidAddress(pointer, error);
  }
}

function invalidAddress(pointer: string, cause?: unknown): RelayError {
  return new RelayError('address.invalid', {
    cause,
    fields: [{ pointer, code: 'address.invalid', detail: 'must be a mailbox address: local@domain' }],
  });
}
