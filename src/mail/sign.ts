/**
 * sign: DKIM signatures over the final bytes, one for each key.
 *
 * In:  bytes with CRLF line ends, and keys parsed at the start.    Out: the same bytes with the signatures in front.
 * Relaxed canonical forms, body hash computed once. The fields that a thief would add are oversigned: named once more than they
 * occur, so that a second From or Subject breaks the signature (RFC 6376 8.15). `x=` ends what a replay can be good for.
 * Standards: RFC 6376, RFC 8301 (rsa-sha256), RFC 8463 (ed25519-sha256). Our own, since mailauth parses the key for every message:
 * a quarter of its cost (reference/stack.md 5); mailauth verifies it in the tests.
 */
import { createHash, sign as signDigest, type KeyObject } from 'node:crypto';
import { HOUR, SECOND, type Instant } from '../core/time.ts';
import type { DkimKey } from '../vault/keys.ts';

const SIGNED = [
  'from',
  'to',
  'subject',
  'date',
  'message-id',
  'in-reply-to',
  'references',
  'reply-to',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'auto-submitted',
] as const;
const EXPIRES_AFTER_MS = 72 * HOUR;
const END_OF_HEADER = Buffer.from('\r\n\r\n');

interface Field {
  readonly name: string;
  readonly line: string;
}

export function sign(bytes: Uint8Array, keys: readonly DkimKey[], domain: string, now: Instant): Uint8Array {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = message.indexOf(END_OF_HEADER);
  const end = found < 0 ? message.length : found + 2;
  const header = message.toString('latin1', 0, end);
  const bodyHash = bodyHashOf(message.subarray(end + 2));
  const { names, lines } = signedFields(header);
  const signatures = keys.map((key) => signature({ key, domain, now, names, lines, bodyHash }));
  return Buffer.concat([Buffer.from(signatures.join(''), 'latin1'), message]);
}

interface Signing {
  readonly key: DkimKey;
  readonly domain: string;
  readonly now: Instant;
  readonly names: readonly string[];
  readonly lines: string;
  readonly bodyHash: string;
}

function signature({ key, domain, now, names, lines, bodyHash }: Signing): string {
  const seconds = Math.floor(now / SECOND);
  const unsigned = [
    `DKIM-Signature: v=1; a=${key.algorithm}; c=relaxed/relaxed; d=${domain}; s=${key.selector};`,
    ` t=${seconds}; x=${seconds + EXPIRES_AFTER_MS / SECOND};`,
    ` h=${folded(names)};`,
    ` bh=${bodyHash};`,
    ' b=',
  ].join('\r\n');
  // The signature's own field is hashed last, without its value and without a line end (RFC 6376 3.7).
  const value = signText(
    lines + relaxedField('dkim-signature', unsigned.slice('DKIM-Signature:'.length)),
    key.privateKey,
  );
  return `${unsigned}${(value.match(/.{1,72}/g) ?? []).join('\r\n  ')}\r\n`;
}

/** RFC 8463 3: Ed25519 signs the SHA-256 hash of the data; RSA hashes while it signs. */
function signText(text: string, key: KeyObject): string {
  const data = Buffer.from(text, 'latin1');
  const signed =
    key.asymmetricKeyType === 'ed25519'
      ? signDigest(null, createHash('sha256').update(data).digest(), key)
      : signDigest('sha256', data, key);
  return signed.toString('base64');
}

/** Names for `h=` and the canonical lines in the same order; names without a line are oversigned and add nothing. */
function signedFields(header: string): { readonly names: readonly string[]; readonly lines: string } {
  const fields = fieldsOf(header);
  const names: string[] = [];
  let lines = '';
  for (const name of SIGNED) {
    // Several fields of one name are signed from the last to the first (RFC 6376 5.4.2).
    const found = fields.filter((field) => field.name === name).reverse();
    for (const field of found) lines += `${relaxedField(name, field.line)}\r\n`;
    names.push(...found.map(() => name), name);
  }
  return { names, lines };
}

function fieldsOf(header: string): readonly Field[] {
  return header
    .split(/\r\n(?![ \t])/)
    .filter((line) => line !== '')
    .map((line) => ({
      name: line.slice(0, line.indexOf(':')).trim().toLowerCase(),
      line: line.slice(line.indexOf(':') + 1),
    }));
}

/** RFC 6376 3.4.2. Not `trim`: it would also take 0xA0, which is the last octet of some letters in UTF-8. */
function relaxedField(name: string, value: string): string {
  return `${name}:${value
    .replaceAll('\r\n', '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '')}`;
}

/** Octets hashed at once, up to the end of a line: of 25 MB, the canonical form as a whole would be in memory three times. */
const PIECE = 1024 * 1024;
const LF = 0x0a;

/** RFC 6376 3.4.4: runs of white space become one space, white space at line ends and empty lines at the end go. */
function bodyHashOf(body: Buffer): string {
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

/** `h=` in lines of at most 76 characters. */
function folded(names: readonly string[]): string {
  let text = '';
  let column = 3;
  for (const [index, name] of names.entries()) {
    const piece = index === 0 ? name : `:${name}`;
    if (column + piece.length > 74) {
      text += '\r\n  ';
      column = 2;
    }
    text += piece;
    column += piece.length;
  }
  return text;
}
