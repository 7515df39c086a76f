/**
 * heif: a HEIC, HEIF or AVIF picture without EXIF, XMP, names, descriptions and free space.
 *
 * In:  bytes that begin with an ftyp box.    Out: the same file with all of that as zeros, so that no position in it changes;
 * cut where the boxes of a picture end. `undefined` for other media, for sequences (moov) and when malformed.
 * Standards: ISO/IEC 14496-12 8.11 (meta), ISO/IEC 23008-12 (HEIF), AV1 Image File Format.
 * Attacks: metadata items, user descriptions, free and uuid boxes, bytes in mdat that belong to no picture. Never throws.
 */
import { numberAt, textAt } from './bytes.ts';
import { blank, boxAt, boxesIn } from './heif-boxes.ts';
import type { Box } from './heif-boxes.ts';
import { readExtents, readItems } from './heif-items.ts';
import type { Extent } from './heif-items.ts';
import { merged, without } from './ranges.ts';
import type { Range } from './ranges.ts';

/** The boxes of the metadata that readers need, each of which there is one. */
interface Meta {
  readonly iinf: Box;
  readonly iloc: Box;
  readonly pitm: Box;
  readonly idat: Box | undefined;
}

const BRAND = /^(?:hei[cxms]|hev[cxms]|mif[123]|msf1|miaf|avi[fso])$/;
const TOP_LEVEL: ReadonlySet<string> = new Set(['ftyp', 'meta', 'mdat', 'moov', 'free', 'skip', 'uuid']);
const IN_META: ReadonlySet<string> = new Set(['hdlr', 'pitm', 'iloc', 'iinf', 'iref', 'iprp', 'idat', 'grpl']);
/** What describes pixels: not udes, altt, crtt and mdft, which are words, tags and times (ISO/IEC 23008-12 6.5). */
const PROPERTIES: ReadonlySet<string> = new Set(
  (
    'ispe pixi colr pasp clap irot imir auxC rloc lsel rref iscl hvcC lhvC av1C avcC vvcC oinf tols ' +
    'clli mdcv cclv amve ndwt reve a1op a1lx cmin'
  ).split(' '),
);

export function withoutHeifMetadata(content: Buffer): Buffer | undefined {
  const boxes = topLevel(content);
  const metaBoxes = boxes?.filter((box) => box.type === 'meta') ?? [];
  const end = boxes?.at(-1)?.end;
  const [metaBox] = metaBoxes;
  if (boxes === undefined || end === undefined || metaBox === undefined || metaBoxes.length > 1) return undefined;
  if (!isPictureBrand(content, boxes) || boxes.some((box) => box.type === 'moov')) return undefined;
  const picture = Buffer.from(content.subarray(0, end));
  for (const box of boxes) if (['free', 'skip', 'uuid'].includes(box.type)) blank(picture, box);
  const meta = tidyMeta(picture, metaBox);
  const data = boxes.filter((box) => box.type === 'mdat');
  return meta !== undefined && wipeData(picture, meta, data) ? picture : undefined;
}

/** The picture ends before the first thing that is none of its boxes: videos behind photos, appended files, text. */
function topLevel(content: Buffer): Box[] | undefined {
  let end = 0;
  while (TOP_LEVEL.has(textAt(content, end + 4, 4))) {
    const box = boxAt(content, end, content.length);
    if (box === undefined) return undefined;
    end = box.end;
  }
  return boxesIn(content, 0, end);
}

/** 14496-12 4.3: the major brand, a version, and the compatible ones. */
function isPictureBrand(content: Buffer, boxes: readonly Box[]): boolean {
  const [first, ...others] = boxes;
  if (first?.type !== 'ftyp' || others.some((box) => box.type === 'ftyp')) return false;
  const brands = textAt(content, first.body, first.end - first.body);
  for (let at = 0; at < brands.length; at += 4) {
    if (at !== 4 && BRAND.test(brands.slice(at, at + 4))) return true;
  }
  return false;
}

function tidyMeta(picture: Buffer, metaBox: Box): Meta | undefined {
  const children = boxesIn(picture, metaBox.body + 4, metaBox.end);
  if (children === undefined) return undefined;
  const found = new Map<string, Box>();
  for (const child of children) {
    if (!IN_META.has(child.type)) blank(picture, child);
    else if (found.has(child.type)) return undefined;
    else found.set(child.type, child);
  }
  const [hdlr, iprp, iinf, iloc, pitm] = ['hdlr', 'iprp', 'iinf', 'iloc', 'pitm'].map((type) => found.get(type));
  if (hdlr === undefined || iinf === undefined || iloc === undefined || pitm === undefined) return undefined;
  if (!tidyHandler(picture, hdlr) || (iprp !== undefined && !tidyProperties(picture, iprp))) return undefined;
  return { iinf, iloc, pitm, idat: found.get('idat') };
}

/** 14496-12 8.4.3: the kind, and then the name that some program gave it. */
function tidyHandler(picture: Buffer, hdlr: Box): boolean {
  if (hdlr.end < hdlr.body + 12 || textAt(picture, hdlr.body + 8, 4) !== 'pict') return false;
  picture.fill(0, hdlr.body + 12, hdlr.end);
  return true;
}

/** Items name their properties by position, so a forbidden one becomes an empty one of no known type. */
function tidyProperties(picture: Buffer, iprp: Box): boolean {
  const children = boxesIn(picture, iprp.body, iprp.end);
  if (children === undefined) return false;
  for (const child of children) {
    if (child.type === 'ipma') continue;
    const properties = child.type === 'ipco' ? boxesIn(picture, child.body, child.end) : [child];
    if (properties === undefined) return false;
    for (const property of properties) if (!PROPERTIES.has(property.type)) blank(picture, property);
  }
  return true;
}

/** Leaves of mdat and idat only what a picture item points at, and nothing that another item points at too. */
function wipeData(picture: Buffer, meta: Meta, data: readonly Box[]): boolean {
  const items = readItems(picture, meta.iinf);
  const extents = readExtents(picture, meta.iloc);
  if (items === undefined || extents === undefined || items.get(primaryItem(picture, meta.pitm)) !== true) return false;
  if (meta.idat === undefined && extents.some((extent) => extent.isInIdat)) return false;
  const idatStart = meta.idat?.body ?? 0;
  const boxes = meta.idat === undefined ? data : [...data, meta.idat];
  const room = merged(boxes.map(({ body, end }) => ({ start: body, end })));
  const isPicture = (extent: Extent): boolean => items.get(extent.item) === true;
  const shown = rangesOf(extents.filter(isPicture), idatStart);
  const hidden = rangesOf(
    extents.filter((extent) => !isPicture(extent)),
    idatStart,
  );
  // A truncated file, or one that points at its own structure.
  if (without(shown, room).length > 0 || without(hidden, room).length > 0 || shown.length === 0) return false;
  for (const { start, end } of without(room, without(shown, hidden))) picture.fill(0, start, end);
  return true;
}

function rangesOf(extents: readonly Extent[], idatStart: number): Range[] {
  return merged(
    extents.map(({ isInIdat, offset, length }) => {
      const start = isInIdat ? idatStart + offset : offset;
      return { start, end: start + length };
    }),
  );
}

/** 14496-12 8.11.4: two bytes, four since version 1. */
function primaryItem(picture: Buffer, pitm: Box): number {
  const version = numberAt(picture, pitm.body, 1);
  return numberAt(picture, pitm.body + 4, version === 0 ? 2 : 4) ?? -1;
}
