/**
 * heif-items: which items a HEIF file has, and where their bytes lie.
 *
 * In:  a copy of the file that is being cleaned, its iinf and its iloc.    Out: the kind of each item, and its extents.
 * Names, content types and the items that are no coded picture are wiped on the way. `undefined` when malformed.
 * Standards: ISO/IEC 14496-12 8.11.3 (iloc), 8.11.6 (iinf). Attacks: extents without end, in other files, in other items. Never throws.
 */
import { numberAt, Reader, textAt } from './bytes.ts';
import { boxesIn } from './heif-boxes.ts';
import type { Box } from './heif-boxes.ts';

export interface Extent {
  readonly item: number;
  readonly isInIdat: boolean;
  readonly offset: number;
  readonly length: number;
}

interface Widths {
  readonly version: number;
  readonly offset: number;
  readonly length: number;
  readonly base: number;
  readonly index: number;
}

/** Coded pictures, and those made of others: grids, overlays, turned ones, tone maps, masks. */
const PICTURES: ReadonlySet<string> = new Set(['hvc1', 'lhv1', 'av01', 'vvc1', 'grid', 'iovl', 'iden', 'tmap', 'mski']);
/** They hold whole JPEG files or streams with metadata of their own. */
const NOT_CLEANED: ReadonlySet<string> = new Set(['jpeg', 'j2k1', 'avc1', 'unci']);
const MAX_EXTENTS = 65_536;

/** Every item, and whether it is a picture. */
export function readItems(picture: Buffer, iinf: Box): Map<number, boolean> | undefined {
  const version = numberAt(picture, iinf.body, 1);
  const entries = boxesIn(picture, iinf.body + (version === 0 ? 6 : 8), iinf.end);
  if (version === undefined || version > 1 || entries === undefined) return undefined;
  const items = new Map<number, boolean>();
  for (const entry of entries) {
    const item = readItem(picture, entry);
    if (item === undefined || items.has(item.id)) return undefined;
    items.set(item.id, item.isPicture);
  }
  return items;
}

function readItem(picture: Buffer, entry: Box): { id: number; isPicture: boolean } | undefined {
  const reader = new Reader(picture, entry.body, entry.end);
  const version = reader.take(1);
  reader.take(3);
  const id = reader.take(version === 2 ? 2 : 4);
  const protection = reader.take(2);
  const typeAt = reader.at;
  reader.take(4);
  // Older versions have no type (8.11.6.2), HEIF forbids them. Protected items cannot be judged.
  if (entry.type !== 'infe' || reader.isBroken || version < 2 || version > 3 || protection !== 0) return undefined;
  const type = textAt(picture, typeAt, 4);
  if (NOT_CLEANED.has(type)) return undefined;
  const isPicture = PICTURES.has(type);
  // Readers ignore items of unknown types; an empty Exif item would make some of them refuse the picture.
  if (!isPicture) picture.write('free', typeAt, 'latin1');
  picture.fill(0, reader.at, entry.end);
  return { id, isPicture };
}

export function readExtents(picture: Buffer, iloc: Box): Extent[] | undefined {
  const reader = new Reader(picture, iloc.body, iloc.end);
  const widths = readWidths(reader);
  if (widths === undefined) return undefined;
  const count = reader.take(widths.version === 2 ? 4 : 2);
  const extents: Extent[] = [];
  for (let index = 0; index < count; index++) {
    if (!readLocation(reader, widths, extents)) return undefined;
  }
  if (reader.isBroken) return undefined;
  picture.fill(0, reader.at, iloc.end);
  return extents;
}

function readWidths(reader: Reader): Widths | undefined {
  const version = reader.take(1);
  reader.take(3);
  const first = reader.take(1);
  const second = reader.take(1);
  const index = version === 0 ? 0 : second & 15;
  const widths = { version, offset: first >> 4, length: first & 15, base: second >> 4, index };
  const isKnown = [widths.offset, widths.length, widths.base, index].every((width) => [0, 4, 8].includes(width));
  return isKnown && version <= 2 && !reader.isBroken ? widths : undefined;
}

/** Methods: 0 counts from the start of the file, 1 from idat. Another item (2) or another file as the source is refused. */
function readLocation(reader: Reader, widths: Widths, extents: Extent[]): boolean {
  const item = reader.take(widths.version === 2 ? 4 : 2);
  const method = widths.version === 0 ? 0 : reader.take(2) & 15;
  const source = reader.take(2);
  const base = reader.take(widths.base);
  const count = reader.take(2);
  if (reader.isBroken || method > 1 || source !== 0) return false;
  for (let index = 0; index < count; index++) {
    reader.take(widths.index);
    const offset = base + reader.take(widths.offset);
    const length = reader.take(widths.length);
    // A length of zero means the whole file (8.11.3.1): no picture is that.
    if (reader.isBroken || length === 0 || extents.length === MAX_EXTENTS) return false;
    extents.push({ item, isInIdat: method === 1, offset, length });
  }
  return true;
}
