import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import {
  type GraphQLArgument,
  type GraphQLNamedType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { buildPortalSchema } from '../../src/schema.js';

const schema = buildPortalSchema();
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
);
const queries = Object.values(schema.getQueryType()?.getFields() ?? {});
const roots: ReadonlySet<unknown> = new Set([
  schema.getQueryType(),
  schema.getMutationType(),
  schema.getSubscriptionType(),
]);
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

/** Everything of the schema that a reader meets, by its path, with what is said of it. */
function* elements(): Generator<{ readonly path: string; readonly description: string | null | undefined }> {
  for (const type of types) {
    // The root types are named by GraphQL itself.
    if (!roots.has(type)) yield described(type.name, type);
    if (isEnumType(type)) {
      for (const value of type.getValues()) yield described(`${type.name}.${value.name}`, value);
    }
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) yield described(`${type.name}.${field.name}`, field);
    }
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        yield described(`${type.name}.${field.name}`, field);
        for (const arg of field.args) yield described(`${type.name}.${field.name}(${arg.name}:)`, arg);
      }
    }
  }
}

function described(path: string, { description }: { readonly description?: string | null }) {
  return { path, description };
}

function fieldsOf(type: GraphQLNamedType): Readonly<Record<string, { readonly type: GraphQLOutputType }>> {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
}

function argumentsOf(args: readonly GraphQLArgument[]): string[] {
  return args.map(({ name, type }) => `${name}: ${String(type)}`);
}

function named(pattern: RegExp): GraphQLNamedType[] {
  return types.filter(({ name }) => pattern.test(name));
}

describe('the schema', () => {
  it('describes every type, field, argument, enum value and input field', () => {
    const silent = [...elements()].filter(({ description }) => !description?.trim()).map(({ path }) => path);
    expect(silent).toEqual([]);
  });

  it('describes in sentences', () => {
    const own = [...elements()].filter(({ path }) => !/^(JSON|JSONObject|DateTimeISO)$/.test(path));
    const unfinished = own.filter(({ description }) => !/[.?!:]$/.test(description ?? '')).map(({ path }) => path);
    expect(unfinished).toEqual([]);
  });

  it('names types in PascalCase, fields and arguments in camelCase, enum values as the API names them', () => {
    const fields = types.flatMap((type) => {
      if (isInputObjectType(type)) return Object.keys(type.getFields());
      return isObjectType(type)
        ? Object.values(type.getFields()).flatMap(({ name, args }) => [name, ...args.map((arg) => arg.name)])
        : [];
    });
    const values = types.flatMap((type) => (isEnumType(type) ? type.getValues().map(({ name }) => name) : []));
    expect(
      types.map(({ name }) => name).filter((name) => !/^([A-Z][a-z]*)+$/.test(name.replace(/JSON|ISO/, 'Known'))),
    ).toEqual([]);
    expect(fields.filter((name) => !/^[a-z][A-Za-z0-9]*$/.test(name))).toEqual([]);
    // Commands are named as the mutations are, everything else in capitals.
    expect(values.filter((name) => !/^([A-Z][A-Z0-9_]*|[a-z][A-Za-z]*)$/.test(name))).toEqual([]);
  });
});

describe('mutations', () => {
  it('are named by a verb and what it acts on', () => {
    const verbs =
      /^(accept|acknowledge|add|advance|answer|appeal|assign|attest|cancel|change|choose|claim|close|complete|confirm|correct|countersign|create|deactivate|declare|decline|extend|fail|give|invite|leave|lower|mark|match|move|order|ping|plan|propose|publish|put|raise|ratify|record|refuse|register|reinstate|release|remove|reopen|replay|report|request|rescind|resend|reset|respond|return|revoke|rotate|save|screen|send|set|sign|start|stop|submit|surrender|suspend|update|verify|withdraw|write)([A-Z]|$)/;
    expect(mutations.map(({ name }) => name).filter((name) => !verbs.test(name))).toEqual([]);
  });

  it('take one required input, or nothing when there is nothing to say', () => {
    const others = mutations.filter(
      ({ args }) => args.length > 0 && !/^input: \w+Input!$/.test(argumentsOf(args).join(', ')),
    );
    expect(others.map(({ name, args }) => `${name}(${argumentsOf(args).join(', ')})`)).toEqual([]);
    expect(mutations.filter(({ args }) => args.length === 0).map(({ name }) => name)).toEqual(['signOut']);
  });

  it('always answer a payload, which says why nothing was changed', () => {
    const others = mutations.filter(({ type }) => !/^\w+Payload!$/.test(String(type)));
    expect(others.map(({ name, type }) => `${name}: ${String(type)}`)).toEqual([]);
    const silent = named(/Payload$/).filter((type) => String(fieldsOf(type).errors?.type) !== '[UserError!]!');
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('answer everything but the errors as nullable, so that a refusal can be answered at all', () => {
    const required = named(/Payload$/).flatMap((type) =>
      Object.entries(fieldsOf(type))
        .filter(([name, field]) => name !== 'errors' && isNonNullType(field.type))
        .map(([name]) => `${type.name}.${name}`),
    );
    expect(required).toEqual([]);
  });
});

describe('lists', () => {
  it('that can grow are connections as Relay has them, with their four arguments', () => {
    for (const type of named(/Connection$/)) {
      const name = type.name.replace(/Connection$/, '');
      const shape = Object.fromEntries(Object.entries(fieldsOf(type)).map(([key, { type: of }]) => [key, String(of)]));
      expect(shape).toMatchObject({
        edges: `[${name}Edge!]!`,
        nodes: `[${name}!]!`,
        pageInfo: 'PageInfo!',
        totalCount: 'Int!',
      });
      const edge = schema.getType(`${name}Edge`);
      const edgeShape = edge && fieldsOf(edge);
      expect([String(edgeShape?.cursor?.type), String(edgeShape?.node?.type)]).toEqual(['String!', `${name}!`]);
    }
    const all = [...queries, ...types.filter(isObjectType).flatMap((type) => Object.values(type.getFields()))];
    const connections = all.filter(({ type }) => getNamedType(type).name.endsWith('Connection'));
    expect(connections.length).toBeGreaterThan(0);
    for (const { name, args } of connections) {
      expect([name, argumentsOf(args)]).toEqual([
        name,
        expect.arrayContaining(['first: Int', 'after: String', 'last: Int', 'before: String']),
      ]);
    }
  });

  it('never hold nulls', () => {
    const holes = types.filter(isObjectType).flatMap((type) =>
      Object.values(type.getFields())
        .filter(({ type: of }) => {
          const list = isNonNullType(of) ? of.ofType : of;
          return isListType(list) && !isNonNullType(list.ofType);
        })
        .map(({ name }) => `${type.name}.${name}`),
    );
    expect(holes).toEqual([]);
  });
});

describe('ids', () => {
  it('are required and of type ID in whatever is a Node', () => {
    const others = types
      .filter(isObjectType)
      .filter((type) => type.getInterfaces().some(({ name }) => name === 'Node'))
      .filter((type) => String(type.getFields().id?.type) !== 'ID!');
    expect(others.map(({ name }) => name)).toEqual([]);
  });

  it('belong to a Node; only events have an id and are not found by it', () => {
    const others = types
      .filter(isObjectType)
      .filter((type) => type.getFields().id && !type.getInterfaces().some(({ name }) => name === 'Node'));
    expect(others.map(({ name }) => name)).toEqual(['TimelineEvent']);
  });

  it('in inputs are of type ID', () => {
    const others = types
      .filter(isInputObjectType)
      .flatMap((type) =>
        Object.values(type.getFields()).map((field) => ({ path: `${type.name}.${field.name}`, field })),
      )
      .filter(({ field }) => /(^id|Ids?)$/.test(field.name) && getNamedType(field.type).name !== 'ID');
    expect(others.map(({ path }) => path)).toEqual([]);
  });
});
