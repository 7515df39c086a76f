/**
 * dial: opens a connection to one address and brings it to where mail may go over it: greeting, EHLO, STARTTLS, the certificate.
 *
 * In:  the destination and what its policy needs.    Out: a connection of the library's, ready for MAIL.
 * STARTTLS is ours and not the library's: nodemailer throws away what comes behind the `220` and goes on, we end the connection; and
 * the certificate is checked by three policies, of which it knows one. The library then gets the socket with a greeting of our own in
 * front, and says EHLO as RFC 3207 4.2 wants it.
 * A server whose TLS breaks is asked once more without, unless its policy forbids that (RFC 7435). Not after an attack on STARTTLS.
 */
import { connect as openSocket, isIP, type Socket } from 'node:net';
import { connect as secure, type TLSSocket } from 'node:tls';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Instant } from '../core/time.ts';
import { readReply, REPLY_OCTETS, watchReplies } from './reply-reader.ts';
import { resultOf, type TlsNeed } from './tls-need.ts';
import type { CountTls, TlsResult } from './tls-result.ts';

export interface Destination {
  /** The address that was checked, or the smart host's name. */
  readonly host: string;
  readonly port: number;
  /** Name that a certificate would have to hold. */
  readonly servername: string;
  readonly login: { readonly user: string; readonly password: string } | undefined;
  readonly hostName: string;
  readonly tls: TlsNeed;
  /** Certificates to trust instead of the system's (PEM); for tests. */
  readonly trusted: string | undefined;
  readonly now: () => Instant;
  readonly countTls: CountTls;
  readonly connectMs: number;
  readonly replyMs: number;
}

export interface Dialled {
  readonly connection: SMTPConnection;
  /** What the server said it can do, such as SMTPUTF8. */
  readonly extensions: () => ReadonlySet<string>;
}

/** The policy of the domain forbids what this host offers; never holds anything of it. */
export class TlsRefused extends Error {
  override readonly name = 'TlsRefused';
}

/** TLS was begun and did not come about. */
class TlsBroken extends Error {}

export async function dial(destination: Destination, cut: AbortSignal): Promise<Dialled> {
  try {
    return await dialOnce(destination, cut, 'if it is offered');
  } catch (error) {
    if (!(error instanceof TlsBroken) || destination.tls.kind !== 'opportunistic') throw error;
    return await dialOnce(destination, cut, 'never');
  }
}

async function dialOnce(
  destination: Destination,
  cut: AbortSignal,
  tls: 'if it is offered' | 'never',
): Promise<Dialled> {
  cut.throwIfAborted();
  const plain = openSocket({ host: destination.host, port: destination.port, noDelay: true });
  // A socket reports trouble also while nobody waits for it; without a listener that would end the process.
  plain.on('error', () => undefined);
  const end = () => plain.destroy();
  cut.addEventListener('abort', end, { once: true });
  try {
    const socket = await prepared(plain, destination, tls);
    return await handOver(socket, destination);
  } catch (error) {
    plain.destroy();
    throw error;
  } finally {
    cut.removeEventListener('abort', end);
  }
}

async function prepared(plain: Socket, destination: Destination, tls: 'if it is offered' | 'never'): Promise<Socket> {
  const { connectMs, replyMs, hostName } = destination;
  await inTime(plain, connectMs, opened(plain));
  const greeting = await inTime(plain, replyMs, readReply(plain));
  // Also a 5xx instead of a greeting is trouble of the way there and says nothing about the recipient.
  if (greeting.code !== 220) throw new Error('Not greeted');
  if (tls === 'never') return plain;
  const hello = await inTime(plain, replyMs, command(plain, `EHLO ${hostName}`));
  const isOffered = hello.code === 250 && hello.lines.some((line) => /^STARTTLS\s*$/i.test(line));
  const go = isOffered ? await inTime(plain, replyMs, command(plain, 'STARTTLS')) : undefined;
  if (go?.code !== 220) return withoutTls(plain, destination);
  return await inTime(plain, replyMs, encrypted(plain, destination));
}

function command(socket: Socket, line: string) {
  socket.write(`${line}\r\n`);
  return readReply(socket);
}

function withoutTls(plain: Socket, destination: Destination): Socket {
  judge('starttls-not-supported', destination);
  return plain;
}

async function encrypted(plain: Socket, destination: Destination): Promise<TLSSocket> {
  const { servername, trusted, tls, now } = destination;
  const socket = secure({
    socket: plain,
    // No name for an address (RFC 6066 3); the certificate is judged afterwards, by the policy.
    ...(isIP(servername) === 0 ? { servername } : {}),
    ...(trusted === undefined ? {} : { ca: trusted }),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
  try {
    await opened(socket, 'secureConnect');
  } catch {
    destination.countTls(tls.policy, 'validation-failure');
    throw tls.kind === 'opportunistic' ? new TlsBroken() : new TlsRefused();
  }
  judge(resultOf(socket, tls, servername, now()), destination);
  return socket;
}

/** Counts what was found, and refuses the host when its policy does not let it pass. */
function judge(result: TlsResult, { tls, countTls }: Destination): void {
  countTls(tls.policy, result);
  if (result !== 'success' && tls.kind !== 'opportunistic') throw new TlsRefused();
}

async function opened(socket: Socket, event: 'connect' | 'secureConnect' = 'connect'): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = () => reject(new Error('No connection'));
  socket.once(event, resolve).once('error', fail).once('close', fail);
  await promise.finally(() => socket.off('close', fail));
}

/** A server that sends an octet at a time is slow as a whole, however often it sends one. */
async function inTime<Result>(socket: Socket, ms: number, work: Promise<Result>): Promise<Result> {
  const timer = setTimeout(() => socket.destroy(), ms);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}

async function handOver(socket: Socket, destination: Destination): Promise<Dialled> {
  const { host, port, servername, hostName, connectMs, replyMs, login } = destination;
  socket.pause();
  socket.unshift(Buffer.from('220 ready\r\n'));
  const { extensions } = watchReplies(socket);
  const connection = new SMTPConnection({
    host,
    port,
    servername,
    connection: socket,
    secured: true,
    secure: false,
    ignoreTLS: true,
    name: hostName,
    connectionTimeout: connectMs,
    greetingTimeout: replyMs,
    socketTimeout: replyMs,
    maxResponseSize: REPLY_OCTETS,
    logger: false,
  });
  // A connection reports trouble also while nobody waits for it.
  connection.on('error', () => connection.close());
  await ready(connection, login);
  return { connection, extensions };
}

async function ready(connection: SMTPConnection, login: Destination['login']): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (error: Error) => {
    connection.close();
    reject(error);
  };
  const ended = () => reject(new Error('The connection ended'));
  connection.once('error', fail).once('end', ended);
  connection.connect((error) => {
    if (error !== undefined) return fail(error);
    if (login === undefined) return resolve();
    return connection.login({ credentials: { user: login.user, pass: login.password } }, (failed) =>
      failed === null ? resolve() : fail(failed),
    );
  });
  await promise.finally(() => connection.off('error', fail).off('end', ended));
}
