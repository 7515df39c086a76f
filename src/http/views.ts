/**
 * views: records as the API shows them. No view has a field for a real address: the buyer's goes in and never comes out.
 */
import type { Accepted } from '../cases/accepted.ts';
import { rfc3339, SECOND, type Instant } from '../core/time.ts';
import type { Outcome } from '../mail/types.ts';
import type { Allowance } from '../orders/allowance.ts';
import type { Standing } from '../orders/standing.ts';
import type { Verdict } from '../policy/rule.ts';
import type { CaseRecord, MessageRecord, OrderRecord, Page, SellerRecord } from '../store/records.ts';

const time = (instant: Instant | undefined): string | null => (instant === undefined ? null : rfc3339(instant));

export function sellerView(seller: SellerRecord, name: string) {
  return { sellerId: seller.sellerId, name, senders: seller.senders.length, updatedAt: rfc3339(seller.updatedAt) };
}

export function standingView({ sellerId, responses: { medianMs, ...counts }, limits }: Standing) {
  const shown = ({ used, allowed, resetsAt }: Allowance) => ({ used, allowed, resetsAt: rfc3339(resetsAt) });
  const medianSeconds = medianMs === undefined ? null : Math.round(medianMs / SECOND);
  return {
    sellerId,
    responses: { ...counts, medianSeconds },
    limits: { day: shown(limits.day), minute: shown(limits.minute) },
  };
}

export function orderView(order: OrderRecord) {
  return {
    orderId: order.orderId,
    sellerId: order.sellerId,
    buyerId: order.buyerId,
    status: order.status,
    aliases: order.aliases,
    placedAt: rfc3339(order.placedAt),
    closesAt: time(order.closesAt),
  };
}

/** From how many other addresses the buyer said to write too, and since when: never which. */
export function acceptedView(accepted: readonly Accepted[]) {
  return accepted.map(({ id, at }) => ({ id, at: rfc3339(at) }));
}

export function messageView(message: MessageRecord) {
  return {
    id: message.id,
    orderId: message.orderId,
    sellerId: message.sellerId,
    from: message.from,
    door: message.door,
    receivedAt: rfc3339(message.receivedAt),
    size: message.size,
    status: message.status,
    action: message.action,
    rules: message.rules,
    policyVersion: message.policyVersion,
    caseId: message.caseId ?? null,
  };
}

export function outcomeView(outcome: Outcome) {
  return {
    id: outcome.id,
    status: outcome.kind,
    ...('caseId' in outcome ? { caseId: outcome.caseId } : {}),
    verdict: outcome.verdict,
  };
}

export function caseView(found: CaseRecord, content: { subject: string; verdict: Verdict } | undefined) {
  return {
    id: found.id,
    kind: found.kind,
    status: found.status,
    messageId: found.messageId,
    orderId: found.orderId,
    sellerId: found.sellerId,
    from: found.from,
    openedAt: rfc3339(found.openedAt),
    deadline: time(found.deadline),
    confirmedAt: time(found.confirmedAt),
    decision:
      found.decision === undefined
        ? null
        : {
            outcome: found.decision.outcome,
            reason: found.decision.reason,
            by: found.decision.by,
            at: rfc3339(found.decision.at),
          },
    ...(content === undefined ? {} : { subject: content.subject, verdict: content.verdict }),
  };
}

export function pageView<Row, View>(page: Page<Row>, view: (row: Row) => View) {
  return { data: page.rows.map(view), next: page.next ?? null };
}
