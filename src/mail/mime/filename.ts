/**
 * filename: a file name that is safe to show, to send on and to save.
 *
 * No folders, no control or bidirectional characters (U+202E turns `exe.txt` round), nothing that a file system gives a meaning to
 * (security.md MI-19). The extension survives the limit of 150 characters. Applying it twice changes nothing. Never throws.
 */
import { oneLine } from './header-text.ts';

const MAX_LENGTH = 150;
const MAX_EXTENSION = 20;
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/** `undefined` when nothing is left of it. */
export function safeFilename(name: string): string | undefined {
  const base = oneLine(name.slice(-10_000))
    .normalize('NFC')
    .replace(/^.*[/\\]/, '');
  const safe = trimmed(base.replace(/[<>:"|?*]/g, '_').replace(/[\u200b-\u200d\u2060]/g, ''));
  const short = shortened(DEVICE.test(safe) ? `_${safe}` : safe);
  return short === '' ? undefined : short;
}

/** Dots and spaces at the ends hide a file on one system and are cut off by another. */
const trimmed = (name: string): string => name.replace(/^[.\s]+/, '').replace(/[.\s]+$/, '');

function shortened(name: string): string {
  const characters = Array.from(name);
  if (characters.length <= MAX_LENGTH) return name;
  const dot = characters.lastIndexOf('.');
  const extension = dot >= characters.length - MAX_EXTENSION ? characters.slice(dot) : [];
  return trimmed(characters.slice(0, MAX_LENGTH - extension.length).join('')) + extension.join('');
}
