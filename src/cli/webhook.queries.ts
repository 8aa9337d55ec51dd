import { sql } from 'kysely';
import type { RawSql } from '../platform/database/database.js';

/** A webhook endpoint as the command line shows it. Ids are database ids. */
export interface ListedEndpoint {
  readonly id: string;
  /** The legal name of whose it is; null for the operator's own. */
  readonly organization: string | null;
  readonly url: string;
  readonly status: string;
  readonly pending: number;
  readonly failed: number;
}

/** Every endpoint that was not removed, oldest first. */
export async function listedEndpoints(database: RawSql): Promise<readonly ListedEndpoint[]> {
  const found = await sql<ListedEndpoint>`select e.id, o.legal_name as organization, e.url, e.status,
      (select count(*)::int from webhook_delivery as d where d.endpoint_id = e.id and d.status = 'PENDING') as pending,
      (select count(*)::int from webhook_delivery as d where d.endpoint_id = e.id and d.status = 'FAILED') as failed
    from webhook_endpoint as e left join organization as o on o.id = e.organization_id
    where e.status <> 'REMOVED' order by e.id`.execute(database);
  return found.rows;
}

/** A delivery that was given up. Ids are database ids. */
export interface FailedDelivery {
  readonly id: string;
  readonly event: string;
  readonly url: string;
  readonly attempts: number;
  /** When it was tried last, and what came of it; null when the attempts are not on record any more. */
  readonly lastTried: string | null;
  readonly failure: string | null;
}

/** The newest deliveries that were given up, at most so many. */
export async function failedDeliveries(database: RawSql, limit: number): Promise<readonly FailedDelivery[]> {
  const found = await sql<FailedDelivery>`select d.id, d.event, e.url, d.attempts,
      to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "lastTried", a.failure
    from webhook_delivery as d join webhook_endpoint as e on e.id = d.endpoint_id
    left join webhook_attempt as a on a.delivery_id = d.id and a.number = d.attempts
    where d.status = 'FAILED' order by d.id desc limit ${limit}`.execute(database);
  return found.rows;
}
