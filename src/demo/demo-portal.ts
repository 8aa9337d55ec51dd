import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { readConfig } from '../config.js';
import { entities, tablesWithoutEntity } from '../entities.js';
import { type FirstStart, prepareFirstStart } from '../first-start.js';
import { openDatabase } from '../open-database.js';
import { type Clock, systemClock } from '../platform/clock.js';
import { migrateUp } from '../platform/database/migrations.js';
import { openEmbeddedDatabase } from '../platform/database/open.js';
import { createLog } from '../platform/logging.js';
import { createPortal, type Portal } from '../portal.js';

/** A portal that is there for one story and is gone afterwards, with everything it kept. */
export interface DemoPortal {
  readonly url: string;
  readonly portal: Portal;
  readonly databaseDescription: string;
  readonly mailFolder: string;
  readonly first: FirstStart;
  /** Its embedded database as it was before anything happened, for another portal to begin with. */
  readonly beginning: Blob | null;
  /** The variables with which other processes find what it keeps. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends the portal and leaves what it kept, for other processes to look at. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a portal on a free port with a database of its own: embedded in a temporary folder, or, with DATABASE_URL, a
 * database that is made on that server and dropped at the end.
 */
export async function openDemoPortal(
  webhookHosts: readonly string[],
  { clock = systemClock, beginning = null }: { readonly clock?: Clock; readonly beginning?: Blob | null } = {},
): Promise<DemoPortal> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-demo-'));
  const served = process.env.DATABASE_URL ? await createDatabase(process.env.DATABASE_URL) : null;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const environment = {
    NODE_ENV: 'test',
    DATA_DIR: dataDir,
    PUBLIC_URL: url,
    SECRET_KEY: randomBytes(32).toString('base64'),
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
    ...(served ? { DATABASE_URL: served.url } : {}),
    ...(served && process.env.DATABASE_POOLER ? { DATABASE_POOLER: process.env.DATABASE_POOLER } : {}),
  };
  const config = readConfig({ ...environment, PORT: String(port), WEBHOOK_ALLOWED_HOSTS: webhookHosts.join(',') });
  const log = createLog({ level: config.logLevel, format: config.logFormat });
  const database = beginning
    ? await openEmbeddedDatabase({ folder: dataDir, entities, tablesWithoutEntity, log, template: beginning })
    : await openDatabase(config, log);
  await migrateUp(database);
  const asItBegan = beginning ?? (await database.pglite?.dumpDataDir('none')) ?? null;
  const portal = await createPortal(config, { log, database, clock, webhookRetries: [200, 400, 800] });
  await portal.start();
  const first = await prepareFirstStart(portal);
  if (!first) throw new Error('The new database is not empty.');
  let stopped: Promise<void> | null = null;
  const stop = () => {
    stopped ??= portal.stop(5_000).then(() => database.close());
    return stopped;
  };
  return {
    url,
    portal,
    databaseDescription: database.description,
    mailFolder: join(dataDir, 'mail'),
    first,
    beginning: asItBegan,
    environment,
    stop,
    async close() {
      await stop();
      await served?.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function createDatabase(serverUrl: string): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `sallyport_demo_${randomBytes(4).toString('hex')}`;
  await onServer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(serverUrl, `drop database ${name} with (force)`) };
}

async function onServer(serverUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A port that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  if (typeof address !== 'object' || !address) throw new Error('The system gave no port.');
  return address.port;
}
