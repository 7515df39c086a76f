/**
 * jpeg: a JPEG without EXIF, XMP, IPTC, comments, thumbnails and second pictures.
 *
 * In:  bytes that begin with SOI.    Out: the tables, the frame and its scans, up to the first EOI; `undefined` when malformed.
 * Standards: ITU-T T.81 annex B (segments), T.871 (JFIF), T.872 6.5.3 (Adobe), ICC.1 annex B.4 (profiles).
 * Attacks: text in any APPn or COM, in the rest of a JFIF segment, in the slack of a table, behind the end. Never throws.
 */
import { numberAt, Output, textAt } from './bytes.ts';
import { orientationOf, orientationSegment } from './orientation.ts';

interface Segment {
  readonly marker: number;
  /** From the marker's FF on. */
  readonly whole: Buffer;
  readonly payload: Buffer;
  readonly end: number;
}

interface Copy {
  readonly output: Output;
  hasFrame: boolean;
  hasScan: boolean;
  hasJfif: boolean;
  hasExif: boolean;
  hasAdobe: boolean;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DHT = 0xc4;
const DQT = 0xdb;
const DRI = 0xdd;
const DNL = 0xdc;
const DAC = 0xcc;
const COM = 0xfe;

export function withoutJpegMetadata(content: Buffer): Buffer | undefined {
  const output = new Output(content.length);
  output.add([0xff, SOI]);
  const copy = { output, hasFrame: false, hasScan: false, hasJfif: false, hasExif: false, hasAdobe: false };
  let at = 2;
  for (;;) {
    const segment = segmentAt(content, at);
    if (segment === undefined) return undefined;
    if (segment.marker === EOI) break;
    const end = copySegment(content, segment, copy);
    if (end === undefined) return undefined;
    at = end;
  }
  output.add([0xff, EOI]);
  return copy.hasScan ? output.taken() : undefined;
}

function segmentAt(content: Buffer, from: number): Segment | undefined {
  let at = from;
  // T.81 B.1.1.2: any marker may be preceded by fill bytes.
  while (content[at] === 0xff && content[at + 1] === 0xff) at++;
  const marker = content[at + 1];
  if (content[at] !== 0xff || marker === undefined) return undefined;
  const none = content.subarray(0, 0);
  if (marker === EOI) return { marker, whole: none, payload: none, end: at + 2 };
  const length = numberAt(content, at + 2, 2);
  if (length === undefined || length < 2) return undefined;
  const end = at + 2 + length;
  if (end > content.length) return undefined;
  return { marker, whole: content.subarray(at, end), payload: content.subarray(at + 4, end), end };
}

/** Where the next segment begins. `undefined` is also for JPEG-LS, hierarchical JPEG and markers of no known meaning. */
function copySegment(content: Buffer, segment: Segment, copy: Copy): number | undefined {
  const { marker, payload, end } = segment;
  if (marker === COM) return end;
  if (marker >= 0xe0 && marker <= 0xef) {
    copyApplication(segment, copy);
    return end;
  }
  if (!isTable(marker, payload) && !isFrame(marker, payload) && !isScan(marker, payload)) return undefined;
  if (isFrame(marker, payload) && copy.hasFrame) return undefined;
  copy.hasFrame ||= isFrame(marker, payload);
  if (marker !== SOS) {
    copy.output.add(segment.whole);
    return end;
  }
  return copyScan(content, segment, copy);
}

function copyScan(content: Buffer, segment: Segment, copy: Copy): number | undefined {
  const end = scanEnd(content, segment.end);
  if (end === undefined || !copy.hasFrame) return undefined;
  copy.hasScan = true;
  copy.output.add(segment.whole);
  copy.output.add(content.subarray(segment.end, end));
  return end;
}

/** T.81 B.1.1.5: in the coded data FF is followed by a stuffed zero or is a restart marker; anything else ends the scan. */
function scanEnd(content: Buffer, from: number): number | undefined {
  let at = content.indexOf(0xff, from);
  while (at !== -1) {
    const next = content[at + 1];
    if (next === undefined) return undefined;
    if (next !== 0x00 && (next < 0xd0 || next > 0xd7)) return at;
    at = content.indexOf(0xff, at + 2);
  }
  return undefined;
}

function copyApplication({ marker, whole, payload }: Segment, copy: Copy): void {
  if (marker === 0xe0 && !copy.hasJfif) copyJfif(payload, copy);
  if (marker === 0xe1 && !copy.hasExif && textAt(payload, 0, 6) === 'Exif\0\0') copyOrientation(payload, copy);
  if (marker === 0xe2 && textAt(payload, 0, 12) === 'ICC_PROFILE\0') copy.output.add(whole);
  if (marker === 0xee && !copy.hasAdobe) copyAdobe(payload, copy);
}

/** T.871 10.1: fourteen bytes, the last two of them the size of the thumbnail that follows. */
function copyJfif(payload: Buffer, copy: Copy): void {
  if (textAt(payload, 0, 5) !== 'JFIF\0' || payload.length < 14) return;
  copy.hasJfif = true;
  copy.output.add([0xff, 0xe0, 0, 16]);
  copy.output.add(payload.subarray(0, 12));
  copy.output.add([0, 0]);
}

/** Without it the phone photos of most makers lie on their side. */
function copyOrientation(payload: Buffer, copy: Copy): void {
  copy.hasExif = true;
  const orientation = orientationOf(payload.subarray(6));
  if (orientation !== undefined && orientation !== 1) copy.output.add(orientationSegment(orientation));
}

/** The colours of CMYK pictures are read by its transform flag (T.872 6.5.3), twelve bytes in all. */
function copyAdobe(payload: Buffer, copy: Copy): void {
  if (textAt(payload, 0, 5) !== 'Adobe' || payload.length < 12) return;
  copy.hasAdobe = true;
  copy.output.add([0xff, 0xee, 0, 14]);
  copy.output.add(payload.subarray(0, 12));
}

/** T.81 B.2.2. C8 and the arithmetic table CC lie between the frame markers. */
function isFrame(marker: number, payload: Buffer): boolean {
  const isMarker = marker >= 0xc0 && marker <= 0xcf && marker !== DHT && marker !== 0xc8 && marker !== DAC;
  return isMarker && payload.length === 6 + 3 * (payload[5] ?? 0);
}

/** T.81 B.2.3. */
function isScan(marker: number, payload: Buffer): boolean {
  return marker === SOS && payload.length === 4 + 2 * (payload[0] ?? 0);
}

/** The lengths have to fit to the byte, as every decoder demands: there is no slack for text. */
function isTable(marker: number, payload: Buffer): boolean {
  if (marker === DRI || marker === DNL) return payload.length === 2;
  if (marker === DAC) return payload.length % 2 === 0;
  if (marker !== DQT && marker !== DHT) return false;
  let at = 0;
  while (at < payload.length) at += marker === DQT ? quantizationLength(payload, at) : huffmanLength(payload, at);
  return at === payload.length;
}

/** T.81 B.2.4.1: 64 numbers of one or two bytes. */
const quantizationLength = (payload: Buffer, at: number): number => 1 + ((payload[at] ?? 0) < 16 ? 64 : 128);

/** T.81 B.2.4.2: sixteen counts, then as many symbols. */
function huffmanLength(payload: Buffer, at: number): number {
  let length = 17;
  for (let index = 1; index <= 16; index++) length += payload[at + index] ?? 0;
  return length;
}
