import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { type AnsweredError, answeredRefusal } from '../http/answers.js';
import { refusalHeaders, refusalStatus } from '../http/failures.js';
import { type ErrorFormat, refusalIn } from './errors.js';
import type { PlainRequest } from './known-operations.js';

export interface SubscribingOptions {
  readonly schema: GraphQLSchema;
  readonly fieldResolver?: GraphQLFieldResolver<unknown, unknown> | undefined;
  readonly format: ErrorFormat;
  readonly maxTokens: number;
  /** May errors tell of the schema what was not asked? */
  readonly introspection: boolean;
}

/** A subscription that was parsed and found valid. */
export interface Subscription {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly request: PlainRequest;
}

/** Why a request is answered with errors and not with a stream. */
export interface Denied {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly errors: readonly AnsweredError[];
}

type Source = AsyncIterable<unknown>;

/** Subscriptions as graphql-js answers them, but that each event is answered to whoever the subscriber is by then. */
export class Subscribing<Context> {
  readonly #options: SubscribingOptions;

  constructor(options: SubscribingOptions) {
    this.#options = options;
  }

  /** Parses and validates what is asked for. */
  read(request: PlainRequest): Subscription | Denied {
    const { schema, maxTokens } = this.#options;
    const document = parsed(request.query, maxTokens);
    if (document instanceof GraphQLError) return this.#complaint([document], 'GRAPHQL_PARSE_FAILED');
    const mistakes = validate(schema, document);
    if (mistakes.length > 0) return this.#complaint(mistakes, 'GRAPHQL_VALIDATION_FAILED');
    const operation = getOperationAST(document, request.operationName);
    if (!operation) {
      return denied(400, 'OPERATION_RESOLUTION_FAILURE', 'Say with `operationName` which operation is meant.');
    }
    if (operation.operation !== 'subscription') {
      const sentence = `Only subscriptions are answered here. Send the ${operation.operation} to /graphql.`;
      return denied(400, 'BAD_REQUEST', sentence);
    }
    return { document, operation, request };
  }

  /** Begins to listen. */
  async begin(subscription: Subscription, context: Context): Promise<Source | Denied> {
    const begun = await createSourceEventStream(this.#execution(subscription, context));
    if (Symbol.asyncIterator in begun) return begun;
    const [error] = begun.errors ?? [];
    const refusal = refusalIn(error);
    return {
      status: refusal ? refusalStatus[refusal.code] : error?.originalError ? 500 : 400,
      headers: refusal ? refusalHeaders(refusal) : {},
      errors: this.#told(begun.errors),
    };
  }

  /** What is told of an event; null when there is nothing in it for this subscriber. */
  async tell(subscription: Subscription, context: Context, event: unknown): Promise<ExecutionResult | null> {
    const result = await execute({ ...this.#execution(subscription, context), rootValue: event });
    const { data, errors } = result;
    if (!errors) return data && Object.values(data).some((value) => value !== null) ? { data } : null;
    const outage = errors.map(refusalIn).find((refusal) => refusal?.code === 'UNAVAILABLE');
    if (outage) throw outage;
    return this.#formatted(result);
  }

  /** An error that is not of a field, as a result. */
  refused(error: Error): ExecutionResult {
    return this.#formatted({ errors: [new GraphQLError(error.message, { originalError: error })] });
  }

  #execution({ document, request }: Subscription, context: Context): ExecutionArgs {
    const { schema, fieldResolver } = this.#options;
    return {
      schema,
      document,
      operationName: request.operationName,
      variableValues: request.variables,
      contextValue: context,
      fieldResolver,
    };
  }

  #formatted({ data, errors = [] }: ExecutionResult): ExecutionResult {
    const told = errors.map((error) => {
      const { message, extensions } = this.#options.format(error.toJSON(), error);
      return new GraphQLError(message, { nodes: error.nodes, path: error.path, extensions });
    });
    return { errors: told, ...(data === undefined ? {} : { data }) };
  }

  #told(errors: readonly GraphQLError[] = []): readonly AnsweredError[] {
    return errors.map((error) => {
      const refusal = refusalIn(error);
      if (refusal) return answeredRefusal(refusal);
      const { message, extensions } = this.#options.format(error.toJSON(), error);
      return { message, extensions: { code: String(extensions?.code ?? 'BAD_USER_INPUT') } };
    });
  }

  #complaint(mistakes: readonly GraphQLError[], code: string): Denied {
    const { format, introspection } = this.#options;
    const errors = mistakes.map((mistake) => {
      const message = introspection ? mistake.message : mistake.message.replace(/\s?Did you mean .+\?$/, '');
      const coded = new GraphQLError(message, { nodes: mistake.nodes, extensions: { code } });
      const told = format(coded.toJSON(), coded);
      return { message: told.message, extensions: { code: String(told.extensions?.code ?? code) } };
    });
    return { status: 400, headers: {}, errors };
  }
}

function parsed(source: string, maxTokens: number): DocumentNode | GraphQLError {
  try {
    return parse(source, { maxTokens });
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function denied(status: number, code: string, message: string): Denied {
  return { status, headers: {}, errors: [{ message, extensions: { code } }] };
}
