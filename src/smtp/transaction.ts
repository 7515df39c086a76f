/**
 * transaction: the recipients of one envelope and what becomes of its message.
 *
 * Aliases go to the relay; postmaster and its like to a desk, in a transaction of their own, since a desk answers for itself. An alias
 * that was never made, is somebody else's or closed is taken and refused at the same moments, after the same time: at RCPT where
 * nothing in the message could change the answer, after the data otherwise (CONTRACT 4).
 */
import type { SMTPServerAddress, SMTPServerEnvelope, SMTPServerOptions, SMTPServerSession } from 'smtp-server';
import { RelayError } from '../core/errors.ts';
import type { Instant } from '../core/time.ts';
import type { AtDesk } from '../mail/desks.ts';
import type { Admitted, Received } from '../mail/types.ts';
import { claimOf, reversePathOf, sellerOf } from './client.ts';
import { readData } from './data.ts';
import { answerFor } from './replies.ts';
import type { SmtpDoor } from './server.ts';

/** RFC 5321 4.5.3.1.8 asks for 100 at least. */
const RECIPIENTS_AT_MOST = 100;
/** Unknown, foreign, closed and guessed aliases differ in look-ups; what is said of each takes this long. */
const ANSWER_MS = 25;

interface Recipients {
  /** By recipient, so that a repeated RCPT is one arrival. */
  readonly aliases: Map<string, Admitted>;
  desk: AtDesk | undefined;
}

/**
 * By envelope: smtp-server makes a new one for each transaction, and for RSET and STARTTLS, so what was gathered for another one is
 * forgotten with it.
 */
export type Transactions = WeakMap<SMTPServerEnvelope, Recipients>;

/** smtp-server takes whatever is written there, and leaves it to us (RFC 5321 4.1.1.11: 555). */
export function checkParameters(args: SMTPServerAddress['args'], offered: readonly string[]): void {
  const given = typeof args === 'object' && args !== null ? Object.keys(args) : [];
  if (given.some((name) => !offered.includes(name))) throw new RelayError('parameter.unknown');
}

// --- RCPT ----------------------------------------------------------------------------------------------------------------

export async function admit(
  { address: recipient, args }: SMTPServerAddress,
  session: SMTPServerSession,
  transactions: Transactions,
  door: SmtpDoor,
): Promise<void> {
  const { desks, clock, events } = door.parts;
  const begun = clock.now();
  const { harvest } = door.limits;
  const desk = desks.find(recipient);
  // Whoever runs the relay can be written to also by those that tried too many aliases.
  if (desk !== 'operator' && harvest.isSpent(session.remoteAddress, sellerOf(session))) {
    throw new RelayError('recipients.tooManyUnknown');
  }
  checkParameters(args, []);
  const known = recipientsOf(session, transactions);
  try {
    if (desk === undefined) await admitAlias(recipient, session, known, door, begun);
    else if (known.aliases.size > 0 || (known.desk !== undefined && known.desk.desk !== desk)) throw tooMany();
    else known.desk = await desks.admit(desk, senderOf(session), claimOf(session, door));
  } catch (error) {
    if (error instanceof RelayError) {
      harvest.refused(error.code, session.remoteAddress, sellerOf(session));
      events.recipientRefused({ door: door.door, code: error.code });
    }
    await untilAnswer(begun, door);
    throw error;
  }
}

async function admitAlias(
  recipient: string,
  session: SMTPServerSession,
  { aliases, desk }: Recipients,
  door: SmtpDoor,
  begun: Instant,
): Promise<void> {
  const key = recipient.toLowerCase();
  if (desk !== undefined || (aliases.size >= RECIPIENTS_AT_MOST && !aliases.has(key))) throw tooMany();
  const admitted = await door.parts.relay.admit(recipient, senderOf(session), claimOf(session, door));
  aliases.set(key, admitted);
  // Nothing is said of these yet, and the time must not say it either.
  if (isUndecided(admitted)) await untilAnswer(begun, door);
}

const tooMany = (): RelayError => new RelayError('recipients.tooMany');

const isUndecided = ({ kind }: Admitted): boolean => kind === 'nobody' || kind === 'unproven';

const senderOf = ({ envelope }: SMTPServerSession) =>
  envelope.mailFrom === false ? undefined : reversePathOf(envelope.mailFrom.address);

async function untilAnswer(begun: Instant, { parts: { clock } }: SmtpDoor): Promise<void> {
  await clock.wait(Math.max(0, begun + ANSWER_MS - clock.now()));
}

function recipientsOf({ envelope }: SMTPServerSession, transactions: Transactions): Recipients {
  const known = transactions.get(envelope) ?? { aliases: new Map<string, Admitted>(), desk: undefined };
  transactions.set(envelope, known);
  return known;
}

// --- DATA ----------------------------------------------------------------------------------------------------------------

export async function take(
  stream: Parameters<NonNullable<SMTPServerOptions['onData']>>[0],
  session: SMTPServerSession,
  transactions: Transactions,
  door: SmtpDoor,
): Promise<string> {
  const { events, clock } = door.parts;
  const recipients = recipientsOf(session, transactions);
  let read = clock.now();
  try {
    await using received = await readData(stream, door.maxMessage);
    read = clock.now();
    return await handOn(received.message, recipients, session, door);
  } catch (error) {
    if (error instanceof RelayError) {
      const tried = [...recipients.aliases.values()].filter(isUndecided).length;
      door.limits.harvest.refused(error.code, session.remoteAddress, sellerOf(session), Math.max(1, tried));
      events.mailRejected({ door: door.door, code: error.code });
      if (error.code === 'alias.unknown') await untilAnswer(read, door);
    }
    // smtp-server waits for the whole stream before it reads the next command.
    stream.resume();
    throw error;
  }
}

async function handOn(message: Received, { aliases, desk }: Recipients, session: SMTPServerSession, door: SmtpDoor) {
  const { relay, desks, ruleLink } = door.parts;
  const claim = claimOf(session, door);
  if (desk !== undefined) return await desks.take(desk, message, claim);
  return answerFor(await relay.relay([...aliases.values()], message, claim), ruleLink);
}
