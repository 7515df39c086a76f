/**
 * find-address: where an address of a party stands in a squeezed text.
 *
 * In:  a squeezed text, one trace.    Out: spans of it, in UTF-16 units of the text that was squeezed.
 * Each place where the longest label of the domain stands is looked at: the other labels around it, the sign in front, the local part in
 * front of that. The sign may be a word, or any other mark (`jane.doe/mail.example`); a subdomain may stand in front of the domain. A
 * longer address that ends alike (`joann@` and `ann@`) is another one. Linear in the text. Standards: RFC 5233. Never fails.
 */
import { dotWordAt, dotWordBefore, signWordBefore } from './address-words.ts';
import { fold, isSeam, neighbours, touches, type Squeezed } from './squeeze.ts';
import type { Trace } from '../traces.ts';

/** UTF-16 offsets into the text that was searched. */
export interface TraceSpan {
  readonly start: number;
  readonly end: number;
}

interface Host {
  readonly labels: readonly string[];
  /** Which of them is looked for first: the longest. */
  readonly anchor: number;
}

/** A trace as its letters stand in a squeezed text. */
export interface Needle {
  readonly locals: readonly string[];
  /** It is written with a mark or a number in it, so it is no word of a language: `jane.doe`, not `info`. */
  readonly isDistinct: boolean;
  readonly hosts: readonly Host[];
  /** One of these stands in every text that names a host of it. */
  readonly anchors: readonly string[];
}

const reversed = (text: string): string => Array.from(text).toReversed().join('');

export function needleOf(trace: Trace, change: (letters: string) => string = (letters) => letters): Needle {
  const local = change(fold(trace.local).replaceAll('.', ''));
  const names = [...new Set(trace.domains.map((domain) => change(fold(domain))))];
  const hosts = names.flatMap((name) => [hostOf(name), hostOf(reversed(name))]);
  return {
    locals: [...new Set([local, reversed(local)])],
    isDistinct: local.length > 4 && /[\d._-]/.test(trace.local),
    hosts,
    anchors: hosts.map(({ labels, anchor }) => labels[anchor] ?? ''),
  };
}

function hostOf(name: string): Host {
  const labels = name.split('.');
  return {
    labels,
    anchor: labels.reduce((best, label, at) => (label.length > (labels[best] ?? '').length ? at : best), 0),
  };
}

export function* spansOf(squeezed: Squeezed, needle: Needle): Generator<TraceSpan> {
  for (const host of needle.hosts) {
    const word = host.labels[host.anchor] ?? '';
    for (let at = squeezed.letters.indexOf(word); at >= 0; at = squeezed.letters.indexOf(word, at + 1)) {
      const found = hostAround(squeezed, host, at);
      if (found === undefined) continue;
      for (const local of needle.locals) yield* around(squeezed, local, found, needle.isDistinct);
    }
  }
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

function* around(squeezed: Squeezed, local: string, host: Stretch, isDistinct: boolean): Generator<TraceSpan> {
  const start = isGluedHost(squeezed, host.to) ? undefined : localBefore(squeezed, local, host.from, isDistinct);
  if (start !== undefined) yield spanOf(squeezed, start, host.to);
  if (isGlued(squeezed, host.from)) return;
  const end = localBehind(squeezed, local, host.to, isDistinct);
  if (end !== undefined) yield spanOf(squeezed, host.from, end);
}

// --- the host ----------------------------------------------------------------------------------------------------------

function hostAround(squeezed: Squeezed, { labels, anchor }: Host, at: number): Stretch | undefined {
  let from: number | undefined = at;
  for (let index = anchor - 1; index >= 0 && from !== undefined; index--)
    from = labelBefore(squeezed, labels[index] ?? '', from);
  let to: number | undefined = at + (labels[anchor] ?? '').length;
  for (let index = anchor + 1; index < labels.length && to !== undefined; index++)
    to = labelBehind(squeezed, labels[index] ?? '', to);
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** Between two labels stands a dot, the word for one, or any mark that somebody took for one. */
function labelBefore(squeezed: Squeezed, label: string, end: number): number | undefined {
  let index = end;
  while (squeezed.letters[index - 1] === '.') index--;
  if (index === end) index -= dotWordBefore(squeezed, end);
  if (index === end && !isSeam(squeezed, end)) return undefined;
  return squeezed.letters.endsWith(label, index) ? index - label.length : undefined;
}

function labelBehind(squeezed: Squeezed, label: string, start: number): number | undefined {
  let index = start;
  while (squeezed.letters[index] === '.') index++;
  if (index === start) index += dotWordAt(squeezed, start);
  if (index === start && !isSeam(squeezed, start)) return undefined;
  return squeezed.letters.startsWith(label, index) ? index + label.length : undefined;
}

// --- the local part ----------------------------------------------------------------------------------------------------

/** Where the local part begins that stands, with its sign, in front of `host`. */
function localBefore(squeezed: Squeezed, local: string, host: number, isDistinct: boolean): number | undefined {
  if (squeezed.letters[host - 1] === '@') return localBeforeSign(squeezed, local, host - 1);
  const word = signWordBefore(squeezed, host);
  const behindWord = word === 0 ? undefined : localBeforeSign(squeezed, local, host - word);
  return (
    behindWord ?? localBeforeMark(squeezed, local, host, isDistinct) ?? localBeforeSubdomain(squeezed, local, host)
  );
}

function localBeforeSign(squeezed: Squeezed, local: string, sign: number): number | undefined {
  let end = sign;
  while (squeezed.letters[end - 1] === '@') end--;
  return matchLocal(squeezed, local, end) ?? localBeforeSubaddress(squeezed, local, end);
}

/** `info/shop.test` is no chance; `info: shop.test` may be, so a plain word needs a mark that stands for a sign. */
const MARK = /^[/%!=#|~^*]{1,2}$/;
const MAX_MARK = 40;

function localBeforeMark(squeezed: Squeezed, local: string, host: number, isDistinct: boolean): number | undefined {
  // `jane.doe.realmail.example` names both, too.
  if (isDistinct && squeezed.letters[host - 1] === '.') return matchLocal(squeezed, local, host - 1);
  if (touches(squeezed, host) || !squeezed.letters.endsWith(local.at(-1) ?? '', host)) return undefined;
  const gap = gapAt(squeezed, host);
  if (gap.length > MAX_MARK || !(isDistinct || MARK.test(gap))) return undefined;
  const start = matchLocal(squeezed, local, host);
  return start !== undefined && isInOnePiece(squeezed, start, host) ? start : undefined;
}

/** `Jane Doe, realmail.example` is a name and where she works. */
const isInOnePiece = ({ text, starts, ends }: Squeezed, from: number, to: number): boolean =>
  !/\s/.test(text.slice(starts[from], ends[to - 1]));

const gapAt = ({ text, starts, ends }: Squeezed, index: number): string => text.slice(ends[index - 1], starts[index]);

const MAX_SUBDOMAIN = 64;

/** `jane.doe@mail.realmail.example`, `jane.doe@NOSPAMrealmail.example`. */
function localBeforeSubdomain(squeezed: Squeezed, local: string, host: number): number | undefined {
  if (squeezed.letters[host - 1] !== '.' && !isCapitalBefore(squeezed, host)) return undefined;
  for (let at = host - 1; at > 0 && at > host - MAX_SUBDOMAIN; at--) {
    if (squeezed.letters[at] === '@') return localBeforeSign(squeezed, local, at);
    if (!touches(squeezed, at + 1) && gapAt(squeezed, at + 1).trim() !== gapAt(squeezed, at + 1)) return undefined;
  }
  return undefined;
}

const isCapitalBefore = (squeezed: Squeezed, index: number): boolean =>
  touches(squeezed, index) && isSeam(squeezed, index) && /\p{Lu}/u.test(neighbours(squeezed, index)[0]);

/** How far a local part is followed: RFC 5321 4.5.3.1.1 bounds it to 64; twice that leaves room for dots between. */
const MAX_LOCAL = 128;

/** As above for `local+anything`; a subaddress may hold `+` itself (RFC 5233 leaves that open), so every `+` is tried. */
function localBeforeSubaddress(squeezed: Squeezed, local: string, end: number): number | undefined {
  for (let at = end - 1; at > 0 && at >= end - MAX_LOCAL && squeezed.letters[at] !== '@'; at--) {
    const start = squeezed.letters[at] === '+' ? matchLocal(squeezed, local, at) : undefined;
    if (start !== undefined) return start;
  }
  return undefined;
}

/** Reads `local` backwards from `end`; dots do not count, and neither does the word for one. */
function matchLocal(squeezed: Squeezed, local: string, end: number): number | undefined {
  let index = end;
  let left = local.length;
  while (left > 0) {
    if (index <= 0 || end - index > MAX_LOCAL) return undefined;
    const word = squeezed.letters[index - 1] === local[left - 1] ? 0 : dotWordBefore(squeezed, index);
    if (squeezed.letters[index - 1] === local[left - 1]) [index, left] = [index - 1, left - 1];
    else if (squeezed.letters[index - 1] === '.') index--;
    else if (word > 0) index -= word;
    else return undefined;
  }
  return isGlued(squeezed, index) ? undefined : index;
}

/** `tset.x@nna`, as a mirror shows it, and `x.test/ann`, as programs write it in paths. */
function localBehind(squeezed: Squeezed, local: string, host: number, isDistinct: boolean): number | undefined {
  const isSign = squeezed.letters[host] === '@';
  if (!isSign && (!isDistinct || touches(squeezed, host) || !MARK.test(gapAt(squeezed, host)))) return undefined;
  let index = isSign ? host + 1 : host;
  for (const letter of local) {
    while (squeezed.letters[index] === '.') index++;
    if (!squeezed.letters.startsWith(letter, index)) return undefined;
    index += letter.length;
  }
  return isGlued(squeezed, index) ? undefined : index;
}

// --- what belongs together ---------------------------------------------------------------------------------------------

const WORD = /[\p{L}\p{N}]/u;
/** Written without spaces between words. */
const UNSPACED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

/** No top-level domain holds a digit, and nobody writes `exampleTel` for one: programs put cells together like that. */
function isGluedHost(squeezed: Squeezed, end: number): boolean {
  if (!isGlued(squeezed, end)) return false;
  const [before, behind] = neighbours(squeezed, end);
  return !(/\d/.test(behind) && !/\d/.test(before)) && !(/\p{Ll}/u.test(before) && /\p{Lu}/u.test(behind));
}

/** The word goes on across `index`: the match is a part of it. */
function isGlued(squeezed: Squeezed, index: number): boolean {
  if (!touches(squeezed, index)) return false;
  if (!WORD.test(squeezed.letters[index - 1] ?? '') || !WORD.test(squeezed.letters[index] ?? '')) return false;
  const [before, behind] = neighbours(squeezed, index);
  return !UNSPACED.test(before) && !UNSPACED.test(behind);
}

const spanOf = (squeezed: Squeezed, start: number, end: number): TraceSpan => ({
  start: squeezed.starts[start] ?? 0,
  end: squeezed.ends[end - 1] ?? 0,
});
