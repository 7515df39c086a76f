/**
 * orientation: which side of a photo is up, the one thing of its EXIF that has to stay.
 *
 * In:  the TIFF structure of an EXIF block.    Out: 1 to 8, or `undefined`; and a fresh EXIF segment that says nothing else.
 * Standards: TIFF 6.0 section 2 (structure), Exif 2.32 4.6.4 A (Orientation). Only the first directory is read. Never throws.
 */
import { littleAt, numberAt, textAt } from './bytes.ts';

const ORIENTATION = 0x0112;
const SHORT = 3;
const ENTRY_LENGTH = 12;

export function orientationOf(tiff: Buffer): number | undefined {
  const order = textAt(tiff, 0, 4);
  if (order !== 'II*\0' && order !== 'MM\0*') return undefined;
  const read = order === 'II*\0' ? littleAt : numberAt;
  const directory = read(tiff, 4, 4) ?? tiff.length;
  const count = read(tiff, directory, 2) ?? 0;
  for (let index = 0; index < count; index++) {
    const entry = directory + 2 + index * ENTRY_LENGTH;
    const tag = read(tiff, entry, 2);
    if (tag === undefined) return undefined;
    if (tag !== ORIENTATION) continue;
    const value = read(tiff, entry + 2, 2) === SHORT ? read(tiff, entry + 8, 2) : undefined;
    return value !== undefined && value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}

/** APP1 with one directory of one entry. */
export function orientationSegment(orientation: number): Buffer {
  const start = Buffer.from('\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01', 'latin1');
  const entry = Buffer.from([0x01, 0x12, 0, SHORT, 0, 0, 0, 1, 0, orientation, 0, 0]);
  const noNext = Buffer.alloc(4);
  return Buffer.concat([start, entry, noNext]);
}
