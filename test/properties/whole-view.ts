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
import type { Fields, PortalClient } from '../../src/demo/portal-client.js';

/** How many objects lie within one another, the application itself included. */
const deepest = 5;

/** Into so many queries everything is divided, because one has a limit. */
const parts = 7;

/** How much is asked of lists that grow; of what has lists within lists, less. */
const pageSize = 100;
const smallerPages: Readonly<Record<string, number>> = { messages: 20, notes: 2, namedUsers: 5, history: 20 };
/** Lists in lists in lists. */
const plainly: readonly string[] = ['savedAnswer', 'earlierAnswers'];

/**
 * Queries for everything there is to know about an application: every field of every type that it leads to, so that a
 * field added tomorrow is asked for tomorrow. An object within another of its own type is asked for its id alone. What is
 * asked of several objects alike is written once in a query.
 */
export async function queriesForEverything(client: PortalClient): Promise<readonly string[]> {
  const introspection = await client.ask(getIntrospectionQuery({ descriptions: false }));
  const schema = buildClientSchema(introspection as unknown as IntrospectionQuery);
  return Array.from({ length: parts }, (_, part) => new PartialView(schema).query(part));
}

/** All that somebody is told about an application, as one answer. */
export async function everythingOf(
  client: PortalClient,
  queries: readonly string[],
  applicationId: string,
): Promise<{ readonly application: Fields | null }> {
  const answers = await Promise.all(queries.map((query) => client.ask(query, { id: applicationId })));
  const told = answers.map(({ application }) => application as Fields | null);
  return { application: told.includes(null) ? null : Object.assign({}, ...told) };
}

/** Its values alone, of what has the type of something that is asked for in full beside it. */
function leavesOf(type: GraphQLNamedType): string {
  if (!isObjectType(type)) throw new Error(`There is no way to ask for all of ${type.name}.`);
  const leaves = Object.values(type.getFields()).filter((field) => isLeafType(getNamedType(field.type)));
  return `{ ${leaves.map(({ name }) => name).join(' ')} }`;
}

class PartialView {
  readonly #schema: GraphQLSchema;
  /** By what is asked of which type, the name of the fragment that asks it. */
  readonly #fragments = new Map<string, string>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  query(part: number): string {
    const application = this.#schema.getType('Application');
    if (!isObjectType(application)) throw new Error('There are no applications.');
    const sorted = Object.values(application.getFields()).sort((a, b) => (a.name < b.name ? -1 : 1));
    const fields = sorted.filter((_field, position) => position % parts === part);
    const asked = fields.map((field) => this.#fieldOf(field, [application.name]));
    const fragments = [...this.#fragments].map(([text, name]) => `fragment ${name} on ${text}`);
    return [`query ($id: ID!) { application(id: $id) { ${asked.join(' ')} } }`, ...fragments].join('\n');
  }

  #selectionOf(type: GraphQLNamedType | undefined, around: readonly string[]): string {
    if (!isObjectType(type)) throw new Error(`There is no way to ask for all of ${type?.name}.`);
    if (around.includes(type.name) || around.length >= deepest)
      return type.getFields().id ? '{ id }' : '{ __typename }';
    const fields = Object.values(type.getFields()).map((field) => this.#fieldOf(field, [...around, type.name]));
    const asked = `${type.name} { ${fields.join(' ')} }`;
    const fragment = this.#fragments.get(asked) ?? `part${this.#fragments.size}`;
    this.#fragments.set(asked, fragment);
    return `{ ...${fragment} }`;
  }

  #fieldOf(field: GraphQLField<unknown, unknown>, around: readonly string[]): string {
    const type = getNamedType(field.type);
    const isPaged = field.args.some(({ name }) => name === 'first');
    const pages = isPaged ? `(first: ${smallerPages[field.name] ?? pageSize})` : '';
    if (isLeafType(type)) return field.name;
    const selection = plainly.includes(field.name) ? leavesOf(type) : this.#selectionOf(type, around);
    return `${field.name}${pages} ${selection}`;
  }
}
