/**
 * header-text: the value of a header field as its reader sees it.
 *
 * In:  a value as Latin-1 units (one for each byte), or text that was taken out of one.    Out: one line of Unicode.
 * Encoded words are decoded once; neighbours of one charset are joined before that, because some programs split a character over
 * two of them. Control characters and bidirectional overrides go after decoding: `=0D=0A` in a word is how headers are injected.
 * Standards: RFC 2047, RFC 2231 5 (language in a word), RFC 6532 (UTF-8 in headers). Linear, never throws.
 */
import type { Anomaly } from '../message.ts';
import { decodeCharset } from './charset.ts';
import { decodeBase64, decodeQuotedPrintable } from './transfer.ts';

const ENCODED_WORD = /=\?([^?\s*]{1,40})(?:\*[^?\s]{0,40})?\?([bq])\?([^?]*)\?=/gi;
const NEARLY_ENCODED = /=\?[^?\s]{1,80}\?[a-z]\?/i;
const NON_ASCII = /[\x80-\xff]/;

/** Bytes of a header as Unicode, nothing decoded yet. */
export function unicodeOf(value: string, anomalies: Set<Anomaly>): string {
  if (!NON_ASCII.test(value)) return value;
  const { text, anomaly } = decodeCharset(Buffer.from(value, 'latin1'), undefined);
  if (anomaly !== undefined) anomalies.add(anomaly);
  return text;
}

/** An unstructured value (RFC 5322 2.2.1) as shown. */
export function shownText(value: string, anomalies: Set<Anomaly>): string {
  return oneLine(decodeWords(unicodeOf(value, anomalies), anomalies));
}

export function decodeWords(text: string, anomalies: Set<Anomaly>): string {
  if (!text.includes('=?')) return text;
  const run = new WordRun(anomalies);
  let position = 0;
  for (const match of text.matchAll(ENCODED_WORD)) {
    const [word, charset = '', coding = '', content = ''] = match;
    run.plain(text.slice(position, match.index));
    run.word(charset.toLowerCase(), bytesOf(coding, content, anomalies));
    position = match.index + word.length;
  }
  run.plain(text.slice(position));
  return run.end();
}

/** Collects plain text and words; white space between two words does not count (RFC 2047 6.2). */
class WordRun {
  readonly #anomalies: Set<Anomaly>;
  readonly #shown: string[] = [];
  #charset = '';
  #bytes: Buffer[] = [];
  #gap = '';

  constructor(anomalies: Set<Anomaly>) {
    this.#anomalies = anomalies;
  }

  plain(text: string): void {
    if (this.#bytes.length > 0 && text.trim() === '') {
      this.#gap = text;
      return;
    }
    this.#flush();
    // A word that only some readers would decode: what they show is not what is judged.
    if (NEARLY_ENCODED.test(text)) this.#anomalies.add('malformed-header');
    this.#shown.push(text);
  }

  word(charset: string, bytes: Buffer): void {
    if (charset !== this.#charset) this.#flush();
    this.#charset = charset;
    this.#bytes.push(bytes);
    this.#gap = '';
  }

  end(): string {
    const gap = this.#gap;
    this.#flush();
    return this.#shown.join('') + gap;
  }

  #flush(): void {
    if (this.#bytes.length === 0) return;
    const { text, anomaly } = decodeCharset(Buffer.concat(this.#bytes), this.#charset);
    if (anomaly !== undefined) this.#anomalies.add(anomaly);
    this.#shown.push(text);
    this.#bytes = [];
    this.#gap = '';
  }
}

function bytesOf(coding: string, content: string, anomalies: Set<Anomaly>): Buffer {
  const { content: bytes, isBroken } =
    coding.toLowerCase() === 'b'
      ? decodeBase64(Buffer.from(content.replace(/[ \t]/g, ''), 'latin1'))
      : decodeQuotedPrintable(Buffer.from(content.replaceAll('_', ' ')));
  if (isBroken) anomalies.add('broken-encoding');
  return bytes;
}

const LINE_SPACE = /[\t\n\v\f\r\x85\u2028\u2029]+/g;
// C0, C1, the bidirectional controls (U+061C, U+200E-F, U+202A-E, U+2066-9) and the byte order mark.
const INVISIBLE = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** One line, well-formed, without control characters and without what turns the writing direction round. */
export function oneLine(text: string): string {
  return text.replace(LINE_SPACE, ' ').replace(INVISIBLE, '').toWellFormed().trim();
}
