/**
 * sitting: one connection's time and patience.
 *
 * A clock that is looked at every second (front.ts) asks each connection whether it has been too slow: at the handshake, at saying
 * one whole command (however many octets trickle in meanwhile), at a message, or in all. It also counts errors, which make the next
 * command wait from the fifth on and end the connection at the tenth.
 */
import type { Readable } from 'node:stream';
import type { ErrorCode } from '../core/errors.ts';
import { MINUTE, SECOND, type Clock, type Instant } from '../core/time.ts';

const HANDSHAKE_MS = 10 * SECOND;
const COMMAND_MS = 60 * SECOND;
const SESSION_MS = 15 * MINUTE;
const MESSAGE_MS = 5 * MINUTE;
const GRACE_MS = 30 * SECOND;
/** Octets a second that a client must manage after the grace time (security.md 3.2, CM-21). */
const SLOWEST = 500;
const ERRORS_AT_MOST = 10;
const ERRORS_UNPUNISHED = 4;

/** What we wait for: TLS, the client's next command, the rest of its message; or the client waits for us. */
type Phase = 'handshake' | 'command' | 'message' | 'answer';

export class Sitting {
  /** The greeting was said: before it a client has nothing to say (RFC 5321 3.1). */
  isGreeted = false;
  errors = 0;
  readonly #clock: Clock;
  readonly #begun: Instant;
  #phase: Phase;
  #since: Instant;
  #received = 0;
  #message: Readable | undefined;
  #isAnswered = false;

  constructor(clock: Clock, phase: Phase) {
    this.#clock = clock;
    this.#begun = clock.now();
    this.#since = this.#begun;
    this.#phase = phase;
  }

  waitsFor(phase: Exclude<Phase, 'message'>): void {
    this.#phase = phase;
    this.#since = this.#clock.now();
  }

  // --- the message ---------------------------------------------------------------------------------------------------------

  messageBegins(message: Readable): void {
    this.#message = message;
    this.#isAnswered = false;
    this.#received = 0;
    this.#phase = 'message';
    this.#since = this.#clock.now();
  }

  messageAnswered(): void {
    this.#isAnswered = true;
  }

  /** Its last octet was read; `false` when it was not answered, so that it cannot have been its last. */
  messageEnds(): boolean {
    this.#message = undefined;
    return this.#isAnswered;
  }

  /** Its client is sent away: nothing of it is kept. */
  dropMessage(): void {
    this.#message?.destroy();
  }

  get isInMessage(): boolean {
    return this.#message !== undefined;
  }

  received(octets: number): void {
    this.#received += octets;
  }

  // --- errors --------------------------------------------------------------------------------------------------------------

  /** Counts a reply. `true` when it is the error that ends the session. What a message is refused for is no error of the client. */
  countReply(code: number): boolean {
    if (code === 220) this.isGreeted = true;
    const isOurs = code === 421 || code === 451 || code === 452;
    if (code < 400 || isOurs || this.isInMessage) return false;
    this.errors += 1;
    return this.errors >= ERRORS_AT_MOST;
  }

  /** How long the next command waits after an error: nothing at first, then a second more each time. */
  get delayMs(): number {
    return Math.max(0, this.errors - ERRORS_UNPUNISHED) * SECOND;
  }

  // --- time ----------------------------------------------------------------------------------------------------------------

  /** `undefined` while all is well; otherwise why the client is sent away. Whoever waits for our answer gets it first. */
  overtime(): ErrorCode | undefined {
    const now = this.#clock.now();
    const waited = now - this.#since;
    if (this.#phase === 'answer') return undefined;
    if (this.#phase === 'handshake' && waited > HANDSHAKE_MS) return 'session.idle';
    if (this.#phase === 'command' && waited > COMMAND_MS) return 'session.idle';
    if (this.#phase === 'message' && this.#isSlowMessage(waited)) return 'session.slow';
    return now - this.#begun > SESSION_MS ? 'session.overtime' : undefined;
  }

  get isInHandshake(): boolean {
    return this.#phase === 'handshake';
  }

  #isSlowMessage(elapsedMs: number): boolean {
    return elapsedMs > MESSAGE_MS || (elapsedMs > GRACE_MS && this.#received < (SLOWEST * elapsedMs) / SECOND);
  }
}
