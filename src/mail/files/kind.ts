/**
 * kind: what a file is, from its first bytes. What it calls itself is the author's word and decides nothing (security.md MI-18).
 */

export type FileKind = 'picture' | 'pdf' | 'zip' | 'tnef' | 'rtf' | 'closed' | 'other';

/** `closed`: archives and protected files that nobody here can open, and Office files from before 2007, which cannot be cleaned. */
const SIGNATURES: readonly (readonly [kind: FileKind, hex: string, at?: number])[] = [
  ['picture', 'ffd8ff'],
  ['picture', '89504e470d0a1a0a'],
  ['picture', '474946383761'],
  ['picture', '474946383961'],
  ['picture', '57454250', 8],
  // Behind `BM`: two numbers that are zero in every file, and the size of a header that there is.
  ['picture', '424d........00000000......0028000000'],
  ['picture', '424d........00000000......006c000000'],
  ['picture', '424d........00000000......007c000000'],
  ['zip', '504b0304'],
  ['zip', '504b0506'],
  ['tnef', '789f3e22'],
  ['rtf', '7b5c727466'],
  // PostScript is a program that draws.
  ['closed', '25215053'],
  ['closed', 'd0cf11e0a1b11ae1'],
  ['closed', '377abcaf271c'],
  ['closed', '526172211a07'],
  ['closed', '1f8b08'],
  ['closed', '425a68'],
  ['closed', 'fd377a585a00'],
  ['closed', '28b52ffd'],
  ['closed', '4d534346'],
  ['closed', '7573746172', 257],
];
/** A dot stands for any digit. */
const isAlike = (hex: string, pattern: string): boolean =>
  pattern.includes('.') ? new RegExp(`^${pattern}$`).test(hex) : hex === pattern;

const HEIF_BRANDS = /^ftyp(?:hei[cfmsx]|hev[cmsx]|mif1|msf1|avi[fs])/;
/** Readers look for it in the first kilobyte (ISO 32000-1, annex H, note 13). */
const PDF_WITHIN = 1024;

export function kindOf(content: Uint8Array): FileKind {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  for (const [kind, hex, at = 0] of SIGNATURES) {
    if (isAlike(bytes.subarray(at, at + hex.length / 2).toString('hex'), hex)) return kind;
  }
  if (HEIF_BRANDS.test(bytes.toString('latin1', 4, 16))) return 'picture';
  return bytes.toString('latin1', 0, PDF_WITHIN).includes('%PDF-') ? 'pdf' : 'other';
}

/**
 * No byte that no charset has a use for: what is packed and calls itself text is opened as what it is. UTF-16 has zeros, and is told by its
 * mark or by the zeros beside ASCII.
 */
export function isTextual(content: Uint8Array): boolean {
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
  const isWide = /^(?:\xff\xfe|\xfe\xff|[^\0]\0[^\0]\0|\0[^\0]\0[^\0])/.test(text);
  return isWide || kindOf(content) === 'rtf' || !/[\x00-\x08\x0e-\x19\x1c-\x1f]/.test(text);
}
