/**
 * connections: open SMTP connections to one host, kept and used again.
 *
 * At most `limit` at once; whoever comes when all are in use waits for the next free one. A connection that failed is thrown away.
 */
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { NodemailerError } from 'nodemailer/lib/errors';
import { SECOND } from '../core/time.ts';

const IDLE_MS = 30 * SECOND;

export interface Destination {
  readonly host: string;
  readonly port: number;
  /** Name that a certificate would have to hold; the host is an address that was checked. */
  readonly servername: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly hostName: string;
}

/** A connection on which nothing was sent yet, or the last message went through. */
export interface Line {
  /** `true` when it has carried mail before: the far side may have closed it in the meantime. */
  readonly isUsed: boolean;
  /** Resolves when the next hop has the message; rejects with the library's error. */
  send(envelope: { from: string; to: string[] }, bytes: Buffer): Promise<void>;
  /** Gives it back; after a failure it is closed instead. */
  release(isSound: boolean): void;
}

interface Kept {
  readonly connection: SMTPConnection;
  readonly since: number;
}

export class Connections implements Disposable {
  readonly #destination: Destination;
  readonly #limit: number;
  readonly #idle: Kept[] = [];
  readonly #waiting: (() => void)[] = [];
  #open = 0;

  constructor(destination: Destination, limit: number) {
    this.#destination = destination;
    this.#limit = limit;
  }

  async take(): Promise<Line> {
    while (this.#open >= this.#limit && this.#idle.length === 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    const kept = this.#takeIdle();
    if (kept !== undefined) return this.#line(kept, true);
    this.#open += 1;
    try {
      return this.#line(await this.#connect(), false);
    } catch (error) {
      this.#ended();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    for (const { connection } of this.#idle.splice(0)) connection.quit();
  }

  #takeIdle(): SMTPConnection | undefined {
    for (let kept = this.#idle.pop(); kept !== undefined; kept = this.#idle.pop()) {
      if (!kept.connection.destroyed && performance.now() - kept.since < IDLE_MS) return kept.connection;
      kept.connection.close();
      this.#open -= 1;
    }
    return undefined;
  }

  #line(connection: SMTPConnection, isUsed: boolean): Line {
    return {
      isUsed,
      send: (envelope, bytes) =>
        new Promise((resolve, reject) => {
          const failed = (error: NodemailerError) => reject(error);
          connection.once('error', failed);
          connection.send(envelope, bytes, (error) => {
            connection.off('error', failed);
            if (error === null) resolve();
            else reject(error);
          });
        }),
      release: (isSound) => {
        if (isSound) {
          this.#idle.push({ connection, since: performance.now() });
          this.#waiting.shift()?.();
          return;
        }
        connection.close();
        this.#ended();
      },
    };
  }

  #ended(): void {
    this.#open -= 1;
    this.#waiting.shift()?.();
  }

  #connect(): Promise<SMTPConnection> {
    const { host, port, servername, user, password, hostName } = this.#destination;
    const connection = new SMTPConnection({
      host,
      port,
      name: hostName,
      servername,
      secure: false,
      // Opportunistic: any certificate is better than none at all (RFC 7435). Enforced policies come with MTA-STS.
      opportunisticTLS: true,
      tls: { rejectUnauthorized: false },
      connectionTimeout: 30 * SECOND,
      greetingTimeout: 60 * SECOND,
      socketTimeout: 120 * SECOND,
      logger: false,
    });
    return new Promise((resolve, reject) => {
      connection.once('error', reject);
      connection.connect((error) => {
        if (error !== undefined) return reject(error);
        connection.off('error', reject);
        // An idle connection that the far side closes reports it here; without a listener it would end the process.
        connection.on('error', () => connection.close());
        if (user === undefined) return resolve(connection);
        connection.login({ credentials: { user, pass: password ?? '' } }, (failed) =>
          failed === null ? resolve(connection) : reject(failed),
        );
      });
    });
  }
}
