/**
 * writes: the operations that the writer thread knows, by name. What is not in this table cannot be written.
 */
import type { DatabaseSync } from 'node:sqlite';
import * as cases from './write-cases.ts';
import * as directory from './write-directory.ts';
import * as mail from './write-mail.ts';
import { keepStsPolicy } from './write-sts.ts';

export const WRITES = {
  putSeller: directory.putSeller,
  putCredential: directory.putCredential,
  putApiKey: directory.putApiKey,
  registerOrder: directory.registerOrder,
  acceptMail: mail.acceptMail,
  decideCase: cases.decideCase,
  confirmCase: cases.confirmCase,
  removeAccepted: cases.removeAccepted,
  recordBounce: mail.recordBounce,
  recordBypass: mail.recordBypass,
  leaseOutbox: mail.leaseOutbox,
  renewOutbox: mail.renewOutbox,
  settleOutbox: mail.settleOutbox,
  keepStsPolicy,
  fileInbox: mail.fileInbox,
} as const;

export type WriteName = keyof typeof WRITES;
export type WriteInput<Name extends WriteName> = Parameters<(typeof WRITES)[Name]>[1];
export type WriteResult<Name extends WriteName> = ReturnType<(typeof WRITES)[Name]>;

/** One write on its way to the writer thread. */
export interface WriteRequest {
  readonly number: number;
  readonly name: WriteName;
  readonly input: unknown;
}

/** Its answer, after the commit. `error` is the text of our own or SQLite's error. */
export type WriteReply =
  | { readonly number: number; readonly result: unknown }
  | { readonly number: number; readonly error: string };

/** Input and name came from one typed call on the other side, so they belong together. */
export function perform(db: DatabaseSync, { name, input }: WriteRequest): unknown {
  const write = WRITES[name] as (db: DatabaseSync, input: unknown) => unknown;
  return write(db, input);
}
