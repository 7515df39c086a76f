/**
 * pictures: the same picture without what it tells about its maker: place, camera, names, comments, thumbnails.
 *
 * In:  the bytes of a file.    Out: the picture with nothing but the picture; `undefined` for what is no picture, or a broken one.
 * Only the bytes say what a file is: its name and its type are the sender's word. What stays is a positive list for each format.
 * Attacks: GPS of a home in EXIF, an address in a comment, a second file behind the picture, the uncropped original left
 * behind the end of a cropped one. The caller holds what comes back `undefined`. Linear, bounded, never throws.
 */
import { withoutBmpMetadata } from './bmp.ts';
import { textAt } from './bytes.ts';
import { withoutGifMetadata } from './gif.ts';
import { withoutHeifMetadata } from './heif.ts';
import { withoutJpegMetadata } from './jpeg.ts';
import { withoutPngMetadata } from './png.ts';
import { withoutWebpMetadata } from './webp.ts';

type Cleaner = (content: Buffer) => Buffer | undefined;

export function withoutMetadata(content: Uint8Array): Uint8Array | undefined {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return cleanerFor(bytes)?.(bytes);
}

function cleanerFor(content: Buffer): Cleaner | undefined {
  const start = textAt(content, 0, 12);
  if (start.startsWith('\xff\xd8\xff')) return withoutJpegMetadata;
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return withoutPngMetadata;
  if (/^GIF8[79]a/.test(start)) return withoutGifMetadata;
  if (start.startsWith('RIFF') && start.endsWith('WEBP')) return withoutWebpMetadata;
  if (start.slice(4, 8) === 'ftyp') return withoutHeifMetadata;
  return start.startsWith('BM') ? withoutBmpMetadata : undefined;
}
