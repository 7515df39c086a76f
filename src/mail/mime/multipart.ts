/**
 * multipart: cuts a multipart body at its boundary lines (RFC 2046 5.1.1).
 *
 * In:  the body, its boundary, how many parts may still come.    Out: the parts, and what two readers could see differently.
 * A boundary line is `--boundary` at the start of a line, then `--` or nothing. Readers disagree about all else: white space behind
 * it, a longer line that begins like it, the words in the middle of a line, a missing end (security.md MI-06). Linear, never throws.
 */

export interface SplitMultipart {
  readonly parts: readonly Buffer[];
  /** The boundary appears where only some readers take it for one, or the last one is missing. */
  readonly isBroken: boolean;
  /** Text before the first or after the last part: some readers show it. */
  readonly hasTextAround: boolean;
  /** There were more parts than asked for; the rest is left out. */
  readonly isCut: boolean;
}

interface Delimiter {
  /** Of the line's first byte, and of the first byte after the line. */
  readonly start: number;
  readonly end: number;
  readonly isLast: boolean;
  readonly isClean: boolean;
}

export function splitMultipart(body: Buffer, boundary: string, maxParts: number): SplitMultipart {
  const parts: Buffer[] = [];
  const scan = { isBroken: false };
  const delimiters = delimitersIn(body, Buffer.from(`--${boundary}`, 'latin1'), scan);
  let open: Delimiter | undefined;
  let preamble: Buffer | undefined;
  for (const delimiter of delimiters) {
    preamble ??= body.subarray(0, delimiter.start);
    if (open !== undefined) parts.push(between(body, open.end, delimiter.start));
    open = delimiter;
    if (delimiter.isLast) break;
    if (parts.length >= maxParts) return { parts, ...scan, hasTextAround: false, isCut: true };
  }
  if (open !== undefined && !open.isLast) parts.push(body.subarray(open.end));
  const epilogue = open?.isLast === true ? body.subarray(open.end) : body.subarray(0, 0);
  // After the last boundary line the same boundary may not come again: there readers go on, or do not.
  const isBroken = scan.isBroken || open?.isLast !== true || epilogue.includes(`--${boundary}`);
  return { parts, isBroken, hasTextAround: !isUsualNote(preamble) || !isBlank(epilogue), isCut: false };
}

/** The line break before a boundary line belongs to the line (RFC 2046 5.1.1). */
function between(body: Buffer, start: number, next: number): Buffer {
  return body.subarray(start, Math.max(start, next - 2));
}

function* delimitersIn(body: Buffer, mark: Buffer, scan: { isBroken: boolean }): Generator<Delimiter> {
  let position = body.indexOf(mark);
  while (position !== -1) {
    const isAtLineStart = position === 0 || body[position - 1] === 0x0a;
    const delimiter = isAtLineStart ? delimiterAt(body, position, mark.length) : undefined;
    if (delimiter === undefined || !delimiter.isClean) scan.isBroken = true;
    if (delimiter !== undefined) yield delimiter;
    position = body.indexOf(mark, position + mark.length);
  }
}

/** More white space than this behind a boundary is no padding that a gateway left. */
const MAX_PADDING = 200;

function delimiterAt(body: Buffer, start: number, length: number): Delimiter | undefined {
  const after = start + length;
  const isLast = body[after] === 0x2d && body[after + 1] === 0x2d;
  const rest = isLast ? after + 2 : after;
  let end = rest;
  while (end - rest < MAX_PADDING && (body[end] === 0x20 || body[end] === 0x09)) end++;
  const isWhole = end === body.length || body[end] === 0x0d;
  // After `--` anything may follow, to some readers; without it a longer line is another boundary, or text.
  if (!isWhole) return isLast ? { start, end: rest, isLast, isClean: false } : undefined;
  return { start, end: Math.min(end + 2, body.length), isLast, isClean: end === rest };
}

const isBlank = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0x0d || byte === 0x0a || byte === 0x20);

const MAX_NOTE = 250;
/** What mail programs write for readers without MIME; some of them translate it. */
const USUAL_NOTE = /^[^@]*\bMIME\b[^@]*$/i;

function isUsualNote(preamble: Buffer | undefined): boolean {
  if (preamble === undefined || preamble.length === 0) return true;
  if (preamble.length > MAX_NOTE) return false;
  const note = preamble.toString('latin1').replace(/\s+/g, ' ').trim();
  return note === '' || USUAL_NOTE.test(note);
}
