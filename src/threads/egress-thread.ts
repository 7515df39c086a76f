/**
 * egress-thread: the entry of a worker thread that empties the outbox. It gets the configuration and a line to the store's writer; ids
 * and log lines cross the threads, bodies do not.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { startEgress, type ThreadOrder } from '../app/sides.ts';

// What app.ts started this thread with.
const order = workerData as ThreadOrder;
const port = parentPort;
if (port === null) throw new Error('egress-thread.ts is the entry of a worker thread');

const worker = await startEgress(order, {
  write: (level, name, fields) => port.postMessage({ level, name, fields }),
});
port.on('message', (message: 'wake' | 'reload' | 'stop') => {
  if (message === 'wake') worker.wake();
  else if (message === 'reload') worker.reload();
  // An open port keeps the thread alive: closing it is how the thread ends.
  else void Promise.resolve(worker[Symbol.asyncDispose]()).finally(() => port.close());
});
