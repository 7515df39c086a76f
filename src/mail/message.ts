/**
 * message: the one normalised tree of a message, as `parse` builds it and as the judge and `rewrite` read it.
 *
 * Text is decoded to Unicode with CRLF turned into LF; file contents are decoded bytes. Nothing here is an original line: what
 * leaves is rendered from this tree alone. The author's addresses are `RealAddress`es from the first moment.
 */
import type { RealAddress } from '../core/real-address.ts';
import type { Instant } from '../core/time.ts';
import type { Origin } from '../store/records.ts';

export interface MultipartPart {
  readonly kind: 'multipart';
  /** `mixed`, `alternative` or `related`; everything else is read as `mixed` (RFC 2046 5.1.3). */
  readonly subtype: 'mixed' | 'alternative' | 'related';
  readonly parts: readonly Part[];
}

export interface TextPart {
  readonly kind: 'text';
  readonly subtype: 'plain' | 'html';
  readonly text: string;
}

export interface FilePart {
  readonly kind: 'file';
  /** Lower case `type/subtype`, without parameters. */
  readonly contentType: string;
  readonly filename: string | undefined;
  readonly disposition: 'attachment' | 'inline';
  /** Without angle brackets; it is replaced on the way out, and `cid:` links with it. */
  readonly contentId: string | undefined;
  readonly content: Uint8Array;
  /** The content as text when the type says that it is text (`text/csv`, `text/calendar`, ...), decoded to Unicode. */
  readonly text: string | undefined;
  /** What a reader sees in a document, for the rules. `content` is what may leave then; see open.ts. */
  readonly words?: string;
  /** How many traces of a party's address were masked in `content` when it was opened. */
  readonly masked?: number;
}

/** A nested message (message/rfc822): only what the reader is shown of it. */
export interface NestedPart {
  readonly kind: 'message';
  readonly subject: string;
  readonly body: Part;
}

export type Part = MultipartPart | TextPart | FilePart | NestedPart;

/** Something that two programs could read differently, or that cannot be read: a reason to hold, in a closed vocabulary. */
export type Anomaly =
  | 'duplicate-header'
  | 'malformed-header'
  | 'ambiguous-type'
  | 'ambiguous-encoding'
  | 'broken-boundary'
  | 'broken-encoding'
  | 'unknown-charset'
  | 'mismatched-charset'
  | 'hidden-text-around-parts'
  | 'encrypted'
  | 'read-elsewhere'
  | 'unreadable-file'
  | 'address-in-file'
  | 'too-heavy'
  | 'too-deep'
  | 'too-many-parts';

/**
 * How a message says that it came: from its author; by way of a mailing list, which writes for many; or sent on from a mailbox that it
 * had reached already. See mime/passage.ts.
 */
export type Passage = 'direct' | 'list' | 'forwarded';

export interface Message {
  /** The one author. */
  readonly from: RealAddress;
  /** Decoded display name of the author, '' when there is none. Judged, never passed on. */
  readonly fromName: string;
  /** Addresses that the author wrote beside the alias (To, Cc, Bcc). They get nothing from us. */
  readonly otherRecipients: readonly RealAddress[];
  /** Everybody in To, and in Cc, aliases too: whom the author wrote to. */
  readonly writtenTo: { readonly to: readonly RealAddress[]; readonly cc: readonly RealAddress[] };
  readonly passage: Passage;
  readonly subject: string;
  /** Message-ID without angle brackets; '' when the message has none. */
  readonly messageId: string;
  readonly inReplyTo: string;
  /** Oldest first, without angle brackets. */
  readonly references: readonly string[];
  readonly date: Instant | undefined;
  readonly origin: Origin;
  /** How many relays of ours this message has passed before. */
  readonly hops: number;
  readonly body: Part;
  readonly anomalies: readonly Anomaly[];
}

/** All leaves of a tree in reading order, nested messages included. */
export function* leaves(part: Part): Generator<TextPart | FilePart> {
  if (part.kind === 'multipart') for (const child of part.parts) yield* leaves(child);
  else if (part.kind === 'message') yield* leaves(part.body);
  else yield part;
}
