/**
 * errors: the one table of everything that can go wrong in front of somebody.
 *
 * Each row feeds the SMTP reply, the problem+json answer and `docs/errors.md`; a test keeps them equal. The text is public, so
 * it holds no data. Whatever is not a `RelayError` is `internal`: our own trouble, always temporary, never its own words
 * (smtp-server would turn a plain `Error` into a permanent 550 that carries the error's text).
 * Standards: RFC 5321 4.2 (replies), RFC 3463 (enhanced codes), RFC 9457 (problem details).
 */

/** `smtp`: basic and enhanced code, agreeing in the first digit. `http`: status. `text`: what is wrong. `fix`: what to do. */
export interface ErrorRow {
  readonly smtp: readonly [number, `${2 | 4 | 5}.${number}.${number}`];
  readonly http: number;
  readonly text: string;
  readonly fix: string;
}

export const ERRORS = {
  'address.invalid': {
    smtp: [553, '5.1.3'],
    http: 422,
    text: 'That is not a mailbox address',
    fix: 'Write it as local@domain (RFC 5321 4.1.2): no quotes, no comments, at most 64 octets before the @ and 255 after it.',
  },
  'alias.unknown': {
    smtp: [550, '5.1.1'],
    http: 404,
    text: 'No such mailbox here for you',
    fix: 'Write to the alias of your own, open order, from the address that is registered for it.',
  },
  'recipient.notOurs': {
    smtp: [550, '5.7.1'],
    http: 422,
    text: 'Only aliases of orders can be written to through this relay',
    fix: 'Send to the alias of the order; a real address is never needed.',
  },
  'alias.tooMany': {
    smtp: [451, '4.7.1'],
    http: 429,
    text: 'Too many messages to this alias within an hour',
    fix: 'Wait; the same message is taken when it is sent again later.',
  },
  'seller.tooMany': {
    smtp: [451, '4.7.1'],
    http: 429,
    text: 'Too many messages of this seller within a minute',
    fix: 'Send more slowly; the same message is taken when it is sent again in a minute.',
  },
  'seller.volume': {
    smtp: [451, '4.7.1'],
    http: 429,
    text: 'This seller has sent all the messages of its day',
    fix: 'Answers to buyers still go. Anything else is taken when it is sent again after midnight UTC.',
  },
  'bounce.notReport': {
    smtp: [550, '5.7.1'],
    http: 422,
    text: 'This address takes reports about undelivered mail, and nothing else',
    fix: 'Answer the message itself: your mail program then writes to the alias.',
  },
  'desk.away': {
    smtp: [451, '4.3.0'],
    http: 503,
    text: 'Mail to this address cannot be handed over at present',
    fix: 'Nothing was kept; the same message is taken when it is sent again later.',
  },
  'desk.tooMany': {
    smtp: [451, '4.7.1'],
    http: 429,
    text: 'Too many messages to this address within an hour',
    fix: 'Wait; the same message is taken when it is sent again later.',
  },
  'desk.tooLarge': {
    smtp: [552, '5.3.4'],
    http: 413,
    text: 'The message is too large for this address',
    fix: 'Keep it under 5 MB for the operator, under 64 kB to have it judged.',
  },
  'recipients.tooMany': {
    smtp: [452, '4.5.3'],
    http: 429,
    text: 'Too many recipients in one transaction',
    fix: 'Send the rest in another transaction.',
  },
  'sender.unproven': {
    smtp: [550, '5.7.1'],
    http: 403,
    text: 'The sender is not the party of this order that the message claims',
    fix: 'Send from the registered address with a DKIM signature of its domain, or sign in with the submission credentials.',
  },
  'sender.refused': {
    smtp: [550, '5.7.1'],
    http: 403,
    text: 'The domain of the author asks to refuse mail that it has not signed or sent itself',
    fix: 'Send it through the mail server of that domain (DMARC, p=reject).',
  },
  'sender.unverifiable': {
    smtp: [451, '4.7.0'],
    http: 503,
    text: 'Whether the sender is who the message says cannot be looked up at present',
    fix: 'Wait; the same message is taken when it is sent again and the name servers of its domain answer.',
  },
  'window.over': {
    smtp: [550, '5.7.1'],
    http: 403,
    text: 'The time in which this buyer may be written to unasked is over',
    fix: 'Answer a message of the buyer; or send what the order cannot do without over the API, with its reason.',
  },
  'window.optedOut': {
    smtp: [550, '5.7.1'],
    http: 403,
    text: 'This buyer wants no mail but answers',
    fix: 'Answer a message of the buyer; or send what the order cannot do without over the API, with its reason.',
  },
  'sender.invalid': {
    smtp: [501, '5.1.7'],
    http: 422,
    text: 'The reverse path is not an address',
    fix: 'Use MAIL FROM:<local@domain>.',
  },
  'recipients.tooManyUnknown': {
    smtp: [421, '4.7.0'],
    http: 429,
    text: 'Too many recipients that do not exist',
    fix: 'Write only to aliases of your own orders; within an hour they are taken again.',
  },
  'parameter.unknown': {
    smtp: [555, '5.5.4'],
    http: 422,
    text: 'A parameter of MAIL or RCPT is not supported',
    fix: 'Use only what the answer to EHLO offers.',
  },
  'command.malformed': {
    smtp: [500, '5.5.2'],
    http: 400,
    text: 'That is not a command of SMTP',
    fix: 'End every line with CRLF, without control characters in it (RFC 5321 2.3.8).',
  },
  'command.tooLong': {
    smtp: [500, '5.5.2'],
    http: 400,
    text: 'The command line is too long',
    fix: 'Keep it under 2,048 octets.',
  },
  'command.order': {
    smtp: [503, '5.5.1'],
    http: 409,
    text: 'Not now',
    fix: 'Wait for 354 after DATA, and send RSET before STARTTLS.',
  },
  'session.early': {
    smtp: [421, '4.7.0'],
    http: 400,
    text: 'The server speaks first',
    fix: 'Wait for 220.',
  },
  'session.http': {
    smtp: [421, '4.7.0'],
    http: 400,
    text: 'This is a mail server',
    fix: 'Use the address of the web pages.',
  },
  'session.errors': {
    smtp: [421, '4.7.0'],
    http: 429,
    text: 'Too many errors in one session',
    fix: 'Look at the answers before, then connect again.',
  },
  'session.idle': {
    smtp: [421, '4.4.2'],
    http: 408,
    text: 'Nothing came for too long',
    fix: 'Connect again when there is something to say.',
  },
  'session.slow': {
    smtp: [421, '4.4.2'],
    http: 408,
    text: 'The message came too slowly',
    fix: 'Send at least 500 octets a second, the whole within five minutes.',
  },
  'session.overtime': {
    smtp: [421, '4.4.2'],
    http: 408,
    text: 'The session was too long',
    fix: 'Connect again after a quarter of an hour.',
  },
  'connections.tooMany': {
    smtp: [421, '4.7.0'],
    http: 429,
    text: 'Too many connections',
    fix: 'Close some, or try again in a moment.',
  },
  'auth.failed': {
    smtp: [535, '5.7.8'],
    http: 401,
    text: 'The credentials are not valid',
    fix: 'Check the user name and password, or create new credentials through the API.',
  },
  'auth.required': {
    smtp: [530, '5.7.0'],
    http: 401,
    text: 'Sign in first',
    fix: 'SMTP: use AUTH. HTTP: send Authorization: Bearer KEY.',
  },
  'auth.scope': {
    smtp: [550, '5.7.1'],
    http: 403,
    text: 'This key may not do that',
    fix: 'Use a key that has the scope named in the documentation of this endpoint.',
  },
  'auth.tooMany': {
    smtp: [421, '4.7.0'],
    http: 429,
    text: 'Too many failed sign-ins from this address, or for this user',
    fix: 'Wait a minute, at most a quarter of an hour, then try again with the right credentials.',
  },
  'message.blocked': {
    smtp: [550, '5.7.1'],
    http: 422,
    text: 'Not delivered: the message breaks a rule of this marketplace',
    fix: 'Read the rule behind the link, take the marked words out and send the message again.',
  },
  'message.returned': {
    smtp: [550, '5.7.1'],
    http: 422,
    text: 'Not delivered yet: the message needs a change',
    fix: 'Change the marked words as the rule explains and send the message again.',
  },
  'message.lineEnding': {
    smtp: [550, '5.6.0'],
    http: 422,
    text: 'The message holds a bare CR, a bare LF or a NUL',
    fix: 'End every line with CRLF and encode binary content (RFC 5321 2.3.8).',
  },
  'message.malformed': {
    smtp: [554, '5.6.0'],
    http: 422,
    text: 'The message is not valid Internet mail',
    fix: 'Send exactly one From with one address, and header fields as in RFC 5322.',
  },
  'message.fragment': {
    smtp: [554, '5.6.1'],
    http: 422,
    text: 'Partial and external bodies are not relayed',
    fix: 'Send the message whole: no message/partial and no message/external-body.',
  },
  'message.header': {
    smtp: [554, '5.3.4'],
    http: 422,
    text: 'The header is too large',
    fix: 'Keep the header under 64 kB, 200 fields and 16 kB a field.',
  },
  'message.tooLarge': {
    smtp: [552, '5.3.4'],
    http: 413,
    text: 'The message is too large',
    fix: 'Keep it under the size that the server announces (SIZE), attachments encoded.',
  },
  'message.loop': {
    smtp: [554, '5.4.6'],
    http: 422,
    text: 'The message goes round in a loop',
    fix: 'Look for two mailboxes that forward to each other, or two programs that answer each other.',
  },
  'request.invalid': {
    smtp: [501, '5.5.4'],
    http: 422,
    text: 'The request is not valid',
    fix: 'See errors[]: each entry names the field and what it must be.',
  },
  'request.unreadable': {
    smtp: [501, '5.5.2'],
    http: 400,
    text: 'The request body cannot be read',
    fix: 'Send JSON in UTF-8 with Content-Type: application/json.',
  },
  'request.tooLarge': {
    smtp: [552, '5.3.4'],
    http: 413,
    text: 'The request body is too large',
    fix: 'Keep JSON bodies under 1 MB, messages under the configured size.',
  },
  'request.tooMany': {
    smtp: [451, '4.7.0'],
    http: 429,
    text: 'Too many requests',
    fix: 'Wait as long as Retry-After says.',
  },
  'notFound': {
    smtp: [550, '5.1.1'],
    http: 404,
    text: 'There is nothing here by that name',
    fix: 'Check the id; ids of other marketplaces and unknown ids answer alike.',
  },
  'order.conflict': {
    smtp: [550, '5.5.0'],
    http: 409,
    text: 'The order exists with another seller or another buyer',
    fix: 'Use a new orderId: the parties of an order never change.',
  },
  'order.noSeller': {
    smtp: [550, '5.5.0'],
    http: 422,
    text: 'The seller of this order is not registered',
    fix: 'PUT /v1/sellers/{sellerId} first.',
  },
  'order.closed': {
    smtp: [550, '5.1.1'],
    http: 409,
    text: 'The order is closed',
    fix: 'Messages can be sent until closesAt.',
  },
  'credential.taken': {
    smtp: [550, '5.5.0'],
    http: 409,
    text: 'That user name belongs to another seller',
    fix: 'Choose another user name.',
  },
  'case.decided': {
    smtp: [550, '5.5.0'],
    http: 409,
    text: 'The case is decided already',
    fix: 'Read the case again: it names the decision.',
  },
  'case.notHeld': {
    smtp: [550, '5.5.0'],
    http: 409,
    text: 'The message of this case was refused and cannot be released',
    fix: 'Ask the sender to send it again.',
  },
  'delivery.failed': {
    smtp: [550, '5.4.0'],
    http: 502,
    text: 'The message could not be delivered',
    fix: 'The mailbox behind the alias does not take mail at present; write again later or contact the marketplace.',
  },
  'busy': {
    smtp: [421, '4.3.2'],
    http: 503,
    text: 'The relay is busy or shutting down',
    fix: 'Try again in a moment: nothing was kept.',
  },
  'internal': {
    smtp: [451, '4.3.0'],
    http: 500,
    text: 'Temporary trouble on our side; nothing was kept',
    fix: 'Try again later; name the request id if it goes on.',
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** One field that is wrong: JSON pointer (RFC 6901) into the request, and what it must be. Never echoes the value. */
export interface FieldError {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** The only error that reaches an edge with its own words: those of its row. The cause is for the log. */
export class RelayError extends Error {
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[];
  /** When to come again, in milliseconds from now, where that is known. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    options: { cause?: unknown; fields?: readonly FieldError[]; retryAfterMs?: number | undefined } = {},
  ) {
    super(ERRORS[code].text, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RelayError';
    this.code = code;
    this.fields = options.fields ?? [];
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The code of whatever was thrown: a stranger's error is `internal`. */
export function codeOf(error: unknown): ErrorCode {
  return error instanceof RelayError ? error.code : 'internal';
}

/** The row of a code, as the table's common shape. */
export function rowOf(code: ErrorCode): ErrorRow {
  return ERRORS[code];
}
