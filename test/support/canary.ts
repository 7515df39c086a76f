/**
 * canary: looks for planted addresses in everything that came out, in every encoding that a person or a program could undo.
 * Works on raw bytes alone: it shares no code with what it tests.
 */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

type Reading = (text: string) => string;

const unfolded: Reading = (text) => text.replace(/=\r?\n/g, '').replace(/\r?\n[ \t]?/g, '');
const quotedPrintable: Reading = (text) =>
  unfolded(text).replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => byte(hex, 16));
const percent: Reading = (text) => text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => byte(hex, 16));
const entities: Reading = (text) =>
  text
    .replace(/&#x([0-9A-Fa-f]{1,6});?/g, (_, hex: string) => byte(hex, 16))
    .replace(/&#(\d{1,7});?/g, (_, digits: string) => byte(digits, 10))
    .replace(/&(?:commat|period);/g, (name) => (name === '&commat;' ? '@' : '.'));
const untagged: Reading = (text) => entities(quotedPrintable(text).replace(/<[^>]*>/g, ''));
const visible: Reading = (text) => text.replace(/[\u00ad\u200b-\u200d\u2060\ufeff\0]/g, '');
const wide: Reading = (text) => text.replace(/\0/g, '');
const backwards: Reading = (text) => [...text].reverse().join('');

const READINGS: readonly Reading[] = [
  (text) => text,
  unfolded,
  quotedPrintable,
  percent,
  entities,
  untagged,
  visible,
  wide,
  backwards,
];

function byte(digits: string, radix: number): string {
  const code = Number.parseInt(digits, radix);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

/** The canaries that can be read out of `bytes`, however they are encoded. */
export function canariesIn(bytes: Uint8Array | string, canaries: readonly string[]): readonly string[] {
  const buffer = Buffer.from(bytes);
  const texts = [buffer.toString('utf8'), buffer.toString('latin1'), ...decodedRuns(buffer.toString('latin1'))];
  const found = new Set<string>();
  for (const text of texts) {
    for (const reading of READINGS) {
      const read = reading(text).toLowerCase();
      for (const canary of canaries) if (read.includes(canary.toLowerCase())) found.add(canary);
    }
  }
  return [...found];
}

/** Every run of base64 in `text`, decoded at each of the four offsets, twice deep. */
function decodedRuns(text: string, depth = 0): readonly string[] {
  const decoded: string[] = [];
  for (const match of text.matchAll(/[A-Za-z0-9+/_-]{8}[A-Za-z0-9+/=_\-\r\n]*/g)) {
    const run = match[0].replace(/[\r\n]/g, '');
    for (let offset = 0; offset < 4; offset++)
      decoded.push(Buffer.from(run.slice(offset), 'base64').toString('latin1'));
  }
  return depth > 0 ? decoded : [...decoded, ...decodedRuns(decoded.join('\n').slice(0, 2_000_000), depth + 1)];
}

/** Fails when a canary can be read out of `bytes`. `place` says where, for the message of the failure. */
export function assertNoCanary(place: string, bytes: Uint8Array | string, canaries: readonly string[]): void {
  assert.ok(canaries.length > 0, 'there is something to look for');
  assert.deepEqual(canariesIn(bytes, canaries), [], `a planted address can be read in ${place}`);
}

/** Reads every byte of every file below `folder`; answers how many files and bytes it saw. */
export async function assertNoCanaryInFolder(
  folder: string,
  canaries: readonly string[],
): Promise<{ files: number; bytes: number }> {
  let files = 0;
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    assertNoCanary('a file name', entry.name, canaries);
    if (!entry.isFile()) continue;
    const content = await readFile(join(entry.parentPath, entry.name));
    assertNoCanary(`the file ${entry.name}`, content, canaries);
    files += 1;
    bytes += content.length;
  }
  return { files, bytes };
}
