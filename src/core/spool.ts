/**
 * spool: a large message on its way in, in a file that nobody can read and nobody can find.
 *
 * Twenty messages of 25 MB at once do not fit in memory, so what is over a megabyte is written down as it comes: encrypted with a key
 * that exists in this process only, into a file that has no name any more when its first byte is written. Whatever becomes of the
 * process, the disk keeps noise. AES-256-CTR without authentication: the file is read back by the process that wrote it.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readSync } from 'node:fs';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A message in a spool: `fd` is good in every thread of this process until it is disposed of. */
export interface Spooled extends AsyncDisposable {
  readonly size: number;
  readonly fd: number;
  readonly key: Uint8Array;
}

const KEY_BYTES = 32;
const IV_BYTES = 16;
const PIECE = 1024 * 1024;

export class Spool implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #key = randomBytes(KEY_BYTES + IV_BYTES);
  readonly #cipher = createCipheriv('aes-256-ctr', this.#key.subarray(0, KEY_BYTES), this.#key.subarray(KEY_BYTES));
  #size = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(): Promise<Spool> {
    const path = join(tmpdir(), `veilpost-${randomBytes(12).toString('hex')}`);
    const file = await open(path, 'wx+', 0o600);
    await unlink(path);
    return new Spool(file);
  }

  async append(bytes: Uint8Array): Promise<void> {
    const sealed = this.#cipher.update(bytes);
    await this.#file.write(sealed, 0, sealed.length, this.#size);
    this.#size += sealed.length;
  }

  spooled(): Spooled {
    return {
      size: this.#size,
      fd: this.#file.fd,
      key: this.#key,
      [Symbol.asyncDispose]: () => this.#file.close(),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close();
  }
}

/** The message again. Blocks while it reads, so only a thread with nobody waiting for it may call this. */
export function readSpooled({ size, fd, key }: Pick<Spooled, 'size' | 'fd' | 'key'>): Buffer {
  const decipher = createDecipheriv('aes-256-ctr', key.subarray(0, KEY_BYTES), key.subarray(KEY_BYTES));
  const message = Buffer.allocUnsafe(size);
  const piece = Buffer.allocUnsafe(Math.min(PIECE, size));
  for (let at = 0; at < size;) {
    const read = readSync(fd, piece, 0, Math.min(piece.length, size - at), at);
    if (read === 0) throw new Error('the spool ended before the message did');
    at += decipher.update(piece.subarray(0, read)).copy(message, at);
  }
  return message;
}
