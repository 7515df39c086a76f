/**
 * heif-boxes: the boxes of an ISO base media file, one level at a time.
 *
 * In:  bytes and a span of them.    Out: where each box, its body and its end are; `undefined` when they do not fill the span.
 * Standards: ISO/IEC 14496-12 4.2 (size, type, 64-bit size). Bounded in number, never throws.
 */
import { numberAt, textAt } from './bytes.ts';

export interface Box {
  readonly type: string;
  readonly at: number;
  readonly body: number;
  readonly end: number;
}

/** A phone photo has about a hundred. */
const MAX_BOXES = 65_536;

export function boxAt(content: Buffer, at: number, end: number): Box | undefined {
  const declared = numberAt(content, at, 4);
  const type = textAt(content, at + 4, 4);
  const isLarge = declared === 1;
  const size = isLarge ? numberAt(content, at + 8, 8) : declared === 0 ? end - at : declared;
  const body = at + (isLarge ? 16 : 8);
  if (size === undefined || at + size > end || at + size < body) return undefined;
  return { type, at, body, end: at + size };
}

export function boxesIn(content: Buffer, from: number, end: number): Box[] | undefined {
  const boxes: Box[] = [];
  let at = from;
  while (at < end) {
    const box = boxAt(content, at, end);
    if (box === undefined || boxes.length === MAX_BOXES) return undefined;
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

/** The same space, saying nothing: readers skip it, and all positions stay what they were. */
export function blank(content: Buffer, box: Box): void {
  content.write('free', box.at + 4, 'latin1');
  content.fill(0, box.body, box.end);
}
