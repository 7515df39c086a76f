/**
 * signature: one field that signs the message in front of which it is put: DKIM-Signature, or the ARC-Message-Signature, which is the
 * same but for its name and two tags (RFC 8617 4.1.2).
 *
 * The fields that a thief would add are oversigned: named once more than they occur, so that a second From or Subject breaks the
 * signature (RFC 6376 8.15). No `l=`: what is added behind the end breaks it too. Pure; never fails.
 */
import type { DkimKey } from '../../vault/keys.ts';
import { relaxedField, signText, type Field } from './canonical.ts';

const OVERSIGNED = [
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

/** Names for `h=`, and their canonical lines in the same order. */
export interface Covered {
  readonly names: readonly string[];
  readonly lines: string;
}

/** `more` are covered as often as they occur, in front of all others. Names without a line are oversigned and add nothing. */
export function coveredFields(fields: readonly Field[], more: readonly string[] = []): Covered {
  const names: string[] = [];
  let lines = '';
  for (const name of [...more, ...OVERSIGNED]) {
    // Several fields of one name are signed from the last to the first (RFC 6376 5.4.2).
    const found = fields.filter((field) => field.name === name).reverse();
    for (const field of found) lines += `${relaxedField(name, field.line)}\r\n`;
    names.push(...found.map(() => name), ...(more.includes(name) ? [] : [name]));
  }
  return { names, lines };
}

export interface Unsigned {
  readonly name: 'DKIM-Signature' | 'ARC-Message-Signature';
  /** The first tag, and those of time: what differs between the two. */
  readonly begins: string;
  readonly times: string;
  readonly key: DkimKey;
  readonly domain: string;
  readonly covered: Covered;
  readonly bodyHash: string;
}

export function signatureField({ name, begins, times, key, domain, covered, bodyHash }: Unsigned): string {
  const unsigned = [
    `${name}: ${begins}; a=${key.algorithm}; c=relaxed/relaxed;`,
    ` d=${domain}; s=${key.selector};`,
    ` ${times};`,
    ` h=${folded(covered.names)};`,
    ` bh=${bodyHash};`,
    ' b=',
  ].join('\r\n');
  return signedField(unsigned, covered.lines, key);
}

/** The signature's own field is hashed last, without its value and without a line end (RFC 6376 3.7). */
export function signedField(unsigned: string, lines: string, key: DkimKey): string {
  const colon = unsigned.indexOf(':');
  const own = relaxedField(unsigned.slice(0, colon).toLowerCase(), unsigned.slice(colon + 1));
  const value = signText(lines + own, key.privateKey);
  return `${unsigned}${(value.match(/.{1,72}/g) ?? []).join('\r\n  ')}\r\n`;
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
