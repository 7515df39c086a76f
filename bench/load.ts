/**
 * load: sends messages over kept-open SMTP sessions, as fast as the answers come; the envelope in one piece (RFC 2920), as Postfix and
 * its like send it. A process of its own, so that its work is not counted as the relay's. Reads its plan as JSON from its input; prints one JSON line: messages accepted and milliseconds.
 */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

interface Plan {
  readonly port: number;
  readonly sessions: number;
  readonly messages: number;
  readonly pairs: readonly { readonly from: string; readonly to: string }[];
  /** Text of the message, CRLF line ends, with {FROM}, {TO} and {N} to fill in. */
  readonly template: string;
}

const plan: Plan = JSON.parse(readFileSync(0, 'utf8'));
let next = 0;
let accepted = 0;

async function session(): Promise<void> {
  const socket = connect(plan.port, '127.0.0.1');
  const reply = replies(socket);
  await reply();
  await say(socket, reply, 'EHLO load.bench.test\r\n');
  while (next < plan.messages) {
    const number = next++;
    const pair = plan.pairs[number % plan.pairs.length];
    if (pair === undefined) break;
    const bytes = plan.template
      .replaceAll('{FROM}', pair.from)
      .replaceAll('{TO}', pair.to)
      .replaceAll('{N}', String(number));
    await say(socket, reply, `MAIL FROM:<${pair.from}>\r\nRCPT TO:<${pair.to}>\r\nDATA\r\n`);
    await reply();
    await reply();
    const answer = await say(socket, reply, `${bytes}\r\n.\r\n`);
    if (answer.startsWith('250')) accepted += 1;
    else process.stderr.write(`refused: ${answer.slice(0, 60)}\n`);
  }
  socket.end('QUIT\r\n');
}

async function say(socket: Socket, reply: () => Promise<string>, text: string): Promise<string> {
  socket.write(text);
  return await reply();
}

/** Complete replies of a socket, one at a time. */
function replies(socket: Socket): () => Promise<string> {
  let buffered = '';
  let waiting: ((reply: string) => void) | undefined;
  const take = () => {
    const match = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(buffered);
    if (match === null || waiting === undefined) return;
    buffered = buffered.slice(match[0].length);
    const resolve = waiting;
    waiting = undefined;
    resolve(match[0]);
  };
  socket.setNoDelay(true).on('data', (chunk) => {
    buffered += chunk.toString('latin1');
    take();
  });
  return () =>
    new Promise((resolve) => {
      waiting = resolve;
      take();
    });
}

const begun = performance.now();
await Promise.all(Array.from({ length: plan.sessions }, session));
process.stdout.write(`${JSON.stringify({ accepted, milliseconds: performance.now() - begun })}\n`);
