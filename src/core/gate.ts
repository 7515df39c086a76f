/**
 * gate: of two threads, the one that keeps a thing or the one that calls it off, whoever comes first.
 *
 * A message between threads comes late: a thread that is ended on its word may have done by then what it announced. Here both ask one
 * word of shared memory, and it lets one of them through.
 */
export type Gate = Int32Array<SharedArrayBuffer>;

export type GateSide = 'keeps' | 'ends';

const NUMBER: Readonly<Record<GateSide, number>> = { keeps: 1, ends: 2 };

export const openGate = (): Gate => new Int32Array(new SharedArrayBuffer(4));

/** `true` for the side that asked first, as often as it asks; `false` for the other, for ever. */
export function passGate(gate: Gate, side: GateSide): boolean {
  const before = Atomics.compareExchange(gate, 0, 0, NUMBER[side]);
  return before === 0 || before === NUMBER[side];
}
