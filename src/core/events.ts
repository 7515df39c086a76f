/**
 * events: the only way to log. One function for each thing that happens, with just the fields that may be told.
 *
 * Fields are ids, numbers and words from closed lists. Text of messages, subjects, names, addresses and remote replies have no
 * field here; an unexpected error is told by its class name and the place in our own code, never by its message.
 */
import type { BypassId, CaseId, MessageId, OrderId, OutboxId, SellerId } from './ids.ts';
import type { ErrorCode } from './errors.ts';
import type { LogSink } from './log.ts';
import type { RemoteText } from './remote-text.ts';

export type Door = 'mx' | 'submission' | 'http';
export type BypassKind = 'real-recipient' | 'foreign-alias' | 'guessed-alias' | 'real-address-beside-alias';

/** `mismatch`: the key is not the certificate's. */
export type ReloadFlaw = 'unreadable' | 'mismatch' | 'expired';

interface MailFields {
  readonly message: MessageId;
  readonly order: OrderId;
  readonly from: 'buyer' | 'seller';
  readonly door: Door;
  readonly action: string;
  readonly rule: string | undefined;
  readonly case?: CaseId;
}

type ReleaseFields = Pick<MailFields, 'message' | 'order' | 'from'> & { readonly masked: number };

export type Events = ReturnType<typeof createEvents>;

/** Everything that can be told, written to `sink`. */
export function createEvents(sink: LogSink) {
  return {
    metricsOff: (fields: { port: number }) => sink.write('warn', 'relay.metricsOff', fields),
    started: (fields: { role: string; mode: string; store: string; milliseconds: number }) =>
      sink.write('info', 'relay.started', fields),
    listening: (fields: { door: string; port: number }) => sink.write('info', 'relay.listening', fields),
    stopped: (fields: { role: string }) => sink.write('info', 'relay.stopped', fields),
    /** A file was changed while the relay runs, and is in use now; or it is not usable, and what was read before stays in use. */
    reloaded: (fields: { what: 'certificate' | 'keys' }) => sink.write('info', 'relay.reloaded', fields),
    reloadFailed: (fields: { what: 'certificate' | 'keys'; flaw: ReloadFlaw }) =>
      sink.write('error', 'relay.reloadFailed', fields),

    mailQueued: (fields: MailFields & { readonly masked: number }) => sink.write('info', 'mail.queued', { ...fields }),
    mailHeld: (fields: MailFields) => sink.write('info', 'mail.held', { ...fields }),
    mailRefused: (fields: MailFields) => sink.write('info', 'mail.refused', { ...fields }),
    mailReleased: (fields: ReleaseFields) => sink.write('info', 'mail.released', { ...fields }),
    mailDropped: (fields: MailFields) => sink.write('info', 'mail.dropped', { ...fields }),
    acceptedRemoved: (fields: { order: OrderId; by: 'buyer' | 'person' }) =>
      sink.write('info', 'accepted.removed', fields),
    /** The same message was taken before, as `message`. */
    mailRepeated: (fields: Pick<MailFields, 'message' | 'order' | 'from' | 'door'>) =>
      sink.write('info', 'mail.repeated', fields),
    mailRejected: (fields: { door: Door; code: ErrorCode }) => sink.write('info', 'mail.rejected', fields),
    /** Mail to an address that is no alias was handed over. */
    deskTook: (fields: { desk: 'operator' | 'lint'; door: Door }) => sink.write('info', 'desk.took', fields),
    /** Nobody reads what is written to postmaster: it is put off until somebody does. */
    operatorMissing: (fields: { setting: 'operator.mailbox' }) => sink.write('warn', 'operator.missing', fields),
    leakStopped: (fields: { message: MessageId; order: OrderId; place: string }) =>
      sink.write('error', 'mail.leakStopped', fields),
    bypassTried: (fields: { bypass: BypassId; kind: BypassKind; seller: SellerId | undefined }) =>
      sink.write('warn', 'bypass.tried', fields),
    recipientRefused: (fields: { door: Door; code: ErrorCode }) => sink.write('info', 'recipient.refused', fields),
    clientDismissed: (fields: { door: Door; code: ErrorCode }) => sink.write('info', 'client.dismissed', fields),
    doorCrowded: (fields: { door: Door; refused: number }) => sink.write('warn', 'door.crowded', fields),
    signInFailed: (fields: { door: Door }) => sink.write('warn', 'signIn.failed', fields),

    delivered: (fields: { outbox: OutboxId; message: MessageId; attempt: number; milliseconds: number }) =>
      sink.write('info', 'outbox.delivered', fields),
    deferred: (fields: {
      outbox: OutboxId;
      message: MessageId;
      attempt: number;
      reply: RemoteText | undefined;
      retryInMs: number;
    }) => sink.write('warn', 'outbox.deferred', { ...fields, reply: undefined, ...codesOf(fields.reply) }),
    failed: (fields: { outbox: OutboxId; message: MessageId; attempt: number; reply: RemoteText | undefined }) =>
      sink.write('warn', 'outbox.failed', { ...fields, reply: undefined, ...codesOf(fields.reply) }),
    /** RFC 8460 4.3 and 4.4: words only, for the figures. */
    tlsTried: (fields: { policy: string; result: string }) => sink.write('info', 'outbox.tls', fields),
    leaseLost: (fields: { outbox: OutboxId }) => sink.write('warn', 'outbox.leaseLost', fields),
    bounced: (fields: { message: MessageId; reason: string }) => sink.write('info', 'mail.bounced', fields),

    caseDecided: (fields: { case: CaseId; outcome: string; by: 'person' | 'buyer' | 'deadline' }) =>
      sink.write('info', 'case.decided', fields),
    caseConfirmed: (fields: { case: CaseId }) => sink.write('info', 'case.confirmed', fields),
    request: (fields: { request: string; method: string; route: string; status: number; milliseconds: number }) =>
      sink.write('info', 'http.request', fields),
    requestLimited: (fields: { code: ErrorCode }) => sink.write('info', 'http.limited', { door: 'http', ...fields }),
    unexpected: (place: string, error: unknown, request?: string) =>
      sink.write('error', 'relay.unexpected', { place, request, ...originOf(error) }),
  };
}

function codesOf(reply: RemoteText | undefined) {
  return { code: reply?.code ?? 0, enhanced: reply?.enhanced ?? '' };
}

/** Class and our own innermost stack frame. The message of a foreign error may quote mail, so it is left out. */
function originOf(error: unknown) {
  if (!(error instanceof Error)) return { error: typeof error, at: '' };
  const frame = error.stack?.split('\n').find((line) => line.includes('/src/'));
  return { error: error.name, at: frame?.replace(/^.*\/src\//, 'src/').replace(/\)$/, '') ?? '' };
}
