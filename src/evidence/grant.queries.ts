import { sql } from 'kysely';
import { isPermittedSql } from '../grants/release-ruling.queries.js';
import { scopeColumns } from '../organizations/scope.queries.js';
import type { RawSql } from '../platform/database/database.js';
import type { GrantEventLine, GrantFactsLine } from './archive-lines.js';
import { moment } from './evidence-sql.queries.js';
import { uuidOf } from './typed-id.js';

/** How many grants are held in memory at once. */
const pageSize = 250;

export interface GrantWithEvents {
  readonly grant: GrantFactsLine;
  readonly events: readonly GrantEventLine[];
}

/** The grants of a product that began before a moment, with what happened to each, a page at a time. */
export async function* grantsOf(
  database: RawSql,
  productCode: string,
  { to, until }: { readonly to: Date; readonly until: Date },
): AsyncGenerator<readonly GrantWithEvents[]> {
  for (let last: string | null = null; ; ) {
    const found: { readonly rows: readonly GrantFactsLine[] } = await sql<GrantFactsLine>`
      select g.id, g.reference, (select json_build_object('id', s.id, 'legalName', o.legal_name, 'country', s.country, 'sector', s.sector,
          'isOperator', s."isOperator") from (select ${scopeColumns}) as s) as organization, p.name as program, g.application_id as "applicationId",
        g.decision_id as "decisionId", ${moment('g.starts_at')} as "startsAt", ${moment('g.ends_at')} as "endsAt",
        g.conditions, g.status, (g.status = 'ACTIVE' and g.starts_at <= ${until} and g.ends_at > ${until}
          and ${isPermittedSql((name) => sql.ref(`g.${name}`), sql`${until}::timestamptz`)}) as "isUsable"
      from access_grant as g join organization as o on o.id = g.organization_id join program as p on p.id = g.program_id
      where g.product_code = ${productCode} and g.starts_at < ${to}
        and (${last}::uuid is null or g.id > ${last}::uuid)
      order by g.id limit ${pageSize}`.execute(database);
    const grants = found.rows;
    const events = await eventsOf(database, grants);
    yield grants.map((grant) => ({ grant, events: events.get(grant.id) ?? [] }));
    if (grants.length < pageSize) return;
    last = grants.at(-1)?.id ?? null;
  }
}

/** From timelines, which are copies of the log that stay when months of it are dropped. */
async function eventsOf(
  database: RawSql,
  grants: readonly GrantFactsLine[],
): Promise<ReadonlyMap<string, readonly GrantEventLine[]>> {
  const applications = grants.map(({ applicationId }) => applicationId);
  const found = await sql<{ sequence: string; at: string; event: string; payload: string }>`
    select e.sequence::text as sequence, ${moment('e.at')} as at, e.event, e.payload from timeline_event as e
    where e.application_id = any(${applications}::uuid[]) and e.event like 'grant.%' order by e.sequence`.execute(
    database,
  );
  const events = new Map<string, GrantEventLine[]>();
  for (const { sequence, payload, ...rest } of found.rows) {
    const { grantId, status } = JSON.parse(payload);
    const id = uuidOf(grantId);
    events.set(id, [...(events.get(id) ?? []), { sequence: Number(sequence), ...rest, status }]);
  }
  for (const list of events.values()) list.sort((a, b) => a.sequence - b.sequence);
  return events;
}
