import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isObjectType,
  isScalarType,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { FieldArguments } from './arguments.js';
import type { JsonForm } from './json-sql.js';

/** What a GraphQL query asks for of one object, with fragments, @skip and @include already applied. */
export interface Selection {
  readonly fields: readonly SelectedField[];
}

export interface SelectedField {
  readonly name: string;
  /** What the answer calls it: its alias, or its name. */
  readonly key: string;
  readonly args: FieldArguments;
  /** The name of its GraphQL type, without list and non-null. */
  readonly type: string;
  /** How its values are written, when they are plain. */
  readonly form: JsonForm;
  /** Empty for plain values. */
  readonly selection: Selection;
}

/** What selections are read from: the schema, the document's fragments, and the variables of the request at hand. */
export interface SelectionSource {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A field to be answered, and where in which document it stands. What is selected is looked at only to compose. */
export interface AskedField {
  readonly variables: Readonly<Record<string, unknown>>;
  /** The field's place in a document that is asked again and again; null when it stands in several. */
  readonly place: object | null;
  /** Tells the fields apart that share a place. */
  readonly name: string;
  /** The value of an argument that is a variable, as it is in this request; undefined for every other argument. */
  variable(argument: string): unknown;
  select(): SelectedField;
}

export const nothing: Selection = { fields: [] };

/** The field that these nodes of a document ask of an object of this type. */
export function askedField(
  source: SelectionSource,
  parent: GraphQLObjectType,
  nodes: readonly FieldNode[],
  asType?: string,
): AskedField {
  const [node] = nodes;
  if (!node) throw new Error('A field is asked by at least one node.');
  return {
    variables: source.variables,
    place: nodes.length === 1 ? node : null,
    name: asType ?? '',
    variable: (argument) => {
      const value = node.arguments?.find(({ name }) => name.value === argument)?.value;
      return value?.kind === 'Variable' ? source.variables[value.name.value] : undefined;
    },
    select: () => selectedField(source, parent, nodes, asType),
  };
}

/** What the running resolver is asked for. With a type: of objects of that type, where the field's is an interface. */
export function askedBy(info: GraphQLResolveInfo, asType?: string): AskedField {
  const source = { schema: info.schema, fragments: info.fragments, variables: info.variableValues };
  return askedField(source, info.parentType, info.fieldNodes, asType);
}

/** A field of the object that is asked for, such as the changed object in a mutation's payload; null when it is not. */
export function askedWithin(asked: AskedField, name: string): AskedField {
  return {
    ...asked,
    name: `${asked.name}.${name}`,
    select: () => {
      const within = asked.select().selection.fields.filter((field) => field.name === name);
      const [first] = within;
      if (!first) return { name, key: name, args: FieldArguments.none, type: '', form: 'any', selection: nothing };
      const fields = within.flatMap((field) => field.selection.fields);
      return { ...first, selection: { fields: onceEach(fields) } };
    },
  };
}

/** Is a field asked for, at this path within the answer? */
export function asks(asked: AskedField, path: readonly string[]): boolean {
  let fields: readonly SelectedField[] = [asked.select()];
  for (const name of path)
    fields = fields.flatMap(({ selection }) => selection.fields).filter((field) => field.name === name);
  return fields.length > 0;
}

/** What is asked of objects of this type by these selection sets, each field of an answer once. */
export function selectFields(
  source: SelectionSource,
  type: GraphQLObjectType,
  sets: readonly (SelectionSetNode | undefined)[],
): Selection {
  const found = new Map<string, FieldNode[]>();
  for (const set of sets) if (set) collect(source, type, set.selections, found);
  return { fields: [...found.values()].map((nodes) => selectedField(source, type, nodes)) };
}

function selectedField(
  source: SelectionSource,
  parent: GraphQLObjectType,
  nodes: readonly FieldNode[],
  asType?: string,
): SelectedField {
  const [node] = nodes;
  const name = node?.name.value ?? '';
  const key = node?.alias?.value ?? name;
  if (name === '__typename')
    return { name, key, args: FieldArguments.none, type: 'String', form: 'word', selection: nothing };
  const field = parent.getFields()[name];
  if (!node || !field) throw new Error(`${parent.name} has no field ${name}.`);
  const type = asType ? source.schema.getType(asType) : getNamedType(field.type);
  const sets = nodes.map((same) => same.selectionSet);
  return {
    name,
    key,
    args: FieldArguments.of(field, node, source.variables),
    type: type?.name ?? '',
    form: formOf(field.type),
    selection: isObjectType(type) ? selectFields(source, type, sets) : nothing,
  };
}

const formsOfScalars: Readonly<Record<string, JsonForm>> = {
  Boolean: 'plain',
  Int: 'plain',
  Float: 'plain',
  String: 'text',
  ID: 'text',
  DateTimeISO: 'text',
};

/** How a value of this type is written. */
export function formOf(type: GraphQLOutputType): JsonForm {
  const one = getNullableType(type);
  // The names of enum values are letters, digits and underscores.
  if (isEnumType(one)) return 'word';
  return (isScalarType(one) && formsOfScalars[one.name]) || 'any';
}

/** The same field under two names of one parent is asked for once under each name. */
function onceEach(fields: readonly SelectedField[]): readonly SelectedField[] {
  const byKey = new Map<string, SelectedField>();
  for (const field of fields) {
    const earlier = byKey.get(field.key);
    const selection = earlier
      ? { fields: onceEach([...earlier.selection.fields, ...field.selection.fields]) }
      : field.selection;
    byKey.set(field.key, selection.fields.length === 0 ? field : { ...field, selection });
  }
  return [...byKey.values()];
}

function collect(
  source: SelectionSource,
  type: GraphQLObjectType,
  selections: readonly SelectionNode[],
  into: Map<string, FieldNode[]>,
): void {
  for (const node of selections) {
    if (!isIncluded(node, source.variables)) continue;
    if (node.kind === 'Field') {
      const key = node.alias?.value ?? node.name.value;
      const same = into.get(key);
      if (same) same.push(node);
      else into.set(key, [node]);
      continue;
    }
    const fragment = node.kind === 'FragmentSpread' ? source.fragments[node.name.value] : node;
    if (fragment && applies(source.schema, type, fragment.typeCondition?.name.value)) {
      collect(source, type, fragment.selectionSet.selections, into);
    }
  }
}

function applies(schema: GraphQLSchema, type: GraphQLObjectType, condition: string | undefined): boolean {
  if (condition === undefined || condition === type.name) return true;
  const wanted = schema.getType(condition);
  return isAbstractType(wanted) && schema.isSubType(wanted, type);
}

function isIncluded(node: SelectionNode, variables: Readonly<Record<string, unknown>>): boolean {
  if (!node.directives?.length) return true;
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false;
}

/** Is the field asked for at all? */
export function asksFor(selection: Selection, name: string): boolean {
  return selection.fields.some((field) => field.name === name);
}
