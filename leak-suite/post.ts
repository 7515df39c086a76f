/**
 * post: hands messages to the relay, byte for byte, over a few connections at once.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { SetupError, type HostPort } from './options.ts';

export interface Letter {
  readonly from: string;
  readonly to: string;
  /** With CRLF; not yet dot-stuffed. */
  readonly data: string;
}

/** The reply that ended it: to the data, or to the first command that was refused. */
export interface Reply {
  readonly code: number;
  readonly text: string;
}

const LANES = 4;
/** RFC 5321 4.5.3.2 grants minutes; a relay under test is near. */
const PATIENCE_MS = 60_000;

/** All letters, the replies in their order. Each has a connection of its own: a refusal of one concerns no other. */
export async function postAll(relay: HostPort, letters: readonly Letter[]): Promise<readonly Reply[]> {
  const replies: Reply[] = [];
  const rest = letters.entries();
  const lane = async () => {
    for (const [index, letter] of rest) replies[index] = await post(relay, letter);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return replies;
}

export async function post(relay: HostPort, { from, to, data }: Letter): Promise<Reply> {
  const socket = connect(relay.port, relay.host);
  await once(socket, 'connect').catch((error: unknown) => {
    throw new SetupError(`--relay: nothing answers at ${relay.host}:${relay.port}.`, { cause: error });
  });
  socket.setTimeout(PATIENCE_MS, () => socket.destroy());
  const lines = socket.setEncoding('utf8')[Symbol.asyncIterator]();
  let buffered = '';
  const reply = async (): Promise<Reply> => {
    for (;;) {
      const match = /^(?:\d{3}-.*\r\n)*(\d{3})(?: .*)?\r\n/.exec(buffered);
      if (match !== null) {
        buffered = buffered.slice(match[0].length);
        return { code: Number(match[1]), text: match[0] };
      }
      const next = await lines.next().catch(() => undefined);
      if (next === undefined || next.done === true) return { code: 421, text: buffered };
      buffered += String(next.value);
    }
  };
  const steps: readonly (readonly [line: string, wanted: number])[] = [
    ['', 220],
    ['EHLO leak-suite.test\r\n', 250],
    [`MAIL FROM:<${from}>\r\n`, 250],
    [`RCPT TO:<${to}>\r\n`, 250],
    ['DATA\r\n', 354],
    [`${data.replace(/(^|\r\n)\./g, '$1..').replace(/(?:\r\n)?$/, '\r\n')}.\r\n`, 250],
  ];
  let last: Reply = { code: 421, text: '' };
  for (const [line, wanted] of steps) {
    if (line !== '') socket.write(line);
    last = await reply();
    if (last.code !== wanted) break;
  }
  socket.end('QUIT\r\n');
  return last;
}
