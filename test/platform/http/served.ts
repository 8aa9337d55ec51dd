import { buildSchema, type GraphQLFieldResolver, GraphQLScalarType, type GraphQLSchema, isObjectType } from 'graphql';
import { createHttpServer, type HttpServer, type HttpServerOptions } from '../../../src/platform/http/server.js';
import { createLog } from '../../../src/platform/logging.js';

/** What the resolvers of the schema below are given. */
export interface TestContext {
  readonly actor: { readonly kind: string };
}

export type Resolvers = Readonly<Record<string, GraphQLFieldResolver<unknown, TestContext>>>;

const typeDefinitions = /* GraphQL */ `
  scalar Moment
  enum Color { RED GREEN }
  interface Node { id: ID! }
  type Query {
    hello: String
    shout(word: Int!): String
    me: Person
    node(id: ID!): Node
    people(first: Int, after: String, last: Int): PersonConnection
    fails: String
    color: Color
  }
  type Mutation {
    save(input: SaveInput!): String
    fails: String!
  }
  input SaveInput { name: String! secret: Int color: Color at: Moment tags: [Color!] inner: SaveInput }
  type Person implements Node { id: ID! name: String friend: Person people(first: Int, last: Int): PersonConnection! notes: [Note!]! }
  type Note { text: String author: Person }
  type PersonConnection { nodes: [Person!]! edges: [PersonEdge!]! totalCount: Int }
  type PersonEdge { cursor: String node: Person! }
`;

export function testSchema(query: Resolvers = {}, mutation: Resolvers = {}): GraphQLSchema {
  const schema = buildSchema(typeDefinitions);
  const resolvers = { Query: { hello: () => 'world', ...query }, Mutation: { save: () => 'saved', ...mutation } };
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) continue;
    for (const [name, resolve] of Object.entries(fields)) {
      const field = type.getFields()[name];
      if (field) field.resolve = resolve;
    }
  }
  const moment = schema.getType('Moment');
  if (moment instanceof GraphQLScalarType) {
    moment.parseValue = (value) => {
      throw new Error(`no moment: ${value}`);
    };
  }
  return schema;
}

export type LogLine = Readonly<Record<string, unknown>>;

export interface Served {
  readonly url: string;
  readonly server: HttpServer;
  /** Every line logged so far. */
  readonly lines: readonly LogLine[];
  /** The first line that holds these values, however long it takes to come. */
  line(wanted: LogLine): Promise<LogLine>;
  post(body: unknown, headers?: Record<string, string>): Promise<Answer>;
  query(query: string, variables?: Record<string, unknown>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly data: Record<string, unknown> | null | undefined;
  readonly errors: readonly AnsweredError[];
}

export interface AnsweredError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

const open: HttpServer[] = [];

/** Ends every server that `serve` started. */
export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((server) => server.close(1000)));
}

/** Starts a server on a free port. */
export async function serve(options: Partial<HttpServerOptions<TestContext>> = {}): Promise<Served> {
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  const log = createLog(
    { level: 'debug', format: 'json' },
    {
      write(text: string) {
        lines.push(JSON.parse(text));
        for (const look of [...waiting]) look();
      },
    },
  );
  const server = await createHttpServer<TestContext>({
    schema: testSchema(),
    contextOf: async () => ({ actor: { kind: 'NOBODY' } }),
    ready: async () => [],
    publicUrl: 'https://portal.example',
    allowedOrigins: ['https://admin.example'],
    trustedProxies: 0,
    introspection: true,
    page: false,
    log,
    ...options,
  });
  open.push(server);
  const { url } = await server.listen({ host: '127.0.0.1', port: 0 });

  const post = async (body: unknown, headers: Record<string, string> = {}) =>
    answerOf(
      await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    );
  const line = (wanted: LogLine) =>
    new Promise<LogLine>((resolve) => {
      const look = () => {
        const found = lines.find((one) => Object.entries(wanted).every(([key, value]) => one[key] === value));
        if (!found) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return { url, server, lines, line, post, query: (query, variables) => post({ query, variables }) };
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const parsed = text === '' ? {} : JSON.parse(text);
  return {
    status: response.status,
    headers: response.headers,
    text,
    data: parsed.data,
    errors: parsed.errors ?? [],
  };
}

/** A promise and the function that fulfils it. */
export function signal(): { readonly promise: Promise<void>; readonly send: () => void } {
  let send = () => {};
  const promise = new Promise<void>((resolve) => {
    send = resolve;
  });
  return { promise, send: () => send() };
}
