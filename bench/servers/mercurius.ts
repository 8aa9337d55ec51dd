import { hash } from 'node:crypto';
import fastify, { type FastifyRequest } from 'fastify';
import mercurius, { type MercuriusContext } from 'mercurius';
import { Pool } from 'pg';
import { benchedServer } from './benched-server.js';
import { byFunctions } from './limit/json.js';
import { readsBy } from './limit/reads.js';
import { receive } from './limit/transit.js';

declare module 'mercurius' {
  interface MercuriusContext {
    tokenHash: string;
  }
}

/**
 * Mercurius with its JIT, and the hand-written statements of the limit behind each root field: what a team would have
 * that writes its resolvers by hand. Its types are those of the portal, as far as they are asked for.
 */
const { port, databaseUrl, poolSize } = benchedServer();
const pool = new Pool({ connectionString: databaseUrl, max: poolSize, options: '-c TimeZone=UTC' });
const reads = readsBy(byFunctions);

const schema = `
  type Query {
    queue(name: String!, first: Int): ApplicationConnection!
    application(id: ID!): Application
    applications(search: String, first: Int): ApplicationConnection!
    viewer: Viewer!
    queues: [QueueSummary!]!
    grant(id: ID!): Grant
  }
  type ApplicationConnection { nodes: [Application!]! pageInfo: PageInfo! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type Application {
    id: ID! reference: String! status: String! dueAt: String submittedAt: String version: Int!
    organization: Organization! program: Program! assignee: StaffMember documents: [Document!]!
    timeline(first: Int): TimelineEventConnection!
  }
  type Organization { id: ID! legalName: String! country: String! sector: String! }
  type Program { code: String! name: String! }
  type StaffMember { person: Person! }
  type Person { id: ID! name: String! }
  type Document { id: ID! fileName: String! mediaType: String! size: Float! sha256: String! status: String! completedAt: String }
  type TimelineEventConnection { nodes: [TimelineEvent!]! }
  type TimelineEvent { id: ID! type: String! occurredAt: String! }
  type Viewer { kind: String! person: Person memberships: [Membership!]! }
  type Membership { organizationId: ID! role: String! }
  type QueueSummary { name: String! waiting: Int! overdue: Int! unassigned: Int! oldestDueAt: String }
  type Grant { id: ID! status: String! isUsable: Boolean! endsAt: String! }
`;

type Variables = Readonly<Record<string, unknown>>;

/** Resolves a root field with the statement of this name. */
function resolvedBy(name: string, field: string) {
  const read = reads[name];
  if (!read) throw new Error(`There is no statement ${name}.`);
  return async (_root: unknown, variables: Variables, { tokenHash }: MercuriusContext): Promise<unknown> => {
    const values = read.values(variables);
    if (!values) throw new Error('Bad request.');
    const question = { name, text: read.text, values: [tokenHash, ...values], rowMode: 'array' as const };
    const { rows } = await pool.query<[string]>(question);
    const [row] = rows;
    if (!row) throw new Error('Sign in first.');
    const answer: Readonly<Record<string, unknown>> = JSON.parse(receive(row[0]));
    return answer[field];
  };
}

const listed = resolvedBy('list', 'applications');
const found = resolvedBy('search', 'applications');

const app = fastify();
await app.register(mercurius, {
  schema,
  jit: 1,
  graphiql: false,
  context: (request: FastifyRequest) => ({
    tokenHash: hash('sha256', request.headers.authorization?.slice('Bearer '.length) ?? ''),
  }),
  resolvers: {
    Query: {
      queue: resolvedBy('queue', 'queue'),
      application: resolvedBy('detail', 'application'),
      applications: (root: unknown, variables: Variables, context: MercuriusContext) =>
        (variables.search === undefined ? listed : found)(root, variables, context),
      viewer: resolvedBy('me', 'viewer'),
      queues: resolvedBy('queues', 'queues'),
      grant: resolvedBy('grant', 'grant'),
    },
  },
});
await app.listen({ port, host: '127.0.0.1' });
process.stdout.write('ready\n');
