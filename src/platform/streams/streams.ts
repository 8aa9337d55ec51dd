import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHandler, type Handler } from 'graphql-sse';
import { Refusal } from '../errors.js';
import type { PlainRequest } from '../graphql/known-operations.js';
import { type Denied, Subscribing, type SubscribingOptions } from '../graphql/subscribing.js';
import { sendError, sendErrors } from '../http/answers.js';
import { currentExchange } from '../http/exchange.js';
import { logFailure } from '../http/failures.js';
import { checkOperation, type OperationRules } from '../http/operation-check.js';
import type { Log } from '../logging.js';
import { EventStream } from './event-stream.js';
import { OpenStream } from './open-stream.js';
import { Places, type StreamLimits } from './places.js';
import { askedOfStream, operationIn } from './stream-request.js';

export interface StreamsOptions<Context> {
  readonly subscribing: SubscribingOptions;
  readonly rules: OperationRules;
  readonly limits: StreamLimits & { readonly jsonDepth: number };
  /** Says who asks. */
  readonly contextOf: (request: FastifyRequest, reply: FastifyReply) => Promise<Context>;
  /** The same, looked up anew. */
  readonly renewedContextOf: (request: FastifyRequest, reply: FastifyReply) => Promise<Context>;
  /** Names whoever asks, so that it can be told whether they are still the same; null for strangers. */
  readonly holderOf: (context: Context) => string | null;
  readonly log: Log;
}

/** One subscription on its way through graphql-sse. */
interface Passage {
  readonly results: () => ReturnType<OpenStream<unknown>['results']>;
}

const stoppingSentence = 'The portal is stopping. Connect again.';

/** Subscriptions over server-sent events, in the distinct connections mode of the GraphQL over SSE protocol. */
export class Streams<Context> {
  readonly #options: StreamsOptions<Context>;
  readonly #places: Places;
  readonly #subscribing: Subscribing<Context>;
  readonly #open = new Set<EventStream>();
  readonly #protocol: Handler<null, Passage>;
  #isStopping = false;

  constructor(options: StreamsOptions<Context>) {
    this.#options = options;
    this.#places = new Places(options.limits);
    this.#subscribing = new Subscribing(options.subscribing);
    this.#protocol = createHandler<null, Passage>({
      authenticate: () => null,
      onSubscribe: ({ context }) => context.results(),
    });
  }

  /** How many are open. */
  get count(): number {
    return this.#places.taken;
  }

  serve(app: FastifyInstance): void {
    app.route({
      method: ['GET', 'POST'],
      url: '/graphql/stream',
      // It would take a place, and have nothing to read.
      exposeHeadRoute: false,
      config: { guardsReading: true },
      handler: (request, reply) => this.#answer(request, reply),
    });
  }

  /** Ends every stream, so that clients connect again, to another process; opens no more. */
  stop(): void {
    this.#isStopping = true;
    for (const stream of this.#open) stream.leave(stoppingSentence);
  }

  async #answer(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    reply.header('cache-control', 'no-store');
    if (!acceptsEvents(request.headers.accept)) {
      return sendError(reply, 406, 'BAD_REQUEST', 'This address answers with events: accept text/event-stream.');
    }
    const { jsonDepth } = this.#options.limits;
    const { refused, body } = checkOperation(request, askedOfStream(request, jsonDepth), this.#options.rules);
    if (refused) return sendErrors(reply, refused.status, refused.errors);
    const operation = operationIn(body);
    const subscription = this.#subscribing.read(operation);
    if ('errors' in subscription) return sendDenied(reply, subscription);

    const exchange = currentExchange();
    const name = subscription.operation.name?.value ?? null;
    if (exchange) exchange.operation = { name, type: 'subscription' };
    const context = await this.#options.contextOf(request, reply);
    const holder = this.#options.holderOf(context);
    if (holder === null) throw Refusal.of('UNAUTHENTICATED', 'Subscriptions are for those who are signed in.');
    if (this.#isStopping) throw Refusal.of('UNAVAILABLE', stoppingSentence);

    const leave = this.#places.take(holder);
    reply.raw.once('close', leave);
    const source = await this.#subscribing.begin(subscription, context).catch((error: unknown) => {
      leave();
      throw error;
    });
    if ('errors' in source) {
      leave();
      return sendDenied(reply, source);
    }
    if (exchange) exchange.isStream = true;
    reply.hijack();
    const stream = new EventStream(reply.raw);
    const renewed = () => this.#renewed(request, reply, holder);
    const open = new OpenStream({ subscribing: this.#subscribing, subscription, source, stream, renewed });
    await this.#carry(operation, { open, stream, reply });
    return reply;
  }

  /** @throws Refusal UNAUTHENTICATED */
  async #renewed(request: FastifyRequest, reply: FastifyReply, holder: string): Promise<Context> {
    const context = await this.#options.renewedContextOf(request, reply);
    if (this.#options.holderOf(context) !== holder) {
      throw Refusal.of('UNAUTHENTICATED', 'This session has ended. Sign in again.');
    }
    return context;
  }

  async #carry(
    operation: PlainRequest,
    { open, stream, reply }: { open: OpenStream<Context>; stream: EventStream; reply: FastifyReply },
  ): Promise<void> {
    const { raw } = reply;
    raw.once('close', () => open.close());
    this.#open.add(stream);
    try {
      if (raw.destroyed) return;
      const [messages, { status, headers }] = await this.#protocol({
        method: 'POST',
        url: '/graphql/stream',
        headers: { get: (name) => requestHeaders[name] },
        body: { ...operation },
        raw: null,
        context: { results: () => open.results() },
      });
      if (messages === null || typeof messages === 'string') throw new Error(`graphql-sse answered ${status}.`);
      raw.writeHead(status, { ...headersOf(reply), ...headers, ...streamHeaders });
      if (this.#isStopping) stream.leave(stoppingSentence);
      else await stream.send(messages);
    } catch (error) {
      if (!(error instanceof Refusal)) logFailure(this.#options.log, error, 'A stream ended early');
      stream.leave('Something was lost. Connect again.');
    } finally {
      open.close();
      this.#open.delete(stream);
    }
  }
}

/** What graphql-sse is told of the request, which was read before. */
const requestHeaders: Readonly<Record<string, string>> = {
  accept: 'text/event-stream',
  'content-type': 'application/json',
};

/** A proxy must pass each event on at once, and nobody may keep it. */
const streamHeaders = { 'cache-control': 'no-store', 'x-accel-buffering': 'no' };

function headersOf(reply: FastifyReply): Record<string, string> {
  const headers = Object.entries(reply.getHeaders());
  return Object.fromEntries(
    headers.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  );
}

function acceptsEvents(accept: string | undefined): boolean {
  return accept === undefined || /text\/event-stream|\*\/\*|text\/\*/.test(accept);
}

function sendDenied(reply: FastifyReply, { status, headers, errors }: Denied): FastifyReply {
  return sendErrors(reply.headers(headers), status, errors);
}
