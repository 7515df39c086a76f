/**
 * keys: the key ring, and the port it comes through. The local key file is one provider; a cloud KMS may be another.
 */
import type { KeyObject } from 'node:crypto';

export interface SealingKey {
  /** Eight hex digits, written in front of everything that this key sealed. */
  readonly id: string;
  readonly key: KeyObject;
}

export type DkimAlgorithm = 'rsa-sha256' | 'ed25519-sha256';

/** `next`: published, perhaps, and not in use. `active`: signs. `retiring`: signs no more; mail signed with it is on its way. */
export type DkimState = 'next' | 'active' | 'retiring';

export interface DkimKey {
  readonly selector: string;
  readonly algorithm: DkimAlgorithm;
  readonly privateKey: KeyObject;
}

/**
 * Parsed once at start: with a key as plain bytes each use costs three to seven times as much. `sealing[0]` seals; the others only
 * open what they sealed before a rotation.
 */
export interface KeyRing {
  readonly sealing: readonly [SealingKey, ...SealingKey[]];
  /** HMAC keys with one job each. */
  readonly fingerprint: KeyObject;
  readonly alias: KeyObject;
  /** Those that sign. */
  readonly dkim: readonly DkimKey[];
}

export interface KeyProvider {
  /** Throws a plain `Error` with what is wrong and how to mend it; the start stops on it. */
  load(): Promise<KeyRing>;
}
