/**
 * replies: the one way in which a hook of the SMTP server may end.
 *
 * smtp-server answers a plain `Error` with a *permanent* 550 and the error's own words. Here a `RelayError` becomes the reply of its
 * row, and whatever else is thrown becomes 451 4.3.0 without a word of it (CONTRACT 4: our own trouble is never a 5xx).
 * Standards: RFC 5321 4.2, RFC 3463. smtp-server's own enhanced codes stay off: it would write them twice.
 */
import { codeOf, rowOf, type ErrorCode } from '../core/errors.ts';
import type { Events } from '../core/events.ts';
import type { Outcome } from '../mail/types.ts';

/** What smtp-server reads of an error: the basic code and the rest of the line. */
class SmtpReply extends Error {
  readonly responseCode: number;

  constructor(code: number, text: string) {
    super(text);
    this.name = 'SmtpReply';
    this.responseCode = code;
  }
}

function replyOf(code: ErrorCode): SmtpReply {
  return new SmtpReply(rowOf(code).smtp[0], lineOf(code));
}

/** What stands behind the basic code of a row's reply. */
export function lineOf(code: ErrorCode): string {
  const { smtp, text, fix } = rowOf(code);
  return `${smtp[1]} ${text}. ${fix}`;
}

/** Runs a hook and ends it with its result, its reply, or 451. */
export function reply<Result>(
  place: string,
  work: () => Promise<Result>,
  done: (error: Error | null, result?: Result) => void,
  events: Events,
): void {
  void settle(place, work, done, events);
}

async function settle<Result>(
  place: string,
  work: () => Promise<Result>,
  done: (error: Error | null, result?: Result) => void,
  events: Events,
): Promise<void> {
  let result: Result;
  try {
    result = await work();
  } catch (error) {
    if (codeOf(error) === 'internal' && !(error instanceof SmtpReply)) events.unexpected(place, error);
    return done(error instanceof SmtpReply ? error : replyOf(codeOf(error)));
  }
  return done(null, result);
}

/** The answer to DATA for what became of its arrivals: the text of a 250, or a thrown 550 when every one was refused. */
export function answerFor(outcomes: readonly Outcome[], ruleLink: (rule: string) => string): string {
  const refused = outcomes.filter((outcome) => outcome.kind === 'refused');
  if (refused.length > 0 && refused.length === outcomes.length) throw refusal(refused, ruleLink);
  const held = outcomes.filter((outcome) => outcome.kind === 'held');
  const queued = outcomes.filter((outcome) => outcome.kind === 'queued');
  const dropped = outcomes.filter((outcome) => outcome.kind === 'dropped');
  const repeated = outcomes.filter((outcome) => outcome.kind === 'repeated');
  const told = [
    queued.length > 0 ? `queued as ${idsOf(queued)}` : '',
    held.length > 0 ? `held for review as ${idsOf(held)}` : '',
    repeated.length > 0 ? `taken before as ${idsOf(repeated)}` : '',
    dropped.length > 0 ? `taken and not passed on as ${idsOf(dropped)}` : '',
    refused.length > 0 ? `refused as ${idsOf(refused)}, a notice follows` : '',
  ].filter((part) => part !== '');
  return `2.0.0 ${told.join('; ') || 'noted'}`;
}

function refusal(refused: readonly Outcome[], ruleLink: (rule: string) => string): SmtpReply {
  const first = refused[0];
  const found = first?.verdict.evidence[0];
  const code: ErrorCode = first?.verdict.action === 'return' ? 'message.returned' : 'message.blocked';
  const { smtp, text } = rowOf(code);
  const rule = found?.rule ?? 'policy';
  return new SmtpReply(smtp[0], `${smtp[1]} ${rule}: ${text}. ${idsOf(refused)} ${ruleLink(rule)}`);
}

/** A reply line is at most 512 octets (RFC 5321 4.5.3.1.5): past a few ids, the number says enough. */
function idsOf(outcomes: readonly Outcome[]): string {
  const shown = outcomes.slice(0, 4).map((outcome) => outcome.id);
  const more = outcomes.length - shown.length;
  return more > 0 ? `${shown.join(' ')} and ${more} more` : shown.join(' ');
}
