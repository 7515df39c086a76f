/**
 * charset: bytes to Unicode, with a remark when another program could read other words in them.
 *
 * In:  decoded bytes and the charset that was declared, if any.    Out: text, and the anomaly that it has.
 * The encodings are those of the WHATWG standard, which every browser and so every webmail reads alike. Left out are the ones in
 * which ASCII bytes spell something else than ASCII without a mark (UTF-7, HZ, UTF-16): they have hidden text from filters before.
 * Undeclared bytes that are UTF-8 are read as UTF-8 (RFC 6532), since nothing else looks like it. Never throws.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

export interface DecodedText {
  readonly text: string;
  readonly anomaly: 'unknown-charset' | 'mismatched-charset' | undefined;
}

const ASCII_NAMES: ReadonlySet<string> = new Set(['us-ascii', 'ascii', 'ansi_x3.4-1968', 'iso646-us']);
const UTF8_NAMES: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'unicode-1-1-utf-8']);
/** Names that mail programs use and the standard does not list. */
const ALIASES: Readonly<Record<string, string>> = {
  'cp932': 'shift_jis',
  'cp936': 'gbk',
  'cp949': 'euc-kr',
  'cp950': 'big5',
  'iso-8859-8-e': 'iso-8859-8',
  'windows-949': 'euc-kr',
};
const UNSAFE_ENCODINGS: ReadonlySet<string> = new Set(['utf-16le', 'utf-16be', 'x-user-defined', 'replacement']);

export function decodeCharset(bytes: Buffer, declared: string | undefined): DecodedText {
  const name = declared?.trim().toLowerCase();
  if (name === undefined || name === '') return undeclared(bytes);
  if (UTF8_NAMES.has(name)) return isUtf8(bytes) ? plain(bytes.toString('utf8')) : mismatched(bytes.toString('utf8'));
  if (ASCII_NAMES.has(name))
    return isAscii(bytes) ? plain(bytes.toString('latin1')) : mismatched(undeclared(bytes).text);
  return decodeNamed(bytes, ALIASES[name] ?? name);
}

const plain = (text: string): DecodedText => ({ text, anomaly: undefined });
const mismatched = (text: string): DecodedText => ({ text, anomaly: 'mismatched-charset' });

function undeclared(bytes: Buffer): DecodedText {
  if (isUtf8(bytes)) return plain(bytes.toString('utf8'));
  return mismatched(new TextDecoder('windows-1252').decode(bytes));
}

function decodeNamed(bytes: Buffer, name: string): DecodedText {
  const decoder = decoderFor(name);
  if (decoder === undefined) return { text: undeclared(bytes).text, anomaly: 'unknown-charset' };
  const text = decoder.decode(bytes);
  if (UNSAFE_ENCODINGS.has(decoder.encoding)) return { text, anomaly: 'unknown-charset' };
  // The mark of what could not be decoded; no legacy encoding but GB 18030 can write U+FFFD itself.
  return text.includes('\ufffd') ? mismatched(text) : plain(text);
}

function decoderFor(name: string): TextDecoder | undefined {
  try {
    return new TextDecoder(name);
  } catch {
    return undefined; // RangeError: no such encoding
  }
}
