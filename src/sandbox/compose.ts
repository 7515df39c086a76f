/**
 * compose: writes mail as an invented person's own mail client would, tell-tale headers and all, and hands it to the relay's own
 * SMTP door: what one sees in the sandbox is what happens.
 *
 * In:  who writes what, and to which address.    Out: the reply of the door, word for word.
 * Fails with: busy (the door cannot be reached).
 */
import { createTransport } from 'nodemailer';
import { RelayError } from '../core/errors.ts';
import { randomLetters } from '../core/ids.ts';
import { SECOND, type Clock } from '../core/time.ts';
import type { People, Person } from './people.ts';

/** The received message that is answered. */
export interface Answered {
  readonly from: string;
  readonly date: Date | undefined;
  readonly text: string;
  /** With angle brackets. */
  readonly messageId: string | undefined;
  readonly references: readonly string[];
}

export interface Writing {
  readonly people: People;
  readonly from: 'seller' | 'buyer';
  readonly recipient: 'alias' | 'real';
  readonly subject: string;
  readonly text: string;
  readonly answered: Answered | undefined;
}

export interface DoorReply {
  readonly isAccepted: boolean;
  readonly code: number;
  /** One line, such as `550 5.7.1 ...`. */
  readonly line: string;
}

export interface ComposeParts {
  readonly clock: Pick<Clock, 'now'>;
  readonly ports: { readonly mx: number | undefined; readonly submission: number | undefined };
}

/** Sellers sign in at the submission door; a buyer's provider talks to the MX. */
export async function send(writing: Writing, parts: ComposeParts): Promise<DoorReply> {
  const { login } = writing.people;
  const isSeller = writing.from === 'seller';
  const port = isSeller ? parts.ports.submission : parts.ports.mx;
  if (port === undefined) throw new RelayError('busy');
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    // Loopback, and the door's certificate is nobody's.
    ignoreTLS: true,
    connectionTimeout: 5 * SECOND,
    greetingTimeout: 5 * SECOND,
    ...(isSeller ? { auth: { user: login.username, pass: login.password } } : {}),
  });
  try {
    const { response } = await transport.sendMail(draftOf(writing, parts.clock.now()));
    return replyOf(response);
  } catch (error) {
    return refusalOf(error);
  } finally {
    transport.close();
  }
}

function draftOf(writing: Writing, now: number) {
  const { people, answered } = writing;
  const [author, reader] = writing.from === 'seller' ? [people.seller, people.buyer] : [people.buyer, people.seller];
  const to = writing.recipient === 'real' ? reader.address : people.order.aliases[reader.party];
  const host = author.address.slice(author.address.indexOf('@') + 1);
  const replyTo = answered?.messageId;
  return {
    from: { name: author.name, address: author.address },
    replyTo: author.address,
    to: { name: answered === undefined ? '' : reader.name, address: to },
    subject: writing.subject,
    text: bodyOf(writing.text, author, answered),
    date: new Date(now),
    messageId: `<${randomLetters(16)}@${host}>`,
    headers: clientHeaders(author, host),
    xMailer: false as const,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(replyTo === undefined ? {} : { inReplyTo: replyTo, references: [...(answered?.references ?? []), replyTo] }),
  };
}

/** What real programs and providers add, each of which has told somebody too much. 192.0.2.0/24 is for documentation (RFC 5737). */
function clientHeaders(author: Person, host: string): Readonly<Record<string, string>> {
  return {
    'Received': `from [192.168.1.23] (dsl-44.example [192.0.2.44]) by smtp.${host} with ESMTPSA`,
    'X-Mailer': author.mailer,
    'X-Originating-IP': '[192.0.2.44]',
    'X-Sender': author.address,
    'Organization': author.party === 'seller' ? author.name : 'At home',
  };
}

/** Signature, then the quoted original below: how most programs answer. */
function bodyOf(text: string, author: Person, answered: Answered | undefined): string {
  const signed = author.signature === '' ? text : `${text}\n\n-- \n${author.signature}`;
  if (answered === undefined) return `${signed}\n`;
  const when = answered.date === undefined ? '' : `On ${answered.date.toUTCString()}, `;
  const quoted = answered.text
    .trimEnd()
    .split('\n')
    .map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`));
  return `${signed}\n\n${when}${answered.from} wrote:\n${quoted.join('\n')}\n`;
}

function replyOf(line: string): DoorReply {
  const code = Number(line.slice(0, 3));
  return { isAccepted: code >= 200 && code < 300, code, line };
}

/** A refusal is an answer like any other; only a door that did not answer is trouble. The words are the relay's own. */
function refusalOf(error: unknown): DoorReply {
  const line = error instanceof Error && 'response' in error ? error.response : undefined;
  if (typeof line !== 'string' || line === '') throw new RelayError('busy', { cause: error });
  return replyOf(line);
}
