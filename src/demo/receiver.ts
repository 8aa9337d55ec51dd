import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';
import type { Clock } from '../platform/clock.js';

/** A message that arrived and whose signature was right. */
export interface ReceivedMessage {
  readonly id: string;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How long a message may take to arrive, retries included, in milliseconds. */
const arriveWithinMs = 30_000;

/** How old a message may be, in milliseconds, as Standard Webhooks advises. */
const freshForMs = 300_000;

/**
 * A webhook receiver as a partner would write it: it checks every signature with a stock library, keeps each message
 * once by its id, and answers 200. It can be told to fail a few times first.
 */
export class WebhookReceiver {
  readonly #server: Server;
  readonly #clock: Clock | null;
  readonly #messages = new Map<string, ReceivedMessage>();
  readonly #waiting = new Set<() => void>();
  #secret: string | null = null;
  #failures = 0;
  /** Requests that were answered with an error on purpose. */
  failed = 0;
  /** Requests whose signature was wrong. */
  forged = 0;
  /** Messages that had been received before. */
  repeated = 0;

  private constructor(clock: Clock | null) {
    this.#clock = clock;
    this.#server = createServer((request, response) => {
      this.#receive(request).then(
        (status) => response.writeHead(status).end(),
        () => response.writeHead(400).end(),
      );
    });
  }

  /**
   * Listens on a port of the system's choice, on this machine only.
   * @param clock by which it tells whether a message is fresh; the machine's when there is none
   */
  static async open(clock: Clock | null = null): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver(clock);
    await new Promise<void>((resolve) => {
      receiver.#server.listen(0, '127.0.0.1', resolve);
    });
    return receiver;
  }

  get host(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || !address) throw new Error('The receiver does not listen.');
    return `127.0.0.1:${address.port}`;
  }

  get url(): string {
    return `http://${this.host}/hooks`;
  }

  /** The secret that the portal showed when the endpoint was registered. */
  trust(secret: string): void {
    this.#secret = secret;
  }

  failNext(times: number): void {
    this.#failures = times;
  }

  get messages(): readonly ReceivedMessage[] {
    return [...this.#messages.values()];
  }

  /** Waits until a message of each of these types has arrived. @throws Error naming those that did not come in time */
  async hasHeard(types: readonly string[]): Promise<void> {
    const missing = () => types.filter((type) => !this.messages.some((message) => message.type === type));
    const deadline = AbortSignal.timeout(arriveWithinMs);
    while (missing().length > 0) {
      await new Promise<void>((resolve, reject) => {
        this.#waiting.add(resolve);
        deadline.onabort = () => reject(new Error(`No message came of ${missing().join(', ')}.`));
      });
    }
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  async #receive(request: IncomingMessage): Promise<number> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
    const text = Buffer.concat(chunks).toString('utf8');
    if (!this.#isGenuine(text, request)) {
      this.forged += 1;
      return 401;
    }
    if (this.#failures > 0) {
      this.#failures -= 1;
      this.failed += 1;
      return 500;
    }
    const body = JSON.parse(text) as { id: string; type: string };
    if (this.#messages.has(body.id)) this.repeated += 1;
    this.#messages.set(body.id, { id: body.id, type: body.type, body: { ...body } });
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
    return 200;
  }

  #isGenuine(text: string, request: IncomingMessage): boolean {
    if (this.#secret === null) return false;
    const header = (name: string) => String(request.headers[name]);
    const webhook = new Webhook(this.#secret);
    if (this.#clock) {
      // The library goes by the machine's clock only, so the signature is made again and the time looked at here.
      const sentAt = new Date(Number(header('webhook-timestamp')) * 1_000);
      const isFresh = Math.abs(this.#clock.now().getTime() - sentAt.getTime()) <= freshForMs;
      const signed = webhook.sign(header('webhook-id'), sentAt, text);
      return isFresh && header('webhook-signature').split(' ').includes(signed);
    }
    try {
      webhook.verify(text, {
        'webhook-id': header('webhook-id'),
        'webhook-timestamp': header('webhook-timestamp'),
        'webhook-signature': header('webhook-signature'),
      });
      return true;
    } catch {
      return false;
    }
  }
}
