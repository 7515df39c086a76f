/**
 * forward: a message to whoever runs the relay, as it came, with a hop of ours in front.
 *
 * Nothing else is changed, so that signatures in it still hold and a report of abuse is worth something. The hop names the address that
 * it came from, and not what the client called itself: that is the client's own text. A mailbox that sends it back here adds to the
 * count in front each time. Fails with: message.loop.
 */
import { RelayError } from '../core/errors.ts';
import { rfc5322Date, type Instant } from '../core/time.ts';
import { splitEntity, valuesOf } from './mime/header.ts';

export interface Forwarding {
  /** IP address of the client; `undefined` for a seller that signed in. */
  readonly source: string | undefined;
  readonly hostName: string;
  readonly now: Instant;
}

const HOPS_FIELD = 'Veilpost-Hops';
const MAX_HOPS = 50;
const MAX_PASSES = 3;

export function forwarded(raw: Uint8Array, { source, hostName, now }: Forwarding): Uint8Array {
  const { fields } = splitEntity(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength));
  const passes = valuesOf(fields, HOPS_FIELD.toLowerCase()).map((value) => Number.parseInt(value, 10) || 0);
  const most = Math.max(0, ...passes);
  if (most >= MAX_PASSES || valuesOf(fields, 'received').length > MAX_HOPS) throw new RelayError('message.loop');
  const from = source === undefined ? '' : `from [${source}] `;
  const head = `Received: ${from}by ${hostName};\r\n ${rfc5322Date(now)}\r\n${HOPS_FIELD}: ${most + 1}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), raw]);
}
