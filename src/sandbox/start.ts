/**
 * start: the relay as a sandbox in a terminal: started, introduced, and told about line by line.
 */
import type { WriteStream } from 'node:tty';
import { startRelay, type Role, type RunningRelay } from '../app.ts';
import type { Config } from '../config/schema.ts';
import { systemClock } from '../core/time.ts';
import { banner, terminalSink } from './terminal.ts';

/** `out` is where a person reads; colours only when it is a terminal that has them and wants them (NO_COLOR). */
export async function startSandbox(
  config: Config,
  roles: readonly Role[],
  out: Pick<WriteStream, 'write' | 'isTTY' | 'hasColors'>,
): Promise<RunningRelay> {
  const hasColours = out.isTTY && out.hasColors();
  const relay = await startRelay(
    config,
    roles,
    terminalSink({ out: (text) => void out.write(text), clock: systemClock, hasColours }),
  );
  if (relay.sandbox !== undefined) {
    out.write(banner({ url: config['http.publicUrl'], ports: relay.ports, ...relay.sandbox, hasColours }));
  }
  return relay;
}
