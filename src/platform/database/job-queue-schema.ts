import { getConstructionPlans, getMigrationPlans } from 'pg-boss';
import { jobQueueSchema } from './database.js';
import type { ScriptTransaction } from './script-transaction.js';

/** The version of the job queue's tables that the installed pg-boss works with. */
export const wantedVersion = Number(
  /INSERT INTO pgboss\.version\(version\) VALUES \('(\d+)'\)/.exec(getConstructionPlans(jobQueueSchema))?.[1],
);

/** The version of the job queue's tables in the database; null when there are none. */
export async function installedVersion(transaction: ScriptTransaction): Promise<number | null> {
  const [table] = await transaction.rows(`select to_regclass('${jobQueueSchema}.version') is not null as found`);
  if (table?.found !== true) return null;
  const [row] = await transaction.rows(`select version from ${jobQueueSchema}.version`);
  return Number(row?.version);
}

/** Makes the job queue's tables, or brings them to the wanted version. Call it only when they are not there yet. */
export async function installJobQueue(transaction: ScriptTransaction, installed: number | null): Promise<void> {
  const script =
    installed === null ? getConstructionPlans(jobQueueSchema) : getMigrationPlans(jobQueueSchema, installed);
  await transaction.run(withinTransaction(script));
  await transaction.run(uncountedNames);
}

/**
 * A queue is empty for hours and then holds a hundred thousand jobs. By what was counted of its name before, the planner
 * reads all the jobs of a queue to find one by its id; without, it goes by the size that the table has when it is asked.
 */
const uncountedNames = `alter table ${jobQueueSchema}.job_common alter column name set statistics 0`;

/** Takes the job queue's tables away with every job. */
export async function removeJobQueue(transaction: ScriptTransaction): Promise<void> {
  await transaction.run(`drop schema if exists ${jobQueueSchema} cascade`);
}

/**
 * pg-boss prints a script with a transaction of its own, followed by indexes that are built concurrently. Here it all
 * belongs to the transaction of the migrations, so that a failure leaves nothing behind; the indexes are built
 * at once, which the job table, being short-lived rows, can bear.
 */
function withinTransaction(script: string): string {
  const statements = script.replace(/^\s*BEGIN;/, '').replace(/^\s*COMMIT;\s*$/m, '');
  if (statements.length > script.length - 'BEGIN;COMMIT;'.length) {
    throw new Error('pg-boss no longer prints its schema as BEGIN; … COMMIT; - this code must be looked at again.');
  }
  return statements.replace(/\bINDEX CONCURRENTLY\b/gi, 'INDEX');
}
