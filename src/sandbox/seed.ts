/**
 * seed: puts the invented marketplace into the store, the way a real one would register through the API.
 *
 * In:  what registering needs.    Out: who there is, with the aliases of every order.
 * Idempotent: the second start finds the same aliases. Passwords are hashed once, since hashing is slow on purpose.
 * Fails with: the errors of `orders/register.ts`, when the store holds other parties under the same order ids.
 */
import { parseBuyerId, parseOrderId, parseSellerId, type OrderId, type SellerId } from '../core/ids.ts';
import type { AliasAddress } from '../core/address.ts';
import { addCredential, registerOrder, registerSeller, type RegisterParts } from '../orders/register.ts';
import { ORDERS, SELLERS, type InventedOrder, type InventedSeller } from './marketplace.ts';

export interface SandboxSeller {
  readonly sellerId: SellerId;
  readonly name: string;
  readonly inbox: string;
  readonly username: string;
  readonly password: string;
}

export interface SandboxOrder {
  readonly orderId: OrderId;
  readonly sellerId: SellerId;
  readonly item: string;
  readonly aliases: { readonly buyer: AliasAddress; readonly seller: AliasAddress };
  readonly buyerAddress: string;
  readonly buyerName: string;
}

/** What `GET /sandbox/marketplace` tells. Real addresses stand in here as text: they are nobody's. */
export interface Marketplace {
  readonly sellers: readonly SandboxSeller[];
  readonly orders: readonly SandboxOrder[];
}

export async function seedMarketplace(parts: RegisterParts): Promise<Marketplace> {
  const sellers = await Promise.all(SELLERS.map((seller) => seedSeller(seller, parts)));
  const orders = await Promise.all(ORDERS.map((order) => seedOrder(order, parts)));
  return { sellers, orders };
}

async function seedSeller(seller: InventedSeller, parts: RegisterParts): Promise<SandboxSeller> {
  const sellerId = valid(parseSellerId(seller.sellerId));
  const { name, inbox, senders, locale, username, password } = seller;
  await registerSeller({ sellerId, name, inbox, senders, locale, notify: undefined }, parts);
  const credential = await parts.store.findCredential(parts.vault.fingerprintOf('username', username));
  if (credential === undefined) await addCredential({ sellerId, username, password }, parts);
  return { sellerId, name, inbox, username, password };
}

async function seedOrder(
  { orderId, sellerId, item, buyer }: InventedOrder,
  parts: RegisterParts,
): Promise<SandboxOrder> {
  const { order } = await registerOrder(
    {
      orderId: valid(parseOrderId(orderId)),
      sellerId: valid(parseSellerId(sellerId)),
      buyer: {
        id: valid(parseBuyerId(buyer.id)),
        address: buyer.address,
        name: buyer.name,
        acceptsUnsolicited: true,
        locale: buyer.locale,
      },
      placedAt: undefined,
      closesAt: undefined,
      carriers: [],
    },
    parts,
  );
  const { aliases } = order;
  return {
    orderId: order.orderId,
    sellerId: order.sellerId,
    item,
    aliases,
    buyerAddress: buyer.address,
    buyerName: buyer.name,
  };
}

function valid<Id>(id: Id | undefined): Id {
  if (id === undefined) throw new Error('the invented marketplace has an id that is none');
  return id;
}
