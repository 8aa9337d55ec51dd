import { types } from 'node:util';
import type { BaseContext } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import cookie from '@fastify/cookie';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { Refusal } from '../errors.js';
import { createApollo, refusedRequest } from '../graphql/apollo.js';
import { errorFormat } from '../graphql/errors.js';
import type { Executor } from '../graphql/executor.js';
import { KnownOperations, plainRequest } from '../graphql/known-operations.js';
import { type QueryLimits, queryLimits, weighing } from '../graphql/limits.js';
import type { TrustedDocuments } from '../graphql/trusted-requests.js';
import type { Ids } from '../ids.js';
import type { Log } from '../logging.js';
import type { Metrics } from '../metrics.js';
import { type StreamLimits, streamLimits } from '../streams/places.js';
import { Streams } from '../streams/streams.js';
import { sendErrors } from './answers.js';
import { createApp } from './app.js';
import { limitReceiving, within } from './deadline.js';
import { currentExchange } from './exchange.js';
import { refusalHeaders, refusalStatus } from './failures.js';
import { answerHealth, type ReadinessCheck } from './health.js';
import { readJsonBodies } from './json-body.js';
import { checkOperation } from './operation-check.js';
import { guardOrigins } from './origins.js';
import { serveHint, servePage } from './page.js';
import { tellOfRequests } from './request-log.js';

/** The largest and slowest request that is answered. */
export interface RequestLimits {
  readonly bodyBytes: number;
  readonly jsonDepth: number;
  /** How long a body may take to arrive; a route can ask for more with `config.receiveWithinMs`. */
  readonly receiveWithinMs: number;
  /** How long a GraphQL operation may take. */
  readonly operationWithinMs: number;
}

export const requestLimits: RequestLimits = {
  bodyBytes: 1024 * 1024,
  jsonDepth: 64,
  receiveWithinMs: 20_000,
  operationWithinMs: 30_000,
};

export interface HttpServerOptions<Context extends BaseContext> {
  readonly schema: GraphQLSchema;
  /** In place of graphql-js. */
  readonly executor?: Executor<Context>;
  /** Says who asks. A Refusal thrown here is the answer to the whole request, with its own status. */
  readonly contextOf: (request: FastifyRequest, reply: FastifyReply) => Promise<Context>;
  /** The kind of whoever asks, for the log. */
  readonly actorKindOf?: (context: Context) => string;
  /** How subscriptions are answered, at /graphql/stream; without it there are none. */
  readonly streams?: {
    readonly fieldResolver: GraphQLFieldResolver<unknown, unknown>;
    /** Names whoever asks; null for strangers, who cannot subscribe. */
    readonly holderOf: (context: Context) => string | null;
    /** Says who the subscriber is by now, for each event: looked up anew, whatever was known a moment ago. */
    readonly renewedContextOf: (request: FastifyRequest, reply: FastifyReply) => Promise<Context>;
  };
  /** Addresses beside /graphql. A Refusal thrown in one is answered with the status of its code. */
  readonly routes?: readonly FastifyPluginAsync[];
  readonly ready: () => Promise<readonly ReadinessCheck[]>;
  readonly log: Log;
  readonly metrics?: Metrics;
  readonly ids?: Ids;
  readonly publicUrl: string;
  readonly allowedOrigins: readonly string[];
  readonly trustedProxies: number;
  readonly introspection: boolean;
  /** The operations that requests may name, or must. */
  readonly trustedDocuments?: TrustedDocuments | undefined;
  /** Is there a GraphQL page at `/`? */
  readonly page: boolean;
  readonly limits?: Partial<RequestLimits & QueryLimits & StreamLimits>;
}

export interface HttpServer {
  /** @throws Refusal INVALID when the port cannot be listened on. */
  listen(at: { readonly host: string; readonly port: number }): Promise<{ readonly url: string }>;
  /** From now on /readyz says 503 and connections end with their next answer. Requests are still answered. */
  drain(): void;
  /** Takes no further requests, lets those under way finish, and cuts off what is left after `timeoutMs`. */
  close(timeoutMs: number): Promise<void>;
}

export async function createHttpServer<Context extends BaseContext>(
  options: HttpServerOptions<Context>,
): Promise<HttpServer> {
  const { schema, log, ids } = options;
  const limits = { ...requestLimits, ...queryLimits, ...options.limits };
  let state: 'serving' | 'draining' | 'closing' = 'serving';

  const app = createApp({ trustedProxies: options.trustedProxies, bodyBytes: limits.bodyBytes, log, ids });
  readJsonBodies(app, limits.jsonDepth);
  tellOfRequests(app, log, options.metrics);
  limitReceiving(app, limits.receiveWithinMs);
  const headers = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    ...(options.publicUrl.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    if (state !== 'closing') done();
    else done(Refusal.of('UNAVAILABLE', 'The portal is stopping; nothing was done. Try again.'));
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (state !== 'serving') reply.header('connection', 'close');
    done();
  });
  guardOrigins(app, [options.publicUrl, ...options.allowedOrigins]);
  await app.register(cookie);

  answerHealth(app, { ready: options.ready, isDraining: () => state !== 'serving', log });
  if (options.page) servePage(app);
  else serveHint(app, options.publicUrl);
  for (const routes of options.routes ?? []) await app.register(routes);

  const { executor, introspection, trustedDocuments } = options;
  const trusted = trustedDocuments?.all ?? [];
  const format = errorFormat(schema, log);
  const knownOperations = executor && new KnownOperations(executor, format, trusted);
  const apollo = createApollo<Context>({
    schema,
    executor,
    knownOperations,
    format,
    trusted,
    introspection,
    maxTokens: limits.tokens,
    log,
  });
  await apollo.start();
  const sources = trusted.map(({ source }) => source);
  const rules = { trustedDocuments, weigh: weighing(schema, limits, sources) };
  const answer = fastifyApolloHandler(apollo, { context: contextOf });
  app.post('/graphql', {
    preHandler: (request, reply, done) => {
      reply.header('cache-control', 'no-store');
      const { refused, body } = checkOperation(request, request.body, rules);
      request.body = body;
      if (refused) sendErrors(reply, refused.status, refused.errors);
      else done();
    },
    handler: (request, reply) => within(limits.operationWithinMs, answered(request, reply)),
  });

  const streams =
    options.streams &&
    new Streams<Context>({
      subscribing: {
        schema,
        fieldResolver: options.streams.fieldResolver,
        format,
        maxTokens: limits.tokens,
        introspection,
      },
      rules,
      limits: { ...streamLimits, ...limits, ...options.limits },
      contextOf: (request, reply) => askedBy(request, reply),
      holderOf: options.streams.holderOf,
      renewedContextOf: options.streams.renewedContextOf,
      log,
    });
  streams?.serve(app);
  if (streams) options.metrics?.countStreams(() => streams.count);

  async function answered(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const plain = knownOperations ? plainRequest(request.headers.accept, request.body) : null;
    const known = plain && (await knownOperations?.answer(plain, () => contextOf(request, reply)));
    if (!known) return answer.call(app, request, reply);
    const { text, refusal } = known;
    if (refusal) reply.code(refusalStatus[refusal.code]).headers(refusalHeaders(refusal));
    return reply.type('application/json; charset=utf-8').send(text);
  }

  async function askedBy(request: FastifyRequest, reply: FastifyReply): Promise<Context> {
    const context = await options.contextOf(request, reply);
    const exchange = currentExchange();
    if (exchange && options.actorKindOf) exchange.actor = options.actorKindOf(context);
    return context;
  }

  async function contextOf(request: FastifyRequest, reply: FastifyReply): Promise<Context> {
    try {
      return await askedBy(request, reply);
    } catch (error) {
      throw types.isNativeError(error) ? refusedRequest(error) : error;
    }
  }

  return {
    async listen({ host, port }) {
      try {
        await app.listen({ host, port });
      } catch (error) {
        throw isRefusedPort(error)
          ? Refusal.of('INVALID', `Port ${port} on ${host} is taken or not allowed. Choose another with PORT.`, [
              'PORT',
            ])
          : error;
      }
      const address = app.server.address();
      const bound = typeof address === 'object' && address ? address.port : port;
      return { url: `http://${reachable(host)}:${bound}` };
    },
    drain() {
      if (state === 'serving') state = 'draining';
      streams?.stop();
    },
    async close(timeoutMs) {
      state = 'closing';
      streams?.stop();
      const cutOff = setTimeout(() => app.server.closeAllConnections(), timeoutMs);
      await app.close();
      clearTimeout(cutOff);
      await apollo.stop();
    },
  };
}

function isRefusedPort(error: unknown): boolean {
  return types.isNativeError(error) && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');
}

/** An address to type for one that is listened on. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
