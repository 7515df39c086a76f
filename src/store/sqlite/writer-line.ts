/**
 * writer-line: a thread's line to the writer thread. Each write is a promise that settles after its commit.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { Order } from './writer.ts';
import type { WriteInput, WriteName, WriteReply, WriteRequest, WriteResult } from './writes.ts';

export class WriterLine {
  readonly #port: MessagePort;
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
  #next = 0;
  #broken: Error | undefined;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', (reply: WriteReply) => this.#settle(reply));
    // An idle line does not keep a process alive; a pending write does.
    port.unref();
  }

  write<Name extends WriteName>(name: Name, input: WriteInput<Name>): Promise<WriteResult<Name>> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    const pending = Promise.withResolvers<unknown>();
    const request: WriteRequest = { number: this.#next++, name, input };
    this.#pending.set(request.number, pending);
    this.#port.ref();
    this.#port.postMessage(request, largeBodies(input));
    // The writer answers a name with the result of that name.
    return pending.promise as Promise<WriteResult<Name>>;
  }

  /** Resolves when nothing is pending any more. */
  async drained(): Promise<void> {
    await Promise.allSettled([...this.#pending.values()].map((entry) => entry.promise));
  }

  /** The writer is gone: whatever waits for it fails, and so does what comes after. */
  break(error: Error): void {
    this.#broken = error;
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
    this.#port.close();
  }

  #settle(reply: WriteReply): void {
    const pending = this.#pending.get(reply.number);
    this.#pending.delete(reply.number);
    if (this.#pending.size === 0) this.#port.unref();
    if ('error' in reply) pending?.reject(new Error(`store: ${reply.error}`));
    else pending?.resolve(reply.result);
  }
}

/** From here on a copy costs more than to hand it over. */
const LARGE = 256 * 1024;

/** The memory of large bodies in `input`, to be given to the writer: whoever had them sealed has no use for them any more. */
function largeBodies(input: unknown): ArrayBuffer[] {
  const bodies: unknown = typeof input === 'object' && input !== null && 'bodies' in input ? input.bodies : undefined;
  if (!Array.isArray(bodies)) return [];
  return bodies
    .map(({ bytes }: { readonly bytes: Uint8Array }) => bytes)
    .filter((bytes) => bytes.byteLength > LARGE && bytes.byteLength === bytes.buffer.byteLength)
    .map((bytes) => bytes.buffer)
    .filter((memory) => memory instanceof ArrayBuffer);
}

/** The writer thread, as its owner holds it. */
export interface Writer {
  /** A new line to it, to be used here or handed to another thread. */
  line(): MessagePort;
  /** Called when the thread ends by itself: every line to it is dead then. */
  onEnd(told: (error: Error) => void): void;
  close(): Promise<void>;
}

export async function startWriter(folder: string): Promise<Writer> {
  const thread = new Worker(join(import.meta.dirname, 'writer.ts'), { workerData: { folder } });
  await once(thread, 'message');
  let isClosing = false;
  const post = (order: Order, transfer: readonly MessagePort[] = []) => thread.postMessage(order, transfer);
  return {
    line() {
      const { port1, port2 } = new MessageChannel();
      post({ line: port2 }, [port2]);
      return port1;
    },
    onEnd(told) {
      thread.on('error', told);
      thread.on('exit', () => {
        if (!isClosing) told(new Error('store: the writer thread ended'));
      });
    },
    async close() {
      isClosing = true;
      const gone = once(thread, 'exit');
      post('close');
      await gone;
    },
  };
}
