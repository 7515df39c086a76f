/**
 * clients: other people's mail programs. Each sends one message and fails when the server did not take it.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTransport } from 'nodemailer';
import { PYTHON } from '../support/python.ts';
import type { Sent } from './messages.ts';

const run = promisify(execFile);

export interface Client {
  readonly name: string;
  /** Hands over `bytes` as they are. */
  send(port: number, sent: Sent, bytes: Buffer): Promise<void>;
}

async function inFile(bytes: Buffer, use: (path: string) => Promise<unknown>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'veilpost-client-'));
  try {
    const path = join(folder, 'message.eml');
    await writeFile(path, bytes);
    await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export const CLIENTS: readonly Client[] = [
  {
    name: 'swaks',
    send: (port, { from, to }, bytes) =>
      inFile(bytes, (path) =>
        run('swaks', [
          '--server',
          '127.0.0.1',
          '--port',
          String(port),
          '--from',
          from,
          '--to',
          to,
          '--data',
          `@${path}`,
        ]),
      ),
  },
  {
    name: "Python's smtplib",
    send: (port, { from, to }, bytes) =>
      inFile(bytes, (path) =>
        run(PYTHON, [
          '-c',
          'import smtplib, sys\nwith smtplib.SMTP("127.0.0.1", int(sys.argv[1])) as smtp:\n' +
            '    smtp.sendmail(sys.argv[2], [sys.argv[3]], open(sys.argv[4], "rb").read(), mail_options=["BODY=8BITMIME"])',
          String(port),
          from,
          to,
          path,
        ]),
      ),
  },
  {
    name: 'curl',
    send: (port, { from, to }, bytes) =>
      inFile(bytes, (path) =>
        run('curl', [
          '-sS',
          '--url',
          `smtp://127.0.0.1:${port}`,
          '--mail-from',
          from,
          '--mail-rcpt',
          to,
          '--upload-file',
          path,
        ]),
      ),
  },
  {
    name: 'nodemailer',
    async send(port, { from, to }, bytes) {
      const transport = createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true });
      await transport.sendMail({ envelope: { from, to: [to] }, raw: bytes });
      transport.close();
    },
  },
];
