/**
 * connections: open SMTP connections to one host, kept and used again.
 *
 * At most `limit` at once; whoever comes when all are in use waits for the next free one. A connection that failed is thrown away.
 * Every wait ends: by the library's timeouts, by the one who waits (`cut`), or when the pool is disposed of.
 */
import { Readable } from 'node:stream';
import type { NodemailerError } from 'nodemailer/lib/errors';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { dial, type Destination, type Dialled } from './dial.ts';

const IDLE_MS = 30_000;

/** A connection on which nothing was sent yet, or the last message went through. */
export interface Line {
  /** `true` when it has carried mail before: the far side may have closed it in the meantime. */
  readonly isUsed: boolean;
  /** `false` as long as the far side has said nothing since `send`: until it does, no octet of a message is sent. */
  readonly wasAnswered: boolean;
  /** Does the server take addresses that are not ASCII (RFC 6531)? */
  readonly takesUtf8: boolean;
  /** Resolves when the next hop has the message; rejects with the library's error, or when `cut` aborts. */
  send(envelope: { from: string; to: string[]; size: number }, bytes: Buffer, cut: AbortSignal): Promise<void>;
  /** Gives it back; after a failure it is closed instead. */
  release(isSound: boolean): void;
}

interface Kept {
  readonly dialled: Dialled;
  readonly since: number;
}

export class Connections implements Disposable {
  readonly #destination: Destination;
  readonly #limit: number;
  readonly #idle: Kept[] = [];
  readonly #waiting = new Set<() => void>();
  #open = 0;
  #isDisposed = false;

  constructor(destination: Destination, limit: number) {
    this.#destination = destination;
    this.#limit = limit;
  }

  async take(cut: AbortSignal): Promise<Line> {
    while (this.#open >= this.#limit && this.#idle.length === 0) {
      await orCut<void>(cut, (resolve) => {
        this.#waiting.add(resolve);
        return () => this.#waiting.delete(resolve);
      });
    }
    const kept = this.#takeIdle();
    if (kept !== undefined) return this.#line(kept, true);
    this.#open += 1;
    try {
      return this.#line(await dial(this.#destination, cut), false);
    } catch (error) {
      this.#ended();
      throw error;
    }
  }

  /** Idle connections say good-bye; those in use do so when they are given back. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    for (const { dialled } of this.#idle.splice(0)) farewell(dialled.connection);
  }

  #takeIdle(): Dialled | undefined {
    for (let kept = this.#idle.pop(); kept !== undefined; kept = this.#idle.pop()) {
      const { connection } = kept.dialled;
      if (!connection.destroyed && performance.now() - kept.since < IDLE_MS) return kept.dialled;
      connection.close();
      this.#open -= 1;
    }
    return undefined;
  }

  #line(dialled: Dialled, isUsed: boolean): Line {
    const { connection, extensions } = dialled;
    return {
      isUsed,
      takesUtf8: extensions().has('SMTPUTF8'),
      get wasAnswered() {
        return connection.lastServerResponse !== false;
      },
      send: (envelope, bytes, cut) => {
        connection.lastServerResponse = false;
        return sendOver(connection, envelope, bytes, cut);
      },
      release: (isSound) => {
        if (!isSound) connection.close();
        else if (this.#isDisposed) farewell(connection);
        else {
          this.#idle.push({ dialled, since: performance.now() });
          return this.#wakeOne();
        }
        return this.#ended();
      },
    };
  }

  #ended(): void {
    this.#open -= 1;
    this.#wakeOne();
  }

  #wakeOne(): void {
    for (const wake of this.#waiting) {
      this.#waiting.delete(wake);
      return wake();
    }
  }
}

function sendOver(
  connection: SMTPConnection,
  envelope: { from: string; to: string[]; size: number },
  bytes: Buffer,
  cut: AbortSignal,
): Promise<void> {
  return orCut<void>(cut, (resolve, reject) => {
    const failed = (error: NodemailerError) => reject(error);
    connection.once('error', failed);
    connection.once('end', ended);
    connection.send(envelope, inPieces(bytes), (error) => (error === null ? resolve() : reject(error)));
    // The library ends the connection first and says why afterwards, in the same turn.
    function ended() {
      setImmediate(() => reject(new Error('The connection ended')));
    }
    return () => {
      connection.off('error', failed);
      connection.off('end', ended);
    };
  });
}

/** Says QUIT and does not wait for the answer longer than the library waits for a closed socket. */
function farewell(connection: SMTPConnection): void {
  if (!connection.destroyed) connection.quit();
  connection.close();
}

/** A promise that rejects when `cut` aborts. What `begin` returns is called when it is settled, one way or the other. */
async function orCut<Result>(
  cut: AbortSignal,
  begin: (resolve: (result: Result) => void, reject: (error: Error) => void) => () => void,
): Promise<Result> {
  cut.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const onCut = () => reject(new Error('Cut short'));
  cut.addEventListener('abort', onCut, { once: true });
  const finish = begin(resolve, reject);
  try {
    return await promise;
  } finally {
    cut.removeEventListener('abort', onCut);
    finish();
  }
}

const PIECE = 64 * 1024;

/** A large message a piece at a time, as fast as the far side takes it: handed over whole, the library and the socket each copy it. */
function inPieces(bytes: Buffer): Buffer | Readable {
  if (bytes.length <= PIECE * 4) return bytes;
  return Readable.from(piecesOf(bytes), { objectMode: false, highWaterMark: PIECE });
}

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}
