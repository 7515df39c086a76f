/**
 * post: hands messages to the relay, octet for octet, a few at once: over TLS where the relay offers it, signed in where it wants that.
 */
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { SetupError, type Door } from './options.ts';

export interface Letter {
  /** Where it is handed in. */
  readonly door: Door;
  /** The reverse path; '' is the null path. */
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
export async function postAll(letters: readonly Letter[]): Promise<readonly Reply[]> {
  const replies: Reply[] = [];
  const rest = letters.entries();
  const lane = async () => {
    for (const [index, letter] of rest) replies[index] = await post(letter);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return replies;
}

/** Throws SetupError when nothing answers there, or nobody may sign in. */
export async function post(letter: Letter): Promise<Reply> {
  const connection = await opened(letter.door);
  try {
    return await sent(connection, letter);
  } finally {
    connection.quit();
    connection.close();
  }
}

async function opened(door: Door): Promise<SMTPConnection> {
  const { host, port, login } = door;
  const connection = new SMTPConnection({
    host,
    port,
    name: 'leak-suite.test',
    opportunisticTLS: true,
    // The certificate of a relay under test says nothing about what it hides.
    tls: { rejectUnauthorized: false },
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  });
  connection.on('error', () => connection.close());
  try {
    await connected(connection, `${host}:${port}`);
    if (login !== undefined) await signedIn(connection, login, `${host}:${port}`);
    return connection;
  } catch (error) {
    connection.close(); // left open, it would keep the process until it times out
    throw error;
  }
}

function connected(connection: SMTPConnection, where: string) {
  return new Promise<void>((resolve, reject) => {
    const fail = (cause: unknown) =>
      reject(new SetupError(`Nothing answers at ${where} as a mail server does.`, { cause }));
    connection.once('error', fail);
    connection.connect((error) => (error === undefined ? resolve() : fail(error)));
  });
}

function signedIn(connection: SMTPConnection, { user, password }: NonNullable<Door['login']>, where: string) {
  return new Promise<void>((resolve, reject) => {
    connection.login({ credentials: { user, pass: password } }, (cause) => {
      if (cause === null) resolve();
      else reject(new SetupError(`The relay at ${where} does not take the login that was given.`, { cause }));
    });
  });
}

function sent(connection: SMTPConnection, { from, to, data }: Letter): Promise<Reply> {
  return new Promise((resolve) => {
    const closed: Reply = { code: 421, text: '' };
    connection.once('end', () => setImmediate(resolve, closed));
    connection.send({ from, to: [to] }, Buffer.from(data, 'utf8'), (error, info) => {
      if (error === null) resolve({ code: Number(info.response.slice(0, 3)), text: info.response });
      else resolve({ code: error.responseCode ?? 421, text: error.response ?? '' });
    });
  });
}
