/**
 * tell: one line in the log for each arrival, and for each attempt to go around the relay that stood in it, once they are durable.
 */
import type { Events } from '../core/events.ts';
import type { Ending } from './accept.ts';
import type { Outcome } from './types.ts';

export function tell(endings: readonly Ending[], outcomes: readonly Outcome[], events: Events): void {
  for (const [index, outcome] of outcomes.entries()) {
    const ending = endings[index];
    if (ending === undefined) continue;
    const { arrival, bypasses } = ending;
    for (const { id, kind, sellerId } of bypasses) events.bypassTried({ bypass: id, kind, seller: sellerId });
    const fields = {
      message: outcome.id,
      order: arrival.sender.order.orderId,
      from: arrival.sender.from,
      door: arrival.door,
      action: outcome.verdict.action,
      rule: outcome.verdict.evidence[0]?.rule,
    };
    if (ending.kind === 'deliver') events.mailQueued({ ...fields, masked: ending.mail.masked });
    else if (outcome.kind === 'held') events.mailHeld({ ...fields, case: outcome.caseId });
    else if (outcome.kind === 'refused') events.mailRefused({ ...fields, case: outcome.caseId });
    else events.mailDropped(fields);
  }
}
