/**
 * inboxes: what lies in the invented mailboxes, and what became of the messages of one order.
 *
 * In:  an address, or an order.    Out: plain data for the page and for tests. Sealed records are opened here, and only here.
 * Fails with: notFound, address.invalid.
 */
import { simpleParser } from 'mailparser';
import { RelayError } from '../core/errors.ts';
import type { MessageId } from '../core/ids.ts';
import type { Fingerprint } from '../core/sealed.ts';
import { rfc3339 } from '../core/time.ts';
import type { Verdict } from '../policy/rule.ts';
import type { InboxRecord, MessageRecord, Party } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/seal.ts';
import type { Answered } from './compose.ts';
import type { InboxContent } from './inbox-transport.ts';
import { mailboxOf, type People, type Person } from './people.ts';

export interface Opened {
  readonly store: Store;
  readonly vault: Vault;
}

const LISTED = 200;

/** One line of a mailbox, newest first, as the contract has it. */
export async function listMailbox(address: string, { store, vault }: Opened) {
  const mails = await store.listInbox(mailboxOf(address, vault), LISTED);
  return mails.map((mail) => {
    const { from, subject } = contentOf(mail, vault);
    return { id: mail.id, receivedAt: rfc3339(mail.receivedAt), from, subject };
  });
}

/** The bytes as they were delivered. */
export async function rawMail(address: string, id: string, parts: Opened): Promise<Buffer> {
  const mail = await findMail(address, id, parts);
  return parts.vault.openBytes(mail.bytes, `mailbox/${mail.id}`);
}

/** A delivered message as its reader's program shows it, as text. */
export async function readMail(address: string, id: string, parts: Opened) {
  const mail = await simpleParser(await rawMail(address, id, parts));
  return {
    from: mail.from?.text ?? '',
    subject: mail.subject ?? '',
    date: mail.date,
    text: (mail.text ?? '').trimEnd(),
    messageId: mail.messageId,
    references: [mail.references ?? []].flat(),
    attachments: mail.attachments.map(({ filename, contentType, size }) => ({
      filename: filename ?? '',
      contentType,
      size,
    })),
  } satisfies Answered & Record<string, unknown>;
}

export interface Entry {
  readonly kind: 'received' | 'sent' | 'notice';
  /** Of a received message in its mailbox, of a sent one its message id. */
  readonly id: string;
  readonly messageId: MessageId;
  readonly at: string;
  readonly subject: string;
  readonly from: string;
  readonly status: MessageRecord['status'] | undefined;
  readonly action: Verdict['action'] | undefined;
  readonly rule: string | undefined;
  readonly why: string | undefined;
  readonly fix: string | undefined;
}

/** Both sides of one order: what each person got and sent, newest first. */
export async function sidesOf(people: People, parts: Opened) {
  const { rows } = await parts.store.listMessages(
    { orderId: people.order.orderId, sellerId: undefined, status: undefined },
    { limit: 100, after: undefined },
  );
  return { seller: await sideOf(people, 'seller', rows, parts), buyer: await sideOf(people, 'buyer', rows, parts) };
}

async function sideOf(people: People, party: Party, messages: readonly MessageRecord[], parts: Opened) {
  const person = people[party];
  const sent = messages.filter((message) => message.from === party).map((message) => sentEntry(message, parts.vault));
  const received = await receivedBy(person, people.order.aliases[party], parts);
  const entries = [...sent, ...received].toSorted((a, b) => b.at.localeCompare(a.at));
  return { name: person.name, address: person.address, alias: people.order.aliases[party], entries };
}

/** Of all that lies in the mailbox, the mail of one order: that is what is addressed to its alias. */
async function receivedBy(person: Person, alias: string, { store, vault }: Opened): Promise<readonly Entry[]> {
  const mails = await store.listInbox(mailboxOf(person.address, vault), LISTED);
  return mails
    .map((mail) => ({ mail, content: contentOf(mail, vault) }))
    .filter(({ content }) => content.to === alias)
    .map(({ mail, content }) => ({
      kind: content.from.includes('mailer-daemon@') ? 'notice' : 'received',
      id: mail.id,
      messageId: mail.messageId,
      at: rfc3339(mail.receivedAt),
      subject: content.subject,
      from: content.from,
      status: undefined,
      action: undefined,
      rule: undefined,
      why: undefined,
      fix: undefined,
    }));
}

export function openMessage(
  message: MessageRecord,
  vault: Vault,
): { readonly subject: string; readonly verdict: Verdict } {
  return JSON.parse(vault.openText(message.content, `content/${message.id}`)) as ReturnType<typeof openMessage>;
}

export function sentEntry(message: MessageRecord, vault: Vault): Entry {
  const { subject, verdict } = openMessage(message, vault);
  const [first] = verdict.evidence;
  return {
    kind: 'sent',
    id: message.id,
    messageId: message.id,
    at: rfc3339(message.receivedAt),
    subject,
    from: message.from,
    status: message.status,
    action: message.action,
    rule: first?.rule,
    why: first?.why,
    fix: first?.fix,
  };
}

/** The copy of a message that lies in a mailbox, if it got there. Notices about it go to its author, so they are elsewhere. */
export async function deliveredCopy(inbox: Fingerprint, message: MessageId, { store, vault }: Opened) {
  const mails = await store.listInbox(inbox, LISTED);
  const copy = mails.find((mail) => mail.messageId === message);
  return copy === undefined ? undefined : vault.openBytes(copy.bytes, `mailbox/${copy.id}`);
}

async function findMail(address: string, id: string, { store, vault }: Opened): Promise<InboxRecord> {
  const mail = await store.findInbox(mailboxOf(address, vault), id);
  if (mail === undefined) throw new RelayError('notFound');
  return mail;
}

function contentOf(mail: InboxRecord, vault: Vault): InboxContent {
  return JSON.parse(vault.openText(mail.content, `mailbox/${mail.id}`)) as InboxContent;
}
