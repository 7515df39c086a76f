/**
 * png: a PNG without texts, time, EXIF and names, and without what follows its end.
 *
 * In:  bytes that begin with the signature.    Out: the chunks a viewer needs, up to IEND; `undefined` when malformed.
 * Standards: PNG third edition 5.3 (chunks), 11 (their content), 5.6 (which may repeat).
 * Attacks: tEXt, zTXt, iTXt, eXIf and private chunks, an overlong small chunk, a name in a profile, a wrong checksum, and the
 * uncropped screenshot that some programs leave behind IEND (CVE-2023-21036). Never throws.
 */
import { crc32 } from 'node:zlib';
import { numberAt, Output, textAt } from './bytes.ts';

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  /** With its length and its checksum. */
  readonly whole: Buffer;
  readonly end: number;
}

const SIGNATURE_LENGTH = 8;

/** What stays, with the greatest length that its standard gives it. */
const KEPT: ReadonlyMap<string, number> = new Map([
  ['IHDR', 13],
  ['PLTE', 768],
  ['IDAT', Infinity],
  ['IEND', 0],
  ['tRNS', 256],
  ['gAMA', 4],
  ['cHRM', 32],
  ['sRGB', 1],
  ['iCCP', Infinity],
  ['cICP', 4],
  ['sBIT', 4],
  ['bKGD', 6],
  ['pHYs', 9],
  ['hIST', 512],
  ['sPLT', Infinity],
  ['acTL', 8],
  ['fcTL', 26],
  ['fdAT', Infinity],
]);
const REPEATED: ReadonlySet<string> = new Set(['IDAT', 'sPLT', 'fcTL', 'fdAT']);

/** Profiles and palettes are named by the program or the person that made them. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['iCCP', 'ICC'],
  ['sPLT', 'p'],
]);
const MAX_NAME_LENGTH = 79;

export function withoutPngMetadata(content: Buffer): Buffer | undefined {
  const output = new Output(content.length);
  output.add(content.subarray(0, SIGNATURE_LENGTH));
  const seen = new Set<string>();
  let at = SIGNATURE_LENGTH;
  while (!seen.has('IEND')) {
    const chunk = chunkAt(content, at);
    if (chunk === undefined || (seen.size === 0 && chunk.type !== 'IHDR')) return undefined;
    if (!copyChunk(chunk, seen, output)) return undefined;
    at = chunk.end;
  }
  return seen.has('IDAT') ? output.taken() : undefined;
}

function chunkAt(content: Buffer, at: number): Chunk | undefined {
  const length = numberAt(content, at, 4);
  if (length === undefined) return undefined;
  const end = at + 12 + length;
  if (end > content.length) return undefined;
  const data = content.subarray(at + 8, end - 4);
  return { type: textAt(content, at + 4, 4), data, whole: content.subarray(at, end), end };
}

function copyChunk(chunk: Chunk, seen: Set<string>, output: Output): boolean {
  const limit = KEPT.get(chunk.type);
  if (limit === undefined) return true;
  if (chunk.data.length > limit || !hasItsChecksum(chunk)) return false;
  if (seen.has(chunk.type) && !REPEATED.has(chunk.type)) return true;
  seen.add(chunk.type);
  const name = NAMES.get(chunk.type);
  if (name !== undefined) return copyRenamed(chunk, name, output);
  output.add(chunk.whole);
  return true;
}

function hasItsChecksum({ whole }: Chunk): boolean {
  return crc32(whole.subarray(4, -4)) === numberAt(whole, whole.length - 4, 4);
}

/** 11.3.2.3, 11.3.4.4: the name comes first and ends with a zero. The new one is hardly longer than any allowed one. */
function copyRenamed(chunk: Chunk, name: string, output: Output): boolean {
  const nameEnd = chunk.data.subarray(0, MAX_NAME_LENGTH + 1).indexOf(0);
  if (nameEnd < 1) return false;
  const named = Buffer.from(chunk.type + name, 'latin1');
  const rest = chunk.data.subarray(nameEnd);
  output.addNumber(name.length + rest.length);
  output.add(named);
  output.add(rest);
  output.addNumber(crc32(rest, crc32(named)));
  return true;
}
