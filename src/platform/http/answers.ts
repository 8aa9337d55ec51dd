import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem, Refusal } from '../errors.js';
import { currentExchange } from './exchange.js';
import { refusalHeaders, refusalStatus } from './failures.js';

/** An error as every answer of the portal spells it, whether GraphQL or not. */
export interface AnsweredError {
  readonly message: string;
  readonly extensions: {
    readonly code: string;
    readonly path?: readonly string[];
    readonly problems?: readonly Problem[];
  };
}

/** A refusal as it is answered: its first code, and each of its problems when there are several. */
export function answeredRefusal(refusal: Refusal): AnsweredError {
  const [first] = refusal.problems;
  return {
    message: refusal.message,
    extensions: {
      code: refusal.code,
      ...(first && first.path.length > 0 ? { path: first.path } : {}),
      ...(refusal.problems.length > 1 ? { problems: refusal.problems } : {}),
    },
  };
}

export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return sendErrors(reply.headers(refusalHeaders(refusal)), refusalStatus[refusal.code], [answeredRefusal(refusal)]);
}

export function sendError(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return sendErrors(reply, status, [{ message, extensions: { code } }]);
}

export function sendErrors(reply: FastifyReply, status: number, errors: readonly AnsweredError[]): FastifyReply {
  const exchange = currentExchange();
  if (exchange) exchange.code ??= errors[0]?.extensions.code;
  return reply
    .code(status)
    .header('content-type', mediaType(reply.request))
    .header('cache-control', 'no-store')
    .send(JSON.stringify({ errors }));
}

/** The media type of GraphQL over HTTP for those who ask for it, and plain JSON for everybody else. */
function mediaType(request: FastifyRequest): string {
  const graphql = 'application/graphql-response+json';
  const accepted = request.headers.accept ?? '';
  const wanted = accepted.includes(graphql) && !accepted.includes('application/json');
  return `${wanted ? graphql : 'application/json'}; charset=utf-8`;
}
