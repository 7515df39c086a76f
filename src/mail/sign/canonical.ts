/**
 * canonical: a message as a signature sees it: relaxed header fields, the hash of the relaxed body, and the signature itself.
 *
 * Octets are Latin-1 characters here, so that what is not ASCII comes out as it went in.
 * Standards: RFC 6376 3.4.2 and 3.4.4, RFC 8301 (rsa-sha256), RFC 8463 (ed25519-sha256). Pure; never fails.
 */
import { createHash, sign as signDigest, type KeyObject } from 'node:crypto';

export interface Field {
  readonly name: string;
  readonly line: string;
}

/** RFC 8463 3: Ed25519 signs the SHA-256 hash of the data; RSA hashes while it signs. */
export function signText(text: string, key: KeyObject): string {
  const data = Buffer.from(text, 'latin1');
  const signed =
    key.asymmetricKeyType === 'ed25519'
      ? signDigest(null, createHash('sha256').update(data).digest(), key)
      : signDigest('sha256', data, key);
  return signed.toString('base64');
}

export function fieldsOf(header: string): readonly Field[] {
  return header
    .split(/\r\n(?![ \t])/)
    .filter((line) => line !== '')
    .map((line) => ({
      name: line.slice(0, line.indexOf(':')).trim().toLowerCase(),
      line: line.slice(line.indexOf(':') + 1),
    }));
}

/** RFC 6376 3.4.2. Not `trim`: it would also take 0xA0, which is the last octet of some letters in UTF-8. */
export function relaxedField(name: string, value: string): string {
  return `${name}:${value
    .replaceAll('\r\n', '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '')}`;
}

/** Octets hashed at once, up to the end of a line: of 25 MB, the canonical form as a whole would be in memory three times. */
const PIECE = 1024 * 1024;
const LF = 0x0a;

/** RFC 6376 3.4.4: runs of white space become one space, white space at line ends and empty lines at the end go. */
export function bodyHashOf(body: Buffer): string {
  const hash = createHash('sha256');
  let emptyLines = '';
  let isEmpty = true;
  for (let from = 0; from < body.length;) {
    const lineEnd = body.indexOf(LF, Math.min(from + PIECE, body.length - 1));
    const to = lineEnd < 0 ? body.length : lineEnd + 1;
    const { text, end } = relaxed(body.toString('latin1', from, to));
    // Empty lines count when something follows them.
    if (end > 0) {
      hash.update(emptyLines + text.slice(0, end), 'latin1');
      isEmpty = false;
      emptyLines = '';
    }
    emptyLines += text.slice(end);
    from = to;
  }
  if (!isEmpty) hash.update('\r\n');
  return hash.digest('base64');
}

/** The canonical text, and where the empty lines at its end begin (behind the line end of the last line that is not empty). */
function relaxed(piece: string): { readonly text: string; readonly end: number } {
  // Collapsed first: looking for "white space before a line end" in long runs of it is quadratic.
  const text = piece
    .replace(/[ \t]+/g, ' ')
    .replaceAll(' \r\n', '\r\n')
    .replace(/ $/, '');
  // By hand: a pattern for "line ends at the end" is quadratic in a body of empty lines.
  let end = text.length;
  while (end >= 2 && text.startsWith('\r\n', end - 2)) end -= 2;
  return { text, end };
}
