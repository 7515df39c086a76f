/**
 * parts: what the HTTP door needs of the rest, as narrow as it can be.
 */
import type { Answer, Answered, Question } from '../cases/confirm.ts';
import type { Events } from '../core/events.ts';
import type { Clock } from '../core/time.ts';
import type { Draft } from '../mail/lint.ts';
import type { PostedMessage } from '../mail/post.ts';
import type { Decision, Outcome } from '../mail/types.ts';
import type { Standing } from '../orders/standing.ts';
import type { OrderInput, SellerInput } from '../orders/register.ts';
import type { Accepted, ShownAccepted } from '../cases/accepted.ts';
import type { OrderId, SellerId } from '../core/ids.ts';
import type { Verdict } from '../policy/rule.ts';
import type { CaseRecord, MessageRecord, OrderRecord, SellerRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { HttpLimits } from './limits.ts';

export type Readable = Pick<
  Store,
  | 'ping'
  | 'findApiKey'
  | 'findSeller'
  | 'findOrder'
  | 'listOrders'
  | 'findMessage'
  | 'listMessages'
  | 'findCase'
  | 'listCases'
>;

export interface HttpParts {
  readonly store: Readable;
  readonly clock: Clock;
  readonly limits: HttpLimits;
  readonly events: Events;
  /** Largest message, in bytes. */
  readonly maxMessage: number;
  readonly readContent: (message: MessageRecord) => { readonly subject: string; readonly verdict: Verdict };
  readonly readSellerName: (seller: SellerRecord) => string;
  readonly registerSeller: (input: SellerInput) => Promise<SellerRecord>;
  readonly standingOf: (sellerId: SellerId) => Promise<Standing>;
  readonly addCredential: (input: { sellerId: SellerId; username: string; password: string }) => Promise<void>;
  readonly registerOrder: (input: OrderInput) => Promise<{ readonly order: OrderRecord; readonly isNew: boolean }>;
  readonly postMessage: (posted: PostedMessage, keyId: string) => Promise<Outcome>;
  readonly lintDraft: (draft: Draft) => Verdict;
  readonly lintMail: (raw: Uint8Array) => Verdict;
  readonly decideCase: (decision: Decision) => Promise<CaseRecord>;
  readonly findQuestion: (token: string) => Promise<Question | undefined>;
  readonly listAccepted: (orderId: OrderId) => Promise<readonly Accepted[]>;
  readonly showAccepted: (orderId: OrderId) => Promise<readonly ShownAccepted[]>;
  readonly removeAccepted: (orderId: OrderId, id: string, by: 'buyer' | 'person') => Promise<boolean>;
  readonly answerQuestion: (question: Question, answer: Answer) => Promise<Answered>;
}
