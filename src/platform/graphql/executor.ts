import type { DocumentNode, FragmentDefinitionNode } from 'graphql';
import {
  type ExecutionResult,
  execute,
  type FieldNode,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import { Refusal } from '../errors.js';
import type { Reader } from '../reading/reader.js';
import type { Read } from '../reading/readings.js';
import { askedField, type SelectionSource } from '../reading/selection.js';

/** An answer whose data is JSON text already. */
export class TextAnswer {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export interface ExecutorOptions<Context, Eyes, Viewer> {
  readonly schema: GraphQLSchema;
  readonly fieldResolver?: GraphQLFieldResolver<unknown, unknown>;
  /** Query fields that are read, by name: what they read. */
  readonly reads: Readonly<Record<string, Read<Eyes, Viewer>>>;
  readonly readerOf: (context: Context) => Reader<Eyes, Viewer>;
}

export interface Execution<Context> {
  readonly document: DocumentNode;
  /** Undefined when the request does not say which of several operations it means. */
  readonly operation: OperationDefinitionNode | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | null | undefined;
  readonly context: Context;
}

/** Executes an operation that was parsed and validated. */
export type Execute<Context> = (
  execution: Execution<Context>,
) => Promise<{ readonly data: TextAnswer } | ExecutionResult>;

/** What of an operation can be passed on: its root fields and their reads. Null when it must be executed. */
interface Passage<Eyes, Viewer> {
  readonly fields: readonly { readonly key: string; readonly node: FieldNode; readonly read: Read<Eyes, Viewer> }[];
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
}

/**
 * Executes operations. A query of nothing but reads is answered with the JSON that the database made, untouched: no
 * object is built of it only to be written out again. Everything else, and whatever is refused, goes to graphql-js.
 */
export function createExecutor<Context, Eyes, Viewer>(
  options: ExecutorOptions<Context, Eyes, Viewer>,
): Execute<Context> {
  const { schema, reads, readerOf } = options;
  const passages = new WeakMap<OperationDefinitionNode, Passage<Eyes, Viewer> | null>();

  function passageOf(document: DocumentNode, operation: OperationDefinitionNode): Passage<Eyes, Viewer> | null {
    const known = passages.get(operation);
    if (known !== undefined) return known;
    const passage = findPassage(document, operation, reads);
    passages.set(operation, passage);
    return passage;
  }

  async function passOn(execution: Execution<Context>, operation: OperationDefinitionNode): Promise<TextAnswer | null> {
    const passage = passageOf(execution.document, operation);
    const query = schema.getQueryType();
    if (!passage || !query) return null;
    const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], execution.variables);
    if (!coerced.coerced) return null;
    const source: SelectionSource = { schema, fragments: passage.fragments, variables: coerced.coerced };
    const reader = readerOf(execution.context);
    const parts = await Promise.all(
      passage.fields.map(async ({ key, node, read }) => {
        const text = await reader.readings.text(read, reader.viewer, askedField(source, query, [node]));
        return text === null ? null : `${JSON.stringify(key)}:${text}`;
      }),
    );
    return parts.includes(null) ? null : new TextAnswer(`{${parts.join(',')}}`);
  }

  return async (execution) => {
    const { operation } = execution;
    if (operation && !schema.getRootType(operation.operation)) return { errors: [noSuchOperations(operation)] };
    const passed = operation ? await passOn(execution, operation).catch(() => null) : null;
    if (passed) return { data: passed };
    return execute({
      schema,
      document: execution.document,
      variableValues: execution.variables,
      operationName: execution.operationName,
      contextValue: execution.context,
      fieldResolver: options.fieldResolver,
    });
  };
}

function noSuchOperations({ operation }: OperationDefinitionNode): GraphQLError {
  const refusal = Refusal.of('INVALID', `This API has no ${operation}s. Changes are told by webhooks.`);
  return new GraphQLError(refusal.message, { originalError: refusal });
}

function findPassage<Eyes, Viewer>(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  reads: Readonly<Record<string, Read<Eyes, Viewer>>>,
): Passage<Eyes, Viewer> | null {
  if (operation.operation !== 'query') return null;
  const fields = new Map<string, Passage<Eyes, Viewer>['fields'][number]>();
  for (const node of operation.selectionSet.selections) {
    if (node.kind !== 'Field' || node.directives?.length) return null;
    const read = Object.hasOwn(reads, node.name.value) ? reads[node.name.value] : undefined;
    const key = node.alias?.value ?? node.name.value;
    if (!read || fields.has(key)) return null;
    fields.set(key, { key, node, read });
  }
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const definition of document.definitions) {
    if (definition.kind === 'FragmentDefinition') fragments[definition.name.value] = definition;
  }
  return { fields: [...fields.values()], fragments };
}
