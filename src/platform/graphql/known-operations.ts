import type { DocumentNode, ExecutionResult, OperationDefinitionNode } from 'graphql';
import type { Refusal } from '../errors.js';
import { currentExchange } from '../http/exchange.js';
import { decidingRefusal, type ErrorFormat } from './errors.js';
import { type Executor, type TextAnswer, writtenResult } from './executor.js';
import type { TrustedDocument } from './trusted-documents.js';

/** A request in the form that GraphQL clients send by themselves, with nothing in it that is for the GraphQL server. */
export interface PlainRequest {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

interface KnownOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** What is sent; a refusal that is all of the answer decides the status. */
export interface KnownAnswer {
  readonly text: string;
  readonly refusal: Refusal | null;
}

/** Most requests repeat an operation that was asked for before. Long ones are not worth their room. */
const mostKnown = 500;
const longestKnown = 10_000;

/**
 * Operations that the GraphQL server has parsed and found valid: mutations, and queries that are answered with the
 * database's text. Asked for again, they need nothing more of it: neither its negotiating nor its formatting.
 */
export class KnownOperations<Context> {
  readonly #executor: Executor<Context>;
  readonly #format: ErrorFormat;
  readonly #known = new Map<string, KnownOperation>();
  readonly #trusted: ReadonlyMap<string, KnownOperation>;

  /** @param trusted known from the start, and never forgotten */
  constructor(executor: Executor<Context>, format: ErrorFormat, trusted: readonly TrustedDocument[] = []) {
    this.#executor = executor;
    this.#format = format;
    const answerable = trusted.filter(({ document, operation }) => this.#isAnswerable(document, operation));
    this.#trusted = new Map(answerable.map((one) => [one.source, one]));
  }

  learn(
    source: string,
    operationName: string | null | undefined,
    document: DocumentNode,
    operation: OperationDefinitionNode,
  ): void {
    if (source.length > longestKnown || !this.#isAnswerable(document, operation)) return;
    if (this.#known.size >= mostKnown) this.#known.clear();
    this.#known.set(keyOf(source, operationName), { document, operation });
  }

  /**
   * The answer; null when the operation is not known, or the GraphQL server must say what is wrong with the request.
   * @param contextOf who asks; looked up only for an operation that is known
   */
  async answer(request: PlainRequest, contextOf: () => Promise<Context>): Promise<KnownAnswer | null> {
    const key = keyOf(request.query, request.operationName);
    const known = this.#trusted.get(key) ?? this.#known.get(key);
    if (!known) return null;
    const context = await contextOf().catch(() => null);
    if (context === null) return null;
    const { document, operation } = known;
    const { operationName, variables } = request;
    const execution = { document, operation, operationName, variables, context };
    const told = () => {
      const exchange = currentExchange();
      if (exchange) exchange.operation = { name: operation.name?.value ?? null, type: operation.operation };
    };
    if (operation.operation === 'mutation') {
      if (!this.#executor.fit(execution)) return null;
      told();
      return this.#written(await this.#executor.execute(execution));
    }
    const passed = await this.#executor.passOn(execution);
    if (!passed) return null;
    told();
    return { text: writtenResult({ data: passed }), refusal: null };
  }

  #isAnswerable(document: DocumentNode, operation: OperationDefinitionNode): boolean {
    return operation.operation === 'mutation' || this.#executor.isPassable(document, operation);
  }

  #written(result: { readonly data: TextAnswer } | ExecutionResult): KnownAnswer {
    if (!('errors' in result) || !result.errors) return { text: writtenResult(result), refusal: null };
    const { data, errors } = result;
    const told = errors.map((error) => this.#format(error.toJSON(), error));
    return { text: writtenResult({ errors: told, data }), refusal: decidingRefusal(data, errors) };
  }
}

/** A document's text with the name of the operation in it that is meant. */
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
