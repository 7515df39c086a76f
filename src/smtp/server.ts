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
import type {
  SMTPServerAddress,
  SMTPServerAuthentication,
  SMTPServerEnvelope,
  SMTPServerOptions,
  SMTPServerSession,
} from 'smtp-server';
import { RelayError } from '../core/errors.ts';
import type { Events } from '../core/events.ts';
import { parseSellerId, type MessageId, type SellerId } from '../core/ids.ts';
import { RealAddress } from '../core/real-address.ts';
import { SECOND, type Clock } from '../core/time.ts';
import type { Admitted, Claim, Peer, Relay } from '../mail/types.ts';
import { TLS, type Certificate } from './certificate.ts';
import { COMMAND_AT_MOST } from './command-guard.ts';
import { readData } from './data.ts';
import { Front } from './front.ts';
import type { Limits } from './limits.ts';
import { plainAddress } from '../core/networks.ts';
import { answerFor, lineOf, reply } from './replies.ts';
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
  /** Shared by all doors of the process. */
  readonly limits: Limits;
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
/** AUTH= says who a trusted relay thinks wrote it (RFC 4954 5); nothing is made of it. */
const MAIL_PARAMETERS: readonly string[] = ['SIZE', 'BODY', 'SMTPUTF8', 'AUTH'];
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
  const server = openFront(door, underway);
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

function openFront(door: SmtpDoor, underway: Underway): Front {
  const { events, clock } = door.parts;
  const admissions: Admissions = new WeakMap();
  const front: Front = new Front(
    {
      ...settingsOf(door),
      onConnect: (session, done) => {
        session.disabledCommands = disabledFor(door, door.implicitTls);
        done();
      },
      onSecure: (socket, session, done) => {
        session.disabledCommands = disabledFor(door, true);
        // With TLS from the first octet the parser is joined already, and inside it.
        if (!door.implicitTls) front.secured(socket, session);
        done();
      },
      onClose: (session) => front.left(session),
      onAuth: (auth, session, done) =>
        reply(
          'smtp.auth',
          async () => {
            const user = await signIn(auth, session, door);
            front.signedIn(session);
            return { user };
          },
          done,
          events,
        ),
      onMailFrom: (address, session, done) =>
        reply('smtp.mailFrom', async () => checkSender(address, session, door), done, events),
      onRcptTo: (address, session, done) =>
        reply('smtp.rcptTo', () => admit(address, session, admissions, door), done, events),
      onData: (stream, session, done) => {
        const sitting = front.sittingOf(session);
        sitting?.messageBegins(stream);
        const answered = underway.until(session, done);
        reply(
          'smtp.data',
          () => take(stream, session, admissions, door),
          (error, text) => {
            sitting?.messageAnswered();
            answered(error, text);
          },
          events,
        );
      },
    },
    { door: door.door, implicitTls: door.implicitTls, gate: door.limits.gate, clock, events },
  );
  return front;
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
  { username = '', password, authzid = '' }: SMTPServerAuthentication,
  { remoteAddress }: SMTPServerSession,
  { door, limits, parts }: SmtpDoor,
): Promise<SellerId> {
  const { signIns } = limits;
  if (!signIns.begin(username, remoteAddress)) throw new RelayError('auth.tooMany');
  // To act for somebody else is not on offer (RFC 4616 2).
  const isForOther = authzid !== '' && authzid !== username;
  const seller = isForOther ? undefined : await parts.signIn(username, password ?? '');
  if (seller === undefined) {
    parts.events.signInFailed({ door });
    throw new RelayError('auth.failed');
  }
  signIns.succeeded(username, remoteAddress);
  return seller;
}

/** Asked again here whether the client signed in: smtp-server does not ask where AUTH is not on offer. */
function checkSender({ address, args }: SMTPServerAddress, session: SMTPServerSession, door: SmtpDoor): void {
  if (door.authRequired && sellerOf(session) === undefined) throw new RelayError('auth.required');
  checkParameters(args, MAIL_PARAMETERS);
  reversePathOf(address);
}

/** smtp-server takes whatever is written there, and leaves it to us (RFC 5321 4.1.1.11: 555). */
function checkParameters(args: SMTPServerAddress['args'], offered: readonly string[]): void {
  const given = typeof args === 'object' && args !== null ? Object.keys(args) : [];
  if (given.some((name) => !offered.includes(name))) throw new RelayError('parameter.unknown');
}

async function admit(
  { address: recipient, args }: SMTPServerAddress,
  session: SMTPServerSession,
  admissions: Admissions,
  door: SmtpDoor,
): Promise<void> {
  const { relay, clock, events } = door.parts;
  const begun = clock.now();
  const { mailFrom } = session.envelope;
  const { harvest } = door.limits;
  if (harvest.isSpent(session.remoteAddress, sellerOf(session))) throw new RelayError('recipients.tooManyUnknown');
  checkParameters(args, []);
  const known = admissionsOf(session, admissions);
  const key = recipient.toLowerCase();
  try {
    if (known.size >= RECIPIENTS_AT_MOST && !known.has(key)) throw new RelayError('recipients.tooMany');
    const sender = mailFrom === false ? undefined : reversePathOf(mailFrom.address);
    known.set(key, await relay.admit(recipient, sender, claimOf(session, door)));
  } catch (error) {
    if (error instanceof RelayError) {
      harvest.refused(error.code, session.remoteAddress, sellerOf(session));
      events.recipientRefused({ door: door.door, code: error.code });
    }
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
  const { relay, events, ruleLink } = door.parts;
  const admitted = [...admissionsOf(session, admissions).values()];
  try {
    await using received = await readData(stream, door.maxMessage);
    return answerFor(await relay.relay(admitted, received.message, claimOf(session, door)), ruleLink);
  } catch (error) {
    if (error instanceof RelayError) {
      door.limits.harvest.refused(error.code, session.remoteAddress, sellerOf(session));
      events.mailRejected({ door: door.door, code: error.code });
    }
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
  ip: plainAddress(remoteAddress),
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
