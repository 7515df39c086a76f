/**
 * credentials: what proves that a program speaks for a seller (submission) or for the marketplace (API).
 *
 * Submission passwords are chosen by people or programs, so they are hashed with scrypt (memory-hard, 16 MiB each); a sign-in that
 * succeeded is remembered for a minute as a keyed hash in memory, so a client that signs in for every message does not pay for it
 * each time. API keys hold 256 random bits: SHA-256 is enough, and looking one up costs nothing.
 */
import { createHash, createHmac, randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import type { SellerId } from '../core/ids.ts';
import { MINUTE, type Clock, type Instant } from '../core/time.ts';
import type { ApiKeyRecord, Scope } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/seal.ts';

const COST = { N: 16384, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;
const HASH_BYTES = 32;
const REMEMBERED_MS = MINUTE;
const REMEMBERED_AT_MOST = 10_000;

/** `scrypt$N$r$p$salt$hash`, base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await stretch(password, salt, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64'), hash.toString('base64')].join('$');
}

export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, n, r, p, salt, hash] = stored.split('$');
  const expected = Buffer.from(hash ?? '', 'base64');
  const actual = await stretch(password, Buffer.from(salt ?? '', 'base64'), {
    ...COST,
    N: Number(n),
    r: Number(r),
    p: Number(p),
  });
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function stretch(password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, cost, (error, hash) => (error === null ? resolve(hash) : reject(error)));
  });
}

/** Signs sellers in by user name and password. An unknown name costs as much time as a wrong password. */
export class SignIn {
  readonly #store: Store;
  readonly #vault: Vault;
  readonly #clock: Clock;
  readonly #memoryKey = randomBytes(32);
  readonly #remembered = new Map<string, { readonly seller: SellerId; readonly until: Instant }>();
  readonly #decoy = hashPassword(randomBytes(16).toString('hex'));

  constructor(parts: { readonly store: Store; readonly vault: Vault; readonly clock: Clock }) {
    this.#store = parts.store;
    this.#vault = parts.vault;
    this.#clock = parts.clock;
  }

  async signIn(username: string, password: string): Promise<SellerId | undefined> {
    const userHash = this.#vault.fingerprintOf('username', username.toLowerCase());
    const credential = await this.#store.findCredential(userHash);
    const secret = credential?.secret ?? (await this.#decoy);
    const proof = createHmac('sha256', this.#memoryKey).update(`${secret}\0${password}`).digest('hex');
    const remembered = this.#remembered.get(proof);
    if (remembered !== undefined && remembered.until > this.#clock.now()) return remembered.seller;
    const isRight = await verifyPassword(password, secret);
    if (credential === undefined || !isRight) return undefined;
    this.#remember(proof, credential.sellerId);
    return credential.sellerId;
  }

  #remember(proof: string, seller: SellerId): void {
    if (this.#remembered.size >= REMEMBERED_AT_MOST) this.#remembered.clear();
    this.#remembered.set(proof, { seller, until: this.#clock.now() + REMEMBERED_MS });
  }
}

/** `vk_live_` or `vk_test_` and 256 random bits. */
export function mintApiKey(kind: 'live' | 'test'): string {
  return `vk_${kind}_${randomBytes(32).toString('base64url')}`;
}

export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** The record to keep of a key. `keyId` is safe to show: it names the key in decisions. */
export function apiKeyRecord(key: string, scopes: readonly Scope[], createdAt: Instant): ApiKeyRecord {
  const keyHash = hashApiKey(key);
  return { keyHash, keyId: `key_${keyHash.slice(0, 20)}`, scopes, createdAt };
}
