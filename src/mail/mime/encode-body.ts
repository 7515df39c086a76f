/**
 * encode-body: text and files for the wire, in lines of at most 76 ASCII characters (RFC 2045 6).
 *
 * In:  Unicode text with LF, or bytes.    Out: the encoded body without a last line end, and the name of its encoding.
 * There is no 8-bit output: every next hop takes ASCII, and none has a reason to convert (and so break) what was signed.
 * Linear, never throws.
 */

export interface EncodedBody {
  readonly encoding: '7bit' | 'quoted-printable' | 'base64';
  readonly body: Buffer;
}

const MAX_LINE = 76;
/** Other bytes than printable ASCII, white space at a line's end, what mailboxes quote and what SMTP doubles. */
const NEEDS_CARE = /[^\n\t\x20-\x7e]|[ \t](?:\n|$)|(?:^|\n)(?:From |\.)/;

export function encodeBodyText(text: string): EncodedBody {
  const lines = text.replace(/\r\n?/g, '\n');
  if (!needsEncoding(lines)) return { encoding: '7bit', body: Buffer.from(lines.replaceAll('\n', '\r\n'), 'latin1') };
  const bytes = Buffer.from(lines);
  // Three characters for each such byte: from about a fifth on base64 is the shorter one.
  if (foreignBytes(bytes) * 5 > bytes.length) return encodeBytes(Buffer.from(lines.replaceAll('\n', '\r\n')));
  return { encoding: 'quoted-printable', body: quotedPrintable(bytes) };
}

const needsEncoding = (text: string): boolean =>
  NEEDS_CARE.test(text) || text.split('\n').some((line) => line.length > MAX_LINE);

/** Octets that make one line of base64, and how many lines are made at once: of 25 MB, one string of all would be in memory twice. */
const LINE_OCTETS = 57;
const OCTETS_AT_ONCE = LINE_OCTETS * 1000;

export function encodeBytes(bytes: Uint8Array): EncodedBody {
  const octets = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const letters = Math.ceil(octets.length / 3) * 4;
  const body = Buffer.allocUnsafe(letters + Math.max(0, Math.ceil(letters / MAX_LINE) - 1) * 2);
  let written = 0;
  for (let from = 0; from < octets.length; from += OCTETS_AT_ONCE) {
    const piece = octets.toString('base64', from, Math.min(from + OCTETS_AT_ONCE, octets.length));
    for (let start = 0; start < piece.length; start += MAX_LINE) {
      if (written > 0) {
        body[written++] = CR;
        body[written++] = LF;
      }
      written += body.write(piece.slice(start, start + MAX_LINE), written, 'latin1');
    }
  }
  return { encoding: 'base64', body };
}

function foreignBytes(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte > 126) count++;
  return count;
}

const LF = 0x0a;
const CR = 0x0d;
const EQUALS = 0x3d;
const DOT = 0x2e;
const CAPITAL_F = 0x46;
const HEX = Buffer.from('0123456789ABCDEF');

function quotedPrintable(bytes: Buffer): Buffer {
  // Each byte takes three at most, and each 73 of them a soft line break of three, or a line end its own two.
  const output = Buffer.allocUnsafe(bytes.length * 3 + Math.ceil((bytes.length * 3) / 73) * 3);
  let written = 0;
  let column = 0;
  for (let read = 0; read < bytes.length; read++) {
    const byte = bytes[read] ?? 0;
    if (byte === LF) {
      output[written++] = CR;
      output[written++] = LF;
      column = 0;
      continue;
    }
    const isPlain = standsForItself(byte, bytes[read + 1], column);
    if (column + (isPlain ? 1 : 3) > MAX_LINE - 1) {
      written = softBreak(output, written);
      column = 0;
    }
    // At the start of a line, so also behind a soft break, more characters need care.
    const isStillPlain = isPlain && standsForItself(byte, bytes[read + 1], column);
    if (isStillPlain) output[written++] = byte;
    else written = escapeByte(output, written, byte);
    column += isStillPlain ? 1 : 3;
  }
  return output.subarray(0, written);
}

function standsForItself(byte: number, next: number | undefined, column: number): boolean {
  if (byte === 0x20 || byte === 0x09) return next !== undefined && next !== LF;
  if (byte < 0x21 || byte > 0x7e || byte === EQUALS) return false;
  // `.` alone ends DATA where dots are lost; `From ` is quoted with `>` by some mailboxes.
  return column > 0 || (byte !== DOT && byte !== CAPITAL_F);
}

function softBreak(output: Buffer, written: number): number {
  output[written] = EQUALS;
  output[written + 1] = CR;
  output[written + 2] = LF;
  return written + 3;
}

function escapeByte(output: Buffer, written: number, byte: number): number {
  output[written] = EQUALS;
  output[written + 1] = HEX[byte >> 4] ?? 0;
  output[written + 2] = HEX[byte & 15] ?? 0;
  return written + 3;
}
