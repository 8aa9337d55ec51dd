import './resolve-typescript.cjs';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Client } from 'pg';
import { entities, tablesWithoutEntity } from '../../src/entities.js';
import { migrateUp } from '../../src/platform/database/migrations.js';
import { openEmbeddedDatabase, openPostgresDatabase } from '../../src/platform/database/open.js';
import { runIdVariable, type Template, templateOf, urlOf } from './template.js';

/** Migrates one database for the whole run: copying it is much faster than migrating again for every test file. */
export default async function migrateTemplate(): Promise<void> {
  const runId = randomBytes(4).toString('hex');
  process.env[runIdVariable] = runId;
  const template = templateOf(runId);
  await (template.serverUrl ? migrateOnServer(template, template.serverUrl) : migrateEmbedded(template));
}

async function migrateEmbedded(template: Template): Promise<void> {
  const database = await openEmbeddedDatabase({ folder: 'memory', entities, tablesWithoutEntity });
  try {
    await migrateUp(database);
    const dump = await database.pglite?.dumpDataDir('none');
    if (!dump) throw new Error('The embedded database gave no dump.');
    writeFileSync(template.dumpFile, Buffer.from(await dump.arrayBuffer()));
  } finally {
    await database.close();
  }
}

async function migrateOnServer(template: Template, serverUrl: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(`create database ${template.databaseName}`);
  } finally {
    await client.end();
  }
  const database = await openPostgresDatabase({
    url: urlOf(serverUrl, template.databaseName),
    poolSize: 2,
    entities,
    tablesWithoutEntity,
    statementTimeoutMs: 0,
    applicationName: 'sallyport-test-setup',
  });
  try {
    await migrateUp(database);
  } finally {
    await database.close();
  }
}
