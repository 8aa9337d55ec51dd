import { type RawBuilder, sql } from 'kysely';
import { byJob } from '../doorway/by-job.js';
import type { Doorway } from '../doorway/doorway.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import type { Ids } from '../platform/ids.js';
import type { Queue } from '../platform/jobs.js';
import { applyReleaseQueue } from '../products/release-job.js';
import type { PageOfGrants } from './grants-of-product.js';
import { letIn } from './letting-in.commands.js';
import { applyRelease } from './release.commands.js';
import { addConditions } from './release-conditions.commands.js';
import { shutGrantsSql } from './suspension.queries.js';

/** Empty when it is time to look, whatever happened. */
interface ReleaseJob {
  /** The products of which something else is ordered now. */
  readonly productCodes?: readonly string[];
}

/**
 * Marks the grants that their product's release has shut: at once when a directive is put in force, and each minute for
 * those that take effect or end by themselves, and for what a crash has left over. Then adds the conditions that are new,
 * and lets in what was approved in principle and is permitted now.
 */
export function releaseApplication(parts: {
  readonly doorway: Doorway;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
}): Queue<ReleaseJob> {
  const { doorway, database, clock, ids } = parts;
  const context = () => byJob(applyReleaseQueue, ids);
  return {
    name: applyReleaseQueue,
    retryLimit: 10,
    retryDelaySeconds: 1,
    expireInSeconds: 900,
    concurrency: 1,
    schedule: '* * * * *',
    async handle({ productCodes = [] }, signal) {
      const shut = await productsWithShutGrants(database, clock.now());
      for (const productCode of shut) {
        for (let seen = 1; seen > 0; ) {
          signal.throwIfAborted();
          ({ seen } = await doorway.execute(applyRelease, { productCode }, context()));
        }
      }
      for (const productCode of new Set([...shut, ...productCodes])) {
        await pageThrough(addConditions, productCode, signal);
      }
      for (const productCode of await productsApprovedInPrinciple(database)) {
        await pageThrough(letIn, productCode, signal);
      }
    },
  };

  async function pageThrough(command: PageOfGrants, productCode: string, signal: AbortSignal): Promise<void> {
    for (let after: string | null = null, isMore = true; isMore; ) {
      signal.throwIfAborted();
      const { last }: { last: string | null } = await doorway.execute(command, { productCode, after }, context());
      [after, isMore] = [last, last !== null];
    }
  }
}

function productsApprovedInPrinciple(database: Database): Promise<readonly string[]> {
  return codes(
    database,
    sql<{
      code: string;
    }>`select distinct product_code as code from access_grant where status = 'APPROVED_IN_PRINCIPLE' order by product_code`,
  );
}

function productsWithShutGrants(database: Database, now: Date): Promise<readonly string[]> {
  const shut = shutGrantsSql(sql.ref('p.code'), sql`${now}::timestamptz`);
  return codes(database, sql<{ code: string }>`select p.code from product as p where exists (${shut}) order by p.code`);
}

async function codes(database: Database, statement: RawBuilder<{ code: string }>): Promise<readonly string[]> {
  const found = await statement.execute(database.kysely());
  return found.rows.map(({ code }) => code);
}
