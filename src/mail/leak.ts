/**
 * leak: the verdict on a message that verify stopped. Rewriting has a bug, or somebody found a new place to hide an address; the
 * message waits for a person either way, and a release does not get past verify.
 */
import type { Verdict } from '../policy/rule.ts';

export function leakVerdict(judged: Verdict, place: string): Verdict {
  return {
    ...judged,
    action: 'hold',
    evidence: [
      {
        rule: 'real-address',
        class: 'other',
        field: 'text',
        start: 0,
        end: 0,
        excerpt: '',
        why: `A real address of one of the parties is still in the outgoing message (${place}).`,
        fix: 'Take the address out; the other party can reply without it.',
        policy: 'veilpost-alias',
      },
      ...judged.evidence,
    ],
  };
}
