/**
 * parameters: takes a value with parameters apart (Content-Type, Content-Disposition).
 *
 * In:  an unfolded value as Latin-1 units.    Out: the value, its parameters, and which of them two readers could see differently.
 * Comments, unquoted specials, space around `=`, missing semicolons are faults: the strict reader and the lenient one part there
 * (security.md MI-05, MI-08, MI-09). After a fault the rest is read leniently, so that one bad parameter cannot hide the next.
 * Standards: RFC 2045 5.1, RFC 2231 3 and 4. Linear, never throws.
 */
import { decodeCharset } from './charset.ts';

export interface Parameterised {
  /** Lower case, without parameters. */
  readonly value: string;
  /** Plain ones by lower-case name; of several of one name the first. Latin-1 units. */
  readonly plain: ReadonlyMap<string, string>;
  /** Extended ones (`name*=`, `name*0=`), put together and decoded to Unicode. */
  readonly extended: ReadonlyMap<string, string>;
  readonly repeated: ReadonlySet<string>;
  readonly isWellFormed: boolean;
}

const VALUE = /^([^\s"(),/:;<=>?@[\\\]]+(?:\/[^\s"(),/:;<=>?@[\\\]]+)?)(?=[ \t]*(?:;|$))/;
const PARAMETER =
  /[ \t]*;[ \t]*([^\s"(),/:;<=>?@[\\\]]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s"(),/:;<=>?@[\\\]]+))(?=[ \t]*(?:;|$))/y;
const END = /[ \t]*;?[ \t]*$/y;
const LOOSE = /^[ \t]*([^=\s]+)[ \t]*=[ \t]*"?([^"]*)"?/;

export function parseParameters(source: string): Parameterised {
  const value = VALUE.exec(source)?.[1];
  const { pairs, isWellFormed } = pairsOf(source, value?.length ?? 0);
  const plain = new Map<string, string>();
  const pieces = new Map<string, string>();
  const repeated = new Set<string>();
  for (const [name, content] of pairs) {
    const kind = name.includes('*') ? pieces : plain;
    if (kind.has(name)) repeated.add(name.replace(/\*.*$/, ''));
    else kind.set(name, content);
  }
  const loose = source.slice(0, 100).split(/[;\s]/)[0] ?? '';
  return {
    value: (value ?? loose).toLowerCase(),
    plain,
    extended: joinPieces(pieces),
    repeated,
    isWellFormed: isWellFormed && value !== undefined,
  };
}

type Pair = readonly [name: string, content: string];

function pairsOf(source: string, start: number): { pairs: readonly Pair[]; isWellFormed: boolean } {
  const pairs: Pair[] = [];
  let position = start;
  for (;;) {
    PARAMETER.lastIndex = position;
    const match = PARAMETER.exec(source);
    if (match === null) break;
    const [whole, name = '', quoted, token] = match;
    pairs.push([name.toLowerCase(), quoted === undefined ? (token ?? '') : quoted.replace(/\\(.)/g, '$1')]);
    position += whole.length;
  }
  END.lastIndex = position;
  if (END.test(source)) return { pairs, isWellFormed: true };
  return { pairs: [...pairs, ...loosePairs(source.slice(position))], isWellFormed: false };
}

function loosePairs(rest: string): readonly Pair[] {
  return rest.split(';').flatMap((segment) => {
    const match = LOOSE.exec(segment);
    return match === null ? [] : [[(match[1] ?? '').toLowerCase(), (match[2] ?? '').trim()] as const];
  });
}

/** Enough for any name that fits into a field. */
const MAX_PIECES = 200;

/** RFC 2231: `name*` or `name*0`, `name*1`, ...; a star at the end says that the piece is percent-encoded. */
function joinPieces(pieces: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const joined = new Map<string, string>();
  const names = new Set([...pieces.keys()].map((name) => name.slice(0, name.indexOf('*'))));
  for (const name of names) {
    const first = pieces.get(`${name}*`) ?? pieces.get(`${name}*0*`);
    const { charset, content } = splitCharset(first);
    const start = first === undefined ? latin1(pieces.get(`${name}*0`) ?? '') : percentDecoded(content);
    const bytes = [start, ...laterPieces(pieces, name)];
    joined.set(name, decodeCharset(Buffer.concat(bytes), charset).text);
  }
  return joined;
}

function* laterPieces(pieces: ReadonlyMap<string, string>, name: string): Generator<Buffer> {
  for (let number = 1; number < MAX_PIECES; number++) {
    const encoded = pieces.get(`${name}*${number}*`);
    const plain = pieces.get(`${name}*${number}`);
    if (encoded !== undefined) yield percentDecoded(encoded);
    else if (plain !== undefined) yield latin1(plain);
    else return;
  }
}

function splitCharset(first: string | undefined): { charset: string | undefined; content: string } {
  const match = /^([^']{0,40})'[^']{0,40}'/.exec(first ?? '');
  return match === null
    ? { charset: undefined, content: first ?? '' }
    : { charset: match[1], content: (first ?? '').slice(match[0].length) };
}

function percentDecoded(text: string): Buffer {
  return latin1(text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))));
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
