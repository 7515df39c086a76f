/**
 * webp: a WebP without EXIF, XMP and unknown chunks, and without what follows its container.
 *
 * In:  bytes that begin with RIFF and WEBP.    Out: the image or the frames of the animation; `undefined` when malformed.
 * Standards: RFC 9649 2.3 to 2.7. Attacks: text in EXIF, XMP or a private chunk, also inside of a frame (2.7.1.1 allows it there),
 * in a pad byte or a reserved bit, behind the end. Never throws.
 */
import { littleAt, Output, textAt } from './bytes.ts';

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  readonly end: number;
}

const HEADER_LENGTH = 12;
const FRAME_HEADER_LENGTH = 16;
const BITSTREAMS: ReadonlySet<string> = new Set(['VP8 ', 'VP8L']);
const IN_FRAMES: ReadonlySet<string> = new Set(['ALPH', 'VP8 ', 'VP8L']);
const KEPT: ReadonlySet<string> = new Set([...IN_FRAMES, 'VP8X', 'ANIM', 'ANMF', 'ICCP']);

/** RFC 9649 2.7: profile, alpha and animation stay; EXIF, XMP and the reserved bits go. */
const KEPT_FLAGS = 0x32;

export function withoutWebpMetadata(content: Buffer): Buffer | undefined {
  const length = littleAt(content, 4, 4);
  if (length === undefined || 8 + length > content.length) return undefined;
  const body = content.subarray(0, 8 + length);
  const first = textAt(body, HEADER_LENGTH, 4);
  if (!BITSTREAMS.has(first) && first !== 'VP8X') return undefined;
  const output = new Output(content.length);
  output.add(body.subarray(0, HEADER_LENGTH));
  if (!copyChunks(body, HEADER_LENGTH, KEPT, output)) return undefined;
  output.setLittle(output.length - 8, 4);
  return output.taken();
}

/** Whether the chunks are whole and one of them holds a picture. */
function copyChunks(bytes: Buffer, from: number, kept: ReadonlySet<string>, output: Output): boolean {
  const seen = new Set<string>();
  let at = from;
  while (at < bytes.length) {
    const chunk = chunkAt(bytes, at);
    if (chunk === undefined) return false;
    at = chunk.end;
    // Only frames repeat (2.7): a second of anything else is never shown.
    if (!kept.has(chunk.type) || (seen.has(chunk.type) && chunk.type !== 'ANMF')) continue;
    seen.add(chunk.type);
    if (!copyChunk(chunk, output)) return false;
  }
  return seen.has('ANMF') || seen.has('VP8 ') || seen.has('VP8L');
}

/** 2.3: a pad byte follows an odd length; some writers forget it at the very end. */
function chunkAt(bytes: Buffer, at: number): Chunk | undefined {
  const length = littleAt(bytes, at + 4, 4);
  if (length === undefined || at + 8 + length > bytes.length) return undefined;
  const end = at + 8 + length;
  return { type: textAt(bytes, at, 4), data: bytes.subarray(at + 8, end), end: end + (length % 2) };
}

function copyChunk({ type, data }: Chunk, output: Output): boolean {
  output.addText(type);
  const lengthAt = output.length;
  output.addNumber(0);
  if (!copyData(type, data, output)) return false;
  const length = output.length - lengthAt - 4;
  output.setLittle(length, lengthAt);
  if (length % 2 === 1) output.add([0]);
  return true;
}

function copyData(type: string, data: Buffer, output: Output): boolean {
  if (type === 'VP8X') return copyFeatures(data, output);
  if (type === 'ANIM' && data.length !== 6) return false;
  if (type === 'ANMF') return copyFrame(data, output);
  output.add(data);
  return true;
}

/** 2.7: flags, three reserved bytes, and the size of the canvas. */
function copyFeatures(data: Buffer, output: Output): boolean {
  if (data.length !== 10) return false;
  output.add([(data[0] ?? 0) & KEPT_FLAGS, 0, 0, 0]);
  output.add(data.subarray(4));
  return true;
}

function copyFrame(data: Buffer, output: Output): boolean {
  if (data.length < FRAME_HEADER_LENGTH) return false;
  output.add(data.subarray(0, FRAME_HEADER_LENGTH));
  return copyChunks(data, FRAME_HEADER_LENGTH, IN_FRAMES, output);
}
