/**
 * data: takes in the bytes between DATA and CRLF.CRLF, within bounds of size, time and line length.
 *
 * In:  smtp-server's stream, dot-unstuffed.    Out: the whole message as one Buffer.
 * smtp-server passes bare CR, bare LF and NUL on, and un-stuffs `..` after a bare LF; whoever writes such a message back to a wire
 * has let it smuggle a second one (CVE-2023-51764 and its family). They are refused here, before anything reads the message.
 * Fails with: message.lineEnding, message.malformed (a line over 64 kB), message.tooLarge, busy (too slow, gone, or in crumbs).
 */
import type { Readable } from 'node:stream';
import { RelayError } from '../core/errors.ts';
import { MINUTE, SECOND, type Clock } from '../core/time.ts';

const LINE_AT_MOST = 64 * 1024;
const WHOLE_AT_MOST_MS = 5 * MINUTE;
const GRACE_MS = 30 * SECOND;
/** Octets a second that a client must manage after the grace time (security.md 3.2, CM-21). */
const SLOWEST = 500;

/**
 * smtp-server hands on a piece for each line that begins with a dot, a turn of the event loop each: a megabyte of such lines costs
 * a second of CPU. So many pieces so small are no mail (lines of base64 are 78 long); `busy` ends the connection, and the attack.
 */
const PIECES_AT_MOST = 20_000;
const SMALL_PIECE = 64;

const CR = 13;
const LF = 10;

/** Oversized data is read to its end and thrown away: a client that is cut off in mid-message sends it again. */
export async function readData(stream: Readable, maxMessage: number, clock: Clock): Promise<Buffer> {
  const begun = clock.now();
  const chunks: Buffer[] = [];
  let size = 0;
  let pieces = 0;
  for await (const bytes of piecesOf(stream)) {
    size += bytes.length;
    pieces += 1;
    if (size <= maxMessage) chunks.push(bytes);
    checkPace(size, clock.now() - begun);
    if (pieces > PIECES_AT_MOST && size < pieces * SMALL_PIECE) throw new RelayError('busy');
  }
  if (size > maxMessage) throw new RelayError('message.tooLarge');
  const message = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  checkLines(message);
  return message;
}

/** A client that leaves in mid-message is no trouble of ours; it gets no answer, and nothing of the message is kept. */
async function* piecesOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch (error) {
    throw new RelayError('busy', { cause: error });
  }
}

function checkPace(size: number, elapsedMs: number): void {
  const isTooSlow = elapsedMs > GRACE_MS && size < (SLOWEST * elapsedMs) / SECOND;
  if (isTooSlow || elapsedMs > WHOLE_AT_MOST_MS) throw new RelayError('busy');
}

function checkLines(message: Buffer): void {
  if (message.includes(0)) throw new RelayError('message.lineEnding');
  let lineStart = 0;
  for (let lf = message.indexOf(LF); lf >= 0; lf = message.indexOf(LF, lf + 1)) {
    if (lf === 0 || message[lf - 1] !== CR) throw new RelayError('message.lineEnding');
    if (lf - lineStart > LINE_AT_MOST) throw new RelayError('message.malformed');
    lineStart = lf + 1;
  }
  for (let cr = message.indexOf(CR); cr >= 0; cr = message.indexOf(CR, cr + 1)) {
    if (message[cr + 1] !== LF) throw new RelayError('message.lineEnding');
  }
  if (message.length - lineStart > LINE_AT_MOST) throw new RelayError('message.malformed');
}
