/**
 * server: the SMTP doors, on smtp-server behind guards of our own.
 *
 * `mx` takes mail for aliases from anybody who proves to be the other party; `submission` takes it from sellers that sign in.
 * In:  a `Relay`.    Out: a listening door. It knows SMTP and nothing else: what a recipient is, and what becomes of a message, is
 * the relay's to say.
 * Standards: RFC 5321, 6409 (submission), 3207 (STARTTLS), 4954 (AUTH), 1870 (SIZE), 6531 (SMTPUTF8), 6152 (8BITMIME).
 */
import { once } from 'node:events';
import type { SMTPServerAddress, SMTPServerAuthentication, SMTPServerOptions, SMTPServerSession } from 'smtp-server';
import { RelayError } from '../core/errors.ts';
import type { Events } from '../core/events.ts';
import type { MessageId, SellerId } from '../core/ids.ts';
import { SECOND, type Clock } from '../core/time.ts';
import type { Desks } from '../mail/desks.ts';
import type { Relay } from '../mail/types.ts';
import { TLS, type Certificate } from './certificate.ts';
import { reversePathOf, sellerOf } from './client.ts';
import { COMMAND_AT_MOST } from './command-guard.ts';
import { Front } from './front.ts';
import type { Limits } from './limits.ts';
import { lineOf, reply } from './replies.ts';
import { admit, checkParameters, take, type Transactions } from './transaction.ts';
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
    readonly desks: Desks;
    readonly signIn: (username: string, password: string) => Promise<SellerId | undefined>;
    readonly events: Events;
    readonly clock: Clock;
    readonly ruleLink: (rule: string, id?: MessageId) => string;
  };
}

const IDLE_MS = 60 * SECOND;
const CLOSE_MS = 30 * SECOND;
/** AUTH= says who a trusted relay thinks wrote it (RFC 4954 5); nothing is made of it. */
const MAIL_PARAMETERS: readonly string[] = ['SIZE', 'BODY', 'SMTPUTF8', 'AUTH'];
/** smtp-server's jokes, and commands by which a proxy would change who the client is. */
const NEVER: readonly string[] = ['WIZ', 'SHELL', 'KILL', 'XCLIENT', 'XFORWARD'];

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
  const transactions: Transactions = new WeakMap();
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
        reply('smtp.rcptTo', () => admit(address, session, transactions, door), done, events),
      onData: (stream, session, done) => {
        const sitting = front.sittingOf(session);
        sitting?.messageBegins(stream);
        const answered = underway.until(session, done);
        reply(
          'smtp.data',
          () => take(stream, session, transactions, door),
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
