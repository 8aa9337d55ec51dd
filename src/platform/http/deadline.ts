import type { FastifyInstance } from 'fastify';
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
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TookTooLong()), milliseconds);
    timer.unref();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
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
  app.addHook('onRequest', async (request, reply) => {
    const { raw } = request;
    if (raw.complete) return;
    const timer = setTimeout(() => {
      const exchange = currentExchange();
      if (exchange) exchange.code ??= 'TIMEOUT';
      if (reply.raw.headersSent) raw.socket.destroy();
      else answerUnreadable(raw.socket, 'ERR_HTTP_REQUEST_TIMEOUT', request.id);
    }, request.routeOptions.config.receiveWithinMs ?? receiveWithinMs);
    timer.unref();
    const stop = () => clearTimeout(timer);
    raw.once('end', stop);
    raw.once('close', stop);
  });
}
