/**
 * second-verifier: signatures as dkimpy sees them, so that ours do not only please the library that we verify with.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Debian's Python, which has Debian's packages; another `python3` may come first in PATH. */
const PYTHON = '/usr/bin/python3';

/** For the `skip` of a test. The runner installs it where it may. */
export const dkimpyIsMissing = existsSync('/usr/bin/dkimverify') ? false : 'python3-dkim is not installed';

export interface Verified {
  /** One for each DKIM-Signature, from the top. */
  readonly dkim: readonly boolean[];
  /** RFC 8617 5.2: `none`, `pass` or `fail`. */
  readonly arc: string;
}

/** `records` are the key records by name. */
export function verifyWithDkimpy(message: Uint8Array, records: Readonly<Record<string, string>>): Verified {
  const input = JSON.stringify({ message: Buffer.from(message).toString('base64'), records });
  return JSON.parse(execFileSync(PYTHON, [join(import.meta.dirname, 'dkim-verify.py')], { input }).toString());
}
