import {
  buildClientSchema,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  type IntrospectionQuery,
  isLeafType,
  isObjectType,
} from 'graphql';
import { type Fields, type PortalClient, valueAt } from '../../src/demo/portal-client.js';

/** How many objects lie within one another, the application itself included. */
const deepest = 5;

/** How many fields of the application go into one query, which may only be so long and cost so much. */
const fieldsAtOnce = 14;

/**
 * Queries for everything there is to know about an application: every field of every type that it leads to, so that a
 * field added tomorrow is asked for tomorrow. An object within another of its own type is asked for its id alone.
 */
export async function queriesForEverything(client: PortalClient): Promise<readonly string[]> {
  const introspection = await client.ask(getIntrospectionQuery({ descriptions: false }));
  const schema = buildClientSchema(introspection as unknown as IntrospectionQuery);
  const application = schema.getType('Application');
  if (!isObjectType(application)) throw new Error('There are no applications.');
  const fields = Object.values(application.getFields());
  const parts = Array.from({ length: Math.ceil(fields.length / fieldsAtOnce) }, (_, part) =>
    fields.slice(part * fieldsAtOnce, (part + 1) * fieldsAtOnce),
  );
  return parts.map((part) => {
    const asked = part.map((field) => fieldOf(field, schema, [application.name]));
    return `query ($id: ID!) { application(id: $id) { ${asked.join(' ')} } }`;
  });
}

/** All of it, as one answer. */
export async function lookAtEverything(client: PortalClient, queries: readonly string[], id: string): Promise<Fields> {
  const application: Fields = {};
  for (const query of queries) Object.assign(application, valueAt(await client.ask(query, { id }), 'application'));
  return { application };
}

function selectionOf(type: GraphQLNamedType | undefined, schema: GraphQLSchema, around: readonly string[]): string {
  if (!isObjectType(type)) throw new Error(`There is no way to ask for all of ${type?.name}.`);
  if (around.includes(type.name) || around.length >= deepest) return type.getFields().id ? '{ id }' : '{ __typename }';
  const fields = Object.values(type.getFields()).map((field) => fieldOf(field, schema, [...around, type.name]));
  return `{ ${fields.join(' ')} }`;
}

function fieldOf(field: GraphQLField<unknown, unknown>, schema: GraphQLSchema, around: readonly string[]): string {
  const type = getNamedType(field.type);
  const pages = field.args.some(({ name }) => name === 'first') ? '(first: 100)' : '';
  if (isLeafType(type)) return field.name;
  return `${field.name}${pages} ${selectionOf(type, schema, around)}`;
}
