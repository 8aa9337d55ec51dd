import { sql } from 'kysely';
import { byJob } from '../doorway/by-job.js';
import type { Doorway } from '../doorway/doorway.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import type { Ids } from '../platform/ids.js';
import type { Queue } from '../platform/jobs.js';
import { applyReleaseQueue } from '../products/release-job.js';
import { applyRelease } from './release.commands.js';
import { isShutSql } from './suspension.queries.js';

/**
 * Marks the grants that their product's release has shut: at once when a directive is put in force, and each minute for
 * those that take effect or end by themselves, and for what a crash has left over.
 */
export function releaseApplication(parts: {
  readonly doorway: Doorway;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
}): Queue<object> {
  const { doorway, database, clock, ids } = parts;
  return {
    name: applyReleaseQueue,
    retryLimit: 10,
    retryDelaySeconds: 1,
    expireInSeconds: 900,
    concurrency: 1,
    schedule: '* * * * *',
    async handle(_job, signal) {
      for (const productCode of await productsWithShutGrants(database, clock.now())) {
        for (let seen = 1; seen > 0; ) {
          signal.throwIfAborted();
          ({ seen } = await doorway.execute(applyRelease, { productCode }, byJob(applyReleaseQueue, ids)));
        }
      }
    },
  };
}

async function productsWithShutGrants(database: Database, now: Date): Promise<readonly string[]> {
  const isShut = isShutSql((name) => sql.ref(`g.${name}`), sql`${now}::timestamptz`);
  const found = await sql<{ code: string }>`select p.code from product as p where exists (select from access_grant as g
    where g.product_code = p.code and ${isShut}) order by p.code`.execute(database.kysely());
  return found.rows.map(({ code }) => code);
}
