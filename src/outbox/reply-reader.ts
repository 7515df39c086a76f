/**
 * reply-reader: the replies of a server that may be hostile, one at a time, before a connection is handed to the library.
 *
 * Whoever sits on the way can put octets behind the `220` that answers STARTTLS, and a client that keeps them takes them for what the
 * server said under TLS (security.md OU-04, CVE-2011-0411 the other way round). Until TLS is on, every command waits for its reply, so
 * anything behind a reply is an attack or a defect: the connection ends.
 * Standards: RFC 5321 4.2.1 (replies of several lines), 4.5.3.1.5 (512 octets a line).
 */
import type { Socket } from 'node:net';

const LINES_AT_MOST = 100;
const LINE_OCTETS = 512;
export const REPLY_OCTETS = LINES_AT_MOST * LINE_OCTETS;

export interface Reply {
  readonly code: number;
  /** The lines without their codes. */
  readonly lines: readonly string[];
}

/** Not what a mail server says: too much of it, or more than was asked. Never holds what it said. */
class HostileReply extends Error {
  override readonly name = 'HostileReply';
}

/** Reads one reply and leaves the socket paused. Rejects when the connection ends, or on anything hostile. */
export function readReply(socket: Socket): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  let text = '';
  const onEnd = () => reject(new Error('The connection ended'));
  const onData = (chunk: Buffer) => {
    text += chunk.toString('latin1');
    const reply = text.length > REPLY_OCTETS ? 'hostile' : replyIn(text);
    if (reply === undefined) return;
    if (reply === 'hostile') reject(new HostileReply());
    else resolve(reply);
  };
  socket.on('data', onData).once('close', onEnd).once('error', onEnd);
  socket.resume();
  return promise.finally(() => {
    socket.off('data', onData).off('close', onEnd).off('error', onEnd);
    socket.pause();
  });
}

/** `undefined` as long as it is not complete. */
function replyIn(text: string): Reply | 'hostile' | undefined {
  const lines = text.split(/\r?\n/);
  const rest = lines.pop();
  const last = lines.findIndex((line) => !/^\d{3}-/.test(line));
  if (lines.length > LINES_AT_MOST) return 'hostile';
  if (last < 0) return undefined;
  const isAlone = last === lines.length - 1 && rest === '';
  const code = Number(/^([2-5]\d\d)(?: |$)/.exec(lines[last] ?? '')?.[1] ?? 0);
  return isAlone && code !== 0 ? { code, lines: lines.map((line) => line.slice(4)) } : 'hostile';
}

/**
 * Ends the connection when a reply goes on for too many lines; the library bounds its octets. What the server said it can do in its
 * first reply of several lines is kept, since the library keeps that to itself.
 */
export function watchReplies(socket: Socket): { readonly extensions: () => ReadonlySet<string> } {
  const extensions = new Set<string>();
  let isGreeted = false;
  let lines = 0;
  let partial = '';
  socket.on('data', (chunk: Buffer) => {
    const all = (partial + chunk.toString('latin1')).split('\n');
    partial = (all.pop() ?? '').slice(0, LINE_OCTETS);
    for (const line of all) {
      const isLast = !/^\d{3}-/.test(line);
      lines = isLast ? 0 : lines + 1;
      if (lines >= LINES_AT_MOST) return void socket.destroy(new HostileReply());
      if (!isGreeted && line.startsWith('250')) extensions.add(line.slice(4).trim().split(' ')[0]?.toUpperCase() ?? '');
      if (line.startsWith('250 ')) isGreeted = true;
    }
  });
  return { extensions: () => extensions };
}
