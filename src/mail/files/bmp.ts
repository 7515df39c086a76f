/**
 * bmp: a bitmap without reserved bytes, profiles and gaps, and without what follows its pixels.
 *
 * In:  bytes that begin with BM.    Out: headers, colours and pixels; `undefined` when they do not fit into the declared file.
 * Standards: MS-WMF 2.2.2 (bitmap headers), BITMAPV5HEADER (profiles).
 * Attacks: the path of a linked profile (it names a user's folder), text between the colours and the pixels, a file behind. Never throws.
 */
import { littleAt } from './bytes.ts';

interface Layout {
  readonly headersEnd: number;
  readonly pixelsAt: number;
  readonly end: number;
}

const FILE_HEADER_LENGTH = 14;
const CORE = 12;
const INFO = 40;
const V5 = 124;
const KNOWN_HEADERS: ReadonlySet<number> = new Set([CORE, INFO, 52, 56, 108, V5]);

export function withoutBmpMetadata(content: Buffer): Buffer | undefined {
  const layout = layoutOf(content);
  const fileEnd = littleAt(content, 2, 4) ?? 0;
  if (layout === undefined || layout.headersEnd > layout.pixelsAt) return undefined;
  if (layout.end > fileEnd || fileEnd > content.length) return undefined;
  const picture = Buffer.from(content.subarray(0, layout.end));
  picture.writeUInt32LE(layout.end, 2);
  picture.fill(0, 6, 10);
  picture.fill(0, layout.headersEnd, layout.pixelsAt);
  if (headerLength(picture) === V5) forgetProfile(picture);
  return picture;
}

const headerLength = (content: Buffer): number | undefined => littleAt(content, FILE_HEADER_LENGTH, 4);

function layoutOf(content: Buffer): Layout | undefined {
  const header = headerLength(content);
  const pixelsAt = littleAt(content, 10, 4);
  if (header === undefined || pixelsAt === undefined || !KNOWN_HEADERS.has(header)) return undefined;
  if (FILE_HEADER_LENGTH + header > content.length) return undefined;
  const depth = littleAt(content, header === CORE ? 24 : 28, 2) ?? 0;
  const colours = colourLength(content, header, depth);
  const pixels = pixelLength(content, header, depth);
  if (colours === undefined || pixels === undefined) return undefined;
  return { headersEnd: FILE_HEADER_LENGTH + header + colours, pixelsAt, end: pixelsAt + pixels };
}

/** The colour masks (three or four of them) of an INFO header, and the palette. */
function colourLength(content: Buffer, header: number, depth: number): number | undefined {
  if (header === CORE) return depth <= 8 ? 3 * 2 ** depth : 0;
  const compression = littleAt(content, 30, 4);
  const masks = header === INFO && compression === 3 ? 12 : header === INFO && compression === 6 ? 16 : 0;
  if (depth > 8) return masks;
  const used = littleAt(content, 46, 4) ?? 0;
  return used > 2 ** depth ? undefined : masks + 4 * (used === 0 ? 2 ** depth : used);
}

/** Rows are padded to four bytes. Packed pixels declare their length; an embedded JPEG or PNG is nobody's bitmap. */
function pixelLength(content: Buffer, header: number, depth: number): number | undefined {
  if (![1, 2, 4, 8, 16, 24, 32].includes(depth)) return undefined;
  const isCore = header === CORE;
  const width = isCore ? content.readUInt16LE(18) : content.readInt32LE(18);
  const height = isCore ? content.readUInt16LE(20) : Math.abs(content.readInt32LE(22));
  const compression = isCore ? 0 : content.readUInt32LE(30);
  if (width <= 0 || height === 0) return undefined;
  if (compression === 1 || compression === 2) return content.readUInt32LE(34) || undefined;
  if (compression !== 0 && compression !== 3 && compression !== 6) return undefined;
  return Math.ceil((width * depth) / 32) * 4 * height;
}

/** Its profile lay behind the pixels or in the gap, so its place and length would point at nothing. */
function forgetProfile(picture: Buffer): void {
  const kind = picture.toString('latin1', 70, 74);
  if (kind === 'KNIL' || kind === 'DEBM') picture.write('BGRs', 70, 'latin1');
  picture.fill(0, 126, 138);
}
