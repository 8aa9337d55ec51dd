import type { Server } from 'node:http';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { Refusal } from '../errors.js';
import { type Ids, randomIds } from '../ids.js';
import type { Log } from '../logging.js';
import { sendError, sendRefusal } from './answers.js';
import { slowestRequestMs, TookTooLong } from './deadline.js';
import { bugSentence, isOutage, logFailure, unavailable } from './failures.js';
import { answerUnreadable } from './unreadable.js';

export interface AppOptions {
  readonly trustedProxies: number;
  readonly bodyBytes: number;
  readonly log: Log;
  readonly ids?: Ids;
}

/** A caller may name its request, so that its log and ours can be read side by side. */
const acceptableRequestId = /^[\w.:+/=@-]{1,64}$/;

/** Fastify, so set up that every answer, whatever went wrong, is JSON in one shape. */
export function createApp({ trustedProxies, bodyBytes, log, ids = randomIds }: AppOptions): FastifyInstance<Server> {
  const app = fastify({
    logger: false,
    trustProxy: trustedProxies === 0 ? false : (_address, hop) => hop < trustedProxies,
    bodyLimit: bodyBytes,
    http: { headersTimeout: 15_000, connectionsCheckingInterval: 5_000, maxHeaderSize: 16_384 },
    requestTimeout: slowestRequestMs,
    keepAliveTimeout: 72_000,
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
    requestIdHeader: false,
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && acceptableRequestId.test(given) ? given : ids.next();
    },
    frameworkErrors: (error, request, reply) => {
      sendError(
        reply.header('x-request-id', request.id),
        error.statusCode ?? 400,
        'BAD_REQUEST',
        'The address cannot be read.',
      );
    },
    clientErrorHandler: (error, socket) => answerUnreadable(socket, error.code, ids.next()),
  });
  app.setErrorHandler<FastifyError>((error, _request, reply) => answerError(error, reply, bodyBytes, log));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const others = (['GET', 'HEAD', 'POST', 'PUT'] as const).filter((method) => app.hasRoute({ url: path, method }));
    if (others.length === 0)
      return sendError(reply, 404, 'NOT_FOUND', 'There is nothing at this address. The API is at /graphql.');
    const allow = others.join(', ');
    return sendError(
      reply.header('allow', allow),
      405,
      'METHOD_NOT_ALLOWED',
      `Use ${allow} at ${path}, not ${request.method}.`,
    );
  });
  return app;
}

function answerError(error: FastifyError, reply: FastifyReply, bodyBytes: number, log: Log): FastifyReply {
  if (error instanceof Refusal) return sendRefusal(reply, error);
  if (error instanceof TookTooLong) return sendError(reply, 504, 'TIMEOUT', error.message);
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      // The rest of the body is read and dropped: closing at once would cut off the answer before the caller reads it.
      reply.removeHeader('connection');
      return sendError(
        reply,
        413,
        'PAYLOAD_TOO_LARGE',
        `The body is too large; at most ${bodyBytes} bytes are read here.`,
      );
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return sendError(reply, 415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body as `content-type: application/json`.');
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return sendError(reply, 400, 'BAD_REQUEST', 'The body is not JSON.');
  }
  const { statusCode } = error;
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return sendError(reply, statusCode, 'BAD_REQUEST', error.message);
  }
  if (isOutage(error)) {
    logFailure(log, error, 'Something the portal depends on does not answer');
    return sendRefusal(reply, unavailable());
  }
  logFailure(log, error, 'A request failed');
  return sendError(reply, 500, 'INTERNAL_SERVER_ERROR', bugSentence());
}
