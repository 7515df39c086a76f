/**
 * smtp-client: says exact bytes to an SMTP server and gives back its answers. For scenarios where a mail library would correct
 * what must be wrong.
 */
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

export interface Reply {
  readonly code: number;
  readonly text: string;
}

export interface SmtpClient extends AsyncDisposable {
  /** Sends a line (CRLF is added) and waits for the whole reply. */
  say(line: string): Promise<Reply>;
  /** Writes bytes as they are, without waiting. */
  write(bytes: string | Uint8Array): void;
  /** The next whole reply; code 0 when the server closed the connection instead. */
  reply(): Promise<Reply>;
  readonly socket: Socket;
  /** What the server said first. */
  readonly greeting: Reply;
}

/** `from`: the address of this end; all of 127/8 is this machine. */
export async function connectSmtp(port: number, from = '127.0.0.1'): Promise<SmtpClient> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from }).setNoDelay(true);
  let buffered = '';
  let isClosed = false;
  let waiting: (() => void) | undefined;
  const wake = () => waiting?.();
  socket.on('data', (chunk) => {
    buffered += chunk.toString('latin1');
    wake();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isClosed = true;
    wake();
  });
  async function reply(): Promise<Reply> {
    for (;;) {
      const match = /^((?:\d{3}-.*\r\n)*)(\d{3}) .*\r\n/.exec(buffered);
      if (match !== null) {
        buffered = buffered.slice(match[0].length);
        return { code: Number(match[2]), text: match[0] };
      }
      if (isClosed) return { code: 0, text: buffered };
      await new Promise<void>((resolve) => (waiting = resolve));
    }
  }
  const client: Omit<SmtpClient, 'greeting'> = {
    socket,
    reply,
    write: (bytes) => void socket.write(bytes),
    say: (line) => {
      socket.write(`${line}\r\n`);
      return reply();
    },
    async [Symbol.asyncDispose]() {
      if (isClosed) return;
      const closed = once(socket, 'close');
      socket.destroy();
      await closed;
    },
  };
  const greeting = await reply();
  return { ...client, greeting };
}

/** One message over one connection: the reply to the first command that was refused, or to the data. */
export async function sendRaw(
  port: number,
  message: { readonly from: string; readonly to: readonly string[]; readonly data: string | Uint8Array },
): Promise<Reply> {
  await using client = await connectSmtp(port);
  await client.say('EHLO client.test');
  const mail = await client.say(`MAIL FROM:<${message.from}>`);
  if (mail.code !== 250) return mail;
  for (const recipient of message.to) {
    const rcpt = await client.say(`RCPT TO:<${recipient}>`);
    if (rcpt.code !== 250) return rcpt;
  }
  const data = await client.say('DATA');
  if (data.code !== 354) return data;
  client.write(message.data);
  return await client.say('\r\n.');
}
