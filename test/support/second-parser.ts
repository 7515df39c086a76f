/**
 * second-parser: reads a message with Python's email package, so that what we built is judged by other people's code.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { PYTHON } from './python.ts';

export interface ReadMail {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly text: string;
  readonly html: string;
  readonly files: readonly {
    readonly type: string;
    readonly name: string | null;
    readonly disposition: string | null;
    readonly contentId: string | null;
    readonly sha256: string;
    /** Base64. */
    readonly content: string;
  }[];
  readonly defects: readonly string[];
}

/** Throws when python3 is missing: the test runner installs it. */
export function readWithPython(bytes: Uint8Array): ReadMail {
  const script = join(import.meta.dirname, 'read-mail.py');
  const output = execFileSync(PYTHON, [script], { input: bytes, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(output.toString());
}

/** Values of a header, in order; names in any letter case. */
export function headerValues(mail: ReadMail, name: string): readonly string[] {
  return mail.headers.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}
