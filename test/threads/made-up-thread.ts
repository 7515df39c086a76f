/**
 * made-up-thread: stands in for the thread of the path, and does what the first word of the "message" says.
 */
import { setTimeout } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { passGate } from '../../src/core/gate.ts';
import type { Asked } from '../../src/threads/path-threads.ts';

parentPort?.on('message', (asked: Asked | 'stop') => {
  if (asked === 'stop') parentPort?.close();
  else void carry(asked);
});

async function carry({ job, gate }: Asked): Promise<void> {
  if (job.kind !== 'carry' || !(job.crossing.raw instanceof Uint8Array)) return;
  const [word, ms] = Buffer.from(job.crossing.raw).toString().split(' ');
  if (word === 'reads' && job.opensFiles) await setTimeout(Number(ms));
  if (!passGate(gate, 'keeps')) return;
  if (word === 'writes') await setTimeout(Number(ms));
  if (word === 'dies') process.exit(1);
  parentPort?.postMessage({ done: { code: job.opensFiles ? 'message.blocked' : 'message.loop' } });
}
