import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

export interface ReceivedMessage {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Answer = (response: ServerResponse) => void;

/** A partner's system that takes webhooks. Without answers of its own it says 204. */
export class Receiver {
  readonly messages: ReceivedMessage[] = [];
  /** What it answers to the next messages, one each. */
  readonly answers: Answer[] = [];
  /** Called after each message. */
  onMessage: () => void = () => {};
  readonly #server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    this.messages.push({ method, path: url, headers, body: await text(request) });
    const answer = this.answers.shift();
    if (answer) answer(response);
    else response.writeHead(204).end();
    this.onMessage();
  });

  static async listening(): Promise<Receiver> {
    const receiver = new Receiver();
    await new Promise<void>((resolve) => {
      receiver.#server.listen(0, '127.0.0.1', resolve);
    });
    return receiver;
  }

  get host(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `127.0.0.1:${port}`;
  }

  get url(): string {
    return `http://${this.host}/hooks`;
  }

  /** Answers the next message with this status, and a body when there is one. */
  willAnswer(status: number, body = '', headers: Record<string, string> = {}): void {
    this.answers.push((response) => response.writeHead(status, headers).end(body));
  }

  /** Takes the next message and says nothing for as long as the sender waits. */
  willSayNothing(): void {
    this.answers.push(() => {});
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}

/** Verifies a message as a receiver does, and reads it. @throws when the signature does not hold */
export function verified(message: ReceivedMessage | undefined, secret: string): Record<string, unknown> {
  if (!message) throw new Error('No message was received.');
  const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)]));
  const read: unknown = new Webhook(secret).verify(message.body, headers);
  if (typeof read !== 'object' || read === null) throw new Error('The message is not an object.');
  return { ...read };
}
