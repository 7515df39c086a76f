/**
 * crossing: what goes from the doors' thread to a thread of the path and back.
 *
 * Records are plain data; a reverse path is a `RealAddress`, which nothing can clone, so it crosses sealed. Bodies go by the file they
 * are spooled in, or are handed over without a copy.
 */
import type { AliasAddress } from '../core/address.ts';
import { RelayError, type ErrorCode } from '../core/errors.ts';
import type { RealAddress } from '../core/real-address.ts';
import { readSpooled, type Spooled } from '../core/spool.ts';
import type { Sealed } from '../core/sealed.ts';
import type { CaseRecord } from '../store/records.ts';
import type { Vault } from '../vault/seal.ts';
import type { Admitted, Authenticated, Claim, Decision, Identified, Outcome } from './types.ts';

/** A message and everything that was found out about its senders, as plain data. */
export interface Crossing {
  readonly admitted: readonly CrossingSender[];
  readonly raw: Uint8Array | Pick<Spooled, 'size' | 'fd' | 'key'>;
  readonly claim: Claim;
}

/** Of a sender everything but the envelope, which holds a `RealAddress`. */
interface Packed<Who extends Identified> {
  readonly sender: Omit<Who, 'envelope'>;
  readonly alias: Who['envelope']['alias'];
  readonly reversePath: Sealed | undefined;
}

type CrossingSender =
  | Extract<Admitted, { kind: 'bounce' }>
  | { readonly kind: 'nobody'; readonly reversePath: Sealed | undefined; readonly alias: AliasAddress }
  | ({ readonly kind: 'unproven' } & Packed<Identified>)
  | ({ readonly kind: 'party' } & Packed<Authenticated>);

/** What a thread is asked for, and what it answers. */
export type Job =
  | { readonly kind: 'carry'; readonly crossing: Crossing; readonly opensFiles: boolean }
  | { readonly kind: 'decide'; readonly decision: Decision };
export type Done =
  | { readonly outcomes: readonly Outcome[] }
  | { readonly decided: CaseRecord }
  | { readonly code: ErrorCode; readonly retryAfterMs: number | undefined };

const ABOUT = 'crossing/sender';

export function pack(admitted: readonly Admitted[], raw: Uint8Array | Spooled, claim: Claim, vault: Vault): Crossing {
  const bytes = raw instanceof Uint8Array ? raw : { size: raw.size, fd: raw.fd, key: raw.key };
  return { admitted: admitted.map((entry) => packSender(entry, vault)), raw: bytes, claim };
}

function packSender(entry: Admitted, vault: Vault): CrossingSender {
  switch (entry.kind) {
    case 'bounce':
      return entry;
    case 'nobody':
      return { kind: 'nobody', reversePath: sealed(entry.reversePath, vault), alias: entry.alias };
    case 'unproven':
      return { kind: 'unproven', ...packed(entry.identified, vault) };
    case 'party':
      return { kind: 'party', ...packed(entry.sender, vault) };
  }
}

function packed<Who extends Identified>({ envelope, ...sender }: Who, vault: Vault): Packed<Who> {
  return { sender, alias: envelope.alias, reversePath: sealed(envelope.reversePath, vault) };
}

const sealed = (address: RealAddress | undefined, vault: Vault): Sealed | undefined =>
  address && vault.sealAddress(address, ABOUT);

export function unpack(
  { admitted, raw, claim }: Crossing,
  vault: Vault,
): { readonly admitted: readonly Admitted[]; readonly raw: Uint8Array; readonly claim: Claim } {
  return {
    admitted: admitted.map((entry) => unpackSender(entry, vault)),
    raw: raw instanceof Uint8Array ? raw : readSpooled(raw),
    claim,
  };
}

function unpackSender(entry: CrossingSender, vault: Vault): Admitted {
  if (entry.kind === 'bounce') return entry;
  const reversePath = entry.reversePath && vault.openAddress(entry.reversePath, ABOUT, 'mask');
  if (entry.kind === 'nobody') return { kind: 'nobody', reversePath, alias: entry.alias };
  const envelope = { alias: entry.alias, reversePath };
  return entry.kind === 'unproven'
    ? { kind: 'unproven', identified: { ...entry.sender, envelope } }
    : { kind: 'party', sender: { ...entry.sender, envelope } };
}

/** The outcomes, or the error that the path ended with, thrown again on this side. */
export function outcomesIn(done: Done): readonly Outcome[] {
  if ('outcomes' in done) return done.outcomes;
  throw errorIn(done);
}

export function decidedIn(done: Done): CaseRecord {
  if ('decided' in done) return done.decided;
  throw errorIn(done);
}

const errorIn = (done: Done): Error =>
  'code' in done ? new RelayError(done.code, done) : new Error('the thread answered something else');
