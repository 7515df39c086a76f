/**
 * sealed: bytes that only the vault can read. The store takes personal data in no other type, so a plain address in a
 * database does not compile.
 */
import type { Brand } from './ids.ts';

/** Version, key id, nonce, ciphertext and tag, as `vault/seal.ts` writes them. */
export type Sealed = Brand<Uint8Array, 'Sealed'>;

/** Keyed hash of a canonical address: finds the same mailbox again, and is worth nothing without the key. 32 hex digits. */
export type Fingerprint = Brand<string, 'Fingerprint'>;
