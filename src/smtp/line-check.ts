/**
 * line-check: bare CR, bare LF, NUL and endless lines, in a message that comes in pieces.
 *
 * smtp-server passes bare CR, bare LF and NUL on, and un-stuffs `..` after a bare LF; whoever writes such a message back to a wire has
 * let it smuggle a second one (CVE-2023-51764 and its family). They are refused here, before anything reads the message.
 * Fails with: message.lineEnding, message.malformed (a line over 64 kB).
 */
import { RelayError } from '../core/errors.ts';

const LINE_AT_MOST = 64 * 1024;
const CR = 13;
const LF = 10;

export class LineCheck {
  /** Octets of the line that is not ended yet. */
  #lineLength = 0;
  #endsWithCr = false;

  /** Throws at the first octet that is wrong. */
  take(piece: Buffer): void {
    if (piece.length === 0) return;
    if (piece.includes(0) || (this.#endsWithCr && piece[0] !== LF)) throw new RelayError('message.lineEnding');
    this.#lineFeeds(piece);
    for (let cr = piece.indexOf(CR); cr >= 0 && cr < piece.length - 1; cr = piece.indexOf(CR, cr + 1)) {
      if (piece[cr + 1] !== LF) throw new RelayError('message.lineEnding');
    }
    this.#endsWithCr = piece[piece.length - 1] === CR;
  }

  /** The message is over. Throws when it ends in a CR. */
  end(): void {
    if (this.#endsWithCr) throw new RelayError('message.lineEnding');
  }

  #lineFeeds(piece: Buffer): void {
    let lineStart = -this.#lineLength;
    for (let lf = piece.indexOf(LF); lf >= 0; lf = piece.indexOf(LF, lf + 1)) {
      const before = lf === 0 ? this.#endsWithCr : piece[lf - 1] === CR;
      if (!before) throw new RelayError('message.lineEnding');
      if (lf - lineStart > LINE_AT_MOST) throw new RelayError('message.malformed');
      lineStart = lf + 1;
    }
    this.#lineLength = piece.length - lineStart;
    if (this.#lineLength > LINE_AT_MOST) throw new RelayError('message.malformed');
  }
}
