/**
 * terminal: what a command is handed to speak with, and how its words are read.
 */
export interface Terminal {
  readonly say: (text: string) => void;
  readonly complain: (text: string) => void;
}

/** Exit code for words that are none of ours, and for settings that cannot be read. */
export const USAGE = 2;

export interface Words {
  readonly names: readonly string[];
  readonly flags: ReadonlySet<string>;
}

/** `undefined` when there is a flag that is not in `known`. */
export function readWords(words: readonly string[], known: readonly string[]): Words | undefined {
  const flags = words.filter((word) => word.startsWith('-'));
  if (flags.some((flag) => !known.includes(flag))) return undefined;
  return { names: words.filter((word) => !word.startsWith('-')), flags: new Set(flags) };
}
