/**
 * server: the SMTP doors, on smtp-server behind guards of our own.
 *
 * `mx` takes mail for aliases from anybody who proves to be the other party; `submission` takes it from sellers that sign in.
 * In:  a `Relay`.    Out: a listening door. It knows SMTP and nothing else: what a recipient is, and what becomes of a message, is
 * the relay's to say.
 * Standards: RFC 5321, 6409 (submission), 3207 (STARTTLS), 4954 (AUTH), 1870 (SIZE), 6531 (SMTPUTF8), 6152 (8BITMIME).
 */
import { once } from 'node:events';
import { isIP } from 'node:net';
import { SMTPServer, type SMTPServerEnvelope, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { RelayError } from '../core/errors.ts';
import type { Events } from '../core/events.ts';
import { parseSellerId, type MessageId, type SellerId } from '../core/ids.ts';
import { RealAddress } from '../core/real-address.ts';
import { SECOND, type Clock } from '../core/time.ts';
import type { Admitted, Claim, Peer, Relay } from '../mail/types.ts';
import { TLS, type Certificate } from './certificate.ts';
import { readData } from './data.ts';
import { Peers } from './peers.ts';
import { answerFor, lineOf, reply, replyOf } from './replies.ts';
import { Underway } from './underway.ts';

export interface SmtpDoor {
  readonly door: 'mx' | 'submission';
  readonly listen: { readonly host: string; readonly port: number };
  readonly hostName: string;
  readonly tls: Certificate | undefined;
  readonly implicitTls: boolean;
  /** Passwords only over TLS, and not even offered without: everywhere but in the sandbox. */
  readonly requireTls: boolean;
  readonly authRequired: boolean;
  /** The word of a peer on this machine counts as proof: in the sandbox only. */
  readonly sandboxLoopback: boolean;
  readonly maxMessage: number;
  readonly maxConnectionsPerPeer: number;
  readonly parts: {
    readonly relay: Relay;
    readonly signIn: (username: string, password: string) => Promise<SellerId | undefined>;
    readonly events: Events;
    readonly clock: Clock;
    readonly ruleLink: (rule: string, id?: MessageId) => string;
  };
}

/** RFC 5321 4.5.3.1.8 asks for 100 at least. */
const RECIPIENTS_AT_MOST = 100;
/** Unknown, foreign, closed and guessed aliases differ in look-ups; the refusal of each takes this long (CONTRACT 4). */
const REFUSAL_MS = 25;
const IDLE_MS = 60 * SECOND;
const CLOSE_MS = 30 * SECOND;
const COMMAND_AT_MOST = 2048;
/** smtp-server's jokes, and commands by which a proxy would change who the client is. */
const NEVER: readonly string[] = ['WIZ', 'SHELL', 'KILL', 'XCLIENT', 'XFORWARD'];

/**
 * Who was admitted, by envelope: smtp-server makes a new envelope for each transaction, and for RSET and STARTTLS, so what was
 * gathered for another one is forgotten with it. By recipient, so that a repeated RCPT is one arrival.
 */
type Admissions = WeakMap<SMTPServerEnvelope, Map<string, Admitted>>;

export interface OpenDoor extends AsyncDisposable {
  readonly port: number;
  /** For handshakes from now on; connections under way go on. A certificate that was looked at (`flawOf`): others throw. */
  useCertificate(certificate: Certificate): void;
}

export async function startSmtpDoor(door: SmtpDoor): Promise<OpenDoor> {
  // smtp-server would fall back on a certificate whose key is public, and would take passwords in the clear.
  if (door.tls === undefined && (door.implicitTls || door.requireTls)) {
    throw new Error(`The ${door.door} door needs a TLS certificate and key`);
  }
  const underway = new Underway();
  const server = new SMTPServer(optionsOf(door, underway));
  // A broken connection is the client's affair; without a listener it would end the process.
  server.on('error', () => undefined);
  const listener = server.listen(door.listen.port, door.listen.host);
  await once(listener, 'listening');
  const address = listener.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : door.listen.port,
    // The whole of the options again: smtp-server fills what is missing with TLS 1.0.
    useCertificate: (certificate) => server.updateSecureContext({ ...certificate, ...TLS }),
    [Symbol.asyncDispose]: () => underway.close(server),
  };
}

function optionsOf(door: SmtpDoor, underway: Underway): SMTPServerOptions {
  const { events, clock } = door.parts;
  const peers = new Peers(clock, door.maxConnectionsPerPeer);
  const admissions: Admissions = new WeakMap();
  return {
    ...settingsOf(door),
    onConnect: (session, done) => {
      session.disabledCommands = disabledFor(door, door.implicitTls);
      done(peers.connected(session, session.remoteAddress) ? null : replyOf('busy'));
    },
    onSecure: (_socket, session, done) => {
      session.disabledCommands = disabledFor(door, true);
      done();
    },
    onClose: (session) => peers.disconnected(session),
    onAuth: (auth, session, done) =>
      reply(
        'smtp.auth',
        () => signIn(auth.username ?? '', auth.password ?? '', session, peers, door),
        (error, user) => done(error, user === undefined ? undefined : { user }),
        events,
      ),
    onMailFrom: (address, session, done) =>
      reply('smtp.mailFrom', async () => checkSender(address.address, session, door), done, events),
    onRcptTo: (address, session, done) =>
      reply('smtp.rcptTo', () => admit(address.address, session, admissions, door), done, events),
    onData: (stream, session, done) =>
      reply('smtp.data', () => take(stream, session, admissions, door), underway.until(session, done), events),
  };
}

/** smtp-server offers AUTH before STARTTLS, and passwords follow what is offered. A session's own list replaces the server's. */
function disabledFor(door: SmtpDoor, isSecure: boolean): string[] {
  const noAuth = !door.authRequired || (door.requireTls && !isSecure) ? ['AUTH'] : [];
  const noTls = door.tls === undefined ? ['STARTTLS'] : [];
  return [...noAuth, ...noTls, ...NEVER];
}

function settingsOf(door: SmtpDoor): SMTPServerOptions {
  return {
    ...(door.tls === undefined ? {} : door.tls),
    ...TLS,
    secure: door.implicitTls,
    name: door.hostName,
    // Not `%s Nice to meet you, %s`, which repeats the client's address.
    heloResponse: '%s',
    size: door.maxMessage,
    maxCommandLength: COMMAND_AT_MOST,
    socketTimeout: IDLE_MS,
    closeTimeout: CLOSE_MS,
    authMethods: ['PLAIN', 'LOGIN'],
    authOptional: !door.authRequired,
    authRequiredMessage: lineOf('auth.required'),
    allowInsecureAuth: !door.requireTls,
    disabledCommands: disabledFor(door, door.implicitTls),
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: true,
    useXClient: false,
    useXForward: false,
    useProxy: false,
    // Its log would hold the whole conversation, addresses and all.
    logger: false,
  };
}

async function signIn(
  username: string,
  password: string,
  session: SMTPServerSession,
  peers: Peers,
  door: SmtpDoor,
): Promise<SellerId> {
  if (!peers.maySignIn(session.remoteAddress)) throw new RelayError('auth.tooMany');
  const seller = await door.parts.signIn(username, password);
  if (seller !== undefined) return seller;
  peers.signInFailed(session.remoteAddress);
  door.parts.events.signInFailed({ door: door.door });
  throw new RelayError('auth.failed');
}

/** Asked again here whether the client signed in: smtp-server does not ask where AUTH is not on offer. */
function checkSender(reversePath: string, session: SMTPServerSession, door: SmtpDoor): void {
  if (door.authRequired && sellerOf(session) === undefined) throw new RelayError('auth.required');
  reversePathOf(reversePath);
}

async function admit(
  recipient: string,
  session: SMTPServerSession,
  admissions: Admissions,
  door: SmtpDoor,
): Promise<void> {
  const { relay, clock, events } = door.parts;
  const begun = clock.now();
  const { mailFrom } = session.envelope;
  const known = admissionsOf(session, admissions);
  const key = recipient.toLowerCase();
  try {
    if (known.size >= RECIPIENTS_AT_MOST && !known.has(key)) throw new RelayError('recipients.tooMany');
    const sender = mailFrom === false ? undefined : reversePathOf(mailFrom.address);
    known.set(key, await relay.admit(recipient, sender, claimOf(session, door)));
  } catch (error) {
    if (error instanceof RelayError) events.recipientRefused({ door: door.door, code: error.code });
    await clock.wait(Math.max(0, begun + REFUSAL_MS - clock.now()));
    throw error;
  }
}

async function take(
  stream: Parameters<NonNullable<SMTPServerOptions['onData']>>[0],
  session: SMTPServerSession,
  admissions: Admissions,
  door: SmtpDoor,
): Promise<string> {
  const { relay, clock, events, ruleLink } = door.parts;
  const admitted = [...admissionsOf(session, admissions).values()];
  try {
    await using received = await readData(stream, door.maxMessage, clock);
    return answerFor(await relay.relay(admitted, received.message, claimOf(session, door)), ruleLink);
  } catch (error) {
    if (error instanceof RelayError) events.mailRejected({ door: door.door, code: error.code });
    // smtp-server waits for the whole stream before it reads the next command.
    stream.resume();
    throw error;
  }
}

function admissionsOf({ envelope }: SMTPServerSession, admissions: Admissions): Map<string, Admitted> {
  const known = admissions.get(envelope) ?? new Map<string, Admitted>();
  admissions.set(envelope, known);
  return known;
}

function claimOf(session: SMTPServerSession, door: SmtpDoor): Claim {
  return {
    door: door.door,
    seller: sellerOf(session),
    apiKey: undefined,
    isSandboxLoopback: door.sandboxLoopback && isLoopback(session.remoteAddress),
    peer: door.door === 'mx' ? peerOf(session) : undefined,
    reason: undefined,
  };
}

/** SPF looks at addresses as they are written in DNS: a peer over IPv4 is one over IPv4, whatever socket took it. */
const peerOf = ({ remoteAddress, hostNameAppearsAs }: SMTPServerSession): Peer => ({
  ip: remoteAddress.replace(/^::ffff:(?=\d+\.)/i, ''),
  helo: hostNameAppearsAs,
});

/** `user` is what `signIn` gave; smtp-server makes it `false` when TLS begins. */
function sellerOf(session: SMTPServerSession): SellerId | undefined {
  const user: unknown = session.user;
  return typeof user === 'string' ? parseSellerId(user) : undefined;
}

/** '' is the null reverse path (RFC 5321 4.5.5). */
function reversePathOf(address: string): RealAddress | undefined {
  if (address === '') return undefined;
  try {
    return RealAddress.parse(address);
  } catch (error) {
    throw new RelayError('sender.invalid', { cause: error });
  }
}

function isLoopback(address: string): boolean {
  return isIP(address) !== 0 && (address === '::1' || /^(?:::ffff:)?127\./.test(address));
}
