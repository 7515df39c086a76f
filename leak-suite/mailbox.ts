/**
 * mailbox: the mail server to which the relay delivers. It takes everything, keeps it octet for octet, and can be told to refuse.
 */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { SetupError, type HostPort } from './options.ts';

export interface Arrival {
  readonly from: string;
  readonly to: readonly string[];
  readonly bytes: Buffer;
}

/** What the next message meets, once: a refusal with these words, at RCPT or at the end of the data. */
export interface Refusal {
  readonly at: 'RCPT' | 'DATA';
  readonly reply: string;
}

export interface Mailbox extends AsyncDisposable {
  readonly arrivals: readonly Arrival[];
  /** Replaces what was said before; `undefined`: nothing is refused. */
  refuseNext(refusal: Refusal | undefined): void;
  /** Resolves when nothing has come for `quietMs`. */
  quiet(quietMs: number): Promise<void>;
  /** Resolves with the first arrival from `index` on that `isWanted`, or with `undefined` when nothing comes for `quietMs`. */
  next(index: number, isWanted: (arrival: Arrival) => boolean, quietMs: number): Promise<Arrival | undefined>;
}

export async function openMailbox({ host, port }: HostPort): Promise<Mailbox> {
  const arrivals: Arrival[] = [];
  const told = new Set<() => void>();
  const sockets = new Set<Socket>();
  const refusals: Refusal[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    serve(socket, refusals, (arrival) => {
      arrivals.push(arrival);
      for (const tell of told) tell();
    });
  });
  server.listen(port, host);
  await once(server, 'listening').catch((error: unknown) => {
    throw new SetupError(`--listen: ${host}:${port} cannot be used (is something else there?).`, { cause: error });
  });
  const something = (quietMs: number): Promise<boolean> =>
    new Promise((resolve) => {
      const end = (isNew: boolean) => {
        clearTimeout(timer);
        told.delete(tell);
        resolve(isNew);
      };
      const tell = () => end(true);
      const timer = setTimeout(() => end(false), quietMs);
      told.add(tell);
    });
  return {
    arrivals,
    refuseNext: (refusal) => void refusals.splice(0, refusals.length, ...(refusal === undefined ? [] : [refusal])),
    async quiet(quietMs) {
      while (await something(quietMs));
    },
    async next(index, isWanted, quietMs) {
      for (;;) {
        const found = arrivals.slice(index).find(isWanted);
        if (found !== undefined) return found;
        if (!(await something(quietMs))) return undefined;
      }
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

/** One connection: RFC 5321 as far as a sender that behaves needs it. */
function serve(socket: Socket, refusals: Refusal[], keep: (arrival: Arrival) => void): void {
  let pending = '';
  let from = '';
  let to: string[] = [];
  let isInData = false;
  const say = (line: string) => void socket.write(`${line}\r\n`);
  const refusal = (at: Refusal['at']) => (refusals[0]?.at === at ? refusals.shift() : undefined);
  const commands: Readonly<Record<string, (line: string) => void>> = {
    EHLO: () => say('250-leak-suite.test\r\n250-PIPELINING\r\n250-SIZE 104857600\r\n250 8BITMIME'),
    HELO: () => say('250 leak-suite.test'),
    MAIL: (line) => {
      [from, to] = [addressIn(line), []];
      say('250 2.1.0 ok');
    },
    RCPT: (line) => {
      const refused = refusal('RCPT');
      if (refused === undefined) to.push(addressIn(line));
      say(refused?.reply ?? '250 2.1.5 ok');
    },
    DATA: () => {
      isInData = to.length > 0;
      say(isInData ? '354 go on' : '503 5.5.1 no recipient');
    },
    RSET: () => say('250 2.0.0 ok'),
    NOOP: () => say('250 2.0.0 ok'),
    QUIT: () => void socket.end('221 2.0.0 bye\r\n'),
  };
  const message = (raw: string) => {
    isInData = false;
    const refused = refusal('DATA');
    // RFC 5321 4.5.2: a dot in front of a line is taken off.
    if (refused === undefined) keep({ from, to, bytes: Buffer.from(raw.replace(/(^|\r\n)\./g, '$1'), 'latin1') });
    say(refused?.reply ?? '250 2.0.0 taken');
  };
  socket.on('data', (chunk) => {
    pending += chunk.toString('latin1');
    for (;;) {
      const end = pending.indexOf(isInData ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const [text, rest] = [pending.slice(0, end), pending.slice(end + (isInData ? 5 : 2))];
      pending = rest;
      if (isInData) message(`${text}\r\n`);
      else (commands[text.slice(0, 4).toUpperCase()] ?? (() => say('502 5.5.1 not here')))(text);
    }
  });
  say('220 leak-suite.test ESMTP');
}

const addressIn = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? '';
