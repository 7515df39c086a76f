/**
 * problem: errors as `application/problem+json` (RFC 9457), from the one error table.
 *
 * What is not a `RelayError` answers 500 without a word of it; its class and place go to the log under the request's id.
 */
import type { ErrorRequestHandler, Response } from 'express';
import { RelayError, rowOf, type ErrorCode, type FieldError } from '../core/errors.ts';
import type { Events } from '../core/events.ts';
import { SECOND } from '../core/time.ts';
import type { Verdict } from '../policy/rule.ts';
import { requestIdOf } from './request-id.ts';

export interface ProblemExtras {
  readonly fields: readonly FieldError[];
  readonly verdict: Verdict | undefined;
  readonly messageId: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

const NOTHING: ProblemExtras = { fields: [], verdict: undefined, messageId: undefined };
const RETRY_AFTER_MS = 30 * SECOND;

export function sendProblem(
  response: Response,
  code: ErrorCode,
  publicUrl: string,
  extras: ProblemExtras = NOTHING,
): void {
  const { http, text, fix } = rowOf(code);
  if (http === 429 || http === 503) response.set('Retry-After', secondsOf(extras.retryAfterMs ?? RETRY_AFTER_MS));
  if (http === 401) response.set('WWW-Authenticate', 'Bearer');
  response
    .status(http)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `${publicUrl}/errors#${code}`,
        title: text,
        status: http,
        code,
        detail: fix,
        requestId: requestIdOf(response),
        ...(extras.fields.length > 0 ? { errors: extras.fields } : {}),
        ...(extras.messageId === undefined ? {} : { id: extras.messageId }),
        ...(extras.verdict === undefined ? {} : { verdict: extras.verdict }),
      }),
    );
}

/** Whole seconds, never too few (RFC 9110 10.2.3). */
export const secondsOf = (milliseconds: number): string => String(Math.max(1, Math.ceil(milliseconds / SECOND)));

/** The last handler of the application. */
export function problems(publicUrl: string, events: Events): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, _request, response, _next) => {
    const known = relayErrorOf(error);
    if (known === undefined) events.unexpected('http', error, requestIdOf(response));
    else if (rowOf(known.code).http === 429) events.requestLimited({ code: known.code });
    const { code = 'internal', fields = [], retryAfterMs } = known ?? {};
    if (response.headersSent) response.destroy();
    else sendProblem(response, code, publicUrl, { ...NOTHING, fields, retryAfterMs });
  };
}

/** The body parsers throw errors of their own, with a `type` from a closed list. */
function relayErrorOf(error: unknown): RelayError | undefined {
  if (error instanceof RelayError) return error;
  if (!(error instanceof Error)) return undefined;
  const type = 'type' in error ? error.type : undefined;
  if (type === 'entity.too.large') return new RelayError('request.tooLarge', { cause: error });
  const isUnreadable = typeof type === 'string' || error instanceof URIError;
  return isUnreadable ? new RelayError('request.unreadable', { cause: error }) : undefined;
}
