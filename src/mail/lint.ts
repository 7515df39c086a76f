/**
 * lint: the verdict on a draft, without a message, an order or a trace in the store.
 */
import type { Context, Field, FieldName, Verdict } from '../policy/rule.ts';
import { judgeText } from '../policy/engine.ts';
import { weighed } from './heavy.ts';
import { verdictOf, type Policy } from './judge.ts';
import type { Message } from './message.ts';
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

/** A whole message, before it is judged: who asks is looked at first. Throws the errors of `parse`. */
export const readAsked = (raw: Uint8Array): Message => parse(raw);

/** Of a whole message, as a seller would send it. Throws the errors of `parse`. */
export const lintMail = (raw: Uint8Array, policy: Policy): Verdict => lintMessage(readAsked(raw), policy);

export function lintMessage(message: Message, policy: Policy): Verdict {
  return verdictOf(weighed(message), sellerContext(policy), policy);
}

function sellerContext(policy: Policy): Context {
  return { from: 'seller', ownDomains: policy.ownDomains, isMasked: () => false };
}

function field(name: FieldName, source: string | undefined, kind: Field['kind'] = 'plain'): Field {
  return { name, source: source ?? '', kind };
}
