/**
 * command-guard: stands between the socket and smtp-server's parser, in the clear and again inside TLS.
 *
 * smtp-server ends a command line at a bare LF, takes NUL and control characters in it, keeps what was sent behind a refused DATA as
 * commands, and starts TLS in the middle of a transaction. Here only CRLF ends a line; each line is looked at, handed over alone, and
 * answered before the next one is. The octets of a message pass as they are (line-check.ts reads those).
 * In:  octets from the client.    Out: whole command lines and the octets of messages, in order.
 * Standards: RFC 5321 2.3.8, 4.1.1.4, 4.5.2; RFC 2920 3.1 (DATA is the last command of a group); RFC 3207 4.
 */
import { Writable } from 'node:stream';
import type { ErrorCode } from '../core/errors.ts';
import type { Clock } from '../core/time.ts';
import type { Sitting } from './sitting.ts';

/** Octets with the CRLF. Lines of AUTH are the longest that we need (security.md 3.12). */
export const COMMAND_AT_MOST = 2048;
const LF = 10;
const CR = 13;
const END_OF_DATA = Buffer.from('\r\n.\r\n');
const NOTHING = Buffer.alloc(0);
/** What browsers say, to any port that a page names. */
const HTTP = /^(?:CONNECT|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PRI|PUT|TRACE) |HTTP\/\d/i;
/** Not offered; and what follows it on the wire would not be commands (RFC 3030 2). */
const BDAT = /^BDAT\b/i;
const STARTTLS = /^STARTTLS\s*$/i;
const DATA = /^DATA\s*$/i;

export interface GuardParts {
  readonly sitting: Sitting;
  readonly clock: Clock;
  readonly isInTransaction: () => boolean;
  /** Says the row of the table and closes the connection. */
  readonly dismiss: (code: ErrorCode) => void;
  /** Says the row of the table instead of handing the line over. */
  readonly answer: (code: ErrorCode) => void;
}

export class CommandGuard extends Writable {
  readonly #parser: NodeJS.WritableStream;
  readonly #parts: GuardParts;
  readonly #gone = new AbortController();
  #held: Buffer = NOTHING;
  /** The last octets of the message so far; a message begins at the start of a line. */
  #tail: Buffer = NOTHING;
  /** Ends the wait for the parser. */
  #goOn: () => void = () => undefined;

  constructor(parser: NodeJS.WritableStream, parts: GuardParts) {
    super();
    this.#parser = parser;
    this.#parts = parts;
  }

  /** The library has stopped listening (it closes, or TLS begins): what is left was never said. */
  retire(): void {
    if (this.#gone.signal.aborted) return;
    this.#gone.abort();
    this.#held = NOTHING;
    this.#parts.sitting.waitsFor('handshake');
    this.#goOn();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, next: () => void): void {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    void this.#passOn().finally(next);
  }

  override _final(done: () => void): void {
    this.#parser.end();
    done();
  }

  async #passOn(): Promise<void> {
    while (this.#held.length > 0 && !this.#gone.signal.aborted) {
      if (this.#parts.sitting.isInMessage) await this.#passMessage();
      else if (!(await this.#passLine())) return;
    }
  }

  // --- commands ------------------------------------------------------------------------------------------------------------

  /** `false` when no whole line is there. */
  async #passLine(): Promise<boolean> {
    const end = this.#held.indexOf(LF);
    const wrong = wrongWith(end < 0 ? this.#held : this.#held.subarray(0, end + 1), end >= 0);
    if (!this.#parts.sitting.isGreeted) this.#dismiss('session.early');
    else if (wrong !== undefined) this.#dismiss(wrong);
    if (end < 0 || this.#gone.signal.aborted) return false;
    const line = this.#take(end + 1);
    const text = line.toString('latin1').trimEnd();
    if (HTTP.test(text)) this.#dismiss('session.http');
    else if (BDAT.test(text)) this.#dismiss('command.malformed');
    else if (STARTTLS.test(text) && this.#parts.isInTransaction()) this.#parts.answer('command.order');
    else await this.#say(line, text);
    return true;
  }

  async #say(line: Buffer, text: string): Promise<void> {
    const { sitting, clock } = this.#parts;
    const before = sitting.errors;
    sitting.waitsFor('answer');
    await this.#handOver(line);
    if (sitting.isInMessage) {
      this.#tail = END_OF_DATA.subarray(0, 2);
      return;
    }
    // A refused DATA with more behind it: that is a message, and must not be read as commands.
    if (DATA.test(text) && this.#held.length > 0) return this.#dismiss('command.order');
    if (sitting.errors > before && sitting.delayMs > 0) await clock.wait(sitting.delayMs, this.#gone.signal);
    if (!this.#gone.signal.aborted) sitting.waitsFor('command');
  }

  // --- messages ------------------------------------------------------------------------------------------------------------

  async #passMessage(): Promise<void> {
    const { sitting } = this.#parts;
    const seen = Buffer.concat([this.#tail, this.#held]);
    const end = seen.indexOf(END_OF_DATA);
    const isWhole = end >= 0;
    const piece = this.#take(isWhole ? end + END_OF_DATA.length - this.#tail.length : this.#held.length);
    this.#tail = seen.subarray(-4);
    sitting.received(piece.length);
    if (isWhole) sitting.waitsFor('answer');
    await this.#handOver(piece);
    if (!isWhole || this.#gone.signal.aborted) return;
    // The parser finds the end of a message by the same octets. Should it ever differ, nothing behind it may be read as commands.
    if (!sitting.messageEnds()) return this.#dismiss('command.order');
    sitting.waitsFor('command');
  }

  // --- both ----------------------------------------------------------------------------------------------------------------

  #take(length: number): Buffer {
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return taken;
  }

  /** Resolves when the parser has done with it: the line was answered, or the piece taken. */
  #handOver(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.#goOn = resolve;
      this.#parser.write(bytes, () => resolve());
    });
  }

  #dismiss(code: ErrorCode): void {
    this.#parts.dismiss(code);
    this.retire();
  }
}

/** Of a line with its LF, or of the beginning of one. */
function wrongWith(line: Buffer, isWhole: boolean): ErrorCode | undefined {
  if (line.length > COMMAND_AT_MOST) return 'command.tooLong';
  if (isWhole && line.at(-2) !== CR) return 'command.malformed';
  const text = line.subarray(0, isWhole ? -2 : line.at(-1) === CR ? -1 : line.length);
  return text.some((octet) => octet < 32 || octet === 127) ? 'command.malformed' : undefined;
}
