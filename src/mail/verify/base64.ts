/**
 * base64: what in a text could be base64, decoded: in links, in tokens, in the lines of files within files.
 *
 * In:  one reading of a text.    Out: octets, each to be read by verify like a file. Linear; never fails.
 * Standards: RFC 4648 4 and 5. Shares nothing with the way in which rewriting reads base64.
 */
/** Shorter runs hold no address; ordinary words are shorter. */
const SHORTEST_RUN = 16;
const AT_SIGN = 0x40;
const IS_BASE64 = Array.from({ length: 0x80 }, (_, code) => /[A-Za-z0-9+/_-]/.test(String.fromCharCode(code)));
const BASE64_SEAM = /^[\s=>]{1,6}$/;

/**
 * Anything that could be base64, from each of the four places at which a group may begin, and twice more within that. Most runs are
 * words, ids and aliases: what they decode to is no text, and is not read any further.
 * `done` are the runs of this message that were read already; each reading of a part repeats most of them.
 */
export function* base64Blocks(text: string, done: Set<string>, depth = 1): Generator<Buffer> {
  for (const letters of base64Runs(text)) {
    if (done.has(letters)) continue;
    done.add(letters);
    for (let offset = 0; offset < 4; offset++) {
      const bytes = Buffer.from(offset === 0 ? letters : letters.slice(offset), 'base64');
      yield bytes;
      // Base64 within is letters of ASCII, in any width.
      if (depth < MAX_BASE64 && bytes.length >= SHORTEST_RUN) {
        yield* base64Blocks(bytes.toString('latin1').replaceAll('\0', ''), done, depth + 1);
      }
    }
  }
}

const MAX_BASE64 = 3;

/** An address has an `@` in every width of characters. */
export const mayHoldAddress = (bytes: Uint8Array): boolean => bytes.includes(AT_SIGN);

/** Lines that follow each other are one run. */
function* base64Runs(text: string): Generator<string> {
  let run: string[] = [];
  let end = 0;
  for (let at = nextRun(text, 0); at >= 0; at = nextRun(text, end)) {
    if (run.length > 0 && !BASE64_SEAM.test(text.slice(end, Math.min(at, end + 7)))) {
      yield run.join('');
      run = [];
    }
    if (run.length === 0) run.push(...pieceBefore(text.slice(Math.max(end, at - 24), at)));
    end = at + SHORTEST_RUN;
    while (isBase64(text.charCodeAt(end))) end++;
    run.push(text.slice(at, end));
    end = takePiecesAfter(text, end, run);
  }
  if (run.length > 0) yield run.join('');
}

/** Folding (RFC 5545 3.1, RFC 2045 6.8) leaves pieces too short to be runs: the end of the last line, or what precedes a long one. */
const PIECE_BEFORE = /(?<![A-Za-z0-9+/_-])([A-Za-z0-9+/_-]{1,15})=?\r?\n[ \t>]{0,4}$/;
const PIECE_AFTER = /=?\r?\n[ \t>]{0,4}([A-Za-z0-9+/_-]{1,15})(?![A-Za-z0-9+/_-])/y;

const pieceBefore = (before: string): readonly string[] => PIECE_BEFORE.exec(before)?.slice(1, 2) ?? [];

/** Adds them to `run`; where they end. */
function takePiecesAfter(text: string, from: number, run: string[]): number {
  let end = from;
  for (;;) {
    PIECE_AFTER.lastIndex = end;
    const piece = PIECE_AFTER.exec(text)?.[1];
    if (piece === undefined) return end;
    run.push(piece);
    end = PIECE_AFTER.lastIndex;
  }
}

/** Where the next run begins, or -1. Looks at the end of each stretch first, which skips most of a text unread. */
function nextRun(text: string, from: number): number {
  for (let start = from; start + SHORTEST_RUN <= text.length;) {
    let index = start + SHORTEST_RUN - 1;
    while (index >= start && isBase64(text.charCodeAt(index))) index--;
    if (index < start) return start;
    start = index + 1;
  }
  return -1;
}

/** Both alphabets of RFC 4648; `code` is a unit of text or an octet. */
export const isBase64 = (code: number): boolean => IS_BASE64[code] === true;
