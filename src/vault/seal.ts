/**
 * seal: real addresses, messages and what people wrote, encrypted before the first byte is written.
 *
 * In:  plain values, and what they are about.    Out: `Sealed` bytes and keyed fingerprints.
 * AES-256-GCM with a random 96-bit nonce; the record that a value belongs to is bound in as associated data, so a sealed address
 * cannot be moved to another order by somebody who can write to the database. Key ids allow rotation.
 * Layout: version (1 byte, 0x01) | key id (4) | nonce (12) | ciphertext | tag (16).
 * Fails with: a plain `Error` (our own trouble) when a value does not open.
 */
import { discard } from '../core/memory.ts';
import { createCipheriv, createDecipheriv, createHmac, type KeyObject } from 'node:crypto';
import { canonicalMailbox, parseMailbox } from '../core/address.ts';
import { freshBytes } from '../core/random.ts';
import { expose, RealAddress } from '../core/real-address.ts';
import type { Fingerprint, Sealed } from '../core/sealed.ts';
import type { KeyRing } from './keys.ts';

const VERSION = 1;
const KEY_ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Encrypted at once. */
const PIECE = 1024 * 1024;
const HEAD_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES;

/** What a sealed value belongs to, such as `buyer/ORDER` or `content/msg_...`: it opens only for the same. */
export type About =
  `${'buyer' | 'inbox' | 'profile' | 'content' | 'original' | 'outgoing' | 'thread' | 'note' | 'mailbox' | 'crossing' | 'sts' | 'accepted'}/${string}`;

/** Keeps equal texts of different kinds apart. */
type FingerprintKind =
  | 'domain'
  | 'sts-domain'
  | 'username'
  | 'message-id'
  | 'recipient'
  | 'words'
  | 'signature'
  | 'content'
  | 'alias'
  | 'question'
  | 'accepted';

/** Why an address is opened. `deliver` and `mask` name the message; there is no purpose for looking. */
export type Purpose = 'deliver' | 'mask';

export class Vault {
  readonly #ring: KeyRing;
  readonly #keys: ReadonlyMap<string, KeyObject>;

  constructor(ring: KeyRing) {
    this.#ring = ring;
    this.#keys = new Map(ring.sealing.map((entry) => [entry.id, entry.key]));
  }

  sealBytes(bytes: Uint8Array, about: About): Sealed {
    const { id, key } = this.#ring.sealing[0];
    const nonce = freshBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
    // One allocation of its own, not a slice of Node's pool: it can be handed to the store's thread without a copy.
    const sealed = new Uint8Array(HEAD_BYTES + bytes.length + TAG_BYTES);
    sealed[0] = VERSION;
    sealed.set(Buffer.from(id, 'hex'), 1);
    sealed.set(nonce, 1 + KEY_ID_BYTES);
    // GCM gives an octet for an octet. Large values go piece by piece: as a whole they would be in memory three times.
    for (let at = 0; at < bytes.length; at += PIECE) {
      const piece = cipher.update(bytes.subarray(at, at + PIECE));
      sealed.set(piece, HEAD_BYTES + at);
      discard(piece);
    }
    cipher.final();
    sealed.set(cipher.getAuthTag(), HEAD_BYTES + bytes.length);
    return sealed as Sealed;
  }

  openBytes(sealed: Sealed, about: About): Buffer {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    const key = this.#keys.get(bytes.toString('hex', 1, 1 + KEY_ID_BYTES));
    if (bytes[0] !== VERSION || key === undefined) throw new Error('sealed with a key that is not in the key file');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1 + KEY_ID_BYTES, HEAD_BYTES))
      .setAAD(Buffer.from(about))
      .setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
    const body = decipher.update(bytes.subarray(HEAD_BYTES, bytes.length - TAG_BYTES));
    // GCM keeps nothing back for the end: this only throws when the value was changed or belongs to something else.
    decipher.final();
    return body;
  }

  sealText(text: string, about: About): Sealed {
    return this.sealBytes(Buffer.from(text), about);
  }

  openText(sealed: Sealed, about: About): string {
    return this.openBytes(sealed, about).toString();
  }

  sealJson(value: object, about: About): Sealed {
    return this.sealText(JSON.stringify(value), about);
  }

  /** The caller names the shape that it sealed: nobody else can have sealed anything under the same keys. */
  openJson<Shape>(sealed: Sealed, about: About): Shape {
    return JSON.parse(this.openText(sealed, about)) as Shape;
  }

  sealAddress(address: RealAddress, about: About): Sealed {
    return this.sealText(expose(address), about);
  }

  /** `purpose` is there to be read at each call: an address is opened for one of two reasons, and for no person. */
  openAddress(sealed: Sealed, about: About, _purpose: Purpose): RealAddress {
    return RealAddress.parse(this.openText(sealed, about));
  }

  /** What its owner may be shown of an address, and knows it by: the first letter and the domain. */
  sealMasked(address: RealAddress, about: About): Sealed {
    const text = expose(address);
    const [first = ''] = text;
    return this.sealText(`${first}***${text.slice(text.lastIndexOf('@'))}`, about);
  }

  /** Several addresses in one sealed value, one a line. */
  sealAddresses(addresses: readonly RealAddress[], about: About): Sealed {
    return this.sealText(addresses.map(expose).join('\n'), about);
  }

  openAddresses(sealed: Sealed, about: About, _purpose: Purpose): readonly RealAddress[] {
    const text = this.openText(sealed, about);
    return text === '' ? [] : text.split('\n').map((line) => RealAddress.parse(line));
  }

  /** The same for every spelling of one mailbox. */
  fingerprint(address: RealAddress): Fingerprint {
    const mailbox = parseMailbox(expose(address));
    return this.#keyed('address', mailbox === undefined ? '' : canonicalMailbox(mailbox));
  }

  /** Of the domain of an address: finds senders that were registered as a whole domain. */
  domainFingerprint(address: RealAddress): Fingerprint {
    const text = expose(address);
    return this.fingerprintOf('domain', text.slice(text.lastIndexOf('@') + 1));
  }

  /** Keyed hash of any other text. */
  fingerprintOf(kind: FingerprintKind, text: string): Fingerprint {
    return this.#keyed(kind, text);
  }

  #keyed(kind: string, text: string): Fingerprint {
    const digest = createHmac('sha256', this.#ring.fingerprint).update(`${kind}\0${text}`).digest('hex');
    return digest.slice(0, 32) as Fingerprint;
  }
}
