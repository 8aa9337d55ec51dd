import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { currentExchange } from './exchange.js';
import { answerUnreadable } from './unreadable.js';

/** Something took longer than it may. It may go on all the same, but nobody waits for it. */
export class TookTooLong extends Error {
  constructor() {
    super(
      'This took too long and was given up. It may still be carried out; repeat it with the same Idempotency-Key to be sure.',
    );
    this.name = 'TookTooLong';
  }
}

/**
 * Waits for work, but not for ever. Fastify's own `handlerTimeout` and `request.signal` will not do: they take the end of
 * the request's body for the end of the request.
 * @throws TookTooLong
 */
export function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TookTooLong()), milliseconds).unref();
    work.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How long the caller may take to send the whole request, in milliseconds, where the server's own limit is too short. */
    receiveWithinMs?: number;
  }
}

/** No request may take longer to arrive than this, whatever its route allows. */
export const slowestRequestMs = 15 * 60_000;

/**
 * Cuts off requests whose body arrives too slowly. Node has one limit for all requests, which uploads need to be long;
 * this one is per route.
 */
export function limitReceiving(app: FastifyInstance, receiveWithinMs: number): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { raw } = request;
    const timer = setTimeout(() => {
      if (!raw.complete) cutOff(request, reply);
    }, request.routeOptions.config.receiveWithinMs ?? receiveWithinMs).unref();
    reply.raw.once('close', () => clearTimeout(timer));
    done();
  });
}

function cutOff({ id, raw: { socket } }: FastifyRequest, reply: FastifyReply): void {
  const exchange = currentExchange();
  if (exchange) exchange.code ??= 'TIMEOUT';
  if (reply.raw.headersSent) socket.destroy();
  else answerUnreadable(socket, 'ERR_HTTP_REQUEST_TIMEOUT', id);
}
