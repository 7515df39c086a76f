/**
 * judge: may this message go, and if not, why not?
 *
 * In:  `Arrival` and its normalised tree.    Out: a `Deliverable`, or a verdict that keeps it back.
 * The only maker of `Deliverable`: nothing leaves that was not judged here or released by a recorded decision.
 * Reads what the receiver will see: `rewrite` builds the outgoing message from the same tree.
 */
import { judgeText, type Standard } from '../policy/engine.ts';
import type { Context, Verdict } from '../policy/rule.ts';
import type { DecisionRecord } from '../store/records.ts';
import { fieldsOf, redact } from './fields.ts';
import { withoutWeight } from './heavy.ts';
import type { Message } from './message.ts';
import { findTraces, isOnlyTraces, type TraceSpan } from './mask/scrub.ts';
import { spellingsOf, type Traces } from './traces.ts';
import type { Arrival, Deliverable, Secrets } from './types.ts';
import { unconfirmedVerdict } from './unconfirmed.ts';

export type Judgement =
  | { readonly kind: 'deliver'; readonly deliverable: Deliverable }
  | { readonly kind: 'hold' | 'refuse'; readonly verdict: Verdict };

export interface Policy extends Standard {
  /** Domains that may be linked and written to: the marketplace's own and those of the aliases. */
  readonly ownDomains: readonly string[];
}

/** `secrets` are the addresses that `rewrite` will mask: quoting them is no offence. */
export function judge(arrival: Arrival, message: Message, policy: Policy, secrets: Secrets): Judgement {
  const traces = spellingsOf(secrets);
  const context: Context = {
    from: arrival.sender.from,
    ownDomains: policy.ownDomains,
    isMasked: maskedStretches(traces),
  };
  const verdict = verdictOf(message, context, policy);
  if (arrival.proof === 'unconfirmed')
    return { kind: 'hold', verdict: unconfirmedVerdict(verdict, arrival.doubt ?? 'unproven') };
  switch (verdict.action) {
    case 'deliver':
      return { kind: 'deliver', deliverable: deliverable(arrival, message, verdict) };
    case 'redact':
      return { kind: 'deliver', deliverable: deliverable(arrival, redact(message, verdict.evidence), verdict) };
    case 'hold':
      return { kind: 'hold', verdict };
    case 'return':
    case 'block':
      return { kind: 'refuse', verdict };
  }
}

/** A name of a host is masked where it is part of an address: mail clients wrap the address that they quote. */
function maskedStretches(traces: Traces): Context['isMasked'] {
  const known = new Map<string, readonly TraceSpan[]>();
  return (text, { start, end }) => {
    if (isOnlyTraces(text.slice(start, end), traces)) return true;
    const spans = known.get(text) ?? findTraces(text, traces);
    known.set(text, spans);
    return spans.some((span) => span.start <= start && end <= span.end);
  };
}

/** A person read the message and let it go: `decision` is the record of that, and is written with what it sets free. */
export function releaseHeld(
  arrival: Arrival,
  message: Message,
  verdict: Verdict,
  decision: DecisionRecord & { readonly outcome: 'release' },
): Deliverable {
  return deliverable(arrival, message, {
    ...verdict,
    action: decision.outcome === 'release' ? 'deliver' : verdict.action,
  });
}

/** The verdict alone, for linting: nothing is made that could be sent. */
export function verdictOf(message: Message, context: Context, policy: Policy): Verdict {
  return judgeText(fieldsOf(withoutWeight(message)), context, policy, message.anomalies);
}

function deliverable(arrival: Arrival, message: Message, verdict: Verdict): Deliverable {
  return { arrival, message, verdict } as Deliverable;
}
