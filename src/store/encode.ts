/**
 * encode: records as JSON text, with sealed bytes in base64 under a mark of their own. One form for both stores.
 */
import type { Sealed } from '../core/sealed.ts';

const MARK = '$sealed';

export function encodeRecord(record: object): string {
  // `Buffer.prototype.toJSON` has run by the time a replacer gets its value, so the holder is asked for the bytes themselves.
  return JSON.stringify(record, function (this: Readonly<Record<string, unknown>>, key, value: unknown) {
    const held = this[key];
    return held instanceof Uint8Array ? { [MARK]: base64(held) } : value;
  });
}

/** The caller names the record that was encoded: what the store wrote, it may trust to be what it wrote. */
export function decodeRecord<Row>(text: string): Row {
  return JSON.parse(text, (_key, value: unknown) => (isMarked(value) ? sealedOf(value[MARK]) : value)) as Row;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function sealedOf(text: string): Sealed {
  return new Uint8Array(Buffer.from(text, 'base64')) as Sealed;
}

function isMarked(value: unknown): value is { readonly [MARK]: string } {
  return typeof value === 'object' && value !== null && MARK in value && typeof value[MARK] === 'string';
}
