/**
 * main: the process entry. Signals, exit codes, and nothing else.
 */
import { beginWithSteadyMemory } from './allocator.ts';

if (process.argv[2] === 'serve') beginWithSteadyMemory();
// Loaded only now: whoever begins again would load everything twice.
const { runCommand } = await import('./cli.ts');

const stop = new AbortController();
// A second signal ends the process at once, as every shell user expects.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
// Without a listener, SIGUSR1 opens a debugger port in Node, and with it the keys in memory.
process.on('SIGUSR1', () => undefined);

process.exitCode = await runCommand(process.argv.slice(2), stop.signal);
