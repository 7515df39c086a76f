/**
 * data: takes in the bytes between DATA and CRLF.CRLF, within bounds of size and line length (of time: sitting.ts).
 *
 * In:  smtp-server's stream, dot-unstuffed.    Out: the whole message, in memory, or in a spool when it is over a megabyte.
 * Fails with: message.lineEnding, message.malformed (line-check.ts), message.tooLarge, busy (gone, sent away, or in crumbs).
 */
import type { Readable } from 'node:stream';
import { RelayError } from '../core/errors.ts';
import { Spool, type Spooled } from '../core/spool.ts';
import { LineCheck } from './line-check.ts';

/** More of one message is not kept in memory while it comes. */
const IN_MEMORY = 1024 * 1024;

/**
 * smtp-server hands on a piece for each line that begins with a dot, a turn of the event loop each: a megabyte of such lines costs
 * a second of CPU. So many pieces so small are no mail (lines of base64 are 78 long); `busy` ends the connection, and the attack.
 */
const PIECES_AT_MOST = 20_000;
const SMALL_PIECE = 64;

/** Oversized data is read to its end and thrown away: a client that is cut off in mid-message sends it again. */
export async function readData(stream: Readable, maxMessage: number): Promise<TakenIn> {
  await using intake = new Intake(maxMessage);
  for await (const bytes of piecesOf(stream)) await intake.take(bytes);
  return takenIn(intake.end());
}

/** What came, and the end of its spool. */
interface TakenIn extends AsyncDisposable {
  readonly message: Uint8Array | Spooled;
}

function takenIn(message: Uint8Array | Spooled): TakenIn {
  const close = async () => (message instanceof Uint8Array ? undefined : await message[Symbol.asyncDispose]());
  return { message, [Symbol.asyncDispose]: close };
}

class Intake implements AsyncDisposable {
  size = 0;
  #pieces = 0;
  #chunks: Buffer[] = [];
  #spool: Spool | undefined;
  #wrong: RelayError | undefined;
  readonly #maxMessage: number;
  readonly #check = new LineCheck();

  constructor(maxMessage: number) {
    this.#maxMessage = maxMessage;
  }

  async take(bytes: Buffer): Promise<void> {
    this.size += bytes.length;
    this.#pieces += 1;
    if (this.#pieces > PIECES_AT_MOST && this.size < this.#pieces * SMALL_PIECE) throw new RelayError('busy');
    if (this.#wrong !== undefined || this.size > this.#maxMessage) return;
    try {
      this.#check.take(bytes);
    } catch (error) {
      if (!(error instanceof RelayError)) throw error;
      this.#wrong = error; // told when the client has said everything
      return;
    }
    this.#chunks.push(bytes);
    if (this.size > IN_MEMORY) await this.#spill();
  }

  async #spill(): Promise<void> {
    this.#spool ??= await Spool.open();
    for (const chunk of this.#chunks.splice(0)) await this.#spool.append(chunk);
  }

  /** The message, which the caller owns then. */
  end(): Uint8Array | Spooled {
    if (this.size > this.#maxMessage) throw new RelayError('message.tooLarge');
    if (this.#wrong !== undefined) throw this.#wrong;
    this.#check.end();
    if (this.#spool !== undefined) {
      const spooled = this.#spool.spooled();
      this.#spool = undefined;
      return spooled;
    }
    return this.#chunks.length === 1 && this.#chunks[0] !== undefined ? this.#chunks[0] : Buffer.concat(this.#chunks);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#spool?.[Symbol.asyncDispose]();
  }
}

/** A client that leaves in mid-message is no trouble of ours; it gets no answer, and nothing of the message is kept. */
async function* piecesOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch (error) {
    throw new RelayError('busy', { cause: error });
  }
}
