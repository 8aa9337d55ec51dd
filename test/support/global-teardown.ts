import './resolve-typescript.cjs';
import { rmSync } from 'node:fs';
import { Client } from 'pg';
import { currentTemplate } from './template.js';

/** Removes the template of this run, and the copies of test files that ended without closing theirs. */
export default async function removeTemplate(): Promise<void> {
  const { serverUrl, databaseName, dumpFile } = currentTemplate();
  rmSync(dumpFile, { force: true });
  if (!serverUrl) return;
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const left = await client.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [databaseName],
    );
    for (const { datname } of left.rows) await client.query(`drop database ${datname} with (force)`);
  } finally {
    await client.end();
  }
}
