import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';
import type { Chance } from './chance.js';
import { pause } from './fleet.js';

/** A message that arrived with the right signature. */
export interface HeardMessage {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** How many times it came. */
  times: number;
}

/** The operator's own endpoint; the others go by the id of their organization. */
export const operator = 'operator';

/** Some answers take this long, in milliseconds, so that kills meet deliveries under way. */
const slowAnswer = [20, 300] as const;
const slowIsOneIn = 3;

/** The receivers of every endpoint, each at a path and with a secret of its own. They outlive the portal. */
export class Receivers {
  readonly #server: Server;
  readonly #chance: Chance;
  readonly #secrets = new Map<string, string>();
  readonly #heard = new Map<string, Map<string, HeardMessage>>();
  readonly #events = new EventEmitter();
  /** Requests to an endpoint whose signature was wrong. */
  forged = 0;

  private constructor(chance: Chance) {
    this.#chance = chance;
    this.#server = createServer((request, response) => {
      this.#receive(request).then(
        (status) => response.writeHead(status).end(),
        // The sender was killed in the middle of a message.
        () => response.destroy(),
      );
    });
  }

  static async open(chance: Chance): Promise<Receivers> {
    const receivers = new Receivers(chance);
    await new Promise<void>((resolve) => {
      receivers.#server.listen(0, '127.0.0.1', resolve);
    });
    return receivers;
  }

  get host(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || !address) throw new Error('The receivers do not listen.');
    return `127.0.0.1:${address.port}`;
  }

  urlOf(endpoint: string): string {
    return `http://${this.host}/${endpoint}`;
  }

  trust(endpoint: string, secret: string): void {
    this.#secrets.set(endpoint, secret);
    this.#heard.set(endpoint, new Map());
  }

  /** The messages that an endpoint was sent about applications, by their ids. */
  heardBy(endpoint: string): ReadonlyMap<string, HeardMessage> {
    return this.#heard.get(endpoint) ?? new Map();
  }

  get endpoints(): readonly string[] {
    return [...this.#heard.keys()];
  }

  /** Waits until every endpoint has heard so many different messages. @returns false when they did not come in time */
  async haveHeard(expected: ReadonlyMap<string, number>, withinMs: number): Promise<boolean> {
    const deadline = AbortSignal.timeout(withinMs);
    const isComplete = () => [...expected].every(([endpoint, count]) => this.heardBy(endpoint).size >= count);
    while (!isComplete()) {
      const arrived = await once(this.#events, 'arrived', { signal: deadline }).catch(() => null);
      if (!arrived) return isComplete();
    }
    return true;
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
    const endpoint = request.url?.slice(1) ?? '';
    const heard = this.#heard.get(endpoint);
    if (!heard || !this.#isGenuine(endpoint, text, request)) {
      this.forged += 1;
      return 401;
    }
    const { id, type, data } = JSON.parse(text) as Omit<HeardMessage, 'times'>;
    if (typeof data.applicationId === 'string') {
      const message = heard.get(id) ?? { id, type, data, times: 0 };
      message.times += 1;
      heard.set(id, message);
    }
    if (this.#chance.isOneIn(slowIsOneIn)) await pause(this.#chance.between(...slowAnswer));
    this.#events.emit('arrived');
    return 200;
  }

  #isGenuine(endpoint: string, text: string, request: IncomingMessage): boolean {
    const header = (name: string) => String(request.headers[name]);
    try {
      new Webhook(this.#secrets.get(endpoint) ?? '').verify(text, {
        'webhook-id': header('webhook-id'),
        'webhook-timestamp': header('webhook-timestamp'),
        'webhook-signature': header('webhook-signature'),
      });
      return JSON.parse(text).id === header('webhook-id');
    } catch {
      return false;
    }
  }
}
