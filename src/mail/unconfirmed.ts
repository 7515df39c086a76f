/**
 * unconfirmed: the verdict on a message that may be the buyer's, from an address that nobody registered. A person decides; nothing that
 * the message says can let it through by itself.
 */
import type { Verdict } from '../policy/rule.ts';

export function unconfirmedVerdict(judged: Verdict): Verdict {
  return {
    ...judged,
    action: 'hold',
    evidence: [
      {
        rule: 'unconfirmed-sender',
        class: 'other',
        field: 'from',
        start: 0,
        end: 0,
        excerpt: '',
        why: 'Nothing proves that this is the buyer: it comes from another address, or without a signature of its domain.',
        fix: 'Write from the address that is registered for the order.',
        policy: 'veilpost-alias',
      },
      ...judged.evidence,
    ],
  };
}
