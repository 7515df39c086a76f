/**
 * RealAddress: a person's address, as an object that cannot slip out.
 *
 * It prints as a mark in templates, JSON, inspection and error messages; the private field survives no clone or serialisation.
 * `tag` is there because private fields are not compared: without it `deepStrictEqual` of two different addresses passes.
 * It is keyed with a key that lives as long as the process, so it can be compared and logged but not looked up in a list.
 * `expose` is the one way to the text; the import test holds the list of files that may use it.
 */
import { hash, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { canonicalMailbox, parseMailbox, type Mailbox } from './address.ts';
import { RelayError } from './errors.ts';

// Hashed in front of the address: of the digest only 48 bits are ever seen, so there is nothing to extend, and no need of an HMAC.
const processKey = randomBytes(32).toString('base64');
let read: (address: RealAddress) => string;

export class RealAddress {
  /** First 12 hex digits of a keyed hash of the canonical form: equal for equal mailboxes, in this process only. */
  readonly tag: string;
  readonly #value: string;

  static {
    read = (address) => address.#value;
  }

  private constructor(value: string, mailbox: Mailbox) {
    this.#value = value;
    this.tag = hash('sha256', processKey + canonicalMailbox(mailbox)).slice(0, 12);
  }

  /** Throws `address.invalid` when `text` is not a mailbox; the error does not repeat it. */
  static parse(text: string): RealAddress {
    const mailbox = parseMailbox(text);
    if (mailbox === undefined) throw new RelayError('address.invalid');
    return new RealAddress(`${mailbox.local}@${mailbox.domain}`, mailbox);
  }

  /** Are both the same mailbox, whatever the spelling? */
  is(other: RealAddress): boolean {
    return this.tag === other.tag;
  }

  toString(): string {
    return `[address ${this.tag}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** The address as text. Only for sealing it, for writing the RCPT TO of one message, and for searching for it. */
export function expose(address: RealAddress): string {
  return read(address);
}
