/**
 * records: the shapes that the store keeps.
 *
 * What is personal is `Sealed` or a `Fingerprint`; everything else is an id, a number, a time or a word from a closed list. No
 * field may hold a subject, a name, an address or text of a message: the contract suite reads every byte to prove it.
 */
import type { AliasAddress } from '../core/address.ts';
import type { BypassKind, Door } from '../core/events.ts';
import type { BuyerId, BypassId, CaseId, MessageId, OrderId, OutboxId, SellerId } from '../core/ids.ts';
import type { Fingerprint, Sealed } from '../core/sealed.ts';
import type { Instant } from '../core/time.ts';
import type { Action } from '../policy/rule.ts';

export type Party = 'buyer' | 'seller';

/** `profile` seals `{name, inbox, senders, locale, notify}`; mail for the seller goes to `inbox`, sealed by itself. */
export interface SellerRecord {
  readonly sellerId: SellerId;
  readonly profile: Sealed;
  readonly inbox: Sealed;
  /** Who may write as this seller: fingerprints of addresses, and whole domains as `@domain` fingerprints. */
  readonly senders: readonly Fingerprint[];
  readonly updatedAt: Instant;
}

/** A submission login. `userHash` is a keyed hash of the user name (it often is an address); `secret` a scrypt string. */
export interface CredentialRecord {
  readonly userHash: Fingerprint;
  readonly sellerId: SellerId;
  readonly secret: string;
  readonly createdAt: Instant;
}

export type Scope = 'admin' | 'orders' | 'messages' | 'cases' | 'lint';

/** An API key: SHA-256 of the key (256 random bits need no slow hash), never the key. */
export interface ApiKeyRecord {
  readonly keyHash: string;
  readonly keyId: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Instant;
}

export interface OrderRecord {
  readonly orderId: OrderId;
  readonly sellerId: SellerId;
  readonly buyerId: BuyerId;
  readonly status: 'open' | 'closed';
  readonly aliases: { readonly buyer: AliasAddress; readonly seller: AliasAddress };
  /** The buyer's address, sealed by itself since delivery needs it alone. */
  readonly buyerAddress: Sealed;
  readonly buyerFingerprint: Fingerprint;
  /** Seals `{name, locale, carriers}`. */
  readonly profile: Sealed;
  readonly placedAt: Instant;
  /** After this nobody may write; `undefined` for an order whose window has no end yet. */
  readonly closesAt: Instant | undefined;
}

/** `queued` waits in the outbox; `delivered`, `bounced`, `expired` and `refused` are ends; `held` waits for a person; `dropped` was
 * taken and not passed on: a receipt, or an automatic answer after the first. */
export type MessageStatus = 'queued' | 'delivered' | 'bounced' | 'expired' | 'held' | 'refused' | 'dropped';

/** Who or what wrote a message; see mail/mime/origin.ts. */
export type Origin = 'person' | 'program' | 'responder' | 'receipt' | 'report';

/** The kind of what proved that the sender is the party; see mail/types.ts. */
export type ProofKind =
  | 'smtp-auth'
  | 'api-key'
  | 'sandbox-loopback'
  | 'return-path'
  | 'dkim'
  | 'spf'
  | 'arc'
  | 'carrier'
  | 'accepted'
  | 'unconfirmed';

export interface MessageRecord {
  readonly id: MessageId;
  readonly orderId: OrderId;
  readonly sellerId: SellerId;
  readonly from: Party;
  readonly door: Door;
  /** Both are `undefined` in records of a Veilpost that did not keep them: a person's, as nearly all are. */
  readonly origin: Origin | undefined;
  readonly proof: ProofKind | undefined;
  readonly receivedAt: Instant;
  readonly size: number;
  readonly status: MessageStatus;
  readonly action: Action;
  readonly policyVersion: string;
  /** The rules that spoke, first the one that decided. */
  readonly rules: readonly string[];
  readonly caseId: CaseId | undefined;
  /** Seals `{subject, verdict}` as JSON. */
  readonly content: Sealed;
}

/** The message as it came in, and as it goes out. The outgoing one is dropped when it has been delivered. */
export type BodyKind = 'original' | 'outgoing';

export interface BodyRecord {
  readonly messageId: MessageId;
  readonly kind: BodyKind;
  readonly bytes: Sealed;
}

/** One message to hand over. It names the party, not the address: that is opened while it is delivered. */
export interface OutboxRecord {
  readonly id: OutboxId;
  /** The message whose outgoing body is sent, or that a notice is about. */
  readonly messageId: MessageId;
  readonly orderId: OrderId;
  readonly to: Party;
  /** `mail` sends the outgoing body of `messageId`; `notice` is composed by the worker from `notice`. */
  readonly kind: 'mail' | 'notice';
  readonly notice: NoticeKind | undefined;
  /** Sent with the null reverse path, so that no program answers it (RFC 3834 3.3, RFC 5321 4.5.5). */
  readonly hasNullPath: boolean;
  /** Octets of the outgoing body; 0 for a notice, which is short. */
  readonly size: number;
  readonly dueAt: Instant;
  /** After this it is given up. */
  readonly expiresAt: Instant;
}

/** Why a notice is sent, to the author of a message but for the last, in our own closed vocabulary. */
export type NoticeKind =
  | 'refused'
  | 'returned'
  | 'expired'
  | 'undeliverable'
  | 'mailbox-full'
  | 'unknown-mailbox'
  | 'policy'
  | 'too-big'
  /** The message went out, without the address that its author had written into it. */
  | 'masked'
  /** The message was taken for the alias; the people beside it get nothing from us. */
  | 'copied'
  /** The one that asks: the registered buyer is shown that somebody wrote from another address. */
  | 'confirm';

/** What is told to the author of a message that was taken, once a day of each. */
export type NoteKind = 'masked' | 'copied';

/**
 * What is counted for one party of an order: all its mail, what may be somebody else's (`unconfirmed`), what repeats the same words, what a program wrote and what an answering
 * machine did, and the notes and questions that it was sent, each kind by itself, and the questions to which the buyer said no (`declined`).
 */
export type TallySign =
  | 'mail'
  | 'unconfirmed'
  | 'repeated'
  | 'program'
  | 'automatic'
  | 'confirm'
  | 'declined'
  | NoteKind;

export interface TallyRecord {
  readonly orderId: OrderId;
  readonly from: Party;
  readonly sign: TallySign;
  readonly messageId: MessageId;
  /** What was written, for `mail`: the same for the same words. For `confirm` what is asked, for `declined` what was. */
  readonly text: Fingerprint | undefined;
  readonly at: Instant;
}

/**
 * A question that goes out now and then, whoever else asks at the same moment: not when one with the text of its tally was `declined`, nor
 * when one went out after `since` and another case still waits for the answer, nor when as many with its sign went out as a limit says.
 * The tally is counted with it.
 */
export interface RareNotice {
  readonly notice: OutboxRecord;
  readonly tally: TallyRecord;
  readonly since: Instant;
  /** All of them hold: at most so many after an instant. */
  readonly limits: readonly { readonly since: Instant; readonly atMost: number }[];
}

/**
 * That a message was taken for an alias, so that the same one is not taken twice. `mark` is a keyed hash of a signature or of what was
 * written, `alias` one of its local part.
 */
export interface Sighting {
  readonly mark: Fingerprint;
  readonly alias: Fingerprint;
  /** Its author was proved: the same from somebody who is not is no news. */
  readonly isConfirmed: boolean;
  /** It may be taken for one alias only. */
  readonly isExclusive: boolean;
  readonly messageId: MessageId;
  readonly at: Instant;
  /** After this it counts no longer, and is gone. */
  readonly endsAt: Instant;
}

/** What is counted of all that a seller sends: by the UTC day, and by the minute. */
export type Meter = 'day' | 'minute';

/** One message on a seller's meter. The whole transaction is turned away when the meter stands at `atMost` before it; `undefined`: never. */
export interface Charge {
  readonly sellerId: SellerId;
  readonly meter: Meter;
  readonly at: Instant;
  readonly atMost: number | undefined;
}

/**
 * What moves the clock that runs in an order from a question of the buyer to the seller's answer. `held` stops it, and it runs on when
 * the last message that stopped it was `turnedDown`; `answered` ends it. What was written (`writtenAt`) before the question moves nothing.
 */
export interface ClockMove {
  readonly kind: 'asked' | 'held' | 'turnedDown' | 'answered';
  readonly orderId: OrderId;
  readonly sellerId: SellerId;
  readonly writtenAt: Instant;
  readonly at: Instant;
}

/** A seller's answers and the questions that wait for one, each as the milliseconds that it took, or has taken, without our holds. */
export interface ResponseTimes {
  readonly answered: readonly number[];
  readonly waiting: readonly number[];
}

/** An address from which the buyer of an order said to write too. */
export interface AcceptedAuthor {
  readonly orderId: OrderId;
  readonly author: Fingerprint;
  /** What the buyer is shown of it: the first letter and the domain. `undefined` in records of a Veilpost that did not keep it. */
  readonly masked: Sealed | undefined;
  readonly at: Instant;
}

/** An outbox item in the hands of one worker. `attempt` counts from 1 and was counted before the work began. */
export interface LeasedOutbox extends OutboxRecord {
  readonly attempt: number;
  readonly lease: string;
}

/** How one message's ids belong together, so that threads survive on both sides. */
export interface ThreadRecord {
  readonly orderId: OrderId;
  readonly from: Party;
  /** Our own Message-ID, without the angle brackets; it names nobody. */
  readonly ownId: string;
  /** Keyed hash of the author's Message-ID: finds it again when the author refers to it. */
  readonly originalHash: Fingerprint;
  /** The author's Message-ID, to be shown to nobody but the author. */
  readonly original: Sealed;
  readonly at: Instant;
}

export type CaseStatus = 'open' | 'decided';
export type DecisionOutcome = 'release' | 'return' | 'block';

/** Why there is a case: a person must decide (`held`), or it was refused and may be appealed (`refused`). */
export type CaseKind = 'held' | 'refused';

export interface CaseRecord {
  readonly id: CaseId;
  /**
   * The question to the buyer that it waits for: one for all messages of an order that came from one address and are as little proved.
   * `undefined` where nobody is asked, and in records of a Veilpost that asked about each by itself.
   */
  readonly asks: Fingerprint | undefined;
  readonly kind: CaseKind;
  readonly messageId: MessageId;
  readonly orderId: OrderId;
  readonly sellerId: SellerId;
  readonly from: Party;
  readonly status: CaseStatus;
  readonly openedAt: Instant;
  readonly deadline: Instant | undefined;
  /** The buyer said to have written it, and it is held for something else. `undefined` also in records of a Veilpost that never asked. */
  readonly confirmedAt: Instant | undefined;
  readonly decision: DecisionRecord | undefined;
}

/** `by` is the id of the API key, `buyer` or `deadline`. `reason` is a word from a closed list; `note` seals free text. */
export interface DecisionRecord {
  readonly outcome: DecisionOutcome;
  readonly reason: string;
  readonly note: Sealed | undefined;
  readonly by: string;
  readonly at: Instant;
}

/** An attempt to reach the other party around the alias. The recipient is a fingerprint: it may be the buyer's address. */
export interface BypassRecord {
  readonly id: BypassId;
  readonly kind: BypassKind;
  readonly sellerId: SellerId | undefined;
  readonly recipient: Fingerprint;
  readonly door: Door;
  readonly at: Instant;
}

/**
 * What a domain that mail went to wants of its encryption (MTA-STS). `content` seals the policy: the domain's name, and the names of its
 * hosts, would tell where buyers have their mailboxes.
 */
export interface StsPolicyRecord {
  readonly domain: Fingerprint;
  readonly content: Sealed;
  /** From then on it is as if it had not been kept. */
  readonly expiresAt: Instant;
}

/** Sandbox only: one message in an invented mailbox. `content` seals `{from, subject}`. */
export interface InboxRecord {
  readonly id: string;
  readonly inbox: Fingerprint;
  readonly messageId: MessageId;
  readonly receivedAt: Instant;
  readonly content: Sealed;
  readonly bytes: Sealed;
}

/** `after` is the `next` of the page before; lists are newest first. */
export interface PageRequest {
  readonly limit: number;
  readonly after: string | undefined;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Cursor of the page that follows, or `undefined` at the end. */
  readonly next: string | undefined;
}
