import {
  ApolloServer,
  type ApolloServerOptionsWithGateway,
  type ApolloServerPlugin,
  type BaseContext,
  HeaderMap,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { currentExchange } from '../http/exchange.js';
import { logFailure, refusalHeaders, refusalStatus } from '../http/failures.js';
import type { Log } from '../logging.js';
import { decidingRefusal, type ErrorFormat, refusalIn } from './errors.js';
import { type Executor, writtenResult } from './executor.js';
import type { KnownOperations } from './known-operations.js';
import { ParsedDocuments } from './parsed-documents.js';
import type { TrustedDocument } from './trusted-documents.js';

export interface ApolloOptions<Context extends BaseContext> {
  readonly schema: GraphQLSchema;
  /** In place of graphql-js. */
  readonly executor?: Executor<Context>;
  /** Is told of each operation that was found valid, and may answer it before this server is asked the next time. */
  readonly knownOperations?: KnownOperations<Context> | undefined;
  /** Documents that need not be parsed and validated again. */
  readonly trusted?: readonly TrustedDocument[];
  readonly introspection: boolean;
  readonly maxTokens: number;
  /** What a caller sees of an error. */
  readonly format: ErrorFormat;
  readonly log: Log;
}

/** The GraphQL server, with everything off that would tell strangers about the inside. */
export function createApollo<Context extends BaseContext>(options: ApolloOptions<Context>): ApolloServer<Context> {
  const { schema, log } = options;
  return new ApolloServer<Context>({
    ...(options.executor ? { gateway: executing(options.executor, schema) } : { schema }),
    introspection: options.introspection,
    hideSchemaDetailsFromClientErrors: !options.introspection,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    ...(options.trusted?.length ? { documentStore: new ParsedDocuments(options.trusted) } : {}),
    parseOptions: { maxTokens: options.maxTokens },
    formatError: options.format,
    stringifyResult: writtenResult,
    logger: {
      debug: (message) => log.debug({ source: 'apollo' }, message),
      info: (message) => log.debug({ source: 'apollo' }, message),
      warn: (message) => log.warn({ source: 'apollo' }, message),
      error: (message) => log.warn({ source: 'apollo' }, message),
    },
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      tellingOfOperations(log, options.knownOperations),
    ],
  });
}

type Gateway = ApolloServerOptionsWithGateway<BaseContext>['gateway'];
type GatewayResult = Awaited<ReturnType<NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>>>;

/** Apollo's way of letting somebody else execute what it has parsed and validated. */
function executing<Context extends BaseContext>(executor: Executor<Context>, schema: GraphQLSchema): Gateway {
  return {
    async load() {
      return {
        executor: async ({ document, operation, request, operationName, context }) =>
          (await executor.execute({
            document,
            operation,
            variables: request.variables ?? {},
            operationName,
            // Apollo types the context of a gateway as any context; it is the one that contextOf made.
            context: context as Context,
          })) as GatewayResult,
      };
    },
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    async stop() {},
  };
}

/** Gives the operation's name to the exchange, and the status of an answer that holds nothing but a refusal. */
function tellingOfOperations(
  log: Log,
  knownOperations: Pick<KnownOperations<never>, 'learn'> | undefined,
): ApolloServerPlugin {
  return {
    async unexpectedErrorProcessingRequest({ error }) {
      logFailure(log, error, 'The GraphQL server failed');
    },
    async requestDidStart() {
      return {
        async didResolveOperation({ request, document, operation, operationName }) {
          const exchange = currentExchange();
          if (exchange && operation) exchange.operation = { name: operationName, type: operation.operation };
          if (request.query && operation)
            knownOperations?.learn(request.query, request.operationName, document, operation);
        },
        async willSendResponse({ response, errors }) {
          if (response.body.kind !== 'single') return;
          const refusal = decidingRefusal(response.body.singleResult.data, errors);
          if (!refusal) return;
          response.http.status = refusalStatus[refusal.code];
          for (const [name, value] of Object.entries(refusalHeaders(refusal))) response.http.headers.set(name, value);
        },
      };
    },
  };
}

/** An error met before the operation began, in the form from which Apollo takes status and headers. */
export function refusedRequest(error: Error): GraphQLError {
  const refusal = refusalIn(error);
  if (!refusal) return new GraphQLError(error.message, { originalError: error });
  const headers = new HeaderMap(Object.entries(refusalHeaders(refusal)));
  return new GraphQLError(refusal.message, {
    originalError: error,
    extensions: { http: { status: refusalStatus[refusal.code], headers } },
  });
}
