import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Config, readConfig } from '../../src/config.js';
import { freePort } from '../../src/demo/demo-portal.js';
import { openDatabase } from '../../src/open-database.js';
import type { Database } from '../../src/platform/database/open.js';
import { createLog } from '../../src/platform/logging.js';

/** Where a portal lives for one trial: a folder, a port, a database, and nothing that stays behind. */
export interface Premises {
  readonly isEmbedded: boolean;
  readonly url: string;
  /** What every process of the portal is started with. */
  readonly environment: Readonly<Record<string, string>>;
  readonly config: Config;
  /** Opens the database from this process; an embedded one only while no process of the portal runs. */
  openDatabase(): Promise<Database>;
}

/**
 * @param serverUrl the server on which a database is made, null for an embedded one
 * @param leftovers takes what must be removed in the end
 */
export async function openPremises(
  serverUrl: string | null,
  webhookHost: string,
  leftovers: AsyncDisposableStack,
): Promise<Premises> {
  const databaseUrl = serverUrl === null ? null : await createDatabase(serverUrl, leftovers);
  return furnish(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }, webhookHost, leftovers);
}

/** @param database the variables that name the database, if it is not the embedded one */
export async function furnish(
  database: Readonly<Record<string, string>>,
  webhookHost: string,
  leftovers: AsyncDisposableStack,
): Promise<Premises> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-trial-'));
  leftovers.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const environment = {
    NODE_ENV: 'production',
    DATA_DIR: dataDir,
    PORT: String(port),
    PUBLIC_URL: url,
    SECRET_KEY: randomBytes(32).toString('base64'),
    WEBHOOK_ALLOWED_HOSTS: webhookHost,
    LOG_LEVEL: 'warn',
    LOG_FORMAT: 'json',
    ...database,
  };
  const config = readConfig(environment);
  return {
    isEmbedded: config.databaseUrl === null,
    url,
    environment,
    config,
    openDatabase: () => openDatabase(config, createLog({ level: 'silent', format: 'json' })),
  };
}

async function createDatabase(serverUrl: string, leftovers: AsyncDisposableStack): Promise<string> {
  const name = `sallyport_faults_${randomBytes(4).toString('hex')}`;
  await onServer(serverUrl, `create database ${name}`);
  leftovers.defer(() => onServer(serverUrl, `drop database ${name} with (force)`));
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
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
