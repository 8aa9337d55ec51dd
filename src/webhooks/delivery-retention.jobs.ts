import { sql } from 'kysely';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import type { Queue } from '../platform/jobs.js';
import { monthsBefore } from '../platform/months.js';

export interface DeliveryRetentionParts {
  readonly database: Database;
  readonly clock: Clock;
  /** How long deliveries are kept, by when their events happened. */
  readonly months: number;
  readonly teller: { info(fields: object, message: string): void };
}

/**
 * Every day, drops the months of deliveries, with their attempts, that lie wholly before the time they are kept for. A
 * month in which something is still to be delivered stays, and those after it.
 */
export function deliveryRetention({ database, clock, months, teller }: DeliveryRetentionParts): Queue<object> {
  return {
    name: 'webhooks.retention',
    retryLimit: 5,
    retryDelaySeconds: 300,
    expireInSeconds: 300,
    concurrency: 1,
    schedule: '31 2 * * *',
    async handle() {
      const before = monthsBefore(clock.now(), months).toISOString().slice(0, 'YYYY-MM'.length);
      const dropped = await sql<{
        name: string;
      }>`select name from webhook_drop_months(${`${before}-01`}) as name`.execute(database.kysely());
      const partitions = dropped.rows.map(({ name }) => name);
      if (partitions.length > 0) teller.info({ partitions }, 'Months of webhook deliveries were dropped');
    },
  };
}
