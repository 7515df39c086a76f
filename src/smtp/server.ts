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
import type { MessageId, SellerId } from '../core/ids.ts';
import { RealAddress } from '../core/real-address.ts';
import { SECOND, type Clock } from '../core/time.ts';
import type { Admitted, Claim, Relay } from '../mail/types.ts';
import { readData } from './data.ts';
import { Peers } from './peers.ts';
import { answerFor, reply, replyOf } from './replies.ts';

export interface SmtpDoor {
  readonly door: 'mx' | 'submission';
  readonly listen: { readonly host: string; readonly port: number };
  readonly hostName: string;
  readonly tls: { readonly key: Buffer; readonly cert: Buffer } | undefined;
  readonly implicitTls: boolean;
  /** Passwords only over TLS: everywhere but in the sandbox. */
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

/**
 * Who was admitted, by envelope: smtp-server makes a new envelope for each transaction, and for RSET and STARTTLS, so what was
 * gathered for another one is forgotten with it. By recipient, so that a repeated RCPT is one arrival.
 */
type Admissions = WeakMap<SMTPServerEnvelope, Map<string, Admitted>>;

export async function startSmtpDoor(door: SmtpDoor): Promise<AsyncDisposable & { readonly port: number }> {
  const server = new SMTPServer(optionsOf(door));
  // A broken connection is the client's affair; without a listener it would end the process.
  server.on('error', () => undefined);
  const listener = server.listen(door.listen.port, door.listen.host);
  await once(listener, 'listening');
  const address = listener.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : door.listen.port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function optionsOf(door: SmtpDoor): SMTPServerOptions {
  const { events, clock } = door.parts;
  const peers = new Peers(clock, door.maxConnectionsPerPeer);
  const admissions: Admissions = new WeakMap();
  return {
    ...settingsOf(door),
    onConnect: (session, done) => done(peers.connected(session.remoteAddress) ? null : replyOf('busy')),
    onClose: (session) => peers.disconnected(session.remoteAddress),
    onAuth: (auth, session, done) =>
      reply(
        'smtp.auth',
        () => signIn(auth.username ?? '', auth.password ?? '', session, peers, door),
        (error, user) => done(error, user === undefined ? undefined : { user }),
        events,
      ),
    onMailFrom: (address, _session, done) =>
      reply('smtp.mailFrom', async () => void reversePathOf(address.address), done, events),
    onRcptTo: (address, session, done) =>
      reply('smtp.rcptTo', () => admit(address.address, session, admissions, door), done, events),
    onData: (stream, session, done) => reply('smtp.data', () => take(stream, session, admissions, door), done, events),
  };
}

function settingsOf(door: SmtpDoor): SMTPServerOptions {
  const noAuth = door.authRequired ? [] : ['AUTH'];
  const noTls = door.tls === undefined ? ['STARTTLS'] : [];
  return {
    ...(door.tls === undefined ? {} : door.tls),
    minVersion: 'TLSv1.2',
    secure: door.implicitTls,
    name: door.hostName,
    banner: 'Veilpost',
    size: door.maxMessage,
    maxRecipients: RECIPIENTS_AT_MOST,
    maxCommandLength: COMMAND_AT_MOST,
    socketTimeout: IDLE_MS,
    closeTimeout: CLOSE_MS,
    authMethods: ['PLAIN', 'LOGIN'],
    authOptional: !door.authRequired,
    allowInsecureAuth: !door.requireTls,
    disabledCommands: [...noAuth, ...noTls, 'WIZ', 'SHELL', 'KILL', 'XCLIENT', 'XFORWARD'],
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

async function admit(
  recipient: string,
  session: SMTPServerSession,
  admissions: Admissions,
  door: SmtpDoor,
): Promise<void> {
  const { relay, clock, events } = door.parts;
  const pace = clock.wait(REFUSAL_MS);
  const sender = session.envelope.mailFrom === false ? undefined : reversePathOf(session.envelope.mailFrom.address);
  try {
    const admitted = await relay.admit(recipient, sender, claimOf(session, door));
    admissionsOf(session, admissions).set(recipient.toLowerCase(), admitted);
  } catch (error) {
    if (error instanceof RelayError) events.recipientRefused({ door: door.door, code: error.code });
    await pace;
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
    const raw = await readData(stream, door.maxMessage, clock);
    return answerFor(await relay.relay(admitted, raw, claimOf(session, door)), ruleLink);
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
  const seller: SellerId | undefined = session.user;
  return {
    door: door.door,
    seller,
    apiKey: undefined,
    isSandboxLoopback: door.sandboxLoopback && isLoopback(session.remoteAddress),
  };
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
