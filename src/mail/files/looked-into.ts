/**
 * looked-into: what comes of looking into one file.
 */
import type { Anomaly } from '../message.ts';
import type { Traces } from '../traces.ts';

export interface LookedInto {
  /** The file as it may leave: without metadata, and masked where it could be. The original bytes when nothing had to change. */
  readonly content: Uint8Array;
  /** What a reader sees in it, for the rules; '' when it shows no text. */
  readonly words: string;
  readonly masked: number;
  readonly anomalies: readonly Anomaly[];
}

/** How deep files lie in files, and how much may come out of all of them (security.md 3.12). */
export interface Bounds {
  readonly depth: number;
  readonly left: { octets: number; entries: number };
}

export const MAX_FILE_DEPTH = 3;
export const MAX_EXPANDED = 100_000_000;
export const MAX_ENTRIES = 1000;

/** Looks into a file that lies in another one. */
export type LookInto = (content: Uint8Array, name: string, traces: Traces, bounds: Bounds) => Promise<LookedInto>;

export function unreadable(content: Uint8Array, anomaly: Anomaly = 'unreadable-file'): LookedInto {
  return { content, words: '', masked: 0, anomalies: [anomaly] };
}

export function untouched(content: Uint8Array): LookedInto {
  return { content, words: '', masked: 0, anomalies: [] };
}
