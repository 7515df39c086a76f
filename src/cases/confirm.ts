/**
 * confirm: the registered buyer says whether a held message is theirs.
 *
 * In:  the token of the link that went to the registered address.    Out: what is asked, and what became of the message.
 * The token is the whole proof: it went to that mailbox and nowhere else. A forged one, one that is over and one of a case that is gone
 * are all `undefined`: whoever tries them learns nothing.
 */
import type { KeyObject } from 'node:crypto';
import { codeOf } from '../core/errors.ts';
import type { CaseId, OrderId } from '../core/ids.ts';
import type { Instant } from '../core/time.ts';
import { languageOf, type Language } from '../mail/ask.ts';
import { caseOfToken } from '../mail/confirm-token.ts';
import type { PathParts } from '../mail/path.ts';
import { orderProfile } from '../orders/order.ts';
import { decideCase } from './decide.ts';

export interface ConfirmParts {
  readonly path: PathParts;
  readonly key: KeyObject;
}

export interface Question {
  readonly caseId: CaseId;
  readonly orderId: OrderId;
  readonly receivedAt: Instant;
  readonly language: Language;
  /** The buyer has answered, or somebody has decided without. */
  readonly isAnswered: boolean;
}

export type Answer =
  | { readonly isAuthor: true; readonly acceptsAuthor: boolean }
  | { readonly isAuthor: false; readonly acceptsAuthor: false };

/** `held`: theirs, and held for something else. `already`: somebody was first. */
export type Answered = 'passed' | 'held' | 'refused' | 'already';

export async function findQuestion(token: string, { path, key }: ConfirmParts): Promise<Question | undefined> {
  const caseId = caseOfToken(token, path.clock.now(), key);
  const found = caseId === undefined ? undefined : await path.store.findCase(caseId);
  const order = found === undefined ? undefined : await path.store.findOrder(found.orderId);
  if (found === undefined || order === undefined) return undefined;
  return {
    caseId: found.id,
    orderId: found.orderId,
    receivedAt: found.openedAt,
    language: languageOf(orderProfile(order, path.vault).locale),
    isAnswered: found.status === 'decided' || found.confirmedAt !== undefined,
  };
}

export async function answerQuestion(
  { caseId }: Question,
  { isAuthor, acceptsAuthor }: Answer,
  { path }: ConfirmParts,
): Promise<Answered> {
  const said = isAuthor
    ? ({ outcome: 'release', reason: 'confirmed' } as const)
    : ({ outcome: 'block', reason: 'not-the-buyer' } as const);
  try {
    const { status } = await decideCase({ ...said, caseId, note: undefined, by: 'buyer', acceptsAuthor }, path);
    if (!isAuthor) return 'refused';
    return status === 'open' ? 'held' : 'passed';
  } catch (error) {
    if (codeOf(error) === 'case.decided') return 'already';
    throw error;
  }
}
