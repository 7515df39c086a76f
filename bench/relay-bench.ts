/**
 * relay-bench: the whole relay end to end: load, relay and sink as processes of their own, on this machine.
 *
 * A run counts from the first byte that is sent to the last message in the sink, so it includes emptying the queue. CPU is user and
 * system time of the relay's process with all its threads; memory is its peak.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { startRelayProcess } from '../test/support/relay-process.ts';
import { registerPair } from '../test/support/registered.ts';
import { openScenarioStore, type STORES } from '../test/support/stores.ts';

export interface BenchResult {
  readonly acceptedPerSecond: number;
  readonly deliveredPerSecond: number;
  readonly cpuSecondsPerThousand: number;
  readonly peakMegabytes: number;
  /** Of the doors' thread: how late it came to its next turn, 99 times of 100 at most, in milliseconds. */
  readonly loopDelayP99: number;
}

/** Clock ticks a second in /proc: 100 on every Linux that Node runs on. */
const TICKS = 100;
const SESSIONS = 20;
const PATIENCE_MS = 300_000;
const PAIRS = 50;

export async function benchRelay(options: {
  readonly store: (typeof STORES)[number];
  readonly messages: number;
  readonly template: string;
  readonly warmUp?: number;
}): Promise<BenchResult> {
  const { warmUp = 300 } = options;
  await using store = await openScenarioStore(options.store);
  const sink = await startSinkProcess();
  try {
    await using relay = await startRelayProcess({
      folder: store.folder,
      route: `smtp://127.0.0.1:${sink.port}`,
      ...(store.dataUrl === undefined ? {} : { dataUrl: store.dataUrl }),
    });
    const pairs = [];
    for (let index = 0; index < PAIRS; index++) {
      const pair = await registerPair(relay);
      pairs.push({ from: pair.seller, to: pair.aliases.buyer });
    }
    const plan = { port: relay.ports.mx, sessions: SESSIONS, pairs, template: options.template };
    // Warm: the compiler has seen the path, the caches are full.
    await load({ ...plan, messages: warmUp });
    await sink.reached(warmUp);
    await loopDelayP99(relay.ports.metrics);
    const cpuBefore = await cpuSeconds(relay.pid);
    const begun = Date.now();
    const sent = await load({ ...plan, messages: options.messages });
    const lastAt = await sink.reached(warmUp + sent.accepted);
    const cpu = (await cpuSeconds(relay.pid)) - cpuBefore;
    return {
      acceptedPerSecond: (sent.accepted / sent.milliseconds) * 1000,
      deliveredPerSecond: (sent.accepted / (lastAt - begun)) * 1000,
      cpuSecondsPerThousand: (cpu / sent.accepted) * 1000,
      peakMegabytes: await peakMegabytes(relay.pid),
      loopDelayP99: await loopDelayP99(relay.ports.metrics),
    };
  } finally {
    sink.stop();
  }
}

async function load(plan: object): Promise<{ accepted: number; milliseconds: number }> {
  const child = start('load.ts');
  child.stdin?.end(JSON.stringify(plan));
  const lines = linesOf(child);
  const line = await nextLine(lines);
  return JSON.parse(line);
}

async function startSinkProcess() {
  const child = start('sink.ts');
  const lines = linesOf(child);
  const port = Number(await nextLine(lines));
  return {
    port,
    /** When the last of `count` messages came, in milliseconds since 1970. */
    async reached(count: number): Promise<number> {
      const patience = Date.now() + PATIENCE_MS;
      while (Date.now() < patience) {
        child.stdin?.write('count\n');
        const { messages, lastAt }: { messages: number; lastAt: number } = JSON.parse(await nextLine(lines));
        if (messages >= count) return lastAt;
        await wait(20);
      }
      throw new Error(`fewer than ${count} messages came through: does the relay hold what the bench sends?`);
    },
    stop: () => void child.kill(),
  };
}

function start(file: string): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, file)], { stdio: ['pipe', 'pipe', 'inherit'] });
}

function linesOf(child: ChildProcess): Interface {
  if (child.stdout === null) throw new Error('the process has no output');
  return createInterface({ input: child.stdout });
}

async function nextLine(lines: Interface): Promise<string> {
  const [line]: unknown[] = await once(lines, 'line');
  return String(line);
}

/** Since it was asked last; the histogram looks every 10 ms, so that much is nothing. */
async function loopDelayP99(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(text)?.[1] ?? Number.NaN) * 1000;
}

async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

async function peakMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}
