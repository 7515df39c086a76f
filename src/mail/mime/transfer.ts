/**
 * transfer: undoes base64 and quoted-printable (RFC 2045 6.7, 6.8), strictly.
 *
 * In:  the encoded bytes of a leaf.    Out: the content, and whether it was encoded as the standard says.
 * What is broken is still decoded as far as it goes: lenient readers show it, so the rules have to see it (security.md CH-01, CH-02).
 * Linear, never throws.
 */

export interface DecodedContent {
  readonly content: Buffer;
  readonly isBroken: boolean;
}

const EQUALS = 0x3d;
const CR = 0x0d;
const LF = 0x0a;

/** Letters decoded at once; a multiple of four. */
const LETTERS_AT_ONCE = 64 * 1024;

export function decodeBase64(encoded: Buffer): DecodedContent {
  const content = decodeStrictly(encoded);
  if (content !== undefined) return { content, isBroken: false };
  const letters = encoded.toString('latin1').replace(/\r\n/g, '');
  // Streams put one after the other: each ends with its padding. Node skips what is no base64.
  const streams = letters.split(/=+/).map((stream) => Buffer.from(stream, 'base64'));
  return { content: Buffer.concat(streams), isBroken: true };
}

/** Piece by piece: of 25 MB, the letters as a string would be in memory twice. `undefined` for what the standard does not allow. */
function decodeStrictly(encoded: Buffer): Buffer | undefined {
  const letters = Buffer.allocUnsafe(Math.min(LETTERS_AT_ONCE, encoded.length));
  const content = Buffer.allocUnsafe(Math.ceil((encoded.length / 4) * 3));
  let [read, written, count, padding] = [0, 0, 0, 0];
  while (read < encoded.length) {
    let kept = 0;
    for (; read < encoded.length && kept < LETTERS_AT_ONCE; read++) {
      const code = encoded[read] ?? 0;
      if (code === CR && encoded[read + 1] === LF) read++;
      else if (code === EQUALS) padding++;
      else if (padding > 0 || IS_LETTER[code] !== 1) return undefined;
      else letters[kept++] = code;
    }
    written += content.write(letters.toString('latin1', 0, kept), written, 'base64');
    count += kept;
  }
  const isWhole = (count + padding) % 4 === 0 && padding < 3 && written === Math.floor((count * 3) / 4);
  return isWhole ? content.subarray(0, written) : undefined;
}

/** RFC 4648 4; not the URL alphabet, which Node takes too and other decoders skip. */
const IS_LETTER = Uint8Array.from({ length: 256 }, (_, code) =>
  Number(/[A-Za-z0-9+/]/.test(String.fromCharCode(code))),
);

export function decodeQuotedPrintable(encoded: Buffer): DecodedContent {
  const content = Buffer.allocUnsafe(encoded.length);
  let isBroken = false;
  let written = 0;
  for (let read = 0; read < encoded.length; read++) {
    const code = encoded[read] ?? 0;
    if (code !== EQUALS) {
      content[written++] = code;
      continue;
    }
    const byte = hexByte(encoded[read + 1], encoded[read + 2]);
    if (byte !== undefined) {
      content[written++] = byte;
      read += 2;
      continue;
    }
    const next = softBreakEnd(encoded, read + 1);
    if (next === undefined) content[written++] = EQUALS;
    isBroken ||= next === undefined || next > read + 3;
    read = next === undefined ? read : next - 1;
  }
  return { content: content.subarray(0, written), isBroken };
}

function hexByte(high: number | undefined, low: number | undefined): number | undefined {
  const first = hexDigit(high);
  const second = hexDigit(low);
  return first === undefined || second === undefined ? undefined : first * 16 + second;
}

/** Lower case is taken too: RFC 2045 6.7 (1) lets a robust reader do so, and all of them do. */
function hexDigit(code: number | undefined): number | undefined {
  if (code === undefined) return undefined;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : undefined;
}

/** Where the text goes on after the soft line break that begins at `position`, or `undefined` when there is none. */
function softBreakEnd(encoded: Buffer, position: number): number | undefined {
  let at = position;
  while (encoded[at] === 0x20 || encoded[at] === 0x09) at++;
  if (at === encoded.length) return at;
  return encoded[at] === CR && encoded[at + 1] === LF ? at + 2 : undefined;
}
