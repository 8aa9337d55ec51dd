import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { Refusal } from '../errors.js';
import { type AnsweredError, answeredRefusal } from '../http/answers.js';
import { currentExchange } from '../http/exchange.js';
import { bugSentence, isOutage, logFailure, unavailable } from '../http/failures.js';
import type { Log } from '../logging.js';
import { coercionMessage, variableOf } from './variables.js';

/** Codes of the GraphQL server's own complaints about a request. Thrown by a resolver, they mean nothing. */
const requestCodes = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** The refusal that was thrown, from under what GraphQL wraps around it. Outages become refusals too. */
export function refusalIn(error: unknown): Refusal | null {
  for (let inner = error, depth = 0; depth < 10; depth += 1) {
    if (inner instanceof Refusal) return inner;
    if (!(inner instanceof GraphQLError) || !inner.originalError) return isOutage(inner) ? unavailable() : null;
    inner = inner.originalError;
  }
  return null;
}

/** The refusal that decides the status of an answer that holds nothing else: of one asked too often, or while something is away. */
export function decidingRefusal(
  data: Readonly<Record<string, unknown>> | null | undefined,
  errors: readonly GraphQLError[] | undefined,
): Refusal | null {
  if (data && Object.values(data).some((value) => value !== null)) return null;
  const refusals = errors?.map(refusalIn) ?? [];
  return refusals.find((one) => one?.code === 'RATE_LIMITED' || one?.code === 'UNAVAILABLE') ?? null;
}

export type ErrorFormat = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/**
 * Decides what a caller sees of an error. Refusals are shown as they are; complaints about the request keep their
 * message, without the value of a variable; everything else is a bug, which is logged and not shown.
 */
export function errorFormat(schema: GraphQLSchema, log: Log): ErrorFormat {
  return (formatted, error) => {
    const place = {
      ...(formatted.locations ? { locations: formatted.locations } : {}),
      ...(formatted.path ? { path: formatted.path } : {}),
    };
    const { message, extensions } = explained(error, schema, log);
    const exchange = currentExchange();
    if (exchange) exchange.code ??= extensions.code;
    return { message, ...place, extensions: { ...extensions } };
  };
}

function explained(error: unknown, schema: GraphQLSchema, log: Log): AnsweredError {
  const refusal = refusalIn(error);
  if (refusal) {
    if (isOutage(thrown(error))) logFailure(log, thrown(error), 'Something the portal depends on does not answer');
    return answeredRefusal(refusal);
  }
  if (error instanceof GraphQLError) {
    const complaint = complaintAboutRequest(error, schema);
    if (complaint) return complaint;
  }
  logFailure(log, thrown(error), 'A request failed');
  return { message: bugSentence(), extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}

/** What was thrown in the first place. */
function thrown(error: unknown): unknown {
  let inner = error;
  while (inner instanceof GraphQLError && inner.originalError) inner = inner.originalError;
  return inner;
}

function complaintAboutRequest(error: GraphQLError, schema: GraphQLSchema): AnsweredError | null {
  if (error.path) return complaintAboutArgument(error);
  const { code } = error.extensions;
  const variable = variableOf(error);
  if (variable) return complaint('BAD_USER_INPUT', coercionMessage(error, variable, schema));
  if (error.message.startsWith('Too many errors processing variables'))
    return complaint('BAD_USER_INPUT', error.message);
  if (typeof code !== 'string' || !requestCodes.has(code)) return null;
  if (/^Syntax Error: Document contains more tha[nt] \d+ tokens/.test(error.message)) {
    const limit = /\d+/.exec(error.message)?.[0];
    return complaint('QUERY_TOO_COMPLEX', `The document has more than ${limit} tokens, which is the most allowed.`);
  }
  if (error.extensions.validationErrorCode === 'INTROSPECTION_DISABLED') {
    return complaint(code, 'The schema cannot be asked for here (`__schema`, `__type`).');
  }
  return complaint(code, error.message);
}

/** An argument that takes a variable is looked at only when its field is answered; what is said of it names no value. */
function complaintAboutArgument(error: GraphQLError): AnsweredError | null {
  const { originalError } = error;
  const isOfArgument =
    originalError instanceof GraphQLError &&
    originalError.message.startsWith('Argument "') &&
    originalError.nodes !== undefined &&
    originalError.originalError === undefined;
  return isOfArgument ? complaint('BAD_USER_INPUT', originalError.message) : null;
}

function complaint(code: string, message: string): AnsweredError {
  return { message, extensions: { code } };
}
