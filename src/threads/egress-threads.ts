/**
 * egress-threads: the threads that sign and deliver, as their owner holds them. A thread that ends by itself is our own trouble: it is
 * told, and after a moment another takes its place, since what it had in hand comes back when its lease ends.
 */
import { join } from 'node:path';
import { Worker as Thread, type MessagePort } from 'node:worker_threads';
import type { Events } from '../core/events.ts';
import type { Level, LogFields, LogSink } from '../core/log.ts';
import { SECOND } from '../core/time.ts';
import type { Worker } from '../outbox/worker.ts';

/** A thread that cannot start must not keep a core busy with trying. */
const RELAUNCH_AFTER_MS = 1 * SECOND;

/** Young generation of one thread in MB; left to itself it grows past 60 and delivers no faster. */
const YOUNG_MB = 32;

export interface EgressThreads {
  readonly count: number;
  /** What the next thread is started with; a `MessagePort` in it is handed over. */
  readonly order: () => { readonly writer: MessagePort | undefined };
  readonly sink: LogSink;
  readonly events: Events;
}

/** `reload` looks at the key file now. */
export type EgressWorker = Worker & { reload(): void };

export function startEgressThreads(parts: EgressThreads): EgressWorker {
  const threads = Array.from({ length: parts.count }, () => startThread(parts));
  return {
    wake() {
      for (const thread of threads) thread.wake();
    },
    reload() {
      for (const thread of threads) thread.reload();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(threads.map((thread) => thread[Symbol.asyncDispose]()));
    },
  };
}

function startThread({ order, sink, events }: EgressThreads): EgressWorker {
  const stopped = Promise.withResolvers<void>();
  let isStopping = false;
  let relaunch: NodeJS.Timeout | undefined;
  let thread: Thread | undefined = launch();
  function launch(): Thread {
    const workerData = order();
    const transferList = workerData.writer === undefined ? [] : [workerData.writer];
    const launched = new Thread(join(import.meta.dirname, 'egress-thread.ts'), {
      workerData,
      transferList,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    launched.on('message', ({ level, name, fields }: { level: Level; name: string; fields: LogFields }) =>
      sink.write(level, name, fields),
    );
    launched.on('error', (error) => events.unexpected('egress.thread', error));
    launched.on('exit', ended);
    return launched;
  }
  function ended(): void {
    thread = undefined;
    if (isStopping) stopped.resolve();
    else relaunch = setTimeout(() => (thread = launch()), RELAUNCH_AFTER_MS);
  }
  return {
    wake: () => thread?.postMessage('wake'),
    reload: () => thread?.postMessage('reload'),
    async [Symbol.asyncDispose]() {
      isStopping = true;
      clearTimeout(relaunch);
      if (thread === undefined) return;
      thread.postMessage('stop');
      await stopped.promise;
    },
  };
}
