/**
 * inbox-transport: delivers into the invented mailboxes of the sandbox, which live in the store, so that any thread or process
 * can fill them and any other can show them.
 *
 * Whatever address an order names has a mailbox here, except at `gone.test`: that one answers as a server without the mailbox.
 */
import { simpleParser } from 'mailparser';
import { ID_LETTERS, randomLetters } from '../core/ids.ts';
import { RemoteText } from '../core/remote-text.ts';
import type { Clock } from '../core/time.ts';
import type { Delivery, Shipment, Transport } from '../outbox/transport.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/seal.ts';
import { GONE_DOMAIN } from './marketplace.ts';

export interface InboxParts {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
}

/** What `InboxRecord.content` seals. `to` is the reader's alias: it tells which order a message belongs to. */
export interface InboxContent {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
}

export function inboxTransport(parts: InboxParts): Transport {
  return {
    send: (shipment) => file(shipment, parts),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function file(shipment: Shipment, { store, vault, clock }: InboxParts): Promise<Delivery> {
  const { recipient, messageId, bytes } = shipment;
  if (vault.domainFingerprint(recipient) === vault.fingerprintOf('domain', GONE_DOMAIN)) {
    return { kind: 'permanent', reply: new RemoteText('550 5.1.1 no such mailbox') };
  }
  const id = `mail_${randomLetters(ID_LETTERS)}`;
  await store.fileInbox({
    id,
    inbox: vault.fingerprint(recipient),
    messageId,
    receivedAt: clock.now(),
    content: vault.sealText(JSON.stringify(await contentOf(bytes)), `mailbox/${id}`),
    bytes: vault.sealBytes(bytes, `mailbox/${id}`),
  });
  return { kind: 'delivered' };
}

/** The header as a mail client lists it. Only the header is read: a body of 25 MB is not taken apart for a line in a list. */
async function contentOf(bytes: Uint8Array): Promise<InboxContent> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = all.indexOf('\r\n\r\n');
  const header = await simpleParser(end < 0 ? all : Buffer.concat([all.subarray(0, end), Buffer.from('\r\n\r\n')]));
  const to = Array.isArray(header.to) ? header.to[0] : header.to;
  return { from: header.from?.text ?? '', to: to?.value[0]?.address ?? '', subject: header.subject ?? '' };
}
