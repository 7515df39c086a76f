/**
 * unconfirmed: the verdict on a message that may be the buyer's, and that somebody else may have sent. A person decides; nothing that
 * the message says can let it through by itself.
 */
import type { Verdict } from '../policy/rule.ts';
import type { Doubt } from './types.ts';

interface Reason {
  readonly why: string;
  readonly fix: string;
}

const DIRECTLY = 'Write to the alias directly, from the address that is registered for the order.';

const REASONS: Readonly<Record<Doubt, Reason>> = {
  'unproven': {
    why: 'Nothing proves who wrote this: there is no good signature of the domain of its author.',
    fix: 'Write from the address that is registered for the order.',
  },
  'unregistered': {
    why: 'It comes from another address than the registered one. Its domain vouches for it.',
    fix: 'Write from the address that is registered for the order.',
  },
  'list': { why: 'It came through a mailing list, so it was not written to the seller.', fix: DIRECTLY },
  'forwarded': { why: 'It was sent on from a mailbox that it had reached before.', fix: DIRECTLY },
  'not-addressed': {
    why: 'Nothing shows that the buyer wrote this to the alias: whoever has it can send it here.',
    fix: 'Put the alias into To or Cc.',
  },
  'stale': { why: 'It was signed more than a week ago: whoever has kept it can send it again.', fix: 'Write it anew.' },
  'elsewhere': {
    why: 'The same message came to another alias before, and its signature does not cover whom it is for.',
    fix: 'Write to each alias by itself.',
  },
};

export function unconfirmedVerdict(judged: Verdict, doubt: Doubt): Verdict {
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
        ...REASONS[doubt],
        policy: 'veilpost-alias',
      },
      ...judged.evidence,
    ],
  };
}
