import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { currentExchange } from '../http/exchange.js';
import type { Executor } from './executor.js';
import type { TrustedDocument } from './trusted-documents.js';

/** A request in the form that GraphQL clients send by themselves, with nothing in it that is for the GraphQL server. */
export interface PlainRequest {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

interface KnownQuery {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** Most requests repeat a query that was asked before. Long ones are not worth their room. */
const mostKnown = 500;
const longestKnown = 10_000;

/**
 * Queries that the GraphQL server has parsed and found valid, and that are answered with the database's text. Asked
 * again, they need nothing more of it: neither its negotiating nor its formatting.
 */
export class KnownQueries<Context> {
  readonly #executor: Executor<Context>;
  readonly #known = new Map<string, KnownQuery>();
  readonly #trusted: ReadonlyMap<string, KnownQuery>;

  /** @param trusted known from the start, and never forgotten */
  constructor(executor: Executor<Context>, trusted: readonly TrustedDocument[] = []) {
    this.#executor = executor;
    const passable = trusted.filter(({ document, operation }) => executor.isPassable(document, operation));
    this.#trusted = new Map(passable.map((one) => [one.source, one]));
  }

  learn(
    query: string,
    operationName: string | null | undefined,
    document: DocumentNode,
    operation: OperationDefinitionNode,
  ): void {
    if (query.length > longestKnown || !this.#executor.isPassable(document, operation)) return;
    if (this.#known.size >= mostKnown) this.#known.clear();
    this.#known.set(keyOf(query, operationName), { document, operation });
  }

  /**
   * The answer, as it is sent; null when the query is not known, or the GraphQL server must say what is wrong.
   * @param contextOf who asks; looked up only for a query that is known
   */
  async answer(request: PlainRequest, contextOf: () => Promise<Context>): Promise<string | null> {
    const key = keyOf(request.query, request.operationName);
    const known = this.#trusted.get(key) ?? this.#known.get(key);
    if (!known) return null;
    const context = await contextOf().catch(() => null);
    if (context === null) return null;
    const { operationName, variables } = request;
    const { document, operation } = known;
    const passed = await this.#executor.passOn({ document, operation, operationName, variables, context });
    if (!passed) return null;
    const exchange = currentExchange();
    if (exchange) exchange.operation = { name: operation.name?.value ?? null, type: operation.operation };
    return `{"data":${passed.text}}`;
  }
}

/** A query's text with the name of the operation in it that is meant. */
function keyOf(query: string, operationName: string | null | undefined): string {
  return operationName ? `${operationName} ${query}` : query;
}

const plainAccepts = new Set([
  undefined,
  '*/*',
  'application/json',
  'application/json, */*',
  'application/json, text/plain, */*',
]);
const plainParts = new Set(['query', 'operationName', 'variables']);

/** The request, when it is as plain as most are; null when the GraphQL server has to look at it. */
export function plainRequest(accept: string | undefined, body: unknown): PlainRequest | null {
  if (!plainAccepts.has(accept) || typeof body !== 'object' || body === null) return null;
  if (!Object.keys(body).every((part) => plainParts.has(part))) return null;
  const query = 'query' in body ? body.query : null;
  const operationName = 'operationName' in body ? body.operationName : null;
  const variables = 'variables' in body ? (body.variables ?? {}) : {};
  if (typeof query !== 'string' || typeof variables !== 'object' || Array.isArray(variables)) return null;
  if (operationName !== null && typeof operationName !== 'string') return null;
  return { query, operationName, variables: { ...variables } };
}
