/**
 * people: the two persons of one invented order, with all that the sandbox knows of them.
 */
import { RelayError } from '../core/errors.ts';
import { RealAddress } from '../core/real-address.ts';
import type { Fingerprint } from '../core/sealed.ts';
import type { Party } from '../store/records.ts';
import type { Vault } from '../vault/seal.ts';
import { ORDERS, SELLERS } from './marketplace.ts';
import type { Marketplace, SandboxOrder, SandboxSeller } from './seed.ts';

export interface Person {
  readonly party: Party;
  readonly name: string;
  /** Its real address: nobody's. */
  readonly address: string;
  readonly mailer: string;
  readonly signature: string;
}

export interface People {
  readonly order: SandboxOrder;
  readonly seller: Person;
  readonly buyer: Person;
  readonly login: Pick<SandboxSeller, 'username' | 'password'>;
}

/** Throws `notFound` for an order that was not invented here. */
export function peopleOf(orderId: string, { orders, sellers }: Marketplace): People {
  const order = orders.find((entry) => entry.orderId === orderId);
  const login = sellers.find((entry) => entry.sellerId === order?.sellerId);
  const seller = SELLERS.find((entry) => entry.sellerId === login?.sellerId);
  const buyer = ORDERS.find((entry) => entry.orderId === orderId)?.buyer;
  if (order === undefined || login === undefined || seller === undefined || buyer === undefined) {
    throw new RelayError('notFound');
  }
  return {
    order,
    login,
    seller: { party: 'seller', ...pick(seller), address: seller.inbox },
    buyer: { party: 'buyer', ...pick(buyer), address: buyer.address },
  };
}

function pick({ name, mailer, signature }: Pick<Person, 'name' | 'mailer' | 'signature'>) {
  return { name, mailer, signature };
}

/** The key of the mailbox of `address`. Throws `address.invalid`. */
export function mailboxOf(address: string, vault: Vault): Fingerprint {
  return vault.fingerprint(RealAddress.parse(address));
}
