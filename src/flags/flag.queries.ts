import { sql } from 'kysely';
import type { Eyes, Projection, Read, Viewer } from '../api/eyes.js';
import { isNoStaff, isSeenByStaff } from '../api/visibility.js';
import { personWhoseIdIs } from '../identity/identity.queries.js';
import type { RawSql } from '../platform/database/database.js';
import {
  column,
  idColumn,
  type ManyField,
  momentColumn,
  oldestFirst,
  type Row,
  type Sql,
} from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';

/** What can be raised; for staff. */
export const flagDefinitionProjection: Projection = {
  type: 'FlagDefinition',
  table: 'flag_definition',
  visible: (_row, eyes) => (eyes.seesEveryOrganization ? sql`true` : sql`false`),
  fields: {
    id: idColumn('flagdefinition'),
    key: column('key'),
    label: column('label'),
    colour: column('colour'),
    description: column('description'),
    retiredAt: momentColumn('retired_at'),
    createdAt: momentColumn('created_at'),
    updatedAt: momentColumn('updated_at'),
    version: column('version'),
  },
};

/** Nothing of this exists for partners, nor for staff as to organizations they belong to. */
export const flagProjection: Projection = {
  type: 'Flag',
  table: 'flag',
  visible: (row, eyes) => isSeenByStaff(row('organization_id'), eyes),
  fields: {
    id: idColumn('flag'),
    definition: {
      kind: 'one',
      to: () => flagDefinitionProjection,
      on: (row, definition) => sql`${definition('id')} = ${row('definition_id')}`,
    },
    organizationId: idColumn('organization', 'organization_id'),
    applicationId: idColumn('application', 'application_id'),
    reason: column('reason'),
    rule: column('rule_key'),
    raisedBy: personWhoseIdIs('raised_by'),
    raisedAt: momentColumn('raised_at'),
    expiresAt: momentColumn('expires_at'),
    loweredAt: momentColumn('lowered_at'),
    loweredBy: personWhoseIdIs('lowered_by'),
    loweredReason: column('lowered_reason'),
  },
};

/** Is the flag up? One that has expired is not, whether or not a job has lowered it since. */
export function isUp(flag: Row, now: Sql): Sql {
  return sql`(${flag('lowered_at')} is null and (${flag('expires_at')} is null or ${flag('expires_at')} > ${now}))`;
}

/** The flags that are up where `on` says; none for whoever is no staff. */
export function flagsThatAreUp(on: (row: Row, flag: Row) => Sql): ManyField<Eyes, Viewer> {
  return {
    kind: 'list',
    to: () => flagProjection,
    on: (row, flag, eyes) => sql`${on(row, flag)} and ${isUp(flag, eyes.now)}`,
    order: oldestFirst,
    hiddenFrom: isNoStaff,
  };
}

export const flagById: Read = byGivenId(() => flagProjection);
export const flagDefinitionById: Read = byGivenId(() => flagDefinitionProjection);

/** What the queries of the same names answer. */
export const flagReads = {
  flagDefinitions: {
    kind: 'list',
    of: () => flagDefinitionProjection,
    where: () => sql`true`,
    order: oldestFirst,
    nullFor: isNoStaff,
  },
} as const satisfies Record<string, Read>;

/** Whose a place is on which a flag could be raised, and whether staff know of it; null when there is none. */
export async function placeOfFlag(
  database: RawSql,
  { organizationId, applicationId }: { readonly organizationId: string | null; readonly applicationId: string | null },
): Promise<{ readonly organizationId: string; readonly isSubmitted: boolean } | null> {
  const found = await sql<{ organizationId: string; isSubmitted: boolean }>`
    select a.organization_id as "organizationId", a.submitted_at is not null as "isSubmitted"
    from application as a where a.id = ${applicationId}
    union all select o.id, true from organization as o where o.id = ${organizationId}`.execute(database);
  return found.rows[0] ?? null;
}

/** Flags that have expired and were not lowered yet, those first whose time was over first. */
export async function expiredFlags(database: RawSql, now: Date, most: number): Promise<readonly string[]> {
  const found = await sql<{ id: string }>`select id from flag
    where lowered_at is null and expires_at <= ${now} order by expires_at limit ${most}`.execute(database);
  return found.rows.map(({ id }) => id);
}

/** The keys of the flags that can be raised. */
export async function flagKeys(database: RawSql): Promise<readonly string[]> {
  const found = await sql<{ key: string }>`
    select key from flag_definition where retired_at is null order by key`.execute(database);
  return found.rows.map(({ key }) => key);
}
