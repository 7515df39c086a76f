/**
 * underway: which sessions have a message in hand, so that a door closes without cutting one off.
 *
 * smtp-server's own `close` waits for every client to leave, also for those that only keep a connection. Here who has no message in
 * hand is told 421 at once; who has one gets its answer first, for at most the time that smtp-server allows (30 s).
 */
import type { SMTPServer, SMTPServerSession } from 'smtp-server';

type Done = (error: Error | null, text?: string) => void;

export class Underway {
  readonly #sessions = new Set<SMTPServerSession>();
  #closing: SMTPServer | undefined;

  /** Counts `session` in from now until the answer has been given through the returned callback. */
  until(session: SMTPServerSession, done: Done): Done {
    this.#sessions.add(session);
    return (error, text) => {
      done(error, text);
      this.#sessions.delete(session);
      if (this.#closing !== undefined) this.#dismiss(this.#closing);
    };
  }

  /** Stops accepting, and resolves when the last session is over. */
  close(server: SMTPServer): Promise<void> {
    this.#closing = server;
    return new Promise((resolve) => {
      server.close(() => resolve());
      this.#dismiss(server);
    });
  }

  #dismiss(server: SMTPServer): void {
    for (const connection of server.connections) {
      if (!this.#sessions.has(connection.session)) connection.send(421, '4.3.2 The relay is shutting down');
    }
  }
}
