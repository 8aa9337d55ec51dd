import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  parse,
  visit,
} from 'graphql';
import type { AnsweredError } from '../http/answers.js';
import { type Measures, measure, objectCost } from './measures.js';
import { mostRepeated } from './repeats.js';

/** The largest query that is answered. */
export interface QueryLimits {
  readonly tokens: number;
  /** Fields, fragments and uses of fragments written in one document. */
  readonly selections: number;
  /** Fields of the document that fall together into one field of the answer. */
  readonly repeats: number;
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly mutationRootFields: number;
  readonly directives: number;
  readonly directivesInOnePlace: number;
  readonly cost: number;
}

export const queryLimits: QueryLimits = {
  tokens: 4000,
  selections: 600,
  repeats: 25,
  depth: 15,
  aliases: 50,
  rootFields: 20,
  mutationRootFields: 10,
  directives: 50,
  directivesInOnePlace: 20,
  cost: 50_000,
};

/** Says what is too large about a query; nothing when nothing is. */
export type Weigh = (source: string, variables: Readonly<Record<string, unknown>>) => readonly AnsweredError[];

/** What can be said of a document whatever its variables are. */
interface WeighedDocument {
  readonly document: DocumentNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly ofText: readonly AnsweredError[];
  readonly ofRepetition: readonly AnsweredError[];
  /** Are the sizes of all its pages written in it? Then it need be measured only once. */
  readonly isOfOneSize: boolean;
  /** What was too large when it was measured last. */
  ofSize: readonly AnsweredError[] | null;
}

/** Most requests repeat a document that was weighed before. Long ones are not worth their room. */
const mostKnown = 500;
const longestKnown = 10_000;

/**
 * Weighs queries, before they are validated: one of GraphQL's own rules compares every two fields of one name, which for
 * a document of 4,000 tokens takes more than a second. A document that cannot be parsed is left to the GraphQL server to
 * explain.
 * @param kept documents that are not forgotten, however many others come
 */
export function weighing(schema: GraphQLSchema, limits: QueryLimits, kept: readonly string[] = []): Weigh {
  const keptWeighed = new Map(kept.map((source) => [source, weigh(source, limits)]));
  const known = new Map<string, WeighedDocument>();
  const weighed = (source: string): WeighedDocument | null => {
    const weighedBefore = keptWeighed.get(source);
    if (weighedBefore) return weighedBefore;
    const found = known.get(source) ?? weigh(source, limits);
    if (found && source.length <= longestKnown) {
      if (known.size >= mostKnown) known.clear();
      known.set(source, found);
    }
    return found;
  };
  return (source, variables) => {
    const found = weighed(source);
    if (!found) return [];
    if (found.ofText.length > 0) return found.ofText;
    if (found.isOfOneSize && found.ofSize) return found.ofSize;
    const { document, fragments } = found;
    const excesses = document.definitions.flatMap((definition) => {
      if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
      return [
        ...excessesOfOperation(measure(definition, { schema, fragments, variables }), definition.operation, limits),
      ];
    });
    found.ofSize = excesses.length > 0 ? excesses : found.ofRepetition;
    return found.ofSize;
  };
}

function weigh(source: string, limits: QueryLimits): WeighedDocument | null {
  const document = parsed(source, limits.tokens);
  if (!document) return null;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const ofText = [...excessesOfText(document, limits)];
  const ofRepetition = ofText.length > 0 ? [] : excessesOfRepetition(document, fragments, limits);
  return { document, fragments, ofText, ofRepetition, isOfOneSize: isOfOneSize(document), ofSize: null };
}

function isOfOneSize(document: DocumentNode): boolean {
  let isOfOne = true;
  visit(document, {
    Argument({ name, value }) {
      const isSize = name.value === 'first' || name.value === 'last';
      if (isSize && value.kind === Kind.VARIABLE) isOfOne = false;
    },
  });
  return isOfOne;
}

function excessesOfRepetition(
  document: DocumentNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  limits: QueryLimits,
): readonly AnsweredError[] {
  let repeats = 0;
  for (const definition of document.definitions) {
    if (!('selectionSet' in definition)) continue;
    repeats = Math.max(repeats, mostRepeated(definition.selectionSet, fragments, limits.cost));
  }
  return repeats > limits.repeats ? [tooComplex(`A field is repeated ${count(repeats)} times`, limits.repeats)] : [];
}

function parsed(source: string, maxTokens: number): DocumentNode | null {
  try {
    return parse(source, { maxTokens, noLocation: true });
  } catch {
    return null;
  }
}

function* excessesOfText(document: DocumentNode, limits: QueryLimits): Generator<AnsweredError> {
  let selections = 0;
  let directives = 0;
  visit(document, {
    enter(node) {
      if (node.kind === Kind.FIELD || node.kind === Kind.FRAGMENT_SPREAD || node.kind === Kind.INLINE_FRAGMENT) {
        selections += 1;
      }
      if ('directives' in node) directives = Math.max(directives, node.directives?.length ?? 0);
    },
  });
  if (selections > limits.selections) {
    yield tooComplex(`The document asks for ${count(selections)} fields`, limits.selections);
  }
  if (directives > limits.directivesInOnePlace) {
    yield tooComplex(`There are ${count(directives)} directives in one place`, limits.directivesInOnePlace);
  }
}

function* excessesOfOperation(
  measures: Measures,
  type: OperationTypeNode,
  limits: QueryLimits,
): Generator<AnsweredError> {
  if (measures.depth > limits.depth) {
    yield excess('QUERY_TOO_DEEP', `The ${type} is ${count(measures.depth)} levels deep`, limits.depth);
  }
  if (measures.aliases > limits.aliases) {
    yield tooComplex(`The ${type} uses ${count(measures.aliases)} aliases`, limits.aliases);
  }
  if (measures.directives > limits.directives) {
    yield tooComplex(`The ${type} uses ${count(measures.directives)} directives`, limits.directives);
  }
  const widest = type === OperationTypeNode.MUTATION ? limits.mutationRootFields : limits.rootFields;
  if (measures.width > widest)
    yield tooComplex(`The ${type} asks for ${count(measures.width)} fields at its top`, widest);
  if (measures.cost > limits.cost) {
    yield tooComplex(
      `The ${type} would cost ${count(measures.cost)} (an object ${objectCost}, a value 1, times the sizes of the pages around it)`,
      limits.cost,
      'Ask for smaller pages or fewer fields.',
    );
  }
}

function tooComplex(finding: string, limit: number, advice?: string): AnsweredError {
  return excess('QUERY_TOO_COMPLEX', finding, limit, advice);
}

function excess(code: string, finding: string, limit: number, advice = ''): AnsweredError {
  const message = `${finding}; at most ${count(limit)} ${limit === 1 ? 'is' : 'are'} allowed. ${advice}`;
  return { message: message.trimEnd(), extensions: { code } };
}

/** Fragments that double one another reach numbers nobody wants to read. */
function count(number: number): string {
  return number > 1e9 ? 'more than a billion' : number.toLocaleString('en-US');
}
