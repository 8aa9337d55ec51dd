import { type IncomingMessage, request } from 'node:http';
import { type Fields, type PortalClient, valueAt } from '../../src/demo/portal-client.js';

/** One server-sent event: its name, and what it says. */
export interface Heard {
  readonly event: string;
  readonly data: unknown;
}

export interface Asking {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Fields;
}

/** Somebody who listens to a subscription over HTTP, and reads only when asked to. */
export class Listener {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly #answer: IncomingMessage;
  readonly #chunks: AsyncIterator<string>;
  #text = '';
  #isOver = false;

  private constructor(answer: IncomingMessage) {
    this.status = answer.statusCode ?? 0;
    this.headers = answer.headers;
    this.#answer = answer.setEncoding('utf8');
    this.#chunks = answer[Symbol.asyncIterator]();
  }

  /** Opens a stream, which is there once this is done: whatever happens from then on is heard. */
  static async open(
    client: PortalClient,
    query: string,
    variables: Fields = {},
    asking: Asking = {},
  ): Promise<Listener> {
    const { method = 'POST', body = { query, variables } } = asking;
    const search = method === 'GET' ? `?${new URLSearchParams({ query, variables: JSON.stringify(variables) })}` : '';
    const headers = {
      accept: 'text/event-stream',
      ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
      ...client.authorization,
      ...asking.headers,
    };
    return new Promise((resolve, reject) => {
      const sent = request(`${client.url}/graphql/stream${search}`, { method, headers, agent: false }, (answer) =>
        resolve(new Listener(answer)),
      );
      sent.on('error', reject);
      sent.end(method === 'POST' ? JSON.stringify(body) : undefined);
    });
  }

  /** The next event; null when the stream is over. */
  async next(): Promise<Heard | null> {
    for (;;) {
      const block = await this.#block();
      if (block === null) return null;
      const event = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (event) return { event, data: data === undefined ? null : JSON.parse(data) };
    }
  }

  /** What the next result says of the field that was subscribed to. @throws Error when there is none */
  async told(field: string): Promise<unknown> {
    const heard = await this.next();
    const told = heard?.event === 'next' ? valueAt(heard.data, 'data', field) : null;
    if (told === null || told === undefined) throw new Error(`Heard no ${field}: ${JSON.stringify(heard)}`);
    return told;
  }

  /** Everything that comes until the stream is over, as it comes. */
  async rest(): Promise<string> {
    let all = '';
    for (let block = await this.#block(); block !== null; block = await this.#block()) all += `${block}\n\n`;
    return all;
  }

  /** All of an answer that is no stream. */
  async errors(): Promise<readonly { message: string; extensions: Fields }[]> {
    if (this.status === 200) throw new Error('This is answered with a stream.');
    const { errors } = JSON.parse((await this.rest()).trim());
    return errors;
  }

  close(): void {
    this.#answer.destroy();
  }

  async #block(): Promise<string | null> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        return block;
      }
      if (this.#isOver) {
        const left = this.#text;
        this.#text = '';
        return left === '' ? null : left;
      }
      const { done, value } = await this.#chunks.next();
      if (done) this.#isOver = true;
      else this.#text += value;
    }
  }
}
