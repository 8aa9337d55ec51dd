import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  type SourceLocation,
  validate,
} from 'graphql';
import { type Problem, Refusal } from '../errors.js';
import type { QueryLimits, Weigh } from './limits.js';

/** An operation that the operator put on the list: read, validated and weighed before anybody asks for it. */
export interface TrustedDocument {
  /** `sha256:` and the SHA-256 of the text, as the persisted documents of GraphQL over HTTP are identified. */
  readonly id: string;
  readonly file: string;
  readonly name: string;
  readonly source: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

export interface DocumentRules {
  readonly schema: GraphQLSchema;
  readonly limits: QueryLimits;
  readonly weigh: Weigh;
}

/**
 * Reads one file's text.
 * @throws Refusal INVALID with everything that is wrong with it, and where
 */
export function trustedDocument(
  file: string,
  source: string,
  { schema, limits, weigh }: DocumentRules,
): TrustedDocument {
  const document = parsed(file, source, limits.tokens);
  // Before it is validated, as for every other document: one of GraphQL's own rules takes long with large ones.
  refuseIfAny(weigh(source, {}).map(({ message }) => problem(file, message)));
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const [operation] = operations;
  refuseIfAny([
    ...validate(schema, document).map((error) => problem(file, error.message, error.locations?.[0])),
    ...validate(schema, document, [NoSchemaIntrospectionCustomRule]).map(({ locations }) =>
      problem(file, 'A trusted document cannot ask for the schema (`__schema`, `__type`).', locations?.[0]),
    ),
    ...(operations.length === 1 ? [] : [problem(file, `It must hold one operation, and holds ${operations.length}.`)]),
    ...operations.flatMap((one) => complaintsAbout(file, one, schema)),
  ]);
  const name = operation?.name?.value;
  if (!operation || !name) throw new Error(`${file} was not looked at closely enough.`);
  return { id: idOf(source), file, name, source, document, operation };
}

function parsed(file: string, source: string, maxTokens: number): DocumentNode {
  try {
    return parse(source, { maxTokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new Refusal([problem(file, error.message, error.locations?.[0])]);
  }
}

function complaintsAbout(file: string, operation: OperationDefinitionNode, schema: GraphQLSchema): Problem[] {
  const type = operation.operation;
  return [
    ...(operation.name ? [] : [problem(file, `The ${type} needs a name, by which logs and metrics call it.`)]),
    ...(schema.getRootType(type) ? [] : [problem(file, `This API has no ${type}s.`)]),
  ];
}

function refuseIfAny(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new Refusal(problems);
}

function problem(file: string, reason: string, place?: SourceLocation): Problem {
  const at = place ? `:${place.line}:${place.column}` : '';
  return { code: 'INVALID', message: `${file}${at}: ${reason}`, path: [file] };
}

function idOf(source: string): string {
  return `sha256:${createHash('sha256').update(source).digest('hex')}`;
}

/** The list in the format that Apollo's tools call a persisted query manifest; `file` is an addition. */
export function manifestOf(documents: readonly TrustedDocument[]): object {
  return {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: documents.map(({ id, name, operation, source, file }) => ({
      id,
      name,
      type: operation.operation,
      body: source,
      file,
    })),
  };
}
