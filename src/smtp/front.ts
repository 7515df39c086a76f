/**
 * front: smtp-server with a gate before it, a guard inside each connection, and a clock that is looked at every second.
 *
 * Touched are the listener of the net server, `connect`, `send`, `close`, the two methods by which a socket is joined to the parser
 * (`pipe`, `unpipe`), and one field that the library does not document: `_pendingSockets`, the TLS sockets in their handshake.
 */
import type { Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { rowOf, type ErrorCode } from '../core/errors.ts';
import type { Door, Events } from '../core/events.ts';
import { SECOND, type Clock } from '../core/time.ts';
import { CommandGuard, type GuardParts } from './command-guard.ts';
import type { Gate, Place } from './gate.ts';
import { lineOf } from './replies.ts';
import { Sitting } from './sitting.ts';

export interface FrontParts {
  readonly door: Door;
  readonly implicitTls: boolean;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly events: Events;
}

type Connection = SMTPServer['connections'] extends Set<infer One> ? One : never;

interface Arrived {
  readonly socket: Socket;
  readonly place: Place;
  readonly sitting: Sitting;
}

/** One connection: its place at the gate, its time, and what to call when it goes on inside TLS. */
interface Guest {
  readonly place: Place;
  readonly sitting: Sitting;
  readonly connection: Connection;
  /** The one from the net, below TLS. */
  readonly socket: Socket;
  readonly guardParts: GuardParts;
}

export class Front extends SMTPServer {
  readonly #parts: FrontParts;
  readonly #guests = new Map<SMTPServerSession, Guest>();
  /** Those that have come in and are not connected yet: with implicit TLS, in the handshake. */
  readonly #arrived = new Map<string, Arrived>();
  readonly #closed = new AbortController();

  constructor(options: SMTPServerOptions, parts: FrontParts) {
    super(options);
    this.#parts = parts;
    const inner = this.server.listeners('connection');
    this.server.removeAllListeners('connection');
    this.server.on('connection', (socket: Socket) => {
      if (this.#enters(socket)) for (const listener of inner) listener.call(this.server, socket);
    });
    this.server.once('close', () => this.#closed.abort());
    // Not before: a door that could not be opened is not closed either, and would be watched for ever.
    this.server.once('listening', () => void this.#watch());
  }

  sittingOf(session: SMTPServerSession): Sitting | undefined {
    return this.#guests.get(session)?.sitting;
  }

  signedIn(session: SMTPServerSession): void {
    this.#guests.get(session)?.place.signedIn();
  }

  /** TLS has begun, by STARTTLS: the library joins `socket` to a new parser next. */
  secured(socket: Socket, session: SMTPServerSession): void {
    const guest = this.#guests.get(session);
    if (guest === undefined) return;
    guest.sitting.waitsFor('command');
    guardPipe(socket, guest.guardParts);
  }

  left(session: SMTPServerSession): void {
    this.#guests.get(session)?.place.leave();
    this.#guests.delete(session);
  }

  // --- coming in -----------------------------------------------------------------------------------------------------------

  #enters(socket: Socket): boolean {
    const { gate, clock, implicitTls } = this.#parts;
    const place = gate.enter(socket.remoteAddress ?? '');
    if (place === undefined) {
      turnAway(socket, implicitTls);
      return false;
    }
    const key = keyOf(socket);
    this.#arrived.set(key, { socket, place, sitting: new Sitting(clock, implicitTls ? 'handshake' : 'command') });
    socket.once('close', () => {
      place.leave();
      this.#arrived.delete(key);
    });
    return true;
  }

  /** Called by the library for each socket that is ready to speak; inside TLS where TLS comes first. */
  override connect(...[socket, options]: Parameters<SMTPServer['connect']>): void {
    const arrived = this.#arrived.get(keyOf(socket));
    if (arrived === undefined) return void socket.destroy(); // it left meanwhile
    this.#arrived.delete(keyOf(socket));
    const { sitting, place } = arrived;
    const guardParts = this.#guardParts(sitting, () => connection);
    guardPipe(socket, guardParts);
    super.connect(socket, options);
    const connection = [...this.connections].at(-1);
    if (connection === undefined) return;
    countErrors(connection, sitting);
    this.#guests.set(connection.session, { place, sitting, connection, socket: arrived.socket, guardParts });
    sitting.waitsFor('command');
  }

  #guardParts(sitting: Sitting, connection: () => Connection | undefined): GuardParts {
    return {
      sitting,
      clock: this.#parts.clock,
      isInTransaction: () => Boolean(connection()?.session.envelope?.mailFrom),
      answer: (code) => say(connection(), code),
      dismiss: (code) => this.#dismiss(connection(), code),
    };
  }

  #dismiss(connection: Connection | undefined, code: ErrorCode): void {
    this.#parts.events.clientDismissed({ door: this.#parts.door, code });
    say(connection, code);
    connection?.close();
  }

  // --- the clock -----------------------------------------------------------------------------------------------------------

  async #watch(): Promise<void> {
    const { clock, gate, events, door } = this.#parts;
    const { signal } = this.#closed;
    while (!signal.aborted) {
      await clock.wait(SECOND, signal);
      for (const arrived of this.#arrived.values()) this.#lookAtHandshake(arrived);
      for (const guest of this.#guests.values()) this.#look(guest);
      const refused = gate.takeRefused();
      if (refused > 0) events.doorCrowded({ door, refused });
    }
  }

  /** From the top: Node 24 ends with a segmentation fault when a socket goes from under a handshake in `tls.TLSSocket`. */
  #lookAtHandshake({ socket, sitting }: Arrived): void {
    if (sitting.overtime() !== undefined) (this._pendingSockets.get(socket) ?? socket).destroy();
  }

  #look({ sitting, connection, socket }: Guest): void {
    const code = sitting.overtime();
    if (code === undefined) return;
    // In the middle of a handshake nothing can be said, and a socket that was told to end need not listen.
    if (sitting.isInHandshake) return void socket.destroy();
    this.#dismiss(connection, code);
    sitting.dropMessage();
    sitting.waitsFor('handshake');
  }
}

/** A connection of this listener has no other address and port at the same time. */
const keyOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/** With TLS first, nothing that could be said would be understood. */
function turnAway(socket: Socket, implicitTls: boolean): void {
  socket.on('error', () => undefined);
  if (implicitTls) return void socket.destroy();
  socket.end(`421 ${lineOf('connections.tooMany')}\r\n`, () => socket.destroy());
}

function say(connection: Connection | undefined, code: ErrorCode): void {
  connection?.send(rowOf(code).smtp[0], lineOf(code));
}

/** `send` is the one place where the library writes. */
function countErrors(connection: Connection, sitting: Sitting): void {
  const send = connection.send.bind(connection);
  connection.send = (code, text, context) => {
    const isTooMany = code === 421 && String(text).startsWith('Error: too many'); // it counts two kinds itself
    if (!sitting.countReply(code) && !isTooMany) return send(code, text, context);
    send(rowOf('session.errors').smtp[0], lineOf('session.errors'));
  };
}

/** The library joins a socket to its parser by `pipe`; the guard goes between them. */
function guardPipe(socket: Socket, parts: GuardParts): void {
  const pipe = socket.pipe.bind(socket);
  const unpipe = socket.unpipe.bind(socket);
  let guard: CommandGuard | undefined;
  socket.pipe = <Parser extends NodeJS.WritableStream>(parser: Parser): Parser => {
    guard = new CommandGuard(parser, parts);
    pipe(guard);
    return parser;
  };
  socket.unpipe = () => {
    guard?.retire();
    return unpipe(guard);
  };
}
