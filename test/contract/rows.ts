/**
 * rows: records for the contract suite, whole and with names of their own, so that many cases share one store.
 */
import { randomBytes } from 'node:crypto';
import type { AliasAddress } from '../../src/core/address.ts';
import {
  mintBypassId,
  mintCaseId,
  mintMessageId,
  mintOutboxId,
  parseBuyerId,
  parseOrderId,
  parseSellerId,
  randomLetters,
  type OrderId,
  type SellerId,
} from '../../src/core/ids.ts';
import type { Fingerprint, Sealed } from '../../src/core/sealed.ts';
import type {
  ApiKeyRecord,
  BodyRecord,
  BypassRecord,
  CaseRecord,
  CredentialRecord,
  InboxRecord,
  MessageRecord,
  Meter,
  OrderRecord,
  OutboxRecord,
  SellerRecord,
  Sighting,
  ThreadRecord,
} from '../../src/store/records.ts';
import type { Acceptance, AcceptanceResult } from '../../src/store/store.ts';

export const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);

/** Bytes that no text encoding survives, so that a store that decodes them somewhere is found out. */
export const sealed = (length = 40): Sealed => new Uint8Array([0, 0xff, 0x80, 10, ...randomBytes(length)]) as Sealed;
export const fingerprint = (): Fingerprint => randomBytes(16).toString('hex') as Fingerprint;

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the contract suite is wrong');
  return value;
}

const sellerId = (): SellerId => present(parseSellerId(`seller-${randomLetters(10)}`));
export const orderId = (): OrderId => present(parseOrderId(`order-${randomLetters(10)}`));
const alias = (letter: string): AliasAddress => `${letter}${randomLetters(26)}@relay.test` as AliasAddress;

export const localOf = (address: AliasAddress): string => address.slice(0, address.indexOf('@'));

export function seller(fields: Partial<SellerRecord> = {}): SellerRecord {
  return {
    sellerId: sellerId(),
    profile: sealed(),
    inbox: sealed(),
    senders: [fingerprint()],
    updatedAt: NOW,
    ...fields,
  };
}

export function order(of: SellerId, fields: Partial<OrderRecord> = {}): OrderRecord {
  return {
    orderId: orderId(),
    sellerId: of,
    buyerId: present(parseBuyerId(`buyer-${randomLetters(10)}`)),
    status: 'open',
    aliases: { buyer: alias('b'), seller: alias('s') },
    buyerAddress: sealed(),
    buyerFingerprint: fingerprint(),
    profile: sealed(),
    placedAt: NOW,
    closesAt: undefined,
    ...fields,
  };
}

export function credential(of: SellerId, fields: Partial<CredentialRecord> = {}): CredentialRecord {
  return { userHash: fingerprint(), sellerId: of, secret: 'scrypt$invented', createdAt: NOW, ...fields };
}

export function apiKey(): ApiKeyRecord {
  const keyHash = randomBytes(32).toString('hex');
  return { keyHash, keyId: `key_${randomLetters(8)}`, scopes: ['orders', 'lint'], createdAt: NOW };
}

export function message(fields: Partial<MessageRecord> = {}): MessageRecord {
  return {
    id: mintMessageId(),
    orderId: orderId(),
    sellerId: sellerId(),
    from: 'seller',
    door: 'mx',
    origin: 'program',
    proof: 'return-path',
    receivedAt: NOW,
    size: 1234,
    status: 'queued',
    action: 'deliver',
    policyVersion: '1',
    rules: ['telephone', 'outside-url'],
    caseId: undefined,
    content: sealed(),
    ...fields,
  };
}

export function bodies({ id }: MessageRecord): readonly BodyRecord[] {
  return [
    { messageId: id, kind: 'original', bytes: sealed(5000) },
    { messageId: id, kind: 'outgoing', bytes: sealed(6000) },
  ];
}

export function outbox(of: MessageRecord, fields: Partial<OutboxRecord> = {}): OutboxRecord {
  return {
    id: mintOutboxId(),
    messageId: of.id,
    orderId: of.orderId,
    to: 'buyer',
    kind: 'mail',
    notice: undefined,
    hasNullPath: false,
    size: 6000,
    dueAt: NOW,
    expiresAt: NOW + 1_000_000,
    ...fields,
  };
}

export function thread(of: MessageRecord, fields: Partial<ThreadRecord> = {}): ThreadRecord {
  const { orderId: id, from } = of;
  const ownId = `${randomLetters(20)}@relay.test`;
  return { orderId: id, from, ownId, originalHash: fingerprint(), original: sealed(), at: NOW, ...fields };
}

/** An open hold of a message. */
export function held(of: MessageRecord, fields: Partial<CaseRecord> = {}): CaseRecord {
  return {
    id: mintCaseId(),
    asks: undefined,
    kind: 'held',
    messageId: of.id,
    orderId: of.orderId,
    sellerId: of.sellerId,
    from: of.from,
    status: 'open',
    openedAt: NOW,
    deadline: NOW + 1000,
    confirmedAt: undefined,
    decision: undefined,
    ...fields,
  };
}

export function bypass(): BypassRecord {
  return {
    id: mintBypassId(),
    kind: 'guessed-alias',
    sellerId: undefined,
    recipient: fingerprint(),
    door: 'mx',
    at: NOW,
  };
}

export function sighting({ id }: MessageRecord, fields: Partial<Sighting> = {}): Sighting {
  return {
    mark: fingerprint(),
    alias: fingerprint(),
    isConfirmed: true,
    isExclusive: false,
    messageId: id,
    at: NOW,
    endsAt: NOW + 1_000_000,
    ...fields,
  };
}

export function inboxMail(inbox: Fingerprint): InboxRecord {
  const id = `mail_${randomLetters(20)}`;
  return { id, inbox, messageId: mintMessageId(), receivedAt: NOW, content: sealed(), bytes: sealed(3000) };
}

export const NOTHING: Acceptance = {
  messages: [],
  bodies: [],
  cases: [],
  outbox: [],
  threads: [],
  tallies: [],
  bypasses: [],
  rareNotices: [],
  charges: [],
  clocks: [],
  sightings: [],
};

export const KEPT: AcceptanceResult = { outcome: 'kept' };
export const SEEN: AcceptanceResult = { outcome: 'seen' };
export const full = (meter: Meter): AcceptanceResult => ({ outcome: 'full', meter });

/** A message that is on its way, with all that it leaves. */
export function queued(fields: Partial<MessageRecord> = {}, due: Partial<OutboxRecord> = {}) {
  const record = message(fields);
  const item = outbox(record, due);
  const acceptance: Acceptance = {
    ...NOTHING,
    messages: [record],
    bodies: bodies(record),
    outbox: [item],
    threads: [thread(record)],
  };
  return { record, item, acceptance };
}

/** A message that waits for a person. */
export function onHold(deadline = NOW + 1000) {
  const record = message({ status: 'held', action: 'hold' });
  const opened = held(record, { deadline });
  const kept = { ...record, caseId: opened.id };
  const acceptance: Acceptance = { ...NOTHING, messages: [kept], bodies: bodies(kept).slice(0, 1), cases: [opened] };
  return { record: kept, opened, acceptance };
}
