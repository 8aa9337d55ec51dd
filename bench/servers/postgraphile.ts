import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import { Pool } from 'pg';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { jsonPgSmartTags } from 'postgraphile/utils';
import { benchedServer } from './benched-server.js';

/**
 * PostGraphile over the portal's own tables. It looks up the session, as the portal does, and nothing more: it has no
 * row-level security here and answers whatever it is asked, which is less than the portal does.
 */
const { port, databaseUrl, poolSize } = benchedServer();
const pool = new Pool({ connectionString: databaseUrl, max: poolSize, options: '-c TimeZone=UTC' });

const session = `select user_id from auth_session where token = $1 and expires_at > now()`;

/** @throws Error for a stranger */
async function requireSession(authorization: string | undefined): Promise<void> {
  const token = authorization?.slice('Bearer '.length) ?? '';
  const { rowCount } = await pool.query({ name: 'session', text: session, values: [hash('sha256', token)] });
  if (rowCount !== 1) throw new Error('Sign in first.');
}

/** The queue's index is partial, so PostGraphile has to be told; and timelines have no foreign key to be found. */
const tags = jsonPgSmartTags({
  version: 1,
  config: {
    class: {
      timeline_event: { tags: { foreignKey: ['(application_id) references application (id)'] } },
      application: {
        attribute: {
          queue: { tags: { behavior: ['+attribute:filterBy'] } },
          due_at: { tags: { behavior: ['+attribute:orderBy'] } },
        },
      },
    },
  },
});

const server = createServer();
const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: [tags],
  pgServices: [makePgService({ pool, schemas: ['public'], pubsub: false })],
  grafserv: { graphqlPath: '/graphql', graphiql: false, websockets: false, watch: false, outputDataAsString: true },
  grafast: {
    explain: false,
    context: async ({ node }) => {
      await requireSession(node?.req.headers.authorization);
      return {};
    },
  },
});
await instance.createServ(grafserv).addTo(server);
await instance.getSchema();
server.listen(port, '127.0.0.1', () => process.stdout.write('ready\n'));
