import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { entities, tablesWithoutEntity } from '../../src/entities.js';
import {
  type Database,
  type EntityList,
  openEmbeddedDatabase,
  openPostgresDatabase,
} from '../../src/platform/database/open.js';
import { currentTemplate, readDump, urlOf } from './template.js';

/** A database of one test file's own. */
export interface TestDatabase extends Database {
  /** The address for parts that open connections of their own, such as the job queue; none when embedded. */
  readonly url?: string;
}

export interface TestDatabaseOptions {
  /** In place of the portal's entities. */
  readonly entities?: EntityList;
  /** Begin with an empty database instead of a migrated one. */
  readonly empty?: boolean;
  /** How many connections the pool may have on a server. */
  readonly poolSize?: number;
}

/**
 * Opens a migrated database that nobody else uses: embedded, or on the server that `TEST_DATABASE_URL` names.
 * `close()` removes it. Open one in `beforeAll`, close it in `afterAll`.
 */
export async function openTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const template = currentTemplate();
  const shape = { entities: options.entities ?? entities, tablesWithoutEntity };
  if (template.serverUrl) return onServer(template.serverUrl, template.databaseName, options, shape);
  const dump = options.empty ? {} : { template: readDump(template.dumpFile) };
  return openEmbeddedDatabase({ folder: 'memory', ...shape, ...dump });
}

async function onServer(
  serverUrl: string,
  templateName: string,
  options: TestDatabaseOptions,
  shape: { entities: EntityList; tablesWithoutEntity: readonly (string | RegExp)[] },
): Promise<TestDatabase> {
  const name = `${templateName}_${randomBytes(4).toString('hex')}`;
  await onAdministrativeConnection(serverUrl, async (client) => {
    await client.query(`create database ${name} template ${options.empty ? 'template0' : templateName}`);
  });
  const url = urlOf(serverUrl, name);
  const database = await openPostgresDatabase({
    url,
    poolSize: options.poolSize ?? 8,
    ...shape,
    statementTimeoutMs: 30_000,
    applicationName: 'sallyport-test',
  });
  const close = async (): Promise<void> => {
    await database.close();
    await onAdministrativeConnection(serverUrl, async (client) => {
      await client.query(`drop database if exists ${name} with (force)`);
    });
  };
  return { ...database, url, close };
}

async function onAdministrativeConnection(serverUrl: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
