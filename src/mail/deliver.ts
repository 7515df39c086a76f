/**
 * deliver: one outbox item to one mailbox. The only place where a real address is opened for mail to be sent to it.
 *
 * In:  a leased item.    Out: delivered, temporary or permanent; the remote's words stay inside `RemoteText`.
 * The address is opened for the RCPT TO of this one item. `To:` in the message carries the alias (RFC 5321 keeps envelope and
 * header apart, and that is what makes the relay possible).
 */
import type { KeyObject } from 'node:crypto';
import { discard } from '../core/memory.ts';
import type { Clock } from '../core/time.ts';
import { buyerAddress, orderProfile, sellerInbox } from '../orders/order.ts';
import { bounceAddress } from '../orders/alias.ts';
import type { Delivery, Transport } from '../outbox/transport.ts';
import type { LeasedOutbox, MessageRecord, NoticeKind, OrderRecord, OutboxRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { DkimKey } from '../vault/keys.ts';
import type { Vault } from '../vault/seal.ts';
import { composeQuestion, languageOf } from './ask.ts';
import { mintConfirmToken } from './confirm-token.ts';
import { openContent } from './content.ts';
import { composeNotice } from './notice.ts';
import { sign } from './sign.ts';

export interface DeliverParts {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly transport: Transport;
  /** Those that sign now: a rotation changes them while the worker runs. */
  readonly dkim: () => readonly DkimKey[];
  readonly aliasDomain: string;
  readonly aliasKey: KeyObject;
  readonly hostName: string;
  readonly rulesUrl: string;
  /** Beginning and key of the links that ask a buyer. */
  readonly confirmUrl: string;
  readonly confirmKey: KeyObject;
  readonly marketplaceName: string;
}

/** `permanent` without a reply means that there is nothing left to send: the order or the body is gone. */
export async function deliver(item: LeasedOutbox, signal: AbortSignal, parts: DeliverParts): Promise<Delivery> {
  const now = parts.clock.now();
  const order = await parts.store.findOrder(item.orderId);
  if (order === undefined) return { kind: 'permanent', reply: undefined };
  const bytes = await bytesOf(item, order, parts);
  const recipient = await recipientOf(item, order, parts);
  if (bytes === undefined || recipient === undefined) return { kind: 'permanent', reply: undefined };
  const signed = sign(bytes, {
    keys: parts.dkim(),
    domain: domainOf(item, order, parts),
    now,
    // What buyers write may go on from a seller's inbox to a helpdesk, which breaks signatures; the first set tells what it was.
    sealer: item.kind === 'mail' && item.to === 'seller' ? parts.hostName : undefined,
  });
  discard(bytes);
  return await parts.transport.send(
    {
      messageId: item.messageId,
      reversePath: item.hasNullPath ? '' : bounceAddress(item.messageId, now, parts.aliasDomain, parts.aliasKey),
      recipient,
      bytes: signed,
    },
    signal,
  );
}

/** A notice is from the relay itself; mail is from its author's alias, which may be on a domain that came before. */
function domainOf(item: LeasedOutbox, order: OrderRecord, { aliasDomain }: DeliverParts): string {
  if (isNotice(item)) return aliasDomain;
  const alias = order.aliases[item.to === 'buyer' ? 'seller' : 'buyer'];
  return alias.slice(alias.lastIndexOf('@') + 1);
}

async function bytesOf(item: LeasedOutbox, order: OrderRecord, parts: DeliverParts): Promise<Uint8Array | undefined> {
  if (isNotice(item)) return await noticeBytes(item, order, parts);
  const sealed = await parts.store.readBody(item.messageId, 'outgoing');
  if (sealed === undefined) return undefined;
  const bytes = parts.vault.openBytes(sealed, `outgoing/${item.messageId}`);
  discard(sealed);
  return bytes;
}

async function noticeBytes(
  item: OutboxRecord & { readonly notice: NoticeKind },
  order: OrderRecord,
  parts: DeliverParts,
): Promise<Uint8Array | undefined> {
  const message = await parts.store.findMessage(item.messageId);
  if (message === undefined) return undefined;
  const { notice } = item;
  if (notice === 'confirm') return await questionBytes(item, order, message, parts);
  const { subject } = openContent(message, parts.vault);
  return composeNotice({ ...parts, item: { ...item, notice }, order, message, subject, now: parts.clock.now() });
}

/** Nobody is asked when somebody has decided meanwhile. */
async function questionBytes(
  item: OutboxRecord,
  order: OrderRecord,
  { caseId }: MessageRecord,
  parts: DeliverParts,
): Promise<Uint8Array | undefined> {
  const asked = caseId === undefined ? undefined : await parts.store.findCase(caseId);
  if (asked?.status !== 'open' || asked.deadline === undefined || asked.confirmedAt !== undefined) return undefined;
  const { deadline } = asked;
  const link = `${parts.confirmUrl}/${mintConfirmToken(asked.id, deadline, parts.confirmKey)}`;
  const language = languageOf(orderProfile(order, parts.vault).locale);
  return composeQuestion({
    ...parts,
    item,
    order,
    asked: { ...asked, deadline },
    language,
    link,
    now: parts.clock.now(),
  });
}

async function recipientOf(item: LeasedOutbox, order: OrderRecord, { store, vault }: DeliverParts) {
  if (item.to === 'buyer') return buyerAddress(order, vault, 'deliver');
  const seller = await store.findSeller(order.sellerId);
  return seller === undefined ? undefined : sellerInbox(seller, vault, 'deliver');
}

function isNotice(item: OutboxRecord): item is OutboxRecord & { readonly notice: NoticeKind } {
  return item.kind === 'notice' && item.notice !== undefined;
}
