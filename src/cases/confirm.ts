/**
 * confirm: the registered buyer says whether a held message is theirs.
 *
 * In:  the token of the link that went to the registered address.    Out: what is asked, and what became of the message.
 * The token is the whole proof: it went to that mailbox and nowhere else. A forged one, one that is over and one of a case that is gone
 * are all `undefined`: whoever tries them learns nothing. One answer counts for all messages that wait for the same question, as many of
 * them as the page has shown: what comes in while its reader thinks is asked about anew.
 */
import type { KeyObject } from 'node:crypto';
import { codeOf } from '../core/errors.ts';
import type { CaseId, OrderId } from '../core/ids.ts';
import type { Instant } from '../core/time.ts';
import { languageOf, type Language } from '../mail/ask.ts';
import { caseOfToken } from '../mail/confirm-token.ts';
import type { PathParts } from '../mail/path.ts';
import { orderProfile } from '../orders/order.ts';
import type { CaseRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
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
  /** What waits for the answer, oldest first. Nothing: the buyer has answered, or somebody has decided without. */
  readonly waiting: readonly Waiting[];
}

export interface Waiting {
  readonly caseId: CaseId;
  readonly receivedAt: Instant;
}

export type Answer =
  /** `upTo`: when the newest was received that the reader was shown; `undefined` for the one that the link was sent about. */
  | { readonly isAuthor: true; readonly acceptsAuthor: boolean; readonly upTo: Instant | undefined }
  | { readonly isAuthor: false; readonly acceptsAuthor: false; readonly upTo: Instant | undefined };

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
    waiting: (await waitingWith(found, path.store)).map(({ id, openedAt }) => ({ caseId: id, receivedAt: openedAt })),
  };
}

async function waitingWith(found: CaseRecord, store: Store): Promise<readonly CaseRecord[]> {
  if (found.asks !== undefined) return await store.findWaiting(found.orderId, found.asks);
  return found.status === 'decided' || found.confirmedAt !== undefined ? [] : [found];
}

/** Held for something else, if one of them is. Those that were answered when one fails stay so; the others can be answered again. */
export async function answerQuestion(
  { caseId, waiting }: Question,
  answer: Answer,
  parts: ConfirmParts,
): Promise<Answered> {
  const { upTo } = answer;
  const meant = waiting.filter((one) => (upTo === undefined ? one.caseId === caseId : one.receivedAt <= upTo));
  const answered = new Set<Answered>();
  for (const one of meant) answered.add(await answerOne(one.caseId, answer, parts));
  return RANKED.find((end) => answered.has(end)) ?? 'already';
}

const RANKED: readonly Answered[] = ['held', 'passed', 'refused'];

async function answerOne(
  caseId: CaseId,
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
