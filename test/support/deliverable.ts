/**
 * deliverable: a judged message between two invented parties, for the stages after the judge. The only place in the tests that makes
 * a `Deliverable` without a judge.
 */
import type { AliasAddress } from '../../src/core/address.ts';
import { mintMessageId, parseBuyerId, parseOrderId, parseSellerId } from '../../src/core/ids.ts';
import { RealAddress } from '../../src/core/real-address.ts';
import type { Fingerprint, Sealed } from '../../src/core/sealed.ts';
import type { Message } from '../../src/mail/message.ts';
import type { RewriteContext } from '../../src/mail/rewrite.ts';
import type { Arrival, Deliverable, Secrets } from '../../src/mail/types.ts';
import type { OrderRecord, Party, SellerRecord } from '../../src/store/records.ts';

export const BUYER = 'jane.doe@realmail.example';
export const SHOP = 'shop@seller-mail.example';
const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);
export const SECRETS: Secrets = { buyer: [RealAddress.parse(BUYER)], seller: [RealAddress.parse(SHOP)] };

const alias = (text: string): AliasAddress => text as AliasAddress;
export const ALIASES = { buyer: alias('b7k2m9q4t1x8w3z5@relay.test'), seller: alias('s4n8d1h6v0c2r9g7@relay.test') };

const nothingSealed = new Uint8Array() as Sealed;

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the test support is wrong');
  return value;
}

const seller: SellerRecord = {
  sellerId: present(parseSellerId('shop-1')),
  profile: nothingSealed,
  inbox: nothingSealed,
  senders: [],
  updatedAt: NOW,
};

const order: OrderRecord = {
  orderId: present(parseOrderId('order-1')),
  sellerId: seller.sellerId,
  buyerId: present(parseBuyerId('buyer-1')),
  status: 'open',
  aliases: ALIASES,
  buyerAddress: nothingSealed,
  buyerFingerprint: '0'.repeat(32) as Fingerprint,
  profile: nothingSealed,
  placedAt: NOW,
  closesAt: undefined,
};

/** A message with nothing in it, to be spread and filled. */
export const BARE: Message = {
  from: RealAddress.parse(BUYER),
  fromName: '',
  otherRecipients: [],
  subject: 'About my order',
  messageId: 'first@client.example',
  inReplyTo: '',
  references: [],
  date: NOW,
  origin: 'person',
  hops: 0,
  writtenTo: { to: [], cc: [] },
  passage: 'direct',
  body: { kind: 'text', subtype: 'plain', text: 'Hello\n' },
  anomalies: [],
};

export function deliverable(message: Message, from: Party = 'buyer'): Deliverable {
  const to = from === 'buyer' ? 'seller' : 'buyer';
  const arrival: Arrival = {
    id: mintMessageId(),
    sender: {
      envelope: { reversePath: message.from, alias: ALIASES[to] },
      order,
      seller,
      from,
      to,
    },
    proof: 'sandbox-loopback',
    doubt: undefined,
    door: 'mx',
    receivedAt: NOW,
    raw: new Uint8Array(),
  };
  const verdict = { action: 'deliver', policyVersion: 'test', language: 'en', evidence: [] } as const;
  return { arrival, message, verdict } as unknown as Deliverable;
}

export const CONTEXT: RewriteContext = {
  secrets: SECRETS,
  links: [],
  names: { from: 'Buyer (order-1)', to: 'Shop One' },
  aliasDomain: 'relay.test',
  hostName: 'mail.relay.test',
  now: NOW,
};
