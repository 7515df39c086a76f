/**
 * sink: a mail server of another company, on a raw socket. It records every message with its envelope, octet for octet, and answers
 * what it is told to answer; so it can be as rude as servers are. With a certificate it offers STARTTLS.
 */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { TLSSocket, type SecureContext, type SecureVersion } from 'node:tls';

/** `silence` says nothing, `drop` closes the connection; a function sees the connection and may do as it likes. */
export type SinkAnswer = `${number}${string}` | 'silence' | 'drop' | ((socket: Socket) => void);
export type SinkMoment = 'greeting' | 'EHLO' | 'STARTTLS' | 'MAIL' | 'RCPT' | 'DATA' | 'message';
export type SinkAnswers = Partial<Record<SinkMoment, SinkAnswer>>;

export interface SinkMessage {
  readonly from: string;
  readonly to: readonly string[];
  /** As accepted: dots unstuffed, with its last CRLF. */
  readonly bytes: Buffer;
  /** Number of the connection that brought it, from 1. */
  readonly connection: number;
  readonly wasEncrypted: boolean;
}

export interface SinkTls {
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
  readonly maxVersion?: SecureVersion;
  /** Is told the name that the client asks for (RFC 6066 3); `done(null)` presents the certificate above. */
  readonly SNICallback?: (name: string, done: (error: Error | null, context?: SecureContext) => void) => void;
}

export interface Sink extends AsyncDisposable {
  readonly port: number;
  /** Messages that were answered with a 250. */
  readonly messages: readonly SinkMessage[];
  /** Every line that was a command, in order. */
  readonly commands: readonly string[];
  /** Connections so far, and those open now. */
  readonly connections: { readonly total: number; readonly open: number };
  /** `accept` and `silence` for everything, or answers for some moments; what is left out is accepted. */
  answer(answers: SinkAnswers | 'accept' | 'silence'): void;
  /** Resolves when `count` messages were accepted. */
  waitFor(count: number): Promise<readonly SinkMessage[]>;
  /** Closes every connection now open, as a server that restarts does. */
  hangUp(): Promise<void>;
}

const ACCEPTED: Record<SinkMoment, string> = {
  greeting: '220 sink.test ESMTP',
  EHLO: '250-sink.test\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250 8BITMIME',
  STARTTLS: '220 2.0.0 go',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go on',
  message: '250 2.0.0 taken',
};
const END = Buffer.from('\r\n.\r\n');

interface Session {
  readonly number: number;
  /** The connection itself, or what is inside of its encryption. */
  socket: Socket;
  /** `undefined` until a MAIL was accepted; '' is the null reverse path. */
  from: string | undefined;
  to: string[];
  /** What came in and was not read yet. */
  pending: Buffer;
  isInData: boolean;
}

export async function startSink(
  options: {
    readonly answers?: SinkAnswers;
    readonly host?: string;
    readonly port?: number;
    readonly tls?: SinkTls;
  } = {},
): Promise<Sink> {
  let answers: SinkAnswers = options.answers ?? {};
  const messages: SinkMessage[] = [];
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  let total = 0;

  function say(socket: Socket, moment: SinkMoment): boolean {
    const isOffered = options.tls !== undefined && moment === 'EHLO' && !(socket instanceof TLSSocket);
    const accepted = isOffered ? `250-STARTTLS\r\n${ACCEPTED.EHLO}` : ACCEPTED[moment];
    const answer = answers[moment] ?? accepted;
    if (typeof answer === 'function') answer(socket);
    else if (answer === 'drop') socket.destroy();
    else if (answer !== 'silence') socket.write(`${answer}\r\n`);
    return typeof answer === 'string' && /^[23]/.test(answer);
  }

  function command(line: string, session: Session, socket: Socket): void {
    commands.push(line);
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO' || verb === 'HELO') say(socket, 'EHLO');
    else if (verb === 'STAR' && options.tls !== undefined) {
      if (say(socket, 'STARTTLS')) encrypt(session, options.tls);
    } else if (verb === 'MAIL') {
      if (say(socket, 'MAIL')) session.from = addressIn(line);
    } else if (verb === 'RCPT') {
      if (session.from === undefined) socket.write('503 5.5.1 no sender\r\n');
      else if (say(socket, 'RCPT')) session.to.push(addressIn(line));
    } else if (verb === 'DATA') {
      if (session.to.length === 0) socket.write('503 5.5.1 no recipient\r\n');
      else session.isInData = say(socket, 'DATA');
    } else if (verb === 'QUIT') socket.end('221 bye\r\n');
    else if (verb === 'RSET' || verb === 'NOOP') {
      Object.assign(session, { from: undefined, to: [] });
      socket.write('250 ok\r\n');
    } else socket.write('502 5.5.1 not here\r\n');
  }

  function message(raw: Buffer, session: Session, socket: Socket): void {
    const { from = '', to, number } = session;
    Object.assign(session, { from: undefined, to: [], isInData: false });
    if (!say(socket, 'message')) return;
    const wasEncrypted = socket instanceof TLSSocket;
    messages.push({ from, to, bytes: unstuffed(raw), connection: number, wasEncrypted });
    for (const wake of waiting) wake();
  }

  function encrypt(session: Session, tls: SinkTls): void {
    session.socket.removeAllListeners('data');
    session.pending = Buffer.alloc(0);
    session.socket = new TLSSocket(session.socket, { isServer: true, ...tls });
    session.socket.on('error', () => session.socket.destroy());
    listen(session);
  }

  function listen(session: Session): void {
    session.socket.on('data', (chunk) => {
      session.pending = session.pending.length === 0 ? chunk : Buffer.concat([session.pending, chunk]);
      read(session);
    });
  }

  function read(session: Session): void {
    for (;;) {
      const { socket } = session;
      if (session.isInData) {
        // A dot alone on the first line ends an empty message.
        const isEmpty = session.pending.subarray(0, 3).equals(END.subarray(2));
        const end = isEmpty ? -2 : session.pending.indexOf(END);
        if (end < 0 && !isEmpty) return;
        const raw = session.pending.subarray(0, end + 2);
        session.pending = session.pending.subarray(end + END.length);
        message(raw, session, socket);
      } else {
        const end = session.pending.indexOf('\r\n');
        if (end < 0) return;
        const line = session.pending.toString('utf8', 0, end);
        session.pending = session.pending.subarray(end + 2);
        command(line, session, socket);
      }
    }
  }

  const server = createServer((socket) => {
    total += 1;
    const session: Session = {
      number: total,
      socket,
      from: undefined,
      to: [],
      pending: Buffer.alloc(0),
      isInData: false,
    };
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    listen(session);
    say(socket, 'greeting');
  });
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();

  async function hangUp(): Promise<void> {
    await Promise.all(
      [...sockets].map(async (socket) => {
        const closed = once(socket, 'close');
        socket.destroy();
        await closed;
      }),
    );
  }

  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    messages,
    commands,
    get connections() {
      return { total, open: sockets.size };
    },
    answer(next) {
      if (next === 'accept') answers = {};
      else if (next === 'silence') answers = silent();
      else answers = next;
    },
    async waitFor(count) {
      while (messages.length < count) {
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.add(resolve);
        await promise;
        waiting.delete(resolve);
      }
      return messages;
    },
    hangUp,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      await hangUp();
      await closed;
    },
  };
}

function silent(): SinkAnswers {
  return {
    greeting: 'silence',
    EHLO: 'silence',
    STARTTLS: 'silence',
    MAIL: 'silence',
    RCPT: 'silence',
    DATA: 'silence',
    message: 'silence',
  };
}

function addressIn(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? '';
}

/** RFC 5321 4.5.2: a dot in front of a line is taken off. */
function unstuffed(raw: Buffer): Buffer {
  const text = raw.toString('latin1').replace(/(^|\r\n)\./g, '$1');
  return Buffer.from(text, 'latin1');
}
