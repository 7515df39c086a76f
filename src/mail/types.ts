/**
 * types: what the stages of the mail path hand to each other.
 *
 * The order of the stages is a fact of these types. `Deliverable`, `Rewritten` and `Verified` carry brands whose makers live in
 * judge.ts, rewrite.ts and verify.ts; a skipped stage does not compile.
 */
import type { AliasAddress } from '../core/address.ts';
import type { Door } from '../core/events.ts';
import type { Brand, CaseId, MessageId, SellerId } from '../core/ids.ts';
import type { Spooled } from '../core/spool.ts';
import type { RealAddress } from '../core/real-address.ts';
import type { Instant } from '../core/time.ts';
import type { CriticalReason } from '../core/reasons.ts';
import type { Verdict } from '../policy/rule.ts';
import type { DecisionOutcome, OrderRecord, Party, ProofKind, SellerRecord } from '../store/records.ts';
import type { Message } from './message.ts';

/** The reverse path (`undefined` is the null path) and the one alias that an arrival is for. */
export interface Envelope {
  readonly reversePath: RealAddress | undefined;
  readonly alias: AliasAddress;
}

/** How the client showed who it is, before anything was looked at. */
export interface Claim {
  readonly door: Door;
  /** The seller that signed in with SMTP AUTH. */
  readonly seller: SellerId | undefined;
  /** The API key that posted the message, and the party it posts for. */
  readonly apiKey: { readonly keyId: string; readonly party: Party } | undefined;
  /** The peer is on this machine and the sandbox is on: its word counts. */
  readonly isSandboxLoopback: boolean;
  /** Where mail comes from other servers, which show by DNS and signatures who is writing; `undefined` at the other doors. */
  readonly peer: Peer | undefined;
  /** Why the order cannot do without this message, as said over the API. */
  readonly reason: CriticalReason | undefined;
}

/** The other end of a connection, and what it calls itself. */
export interface Peer {
  readonly ip: string;
  readonly helo: string;
}

/** What proved that the sender is the party. SPF, DKIM and DMARC come from the received bytes. */
export type Proof =
  | { readonly by: 'smtp-auth' }
  | { readonly by: 'api-key'; readonly keyId: string }
  | { readonly by: 'sandbox-loopback' }
  /** It came to a return path of ours, which nobody but the reader of that message can know. */
  | { readonly by: 'return-path' }
  /** A signature, or the sending machine, of the author's own domain. */
  | { readonly by: 'dkim'; readonly domain: string; readonly selector: string }
  | { readonly by: 'spf'; readonly domain: string }
  /** A forwarder whose seal is believed. */
  | { readonly by: 'arc'; readonly domain: string }
  /** Somebody else than the seller, who may write for this order. */
  | { readonly by: 'carrier' }
  /** The buyer said to write from there too, and it is signed, or sent by a machine of its domain. */
  | { readonly by: 'accepted' }
  /** Not enough: it may be the buyer from another address, or somebody who has the buyer's words. It is held, whatever it says. */
  | { readonly by: 'unconfirmed'; readonly because: Doubt };

/**
 * Why it takes the registered buyer to say that a message is theirs: nothing proves the author; the author is proved, and is not the one
 * that was registered; it came through a list, or on from another
 * mailbox; nothing shows that it was written to this alias; it is older than what we remember; it came to another alias before.
 */
export type Doubt = 'unproven' | 'unregistered' | 'list' | 'forwarded' | 'not-addressed' | 'stale' | 'elsewhere';

/** The alias belongs to a live order; `from` writes, `to` is who the alias stands for. */
export interface Identified {
  readonly envelope: Envelope;
  readonly order: OrderRecord;
  readonly seller: SellerRecord;
  readonly from: Party;
  readonly to: Party;
}

export interface Authenticated extends Identified {
  readonly proof: Proof;
  /** Those of the author's own domain that count; none where the sender was known at RCPT. */
  readonly signatures: readonly Signature[];
}

/** A good signature of the author's domain. */
export interface Signature {
  /** See `SignatureFinding.octets`. */
  readonly octets: string;
  /** It covers the field in which the alias stands: made for this alias and, if it names others, for them. */
  readonly namesAlias: boolean;
}

/** One message for one alias, whatever door it came through. `id` is minted on arrival. */
export interface Arrival {
  readonly id: MessageId;
  readonly sender: Identified;
  /** What proved the sender; `undefined` for a held message of a Veilpost that did not keep it. */
  readonly proof: ProofKind | undefined;
  /** Why it is not enough; `undefined` where it is. */
  readonly doubt: Doubt | undefined;
  readonly door: Door;
  readonly receivedAt: Instant;
  readonly raw: Uint8Array;
}

/** Both parties' real addresses, opened to be masked and looked for. `seller` holds the inbox and every sender address. */
export interface Secrets {
  readonly buyer: readonly RealAddress[];
  readonly seller: readonly RealAddress[];
}

/** A message that was judged `deliver` or `redact`, or that a recorded decision released. Made by judge.ts only. */
export type Deliverable = Brand<
  { readonly arrival: Arrival; readonly message: Message; readonly verdict: Verdict },
  'Deliverable'
>;

/** What the reader will get: final bytes with CRLF, CRLF-terminated, unsigned. Made by rewrite.ts only. */
export type Rewritten = Brand<
  {
    readonly arrival: Arrival;
    readonly verdict: Verdict;
    readonly bytes: Uint8Array;
    /** Our Message-ID, without angle brackets. */
    readonly ownId: string;
    /** The author's Message-ID, without angle brackets, or ''. */
    readonly originalId: string;
    /** How many traces of a party's real address were replaced. */
    readonly masked: number;
    /** Some of them stood in the author's own words, not in what a mail program quoted: the meaning was touched. */
    readonly isMeaningTouched: boolean;
    readonly isAutomatic: boolean;
  },
  'Rewritten'
>;

/** Final bytes that hold neither party's real address. Made by verify.ts only. */
export type Verified = Brand<Omit<Rewritten, symbol>, 'Verified'>;

/** Why a message was taken and not passed on, although nothing is wrong with it. */
export type SilentReason = 'receipt' | 'report' | 'automatic-again' | 'loop' | 'repeated';

/** What became of an arrival, for the answer at the door. */
export type Outcome =
  | { readonly kind: 'queued'; readonly id: MessageId; readonly verdict: Verdict }
  | { readonly kind: 'held'; readonly id: MessageId; readonly caseId: CaseId; readonly verdict: Verdict }
  | { readonly kind: 'refused'; readonly id: MessageId; readonly caseId: CaseId; readonly verdict: Verdict }
  | { readonly kind: 'dropped'; readonly id: MessageId; readonly verdict: Verdict }
  /** The same message was taken before, as `id`: nothing was kept of this copy. */
  | { readonly kind: 'repeated'; readonly id: MessageId; readonly verdict: Verdict };

/** Who a recipient is for: a party of an order, or one of our own return paths. */
export type Admitted =
  | { readonly kind: 'party'; readonly sender: Authenticated }
  /** Whether the author is the party, only the message can show. */
  | { readonly kind: 'unproven'; readonly identified: Identified }
  /** An alias of a closed order, or one that was never made; answered as if it were somebody else's. */
  | { readonly kind: 'nobody'; readonly reversePath: RealAddress | undefined; readonly alias: AliasAddress }
  | { readonly kind: 'bounce'; readonly messageId: MessageId };

/** What a person, the registered buyer or the deadline says about a case. */
export interface Decision {
  readonly caseId: CaseId;
  readonly outcome: DecisionOutcome;
  /** A word of the marketplace's own list; never text about a person. */
  readonly reason: string;
  readonly note: string | undefined;
  /** Id of the API key, `buyer` or `deadline`. */
  readonly by: string;
  /** The author may write for the buyer of this order from now on. */
  readonly acceptsAuthor: boolean;
}

/** The bytes of a message: in memory, or in a spool when there are many. */
export type Received = Uint8Array | Spooled;

/** The mail path as the doors see it. Both methods throw `RelayError`, and everything else is our own trouble. */
export interface Relay {
  /** May `reversePath`, as claimed, write to `recipient`? Throws `alias.unknown` (one answer for every reason), `recipient.notOurs`. */
  admit(recipient: string, reversePath: RealAddress | undefined, claim: Claim): Promise<Admitted>;
  /**
   * Takes one message for all its admitted recipients, or none of them. When it resolves, every outcome is durable.
   * `received` has CRLF line ends and is not dot-stuffed; a spool stays the caller's. One outcome for each admitted party, in order; bounces have none.
   */
  relay(admitted: readonly Admitted[], received: Received, claim: Claim): Promise<readonly Outcome[]>;
}
