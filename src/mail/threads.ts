/**
 * threads: keeps a conversation one thread in both inboxes, although each side only knows its own Message-IDs.
 *
 * In:  the ids that the author refers to, and the order's links (opened by the caller).    Out: the ids that the reader knows.
 * An id that is in no link is dropped: it would tell of mail outside the relay, or of somebody else's order.
 * Standards: RFC 5322 3.6.4. Pure; never fails.
 */
import type { Party } from '../store/records.ts';

/** One relayed message: who wrote it, the id that the author gave it, and ours. Both without angle brackets. */
export interface ThreadLink {
  readonly from: Party;
  readonly ownId: string;
  readonly original: string;
}

/** What the author refers to; '' for no In-Reply-To. */
export interface Referring {
  readonly inReplyTo: string;
  readonly references: readonly string[];
}

/** What the reader is told; In-Reply-To is '' when nothing is known, and else the last of the references. */
export interface Threading {
  readonly inReplyTo: string;
  readonly references: readonly string[];
}

/** RFC 5322 sets no limit; clients cut long chains too, and twenty ids stay well under the limits of a header. */
const MAX_REFERENCES = 20;
/** What fits between angle brackets on one line (RFC 5322 2.1.1, 3.6.4, and `<`, `>` left out). */
const FIT_ID = /^[\x21-\x3b\x3d\x3f-\x7e]{1,250}$/;

/** Translates the ids that `author` refers to into ids that the other party knows. */
export function threadFor(referring: Referring, author: Party, links: readonly ThreadLink[]): Threading {
  const known = idsForReader(author, links);
  const mapped = referring.references.flatMap((id) => known.get(id) ?? []);
  const parent = known.get(referring.inReplyTo) ?? mapped.at(-1);
  if (parent === undefined) return { inReplyTo: '', references: [] };
  // RFC 5322 3.6.4: the parent's references, then the parent.
  const chain = [...new Set(mapped)].filter((id) => id !== parent);
  return { inReplyTo: parent, references: [...chain, parent].slice(-MAX_REFERENCES) };
}

/** For every id that the author can have seen: the id under which the reader has the same message. */
function idsForReader(author: Party, links: readonly ThreadLink[]): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const link of links) {
    const shown = link.from === author ? link.ownId : link.original;
    if (!FIT_ID.test(shown)) continue;
    if (link.from === author && link.original !== '') known.set(link.original, shown);
    known.set(link.ownId, shown);
  }
  return known;
}
