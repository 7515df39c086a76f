/**
 * header: takes the header of an entity off its body and apart into fields.
 *
 * In:  the bytes of a message or of a body part.    Out: fields in order (names lower case, values unfolded), the body, what is wrong.
 * Decides nothing: at the top of a message a fault is a refusal, within a part it is an anomaly, and the caller knows which.
 * Standards: RFC 5322 2.2 (fields), 2.2.3 (folding), 3.6.8 (names); none of the obsolete syntax of section 4, which readers take
 * differently (security.md AD-01, MI-03, MI-07). Never throws.
 */

export interface HeaderField {
  readonly name: string;
  /** One Latin-1 unit for each byte; without the outer white space. */
  readonly value: string;
}

export interface SplitEntity {
  readonly fields: readonly HeaderField[];
  readonly body: Buffer;
  /** Over the limits of security.md 3.12; the fields are those before the limit. */
  readonly isTooLarge: boolean;
  /** Something is neither a field nor the folded rest of one. The body begins there, as the lenient readers see it. */
  readonly isBroken: boolean;
  /** A fold of nothing but white space, a control character: readers disagree about where the field, or the header, ends. */
  readonly isDoubtful: boolean;
}

const MAX_HEADER_BYTES = 64 * 1024;
const MAX_FIELD_BYTES = 16 * 1024;
const MAX_FIELDS = 200;

const CRLF = '\r\n';
const BLANK_LINE = Buffer.from('\r\n\r\n');
const FIELD_START = /^([!-9;-~]+):/;
const BLANK = /^[ \t]*$/;
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

export function splitEntity(entity: Buffer): SplitEntity {
  if (entity.length === 0) return whole(entity);
  if (entity[0] === 0x0d && entity[1] === 0x0a) return whole(entity.subarray(2));
  const blank = entity.indexOf(BLANK_LINE);
  const end = blank === -1 ? entity.length : blank;
  const lines = entity.toString('latin1', 0, Math.min(end, MAX_HEADER_BYTES)).split(CRLF);
  const read = readFields(lines);
  // Without a blank line all of it is header (RFC 5322 3.5: the body is optional).
  const afterHeader = blank === -1 ? entity.length : blank + BLANK_LINE.length;
  return {
    fields: read.fields,
    body: entity.subarray(read.brokenAt ?? afterHeader),
    isTooLarge: end > MAX_HEADER_BYTES || read.isTooLarge,
    isBroken: read.brokenAt !== undefined,
    isDoubtful: read.isDoubtful,
  };
}

function whole(body: Buffer): SplitEntity {
  return { fields: [], body, isTooLarge: false, isBroken: false, isDoubtful: false };
}

interface ReadFields {
  readonly fields: readonly HeaderField[];
  readonly brokenAt: number | undefined;
  readonly isTooLarge: boolean;
  readonly isDoubtful: boolean;
}

function readFields(lines: readonly string[]): ReadFields {
  const fields: { name: string; lines: string[]; length: number }[] = [];
  let offset = 0;
  let isDoubtful = false;
  let brokenAt: number | undefined;
  for (const line of lines) {
    const field = fields.at(-1);
    const name = FIELD_START.exec(line)?.[1];
    if (name !== undefined) {
      fields.push({ name: name.toLowerCase(), lines: [line.slice(name.length + 1)], length: line.length });
    } else if (field !== undefined && (line.startsWith(' ') || line.startsWith('\t'))) {
      field.lines.push(line);
      field.length += line.length;
      isDoubtful ||= BLANK.test(line);
    } else if (line !== '') {
      brokenAt = offset;
      break;
    }
    isDoubtful ||= CONTROL.test(line);
    offset += line.length + CRLF.length;
  }
  return {
    fields: fields.slice(0, MAX_FIELDS).map((field) => ({ name: field.name, value: field.lines.join('').trim() })),
    brokenAt,
    isTooLarge: fields.length > MAX_FIELDS || fields.some((field) => field.length > MAX_FIELD_BYTES),
    isDoubtful,
  };
}

/** The values of all fields called `name` (lower case), in order. */
export function valuesOf(fields: readonly HeaderField[], name: string): readonly string[] {
  return fields.filter((field) => field.name === name).map((field) => field.value);
}
