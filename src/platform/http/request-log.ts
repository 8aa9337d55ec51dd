import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../logging.js';
import type { Metrics } from '../metrics.js';
import { type Exchange, inExchange } from './exchange.js';

/** The status under which a request is told of whose caller went away before it was answered. */
const callerLeft = 499;

/** Asked every few seconds by whoever watches the portal; only worth a line when they fail or somebody looks closely. */
const probes = new Set(['/livez', '/readyz']);

/**
 * Opens an exchange for each request, gives its id to the caller, and tells of it in one line when it is over. The line
 * holds names and numbers only: never bodies, headers, variables or the address that was asked for.
 */
export function tellOfRequests(app: FastifyInstance, log: Log, metrics?: Metrics): void {
  app.addHook('onRequest', (request, reply, done) => {
    const exchange: Exchange = { requestId: request.id };
    const began = performance.now();
    metrics?.requestBegan();
    reply.raw.once('close', () => {
      exchange.isOver = true;
      tell(exchange, request, reply, performance.now() - began);
    });
    reply.header('x-request-id', request.id);
    inExchange(exchange, done);
  });

  function tell(exchange: Exchange, request: FastifyRequest, reply: FastifyReply, ms: number): void {
    const route = request.routeOptions.url ?? 'none';
    const isAnswered = exchange.isStream || reply.raw.writableFinished;
    const status = isAnswered ? reply.raw.statusCode : callerLeft;
    const { requestId, operation, actor, code } = exchange;
    metrics?.requestEnded({
      method: request.method,
      route,
      status,
      seconds: exchange.isStream ? null : ms / 1000,
      operation,
      code,
    });
    const level = probes.has(route) && status < 400 ? 'debug' : 'info';
    log[level](
      {
        requestId,
        method: request.method,
        route,
        status,
        ms: Math.round(ms * 10) / 10,
        operation: operation?.name?.slice(0, 60),
        type: operation?.type,
        actor,
        code,
      },
      'request',
    );
  }
}
