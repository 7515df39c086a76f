/**
 * oracle: can anybody read this address in these bytes? Shares no code with any relay.
 *
 * In:  raw bytes of a message or a reply.    Out: yes or no.
 * Every way of decoding that a person, a mail program or a script could think of is tried on the whole text; what comes out is reduced
 * to letters, digits and `@`, and searched for the address and its other spellings. It rather sees too much: an address of the suite is
 * like no other text.
 */
import { brotliDecompressSync, constants, inflateRawSync, inflateSync } from 'node:zlib';
import { unzipSync } from 'fflate';

export function canRead(address: string, bytes: Uint8Array | string): boolean {
  const needles = needlesFor(address);
  for (const reading of readingsOf(Buffer.from(bytes), 0)) {
    const letters = squeezed(reading);
    if (needles.some((needle) => needle.test(letters))) return true;
  }
  return false;
}

// --- what to look for --------------------------------------------------------------------------------------------------

const squeezed = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}@]+/gu, '');
const turned = (text: string): string => Array.from(text).toReversed().join('');

/** Dots do not count, a subaddress may stand behind the name, the sign may be a word, and all of it may run backwards. */
function needlesFor(address: string): readonly RegExp[] {
  const at = address.lastIndexOf('@');
  const parts = address.slice(0, at).split('.').map(squeezed);
  const name = parts.join('(?:dot)?');
  const mirrored = turned(parts.join(''));
  const labels = address
    .slice(at + 1)
    .split('.')
    .map(squeezed);
  const hosts = [labels.join(''), labels.join('dot')];
  return hosts.flatMap((host) => [
    new RegExp(`${name}(?:[\\p{L}\\p{N}]{0,20}@|at|a)${host}`, 'u'),
    new RegExp(`${mirrored}@${host}|${turned(host)}@${mirrored}|${name}@${turned(host)}`, 'u'),
  ]);
}

// --- how to read -------------------------------------------------------------------------------------------------------

type Reading = (text: string) => string;

const character = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '');
const unhex = (digits: string): string => character(Number.parseInt(digits, 16));
const soft: Reading = (text) => text.replace(/=\r?\n/g, '');
const quoted: Reading = (text) => soft(text).replace(/=([\da-f]{2})/gi, (_, hex: string) => unhex(hex));
const percent: Reading = (text) => text.replace(/%(?:25)*([\da-f]{2})/gi, (_, hex: string) => unhex(hex));
const octets: Reading = (text) => Buffer.from(percent(text), 'latin1').toString('utf8');
const entities: Reading = (text) =>
  text
    .replace(/&(?:amp;)*#x([\da-f]{1,6});?/gi, (_, hex: string) => unhex(hex))
    .replace(/&(?:amp;)*#(\d{1,7});?/g, (_, digits: string) => character(Number(digits)))
    .replace(/&(?:amp;)*(commat|period);?/gi, (_, name: string) => (name === 'period' ? '.' : '@'))
    .replace(/&[a-z]{2,8};/gi, '');
const untagged: Reading = (text) => entities(quoted(text).replace(/<[^>]*>/g, ''));
const backslashed: Reading = (text) =>
  text
    .replace(/\\(?:u00|x|')([\da-f]{2})/gi, (_, hex: string) => unhex(hex))
    .replace(/\\u(\d{1,5}) ?\??/g, (_, digits: string) => character(Number(digits)))
    .replace(/\\[nrt]/g, ' ')
    .replace(/\\[a-z]{1,32}-?\d{0,6} ?|[{}]/gi, ' ');
/** What stands for a picture, in place of its tag. */
const described: Reading = (text) =>
  quoted(text).replace(/<[^<>]*?(?:\balt="([^"<>]*)")?[^<>]*>/gi, (tag) => /\balt="([^"]*)"/i.exec(tag)?.[1] ?? '');
/** RFC 2152, for one sign. */
const utf7: Reading = (text) => text.replace(/\+AEA-/g, '@');
/** XML 1.0 4.2. */
const declared: Reading = (text) => {
  const [, name, value = ''] = /<!ENTITY (\w+) "([^"]*)">/.exec(text) ?? [];
  return name === undefined ? text : text.replaceAll(`&${name};`, value);
};
const digitRuns: Reading = (text) =>
  text.replace(/[\da-f]{20,}/gi, (hex) => Buffer.from(hex.slice(hex.length & 1), 'hex').toString('latin1'));
/** RFC 2047; nothing stands between two of them. */
const worded: Reading = (text) =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?[^?\s]+\?([BQ])\?([^?\s]*)\?=/gi, (_, coding: string, word: string) =>
      coding.toUpperCase() === 'B' ? Buffer.from(word, 'base64').toString('latin1') : quoted(word),
    );
/** Strings of a PDF: hexadecimal, with octal escapes, and drawn in pieces. */
const hexadecimal: Reading = (text) =>
  text.replace(/<([\da-f\s]{4,})>/gi, (_, hex: string) =>
    Buffer.from(hex.replace(/\s/g, ''), 'hex').toString('latin1'),
  );
const octal: Reading = (text) =>
  text.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) => character(Number.parseInt(digits, 8)));
const pieces: Reading = (text) => (hexadecimal(text).match(/\([^()]*\)/g) ?? []).join('');

const READINGS: readonly Reading[] = [
  (text) => text,
  quoted,
  percent,
  entities,
  untagged,
  backslashed,
  worded,
  hexadecimal,
  octal,
  octets,
  pieces,
  described,
  utf7,
  declared,
  digitRuns,
];
const DEEPEST = 8;
/** Nothing that the suite sends unpacks to more. Octets. */
const LARGEST = 4_000_000;

function* readingsOf(bytes: Buffer, depth: number): Generator<string> {
  for (const text of new Set([bytes.toString('utf8'), bytes.toString('latin1')])) {
    for (const read of READINGS) {
      const once = read(text);
      yield once;
      if (once !== text) yield percent(entities(once));
    }
  }
  if (depth >= DEEPEST) return;
  for (const inner of innerBytes(bytes)) yield* readingsOf(inner, depth + 1);
}

/** Base64 from each place where a group may begin, and what is packed. */
function* innerBytes(bytes: Buffer): Generator<Buffer> {
  const text = bytes.toString('latin1');
  // The last line of a body may be two or three letters long, and an archive that lacks its end cannot be opened.
  for (const [run] of text.matchAll(/[\w+/-]{16,}(?:[=>\s]{0,4}[\w+/-]{2,})*/g)) {
    const letters = run.replace(/[^\w+/-]/g, '');
    const first = Buffer.from(letters, 'base64');
    yield first;
    // It has no mark at its beginning.
    yield* attempt(() => [brotliDecompressSync(first, { maxOutputLength: LARGEST })]);
    yield* unpacked(first);
    // Only a run within a line can begin elsewhere than at a group; bodies are long and begin at one.
    if (letters.length < 400)
      for (let offset = 1; offset < 4; offset++) yield Buffer.from(letters.slice(offset), 'base64');
  }
  yield* unpacked(bytes);
}

function* unpacked(bytes: Buffer): Generator<Buffer> {
  const archive = bytes.indexOf('PK\u0003\u0004', 0, 'latin1');
  yield* attempt(() =>
    archive < 0 ? [] : Object.values(unzipSync(bytes.subarray(archive))).map((entry) => Buffer.from(entry)),
  );
  yield* attempt(() => (bytes[0] === 0x78 ? [inflateSync(bytes, TOLERANT)] : []));
  // Wherever they begin: behind the head of a picture, behind a text.
  for (const at of placesOf(bytes, Buffer.from('1f8b08', 'hex'))) {
    // RFC 1952 2.3: ten octets, where there is no name; what follows the packed ones is none of them.
    yield* attempt(() => [inflateRawSync(bytes.subarray(at + 10), TOLERANT)]);
  }
  for (const at of placesOf(bytes, Buffer.from('78', 'hex'))) {
    if (bytes.readUInt16BE(Math.min(at, bytes.length - 2)) % 31 === 0)
      yield* attempt(() => [inflateSync(bytes.subarray(at), TOLERANT)]);
  }
}

/** What follows the packed bytes is no reason to see nothing. */
const TOLERANT = { maxOutputLength: LARGEST, finishFlush: constants.Z_SYNC_FLUSH };

function* placesOf(bytes: Buffer, mark: Buffer): Generator<number> {
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) yield at;
}

/** What cannot be unpacked was not packed. */
function attempt(unpack: () => readonly Buffer[]): readonly Buffer[] {
  try {
    return unpack();
  } catch {
    return [];
  }
}
