/**
 * outcome: what became of a message, seen from outside.
 */
import type { Arrival } from './mailbox.ts';
import type { Party } from './options.ts';
import { canRead } from './oracle.ts';
import type { Reply } from './post.ts';

/**
 * From good to bad. `masked`: it arrived, and nobody can read the address. `held`: taken, and nothing arrived. `refused`: not taken.
 * `deferred`: "try again later", so the case was not tried at all.
 */
export const OUTCOMES = ['masked', 'held', 'refused', 'deferred', 'leaked'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const worst = (outcomes: readonly Outcome[]): Outcome =>
  OUTCOMES.findLast((outcome) => outcomes.includes(outcome)) ?? 'deferred';

export function outcomeOf(
  author: Party,
  reply: Reply,
  arrivals: readonly Arrival[],
  parties: readonly Party[],
): Outcome {
  if (arrivals.some((arrival) => shows(arrival, parties)) || replyShows(reply, author, parties)) return 'leaked';
  if (reply.code !== 250) return reply.code >= 500 ? 'refused' : 'deferred';
  return arrivals.length > 0 ? 'masked' : 'held';
}

/** Does it show one party's address to anybody else, in its envelope or in its bytes? */
export const shows = ({ from, to, bytes }: Arrival, parties: readonly Party[]): boolean =>
  parties.some(
    ({ address }) => !to.some((one) => isSame(one, address)) && (canRead(address, from) || canRead(address, bytes)),
  );

/** A refusal goes to the author: it may name the author, not the other party. */
const replyShows = ({ text }: Reply, author: Party, parties: readonly Party[]): boolean =>
  parties.some(({ name, address }) => name !== author.name && canRead(address, text));

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
