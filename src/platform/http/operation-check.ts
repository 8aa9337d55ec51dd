import type { FastifyRequest } from 'fastify';
import type { Weigh } from '../graphql/limits.js';
import type { TrustedDocuments } from '../graphql/trusted-requests.js';
import type { AnsweredError } from './answers.js';
import { nulSentence } from './json-body.js';

export interface OperationRules {
  readonly trustedDocuments?: TrustedDocuments | undefined;
  readonly weigh: Weigh;
}

/** A request's body as it is to be read, or why it is not answered. */
export type CheckedOperation =
  | { readonly body: unknown; readonly refused?: undefined }
  | {
      readonly refused: { readonly status: number; readonly errors: readonly AnsweredError[] };
      readonly body?: undefined;
    };

/** Holds a request for GraphQL against everything that is looked at before it is parsed. */
export function checkOperation(
  request: FastifyRequest,
  given: unknown,
  { trustedDocuments, weigh }: OperationRules,
): CheckedOperation {
  if (!URL.canParse(`http://${request.host}`)) return badRequest('The Host header is missing or cannot be read.');
  const meant = trustedDocuments?.read(given);
  if (meant?.denied) return refusal(meant.denied.status, [meant.denied.error]);
  const body = meant ? meant.body : given;
  const { query, variables } = readOperation(body);
  if (query !== null && /\\u(0000|\{0+\})/.test(query)) return badRequest(nulSentence);
  const excesses = query === null ? [] : weigh(query, variables);
  return excesses.length > 0 ? refusal(400, excesses) : { body };
}

function badRequest(message: string): CheckedOperation {
  return refusal(400, [{ message, extensions: { code: 'BAD_REQUEST' } }]);
}

function refusal(status: number, errors: readonly AnsweredError[]): CheckedOperation {
  return { refused: { status, errors } };
}

/** What the limits look at in a body that may be anything; whatever else is wrong with it, Apollo says. */
function readOperation(body: unknown): { query: string | null; variables: Readonly<Record<string, unknown>> } {
  if (typeof body !== 'object' || body === null || !('query' in body) || typeof body.query !== 'string') {
    return { query: null, variables: {} };
  }
  const variables = 'variables' in body && typeof body.variables === 'object' ? body.variables : null;
  return { query: body.query, variables: { ...variables } };
}
