/**
 * gif: a GIF without comments, plain texts and the blocks of applications, and without what follows its trailer.
 *
 * In:  bytes that begin with GIF87a or GIF89a.    Out: the screen, its images, their timing and the loop; `undefined` when malformed.
 * Standards: GIF89a 18 to 27. Attacks: an address in a comment, XMP in an application block, a file behind the trailer. Never throws.
 */
import { Output, textAt } from './bytes.ts';

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const PLAIN_TEXT = 0x01;
const CONTROL = 0xf9;
const APPLICATION = 0xff;
const SCREEN_LENGTH = 13;

interface Copy {
  readonly output: Output;
  /** The timing and transparency of the next image; GIF89a 23: it belongs to the one block that follows. */
  control: Buffer;
  hasImage: boolean;
  hasLoop: boolean;
}

export function withoutGifMetadata(content: Buffer): Buffer | undefined {
  const screenEnd = afterColours(content, 10, SCREEN_LENGTH);
  if (screenEnd === undefined) return undefined;
  const copy = { output: new Output(content.length), control: Buffer.alloc(0), hasImage: false, hasLoop: false };
  copy.output.add(content.subarray(0, screenEnd));
  let at = screenEnd;
  while (content[at] !== TRAILER) {
    const end = copyBlock(content, at, copy);
    if (end === undefined) return undefined;
    at = end;
  }
  copy.output.add([TRAILER]);
  return copy.hasImage ? copy.output.taken() : undefined;
}

function copyBlock(content: Buffer, at: number, copy: Copy): number | undefined {
  if (content[at] === IMAGE) return copyImage(content, at, copy);
  if (content[at] !== EXTENSION) return undefined;
  const end = afterBlocks(content, at + 2);
  if (end !== undefined) copyExtension(content.subarray(at, end), copy);
  return end;
}

/** GIF89a 20 to 22: a descriptor, its own colours if any, the code size and the coded data. */
function copyImage(content: Buffer, at: number, copy: Copy): number | undefined {
  const dataAt = afterColours(content, at + 9, at + 10);
  const end = dataAt === undefined ? undefined : afterBlocks(content, dataAt + 1);
  if (end === undefined) return undefined;
  copy.output.add(copy.control);
  copy.output.add(content.subarray(at, end));
  copy.control = Buffer.alloc(0);
  copy.hasImage = true;
  return end;
}

function copyExtension(extension: Buffer, copy: Copy): void {
  const label = extension[1];
  if (label === CONTROL && extension.length === 8) copy.control = extension;
  if (label === PLAIN_TEXT) copy.control = Buffer.alloc(0);
  if (label !== APPLICATION || copy.hasLoop || textAt(extension, 2, 12) !== '\x0bNETSCAPE2.0') return;
  // How often it plays: three bytes, the first of them 1. Other blocks in it are left behind.
  if (extension[14] !== 3 || extension[15] !== 1) return;
  copy.hasLoop = true;
  copy.output.add(extension.subarray(0, 18));
  copy.output.add([0]);
}

/** GIF89a 18, 20: the low three bits of the flags say how many colours follow, the top bit whether any do. */
function afterColours(content: Buffer, flagsAt: number, coloursAt: number): number | undefined {
  const flags = content[flagsAt];
  if (flags === undefined) return undefined;
  const end = (flags & 0x80) === 0 ? coloursAt : coloursAt + 3 * 2 ** ((flags & 7) + 1);
  return end > content.length ? undefined : end;
}

/** GIF89a 15: blocks that each begin with their length; a length of zero ends them. */
function afterBlocks(content: Buffer, from: number): number | undefined {
  let at = from;
  for (;;) {
    const length = content[at];
    if (length === undefined) return undefined;
    at += length + 1;
    if (length === 0) return at;
  }
}
