/**
 * tnef-properties: the MAPI properties in a TNEF stream, of which only those that are asked for are kept.
 *
 * In:  the data of attMAPIProps or attAttachment.    Out: the values by their id, and whether all of them could be read.
 * The others are stepped over unread: sender, search key, mailbox, server and conversation name the author a dozen times.
 * Standards: MS-OXTNEF 2.1.3.4, MS-OXCDATA 2.11.1. Linear, bounded by the bytes that are there. Never throws.
 */
import { isAscii } from 'node:buffer';
import { littleAt } from './bytes.ts';

export interface Property {
  readonly type: number;
  readonly value: Uint8Array;
}

export interface Properties {
  readonly values: ReadonlyMap<number, Property>;
  readonly isComplete: boolean;
}

export const PTYP = { integer32: 0x0003, object: 0x000d, string8: 0x001e, string: 0x001f, binary: 0x0102 } as const;

const MAX_PROPERTIES = 1000;
const FIRST_NAMED = 0x8000;
const MULTI_VALUED = 0x1000;
const NAMED_BY_NUMBER = 0;
const NAMED_BY_STRING = 1;
const GUID_LENGTH = 16;

/** With their padding: integers of two bytes and truth values take four. */
const FIXED_LENGTHS: ReadonlyMap<number, number> = new Map([
  [0x0002, 4],
  [PTYP.integer32, 4],
  [0x0004, 4],
  [0x0005, 8],
  [0x0006, 8],
  [0x0007, 8],
  [0x000a, 4],
  [0x000b, 4],
  [0x0014, 8],
  [0x0040, 8],
  [0x0048, GUID_LENGTH],
]);
const VARIABLE: ReadonlySet<number> = new Set([PTYP.object, PTYP.string8, PTYP.string, PTYP.binary]);

/** Reads one field after the other; beyond the end it answers 0 or nothing and stays broken, so one question at the end is enough. */
export class Cursor {
  isBroken = false;
  #at: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, from = 0) {
    this.#bytes = bytes;
    this.#at = from;
  }

  get isAtEnd(): boolean {
    return this.isBroken || this.#at >= this.#bytes.length;
  }

  number(width: number): number {
    return littleAt(this.take(width), 0, width) ?? 0;
  }

  take(length: number): Uint8Array {
    const end = this.#at + length;
    this.isBroken ||= end > this.#bytes.length;
    if (this.isBroken) return new Uint8Array();
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** Names and values are padded to four bytes. */
  takePadded(length: number): Uint8Array {
    return this.take(Math.ceil(length / 4) * 4).subarray(0, length);
  }
}

export function readProperties(stream: Uint8Array, wanted: ReadonlySet<number>): Properties {
  const cursor = new Cursor(stream);
  const count = cursor.number(4);
  const values = new Map<number, Property>();
  let isComplete = count <= MAX_PROPERTIES;
  for (let index = 0; index < Math.min(count, MAX_PROPERTIES) && !cursor.isBroken; index++) {
    const type = cursor.number(2);
    const id = cursor.number(2);
    if (id >= FIRST_NAMED) skipName(cursor);
    const value = nextValue(cursor, type);
    if (cursor.isBroken || !wanted.has(id)) continue;
    // With two values of one property each reader shows another one.
    if (value === undefined || values.has(id)) isComplete = false;
    else values.set(id, { type, value });
  }
  return { values, isComplete: isComplete && !cursor.isBroken };
}

function skipName(cursor: Cursor): void {
  cursor.take(GUID_LENGTH);
  const kind = cursor.number(4);
  if (kind === NAMED_BY_NUMBER) cursor.take(4);
  else if (kind === NAMED_BY_STRING) cursor.takePadded(cursor.number(4));
  else cursor.isBroken = true;
}

/** Steps over the value. `undefined` for a list, which nothing here asks for, and for a type that the standard does not know. */
function nextValue(cursor: Cursor, type: number): Uint8Array | undefined {
  const isList = (type & MULTI_VALUED) !== 0;
  const length = FIXED_LENGTHS.get(type & ~MULTI_VALUED);
  if (length !== undefined) {
    const value = cursor.take(length * (isList ? cursor.number(4) : 1));
    return isList ? undefined : value;
  }
  cursor.isBroken ||= !VARIABLE.has(type & ~MULTI_VALUED);
  const count = cursor.number(4); // always there, and 1 for a single value
  let value: Uint8Array | undefined;
  for (let index = 0; index < count && !cursor.isBroken; index++) value = cursor.takePadded(cursor.number(4));
  return isList || count !== 1 ? undefined : value;
}

export const CODE_PAGE = { windows1252: 1252, utf16: 1200, utf8: 65001 } as const;

const ENCODINGS: ReadonlyMap<number, string> = new Map([
  [CODE_PAGE.utf16, 'utf-16le'],
  [CODE_PAGE.utf8, 'utf-8'],
  [866, 'ibm866'],
  [874, 'windows-874'],
  [932, 'shift_jis'],
  [936, 'gbk'],
  [949, 'euc-kr'],
  [950, 'big5'],
  [1201, 'utf-16be'],
  [10000, 'macintosh'],
  [20866, 'koi8-r'],
  [20932, 'euc-jp'],
  [21866, 'koi8-u'],
  [38598, 'iso-8859-8-i'],
  [50220, 'iso-2022-jp'],
  [50221, 'iso-2022-jp'],
  [50222, 'iso-2022-jp'],
  [51932, 'euc-jp'],
  [51949, 'euc-kr'],
  [54936, 'gb18030'],
]);
/** The pages of DOS, and ASCII itself: nobody decodes their upper half any more, and their lower half is ASCII. */
const ASCII_PAGES: ReadonlySet<number> = new Set([
  437, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 865, 20127,
]);

export interface DecodedString {
  readonly text: string;
  readonly isExact: boolean;
}

/** Strings end with a NUL, and readers show nothing behind it. */
export function decodeString(bytes: Uint8Array, codePage: number): DecodedString {
  const { text, isExact } = decodeBytes(bytes, codePage);
  const end = text.indexOf('\0');
  return { text: end < 0 ? text : text.slice(0, end), isExact };
}

function decodeBytes(bytes: Uint8Array, codePage: number): DecodedString {
  const encoding = ASCII_PAGES.has(codePage) && isAscii(bytes) ? 'utf-8' : encodingOf(codePage);
  try {
    if (encoding !== undefined) {
      return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), isExact: true };
    }
  } catch {
    // RangeError: there is no ISO 8859-12; TypeError: bytes that this encoding does not have
  }
  return { text: new TextDecoder('windows-1252').decode(bytes), isExact: false };
}

function encodingOf(codePage: number): string | undefined {
  if (codePage >= 1250 && codePage <= 1258) return `windows-${codePage}`;
  if (codePage >= 28591 && codePage <= 28606) return `iso-8859-${codePage - 28590}`;
  return ENCODINGS.get(codePage);
}
