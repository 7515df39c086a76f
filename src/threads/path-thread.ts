/**
 * path-thread: the entry of a thread that carries messages along the mail path. It has keys and a line to the store of its own; what
 * it answers are outcomes and codes.
 */
import { releaseMemory } from '../core/memory.ts';
import { parentPort, workerData } from 'node:worker_threads';
import { startCarrier, type ThreadOrder } from '../app/sides.ts';
import type { Asked, Said } from './path-threads.ts';

// What app.ts started this thread with.
const order = workerData as ThreadOrder;
const port = parentPort;
if (port === null) throw new Error('path-thread.ts is the entry of a worker thread');

const say = (said: Said): void => port.postMessage(said);
const carrier = await startCarrier(order, {
  sink: { write: (level, name, fields) => say({ level, name, fields }) },
  wakeOutbox: () => say('wake'),
});

port.on('message', (asked: Asked | 'stop') => {
  // An open port keeps the thread alive: closing it is how the thread ends.
  if (asked === 'stop') void Promise.resolve(carrier[Symbol.asyncDispose]()).finally(() => port.close());
  else {
    const { job, gate } = asked;
    void carrier.run(job, gate).then((done) => {
      say({ done });
      if (job.kind === 'carry')
        releaseMemory(job.crossing.raw instanceof Uint8Array ? job.crossing.raw.length : job.crossing.raw.size);
    });
  }
});
