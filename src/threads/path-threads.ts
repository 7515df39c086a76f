/**
 * path-threads: threads that carry what is large or holds files along the mail path, one message at a time each.
 *
 * Reading a document costs what its author decides. Here it costs nobody else: the doors' thread goes on, and a thread that takes
 * too long or too much is ended. Its message is carried once more, by a fresh thread that opens no files and gives the rules none of
 * its text: it is held then, as one that cannot be looked into (security.md DO-07). A thread that has begun to write is not ended:
 * what it has kept must not be carried once more under another id. The first message that needs a thread starts it.
 */
import { join } from 'node:path';
import { Worker as Thread } from 'node:worker_threads';
import { openGate, passGate, type Gate } from '../core/gate.ts';
import type { Events } from '../core/events.ts';
import type { Level, LogFields, LogSink } from '../core/log.ts';
import { SECOND } from '../core/time.ts';
import type { Done, Job } from '../mail/crossing.ts';
import type { ThreadOrder } from '../app/sides.ts';

/** Many times what the largest message takes; a client waits ten minutes for the end of DATA (RFC 5321 4.5.3.2.6). */
export const CARRIED_WITHIN_MS = 60 * SECOND;
export const PATH_THREAD = join(import.meta.dirname, 'path-thread.ts');
/** Heap of one thread in MB, above the bytes of the message itself. */
const HEAP_MB = 512;
/** What is left to itself grows to 130 MB here, with a message that needs a tenth of it. */
const YOUNG_MB = 16;

/** What a thread says: that it has done its job, that the outbox has got work, or a line for the log. */
export type Said =
  | { readonly done: Done }
  | 'wake'
  | { readonly level: Level; readonly name: string; readonly fields: LogFields };

/** What a thread is asked for; it passes the gate before it writes. */
export interface Asked {
  readonly job: Job;
  readonly gate: Gate;
}

export interface PathThreadParts {
  /** The file that a thread begins with. */
  readonly entry: string;
  /** A thread that has not begun to write by then is ended. */
  readonly withinMs: number;
  readonly count: number;
  readonly order: () => ThreadOrder;
  readonly sink: LogSink;
  readonly events: Events;
  readonly wakeOutbox: () => void;
}

export interface PathThreads extends AsyncDisposable {
  /** Throws an Error when the thread ended in the middle of it: our own trouble. */
  run(job: Job): Promise<Done>;
}

interface Waiting {
  readonly job: Job;
  readonly done: PromiseWithResolvers<Done>;
}

export function startPathThreads(parts: PathThreadParts): PathThreads {
  const queue: Waiting[] = [];
  const lanes = Array.from({ length: parts.count }, () => new Lane(parts, () => queue.shift()));
  return {
    run(job) {
      const done = Promise.withResolvers<Done>();
      queue.push({ job, done });
      lanes.find((lane) => lane.isIdle)?.work();
      return done.promise;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(lanes.map((lane) => lane[Symbol.asyncDispose]()));
    },
  };
}

/** One thread at a time, and the messages that it carries one after the other. */
class Lane implements AsyncDisposable {
  readonly #parts: PathThreadParts;
  readonly #next: () => Waiting | undefined;
  #thread: Thread | undefined;
  #working: Promise<void> | undefined;

  constructor(parts: PathThreadParts, next: () => Waiting | undefined) {
    this.#parts = parts;
    this.#next = next;
  }

  get isIdle(): boolean {
    return this.#working === undefined;
  }

  work(): void {
    this.#working = this.#workOff().finally(() => (this.#working = undefined));
  }

  async #workOff(): Promise<void> {
    for (let waiting = this.#next(); waiting !== undefined; waiting = this.#next()) {
      const { job, done } = waiting;
      const gate = openGate();
      await this.#try(job, gate)
        .catch((error: unknown) => {
          this.#parts.events.unexpected('path.thread', error);
          // Once it may have written, its client sends the message again: 451.
          if (job.kind === 'decide' || !job.opensFiles || !passGate(gate, 'ends')) throw error;
          return this.#try({ ...job, opensFiles: false }, openGate());
        })
        .then(done.resolve, done.reject);
    }
  }

  async #try(job: Job, gate: Gate): Promise<Done> {
    const thread = (this.#thread ??= this.#launch());
    const ended = new AbortController();
    const timer = setTimeout(() => passGate(gate, 'ends') && void thread.terminate(), this.#parts.withinMs);
    try {
      return await new Promise<Done>((resolve, reject) => {
        const once = { signal: ended.signal };
        onEvent(thread, 'message', (said: Said) => isDone(said) && resolve(said.done), once);
        onEvent(thread, 'error', reject, once);
        onEvent(thread, 'exit', () => reject(new Error('the thread was ended')), once);
        thread.postMessage({ job, gate } satisfies Asked);
      });
    } finally {
      clearTimeout(timer);
      ended.abort();
    }
  }

  #launch(): Thread {
    const workerData = this.#parts.order();
    const thread = new Thread(this.#parts.entry, {
      workerData,
      transferList: workerData.writer === undefined ? [] : [workerData.writer],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    thread.on('message', (said: Said) => {
      if (said === 'wake') this.#parts.wakeOutbox();
      else if ('level' in said) this.#parts.sink.write(said.level, said.name, said.fields);
    });
    thread.on('error', () => undefined); // told by whoever waits for it
    thread.on('exit', () => {
      if (this.#thread === thread) this.#thread = undefined;
    });
    return thread;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#working;
    const thread = this.#thread;
    this.#thread = undefined;
    if (thread === undefined) return;
    const gone = new Promise((resolve) => thread.once('exit', resolve));
    thread.postMessage('stop');
    await gone;
  }
}

const isDone = (said: Said): said is { readonly done: Done } => said !== 'wake' && 'done' in said;

function onEvent<Value>(
  thread: Thread,
  name: string,
  told: (value: Value) => void,
  { signal }: { signal: AbortSignal },
): void {
  thread.on(name, told);
  signal.addEventListener('abort', () => thread.off(name, told), { once: true });
}
