/**
 * mail-input: records as the scripts take them: what they are found by beside the record as text, bytes by argument number.
 */
import { encodeRecord } from '../encode.ts';
import { METER_MS, RESPONSES_KEPT_MS, TALLIES_KEPT_MS, type Acceptance, type CaseSettlement } from '../store.ts';
import type {
  AcceptedAuthor,
  BodyRecord,
  ClockMove,
  OutboxRecord,
  RareNotice,
  TallyRecord,
  ThreadRecord,
} from '../records.ts';

/** ARGV[1] is the input itself. */
const FIRST_BYTES = 2;

interface Dispatch {
  readonly bodies: readonly BodyRecord[];
  readonly outbox: readonly OutboxRecord[];
  readonly threads: readonly ThreadRecord[];
  readonly tallies: readonly TallyRecord[];
}

export function acceptanceInput(acceptance: Acceptance): object {
  return {
    ...dispatchInput(acceptance),
    messages: acceptance.messages.map((message) => ({
      id: message.id,
      orderId: message.orderId,
      sellerId: message.sellerId,
      status: message.status,
      record: encodeRecord(message),
    })),
    cases: acceptance.cases.map((opened) => ({
      id: opened.id,
      messageId: opened.messageId,
      status: opened.status,
      deadline: opened.deadline,
      orderId: opened.orderId,
      asks: opened.asks,
      record: encodeRecord(opened),
    })),
    bypasses: acceptance.bypasses.map((bypass) => encodeRecord(bypass)),
    rareNotices: acceptance.rareNotices.map(rareInput),
    charges: acceptance.charges.map((charge) => ({ ...charge, windowMs: METER_MS[charge.meter] })),
    clocks: acceptance.clocks.map(clockInput),
    sightings: acceptance.sightings,
  };
}

export function settlementInput(settlement: CaseSettlement): object {
  return {
    ...dispatchInput(settlement),
    caseId: settlement.caseId,
    status: settlement.status,
    decision: encodeRecord(settlement.decision),
    clocks: settlement.clocks.map(clockInput),
    accepts: acceptsInput(settlement.accepts),
    dropsOriginal: settlement.dropsOriginal,
  };
}

export function outboxInput(item: OutboxRecord): object {
  return { id: item.id, messageId: item.messageId, kind: item.kind, dueAt: item.dueAt, record: encodeRecord(item) };
}

export const clockInput = (move: ClockMove): object => ({ ...move, keptMs: RESPONSES_KEPT_MS });

const rareInput = ({ notice, ...rare }: RareNotice): object => ({ ...rare, notice: outboxInput(notice) });

export const acceptsInput = (accepted: AcceptedAuthor | undefined): object | undefined =>
  accepted && { orderId: accepted.orderId, author: accepted.author, record: encodeRecord(accepted) };

function dispatchInput({ bodies, outbox, threads, tallies }: Dispatch): object {
  return {
    bodies: bodies.map(({ messageId, kind }, index) => ({ messageId, kind, argument: FIRST_BYTES + index })),
    outbox: outbox.map(outboxInput),
    threads: threads.map((thread) => ({ orderId: thread.orderId, record: encodeRecord(thread) })),
    tallies,
    talliesKeptMs: TALLIES_KEPT_MS,
  };
}
