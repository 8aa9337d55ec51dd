import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly recipients: readonly string[];
  readonly email: Email;
}

/** A real mail server on the loopback address that keeps what it takes. */
export class MailServer {
  readonly mails: ReceivedMail[] = [];
  /** Refuses these recipients, as a mail server does that does not know them. */
  readonly unknown = new Set<string>();
  #server: SMTPServer | undefined;
  #port = 0;

  /** Begins to take mail; after a stop, on the same port. */
  async start(): Promise<void> {
    const server = new SMTPServer({
      // A stop does not wait for connections that the sender keeps for later.
      closeTimeout: 50,
      disabledCommands: ['AUTH', 'STARTTLS'],
      onRcptTo: ({ address }, _session, callback) => {
        const error = Object.assign(new Error(`No such user: ${address}`), { responseCode: 550 });
        callback(this.unknown.has(address) ? error : undefined);
      },
      onData: (stream, session, callback) => {
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        buffer(stream)
          .then(async (content) => {
            this.mails.push({ recipients, email: await PostalMime.parse(content) });
            callback();
          })
          .catch(callback);
      },
    });
    await new Promise<void>((resolve) => {
      server.listen(this.#port, '127.0.0.1', () => resolve());
    });
    this.#port = (server.server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.#port}`;
  }

  /** Who got what, by subject. */
  get letters(): readonly string[] {
    return this.mails.map(({ recipients, email }) => `${recipients.join()}: ${email.subject}`).sort();
  }
}
