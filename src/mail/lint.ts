/**
 * lint: the verdict on a draft, without a message, an order or a trace in the store.
 */
import type { RealAddress } from '../core/real-address.ts';
import type { Context, Field, FieldName, Verdict } from '../policy/rule.ts';
import { judgeText } from '../policy/engine.ts';
import type { Origin } from '../store/records.ts';
import { weighed } from './heavy.ts';
import { verdictOf, type Policy } from './judge.ts';
import { parse } from './parse.ts';

export interface Draft {
  readonly subject: string | undefined;
  readonly text: string | undefined;
  readonly html: string | undefined;
}

export function lintDraft(draft: Draft, policy: Policy): Verdict {
  const fields = [field('subject', draft.subject), field('text', draft.text), field('html', draft.html, 'html')];
  return judgeText(
    fields.filter((entry) => entry.source !== ''),
    sellerContext(policy),
    policy,
    [],
  );
}

/** A message that somebody asks about, and the verdict on it. */
export interface Asked {
  readonly author: RealAddress;
  readonly origin: Origin;
  readonly subject: string;
  readonly messageId: string | undefined;
  readonly verdict: Verdict;
}

/** As `lintMail`, with what an answer to its author needs. Throws the errors of `parse`. */
export function lintWritten(raw: Uint8Array, policy: Policy): Asked {
  const { from, origin, subject, messageId } = parse(raw);
  return { author: from, origin, subject, messageId, verdict: lintMail(raw, policy) };
}

/** Of a whole message, as a seller would send it. Throws the errors of `parse`. */
export function lintMail(raw: Uint8Array, policy: Policy): Verdict {
  return verdictOf(weighed(parse(raw)), sellerContext(policy), policy);
}

function sellerContext(policy: Policy): Context {
  return { from: 'seller', ownDomains: policy.ownDomains, isMasked: () => false };
}

function field(name: FieldName, source: string | undefined, kind: Field['kind'] = 'plain'): Field {
  return { name, source: source ?? '', kind };
}
