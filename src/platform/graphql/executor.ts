import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import { Refusal } from '../errors.js';
import { pick } from '../reading/composed.js';
import { KnownPlans, shapeOf } from '../reading/plan.js';
import type { Reader } from '../reading/reader.js';
import type { Read } from '../reading/readings.js';
import { askedField, type SelectedField, type SelectionSource } from '../reading/selection.js';

/** An answer whose data is JSON text already. */
export class TextAnswer {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A result as it is sent. An answer that is JSON text already is written as it is. */
export function writtenResult(result: { readonly data?: unknown; readonly errors?: readonly object[] }): string {
  const { data } = result;
  return data instanceof TextAnswer ? `{"data":${data.text}}` : JSON.stringify(result);
}

export interface ExecutorOptions<Context, Eyes, Viewer> {
  readonly schema: GraphQLSchema;
  readonly fieldResolver?: GraphQLFieldResolver<unknown, unknown>;
  /** Query fields that are read, by name: what they read. */
  readonly reads: Readonly<Record<string, Read<Eyes, Viewer>>>;
  /**
   * Query fields whose answer needs no resolvers within it, by name: the object or the list, as the API spells them, or
   * null when the field's resolver must be asked.
   */
  readonly plain: Readonly<Record<string, PlainAnswer<Viewer>>>;
  readonly readerOf: (context: Context) => Reader<Eyes, Viewer>;
}

export type PlainAnswer<Viewer> = (viewer: Viewer) => object | null | Promise<object>;

export interface Execution<Context> {
  readonly document: DocumentNode;
  /** Undefined when the request does not say which of several operations it means. */
  readonly operation: OperationDefinitionNode | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | null | undefined;
  readonly context: Context;
}

/** Executes operations that were parsed and validated. */
export interface Executor<Context> {
  execute(execution: Execution<Context>): Promise<{ readonly data: TextAnswer } | ExecutionResult>;
  /** Do the variables fit the operation? When they do not, executing it says why. */
  fit(execution: Pick<Execution<Context>, 'operation' | 'variables'>): boolean;
  /** Is this a query of the kind that `passOn` answers? */
  isPassable(document: DocumentNode, operation: OperationDefinitionNode): boolean;
  /** The answer's data as text; null when the operation must be executed, to be answered or to be told what is wrong. */
  passOn(execution: Execution<Context>): Promise<TextAnswer | null>;
}

/** A root field of a passage, and where its answer comes from. */
interface PassedField<Eyes, Viewer> {
  /** Its name in the answer, as JSON. */
  readonly key: string;
  readonly node: FieldNode;
  readonly from:
    | { readonly read: Read<Eyes, Viewer>; readonly plain?: undefined }
    | { readonly plain: PlainAnswer<Viewer>; readonly read?: undefined };
}

/** What of an operation can be passed on: its root fields. Null when it must be executed. */
interface Passage<Eyes, Viewer> {
  readonly fields: readonly PassedField<Eyes, Viewer>[];
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
}

/**
 * Executes operations. A query of nothing but reads is answered with the JSON that the database made, untouched: no
 * object is built of it only to be written out again. Everything else, and whatever is refused, goes to graphql-js.
 */
export function createExecutor<Context, Eyes, Viewer>(
  options: ExecutorOptions<Context, Eyes, Viewer>,
): Executor<Context> {
  const { schema, readerOf } = options;
  const passages = new WeakMap<OperationDefinitionNode, Passage<Eyes, Viewer> | null>();
  const selections = new KnownPlans<SelectedField>();
  const query = schema.getQueryType();

  function passageOf(document: DocumentNode, operation: OperationDefinitionNode): Passage<Eyes, Viewer> | null {
    const known = passages.get(operation);
    if (known !== undefined) return known;
    const passage = findPassage(document, operation, options);
    passages.set(operation, passage);
    return passage;
  }

  async function fieldOf(
    { node, from }: PassedField<Eyes, Viewer>,
    source: SelectionSource,
    reader: Reader<Eyes, Viewer>,
  ): Promise<string | null> {
    if (!query) return null;
    const asked = askedField(source, query, [node]);
    if (from.read) return reader.text(from.read, asked);
    const value = await from.plain(reader.viewer);
    if (!value) return null;
    const selected = selections.get(node, shapeOf(source.variables), () => asked.select());
    return JSON.stringify(pick(value, selected));
  }

  function coercedVariables({ operation, variables }: Pick<Execution<Context>, 'operation' | 'variables'>) {
    return getVariableValues(schema, operation?.variableDefinitions ?? [], variables).coerced;
  }

  async function passOn({ document, operation, variables, context }: Execution<Context>): Promise<TextAnswer | null> {
    const passage = operation ? passageOf(document, operation) : null;
    const coerced = passage && coercedVariables({ operation, variables });
    if (!passage || !coerced) return null;
    const source: SelectionSource = { schema, fragments: passage.fragments, variables: coerced };
    const reader = readerOf(context);
    const part = async (field: PassedField<Eyes, Viewer>) => {
      const text = await fieldOf(field, source, reader);
      return text === null ? null : `${field.key}:${text}`;
    };
    const [first, ...others] = passage.fields;
    if (!first) return null;
    try {
      const parts = others.length === 0 ? [await part(first)] : await Promise.all(passage.fields.map(part));
      return parts.includes(null) ? null : new TextAnswer(`{${parts.join(',')}}`);
    } catch {
      // Executed, the operation fails again, and graphql-js says where.
      return null;
    }
  }

  return {
    passOn,
    fit: (execution) => coercedVariables(execution) !== undefined,
    isPassable: (document, operation) => passageOf(document, operation) !== null,
    async execute(execution) {
      const { operation } = execution;
      if (operation && (operation.operation === 'subscription' || !schema.getRootType(operation.operation))) {
        return { errors: [notAnsweredHere(operation, schema)] };
      }
      const passed = await passOn(execution);
      if (passed) return { data: passed };
      return execute({
        schema,
        document: execution.document,
        variableValues: execution.variables,
        operationName: execution.operationName,
        contextValue: execution.context,
        fieldResolver: options.fieldResolver,
      });
    },
  };
}

function notAnsweredHere({ operation }: OperationDefinitionNode, schema: GraphQLSchema): GraphQLError {
  const sentence = schema.getRootType(operation)
    ? 'Subscriptions are answered at /graphql/stream, as server-sent events.'
    : `This API has no ${operation}s.`;
  const refusal = Refusal.of('INVALID', sentence);
  return new GraphQLError(refusal.message, { originalError: refusal });
}

function findPassage<Eyes, Viewer>(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  { reads, plain }: Pick<ExecutorOptions<unknown, Eyes, Viewer>, 'reads' | 'plain'>,
): Passage<Eyes, Viewer> | null {
  if (operation.operation !== 'query') return null;
  const fields = new Map<string, PassedField<Eyes, Viewer>>();
  for (const node of operation.selectionSet.selections) {
    if (node.kind !== 'Field' || node.directives?.length) return null;
    const name = node.name.value;
    const read = Object.hasOwn(reads, name) ? reads[name] : undefined;
    const plainAnswer = Object.hasOwn(plain, name) ? plain[name] : undefined;
    const key = JSON.stringify(node.alias?.value ?? name);
    if (fields.has(key)) return null;
    if (read) fields.set(key, { key, node, from: { read } });
    else if (plainAnswer) fields.set(key, { key, node, from: { plain: plainAnswer } });
    else return null;
  }
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const definition of document.definitions) {
    if (definition.kind === 'FragmentDefinition') fragments[definition.name.value] = definition;
  }
  return { fields: [...fields.values()], fragments };
}
