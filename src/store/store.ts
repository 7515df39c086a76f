/**
 * store: THE PORT. Whole domain operations, each atomic, idempotent where the outside world retries.
 *
 * SQLite runs each as part of one transaction, Redis as one Lua script or MULTI with all its keys in one hash slot. No get and
 * set, no transaction object, nothing optional. Times and ids come in as arguments, so that the contract suite never sleeps.
 * Every operation that resolves has been written durably: only then may a 250 be said.
 */
import type { CaseId, MessageId, OrderId, OutboxId, SellerId } from '../core/ids.ts';
import type { Fingerprint, Sealed } from '../core/sealed.ts';
import { DAY, MINUTE, type Instant } from '../core/time.ts';
import type {
  AcceptedAuthor,
  ApiKeyRecord,
  BodyKind,
  BodyRecord,
  BypassRecord,
  CaseRecord,
  Charge,
  ClockMove,
  CredentialRecord,
  DecisionRecord,
  InboxRecord,
  LeasedOutbox,
  MessageRecord,
  MessageStatus,
  Meter,
  OrderRecord,
  OutboxRecord,
  Page,
  PageRequest,
  Party,
  RareNotice,
  ResponseTimes,
  SellerRecord,
  Sighting,
  StsPolicyRecord,
  TallyRecord,
  TallySign,
  ThreadRecord,
} from './records.ts';

/** Everything that one transaction leaves behind, for all its arrivals: kept whole or not at all. */
export interface Acceptance {
  readonly messages: readonly MessageRecord[];
  readonly bodies: readonly BodyRecord[];
  readonly cases: readonly CaseRecord[];
  readonly outbox: readonly OutboxRecord[];
  readonly threads: readonly ThreadRecord[];
  readonly tallies: readonly TallyRecord[];
  readonly bypasses: readonly BypassRecord[];
  readonly rareNotices: readonly RareNotice[];
  readonly charges: readonly Charge[];
  readonly clocks: readonly ClockMove[];
  readonly sightings: readonly Sighting[];
}

/**
 * Unless it is `kept`, nothing was kept and nothing counted. `seen`: another acceptance has one of its sightings meanwhile, for the same
 * alias and confirmed or as little confirmed, or for another alias where it is exclusive. `full`: the seller's meter was full. What was
 * seen costs nothing, so it is `seen` also when the meter is full.
 */
export type AcceptanceResult =
  | { readonly outcome: 'kept' | 'seen' }
  | { readonly outcome: 'full'; readonly meter: Meter };

/** A decision on an open case, with what it sets free and what it throws away. `status` is what the message becomes. */
export interface CaseSettlement {
  readonly caseId: CaseId;
  readonly decision: DecisionRecord;
  readonly status: MessageStatus;
  readonly bodies: readonly BodyRecord[];
  readonly outbox: readonly OutboxRecord[];
  readonly threads: readonly ThreadRecord[];
  readonly tallies: readonly TallyRecord[];
  readonly clocks: readonly ClockMove[];
  readonly accepts: AcceptedAuthor | undefined;
  /** The sealed original goes with the decision: nobody has a right to it. */
  readonly dropsOriginal: boolean;
}

/** The buyer has said to be the author of a message that is held for something else too: it has a new deadline. */
export interface CaseConfirmation {
  readonly caseId: CaseId;
  readonly at: Instant;
  readonly deadline: Instant;
  readonly accepts: AcceptedAuthor | undefined;
}

export type Settlement =
  | { readonly kind: 'delivered'; readonly clocks: readonly ClockMove[] }
  | { readonly kind: 'deferred'; readonly until: Instant }
  | { readonly kind: 'failed'; readonly status: 'bounced' | 'expired'; readonly notices: readonly OutboxRecord[] };

export type OrderRegistration =
  | { readonly outcome: 'created' | 'updated'; readonly order: OrderRecord }
  | { readonly outcome: 'conflict' | 'noSeller' };

/** The longest window that anything is counted in, in milliseconds. */
export const TALLIES_KEPT_MS = 7 * DAY;

/** How long one reading of a meter lasts, in milliseconds; it begins anew at the full minute, and at midnight UTC. */
export const METER_MS: Readonly<Record<Meter, number>> = { day: DAY, minute: MINUTE };

/** A seller's orders are counted by UTC day: today and the 29 days before. */
export const ORDER_DAYS = 30;

/** Answers and questions are forgotten after so long, in milliseconds. */
export const RESPONSES_KEPT_MS = 30 * DAY;

export interface AliasHolder {
  /** The party that the alias stands for: mail to it comes from the other one. */
  readonly party: Party;
  readonly order: OrderRecord;
}

export interface Store extends AsyncDisposable {
  /** Resolves when the store answers and would keep what it is given; rejects otherwise. */
  ping(): Promise<void>;

  // Directory
  putSeller(seller: SellerRecord): Promise<void>;
  findSeller(sellerId: SellerId): Promise<SellerRecord | undefined>;
  /** Sellers that may write from `sender`. */
  findSellersBySender(sender: Fingerprint): Promise<readonly SellerId[]>;
  /** The same seller may replace its own credential; a user name never moves to another seller. */
  putCredential(credential: CredentialRecord): Promise<'stored' | 'taken'>;
  findCredential(userHash: Fingerprint): Promise<CredentialRecord | undefined>;
  putApiKey(key: ApiKeyRecord): Promise<void>;
  findApiKey(keyHash: string): Promise<ApiKeyRecord | undefined>;
  /**
   * Creates the order, or updates the address, profile and window of the one with this id: its parties and aliases stay.
   * `conflict` when the seller or the buyer is another one. A new order is counted once, for the day on which it was placed.
   */
  registerOrder(order: OrderRecord, at: Instant): Promise<OrderRegistration>;
  /** Orders of the seller placed in the `ORDER_DAYS` that end with the day of `now`. A count that is kept, not a search. */
  countOrders(sellerId: SellerId, now: Instant): Promise<number>;
  findOrder(orderId: OrderId): Promise<OrderRecord | undefined>;
  listOrders(page: PageRequest): Promise<Page<OrderRecord>>;
  /** By the local part of an alias. */
  findAlias(local: string): Promise<AliasHolder | undefined>;

  // Mail
  /** Takes the memory of large bodies over: whoever had them sealed cannot read them afterwards. */
  acceptMail(acceptance: Acceptance): Promise<AcceptanceResult>;
  /** What the seller's meters show at `now`. Readings before the last but one are gone. */
  readMeters(sellerId: SellerId, now: Instant): Promise<Readonly<Record<Meter, number>>>;
  /** Of the last `RESPONSES_KEPT_MS`, in no order. */
  responseTimes(sellerId: SellerId, now: Instant): Promise<ResponseTimes>;
  /** The aliases for which a message with this mark was taken, as far as that counts at `now`. */
  findSightings(
    mark: Fingerprint,
    now: Instant,
  ): Promise<readonly Pick<Sighting, 'alias' | 'isConfirmed' | 'messageId'>[]>;
  findMessage(id: MessageId): Promise<MessageRecord | undefined>;
  listMessages(
    filter: {
      readonly orderId: OrderId | undefined;
      readonly sellerId: SellerId | undefined;
      readonly status: MessageStatus | undefined;
    },
    page: PageRequest,
  ): Promise<Page<MessageRecord>>;
  readBody(id: MessageId, kind: BodyKind): Promise<Sealed | undefined>;
  /** Links of the newest 200 messages of an order. */
  findThreads(orderId: OrderId): Promise<readonly ThreadRecord[]>;
  /** How often it happened after `since`; with `text`, of the same words only. Tallies older than `TALLIES_KEPT_MS` are gone. */
  countTallies(request: {
    readonly orderId: OrderId;
    readonly from: Party;
    readonly sign: TallySign;
    readonly text: Fingerprint | undefined;
    readonly since: Instant;
  }): Promise<number>;
  /**
   * A message that was handed over came back, perhaps before its worker has said so: it stays bounced then, and nothing of it is sent
   * again. `false` when it is unknown, never left, or has ended already.
   */
  recordBounce(id: MessageId, notices: readonly OutboxRecord[]): Promise<boolean>;
  recordBypass(bypass: BypassRecord): Promise<void>;
  listBypasses(page: PageRequest): Promise<Page<BypassRecord>>;

  // Cases
  findCase(id: CaseId): Promise<CaseRecord | undefined>;
  listCases(
    filter: { readonly status: CaseRecord['status'] | undefined },
    page: PageRequest,
  ): Promise<Page<CaseRecord>>;
  /** Decides an open case once; whoever comes second gets `alreadyDecided` and changes nothing. */
  decideCase(settlement: CaseSettlement): Promise<'decided' | 'alreadyDecided' | 'unknown'>;
  /** Confirms an open case once, and leaves it open; whoever comes second, or after the decision, gets `alreadyDecided`. */
  confirmCase(confirmation: CaseConfirmation): Promise<'confirmed' | 'alreadyDecided' | 'unknown'>;
  /** Open cases that wait for the buyer's answer to this question, oldest first, at most 100. */
  findWaiting(orderId: OrderId, asks: Fingerprint): Promise<readonly CaseRecord[]>;
  /** From where else the buyer of this order said to write, oldest first. */
  listAccepted(orderId: OrderId): Promise<readonly AcceptedAuthor[]>;
  /** `false` when it was not accepted. */
  removeAccepted(orderId: OrderId, author: Fingerprint): Promise<boolean>;
  /** Did the buyer of this order say to write from there too? */
  isAccepted(orderId: OrderId, author: Fingerprint): Promise<boolean>;
  /** Open held cases whose deadline is at or before `now`, oldest first. */
  dueCases(now: Instant, limit: number): Promise<readonly CaseRecord[]>;

  // Outbox
  /** Takes up to `limit` items that are due and not leased, counts the attempt, and keeps others off them until `until`. */
  leaseOutbox(request: {
    readonly now: Instant;
    readonly until: Instant;
    readonly limit: number;
    readonly lease: string;
  }): Promise<readonly LeasedOutbox[]>;
  /** Keeps everything that is held under `lease` until `until`: for a worker that is alive and not done. */
  renewOutbox(lease: string, until: Instant): Promise<void>;
  /** Ends or puts off a leased item and sets its message's status, but for one that has bounced. `false` when the lease is no longer held: nothing changed. */
  settleOutbox(id: OutboxId, lease: string, settlement: Settlement): Promise<boolean>;
  /** When the next item falls due (leased items: when the lease ends), or `undefined` when the outbox is empty. */
  nextDue(): Promise<Instant | undefined>;

  // Encryption on the way out
  /** In place of the one that is kept for the domain. All that have expired by `now` go. */
  keepStsPolicy(policy: StsPolicyRecord, now: Instant): Promise<void>;
  /** Also one that has expired, until another is kept. */
  findStsPolicy(domain: Fingerprint): Promise<StsPolicyRecord | undefined>;

  // Sandbox mailboxes
  fileInbox(mail: InboxRecord): Promise<void>;
  listInbox(inbox: Fingerprint, limit: number): Promise<readonly InboxRecord[]>;
  findInbox(inbox: Fingerprint, id: string): Promise<InboxRecord | undefined>;
}
