/**
 * same: equality of records. A field that is absent and one that is `undefined` are the same; everything else is compared strictly.
 */
import assert from 'node:assert/strict';

export function same(actual: unknown, expected: unknown, why?: string): void {
  assert.deepEqual(present(actual), present(expected), why);
}

function present(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(present);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, present(field)]));
}
