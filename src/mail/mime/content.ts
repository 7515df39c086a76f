/**
 * content: what the Content-* fields of one entity say about it.
 *
 * In:  the fields of a message or body part.    Out: one reading of them. Whatever permits a second reading is put down as an anomaly.
 * Standards: RFC 2045 5 and 6, RFC 2183, RFC 2231, RFC 3676. Attacks: security.md MI-01..MI-05, MI-08, MI-09. Never throws.
 */
import type { Anomaly } from '../message.ts';
import { decodeWords, unicodeOf } from './header-text.ts';
import { valuesOf, type HeaderField } from './header.ts';
import { parseParameters, type Parameterised } from './parameters.ts';

type TransferEncoding = 'none' | 'base64' | 'quoted-printable';

export interface Content {
  /** Lower case `type/subtype`. */
  readonly type: string;
  readonly charset: string | undefined;
  /** `undefined` when there is none that can be used. */
  readonly boundary: string | undefined;
  readonly encoding: TransferEncoding;
  /** The sender promised that there is no byte over 127. */
  readonly isSevenBit: boolean;
  readonly isFlowed: boolean;
  readonly deletesSpace: boolean;
  readonly disposition: 'attachment' | 'inline' | undefined;
  /** As written, decoded; not yet safe. */
  readonly filename: string | undefined;
  readonly contentId: string | undefined;
}

const TYPE = /^[^/]+\/[^/]+$/;

/** `defaultType` is text/plain, or message/rfc822 within multipart/digest (RFC 2046 5.1.5). */
export function readContent(fields: readonly HeaderField[], defaultType: string, anomalies: Set<Anomaly>): Content {
  const type = readType(fields, defaultType, anomalies);
  const disposition = readDisposition(fields, anomalies);
  return {
    type: type.value,
    charset: type.plain.get('charset'),
    boundary: type.value.startsWith('multipart/') ? boundaryOf(type, anomalies) : undefined,
    ...readEncoding(fields, anomalies),
    isFlowed: type.plain.get('format')?.toLowerCase() === 'flowed',
    deletesSpace: type.plain.get('delsp')?.toLowerCase() === 'yes',
    disposition: dispositionOf(disposition?.value),
    filename: nameIn(disposition, 'filename', anomalies) ?? nameIn(type, 'name', anomalies),
    contentId: contentIdOf(fields, anomalies),
  };
}

function readType(fields: readonly HeaderField[], defaultType: string, anomalies: Set<Anomaly>): Parameterised {
  const values = valuesOf(fields, 'content-type');
  const type = parseParameters(values[0] ?? defaultType);
  const isAmbiguous =
    values.length > 1 ||
    !type.isWellFormed ||
    !TYPE.test(type.value) ||
    type.repeated.size > 0 ||
    type.extended.has('charset') ||
    isEncodedWord(type.plain.get('charset'));
  if (isAmbiguous) anomalies.add('ambiguous-type');
  // RFC 2045 5.2: what cannot be read is plain text.
  return TYPE.test(type.value) ? type : { ...type, value: 'text/plain' };
}

// RFC 2046 5.1.1: bchars, at most 70, no space at the end.
const BOUNDARY = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/;

function boundaryOf(type: Parameterised, anomalies: Set<Anomaly>): string | undefined {
  const boundary = type.plain.get('boundary');
  const isSound =
    type.isWellFormed &&
    boundary !== undefined &&
    BOUNDARY.test(boundary) &&
    !isEncodedWord(boundary) &&
    !type.repeated.has('boundary') &&
    !type.extended.has('boundary');
  if (!isSound) anomalies.add('broken-boundary');
  return boundary === '' ? undefined : boundary;
}

const isEncodedWord = (text: string | undefined): boolean => text?.startsWith('=?') ?? false;

const IDENTITY: ReadonlySet<string> = new Set(['7bit', '8bit']);

function readEncoding(
  fields: readonly HeaderField[],
  anomalies: Set<Anomaly>,
): { encoding: TransferEncoding; isSevenBit: boolean } {
  const values = valuesOf(fields, 'content-transfer-encoding');
  const value = values[0]?.toLowerCase();
  if (values.length > 1) anomalies.add('ambiguous-encoding');
  if (value === 'base64' || value === 'quoted-printable') return { encoding: value, isSevenBit: false };
  // `binary` too: it promises bytes that SMTP without BINARYMIME cannot carry (RFC 3030 3).
  if (value !== undefined && !IDENTITY.has(value)) anomalies.add('ambiguous-encoding');
  return { encoding: 'none', isSevenBit: value === '7bit' };
}

function readDisposition(fields: readonly HeaderField[], anomalies: Set<Anomaly>): Parameterised | undefined {
  const values = valuesOf(fields, 'content-disposition');
  if (values.length > 1) anomalies.add('duplicate-header');
  if (values[0] === undefined || values[0] === '') return undefined;
  const disposition = parseParameters(values[0]);
  if (!disposition.isWellFormed || disposition.repeated.size > 0) anomalies.add('malformed-header');
  return disposition;
}

/** RFC 2183 2.8: an unknown disposition is an attachment. */
function dispositionOf(value: string | undefined): Content['disposition'] {
  if (value === undefined) return undefined;
  return value === 'inline' ? 'inline' : 'attachment';
}

/**
 * The extended form wins over the plain one, which is then a fallback for old readers (RFC 6266 4.3 says so for HTTP). Encoded words
 * in the plain one are against RFC 2047 5 (3), and what Outlook and Gmail write.
 */
function nameIn(source: Parameterised | undefined, parameter: string, anomalies: Set<Anomaly>): string | undefined {
  const extended = source?.extended.get(parameter);
  if (extended !== undefined) return extended;
  const plain = source?.plain.get(parameter);
  return plain === undefined ? undefined : decodeWords(unicodeOf(plain, anomalies), anomalies);
}

const CONTENT_ID = /^<?([\x21-\x3b\x3d\x3f-\x7e]{1,250})>?$/;

function contentIdOf(fields: readonly HeaderField[], anomalies: Set<Anomaly>): string | undefined {
  const values = valuesOf(fields, 'content-id');
  if (values.length > 1) anomalies.add('duplicate-header');
  return CONTENT_ID.exec(values[0] ?? '')?.[1];
}
