/**
 * run: `npm run bench [relay|large|stages|doors]`. Prints tables; asserts nothing.
 */
import { availableParallelism } from 'node:os';
import { benchDoors } from './doors.ts';
import { FOUR_KB, LARGE, SIXTY_KB, TEXT_ALONE } from './messages.ts';
import { benchRelay, type BenchResult } from './relay-bench.ts';
import { benchStages } from './stages.ts';
import { signaturesPerSecond } from './yardstick.ts';

const wanted = process.argv[2];
const out = (line: string): void => void process.stdout.write(`${line}\n`);

out(
  `This machine now: ${signaturesPerSecond().toFixed(0)} RSA-2048 signatures a second on one of ${availableParallelism()} cores\n`,
);
if (wanted === undefined || wanted === 'relay') {
  out(
    'The relay, end to end: load, relay and sink on this machine; 20 sessions kept open; data on disk, RSA-2048 and Ed25519 signatures\n',
  );
  out('| store | message | accepted/s | delivered/s | CPU s per 1,000 | peak MB | loop delay p99, ms |');
  out('|---|---|---|---|---|---|---|');
  for (const store of ['SQLite', 'Redis'] as const) {
    row(
      store,
      `${Math.round(FOUR_KB.length / 1024)} KB`,
      await benchRelay({ store, messages: 4000, template: FOUR_KB }),
    );
    row(
      store,
      `${Math.round(SIXTY_KB.length / 1024)} KB`,
      await benchRelay({ store, messages: 1000, template: SIXTY_KB }),
    );
    row(
      store,
      `${Math.round(Buffer.byteLength(TEXT_ALONE) / 1024)} KB of text`,
      await benchRelay({ store, messages: 500, template: TEXT_ALONE }),
    );
  }
  out('');
}
if (wanted === undefined || wanted === 'large') {
  out('Large messages: 25 MB with one file, 20 sessions at once; the delay of the event loop is that of the doors\n');
  out('| store | message | delivered/s | CPU s each | peak MB | loop delay p99, ms |');
  out('|---|---|---|---|---|---|');
  for (const store of ['SQLite', 'Redis'] as const) {
    const result = await benchRelay({ store, messages: 40, template: LARGE, warmUp: 2 });
    const cells = [result.deliveredPerSecond.toFixed(2), (result.cpuSecondsPerThousand / 1000).toFixed(2)];
    cells.push(result.peakMegabytes.toFixed(0), result.loopDelayP99.toFixed(0));
    out(`| ${store} | ${Math.round(LARGE.length / 1_000_000)} MB | ${cells.join(' | ')} |`);
  }
  out('');
}
if (wanted === undefined || wanted === 'stages') {
  out('Where the time goes: one message of 4 KB, each stage by itself, microseconds on one core (median of batches)\n');
  out('| stage | us |');
  out('|---|---|');
  for (const [stage, microseconds] of await benchStages(FOUR_KB)) out(`| ${stage} | ${microseconds.toFixed(0)} |`);
}
if (wanted === undefined || wanted === 'doors') {
  out('Honest senders, five sessions of 60 messages of 4 KB each, and who else holds connections\n');
  out('| who else | held | turned away | median ms | p99 ms | refused |');
  out('|---|---|---|---|---|---|');
  for (const { crowd, held, turnedAway, medianMs, p99Ms, refused } of await benchDoors(FOUR_KB)) {
    out(`| ${crowd} | ${held} | ${turnedAway} | ${medianMs.toFixed(0)} | ${p99Ms.toFixed(0)} | ${refused} |`);
  }
}

function row(store: string, size: string, result: BenchResult): void {
  const { acceptedPerSecond, deliveredPerSecond, cpuSecondsPerThousand, peakMegabytes, loopDelayP99 } = result;
  out(
    `| ${store} | ${size} | ${acceptedPerSecond.toFixed(0)} | ${deliveredPerSecond.toFixed(0)} | ${cpuSecondsPerThousand.toFixed(2)} | ${peakMegabytes.toFixed(0)} | ${loopDelayP99.toFixed(0)} |`,
  );
}
