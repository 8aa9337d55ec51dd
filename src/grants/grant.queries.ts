import { sql } from 'kysely';
import type { Viewer } from '../api/request.js';
import { isOwn } from '../api/visibility.js';
import { seesEveryGrant, standingOf } from '../lifecycle/actor.js';
import { availableGrantCommands, type GrantFacts, type GrantStatus } from '../lifecycle/grant.js';
import { organizationProjection } from '../organizations/organization.queries.js';
import type { PageArguments } from '../platform/reading/pagination.js';
import {
  column,
  idColumn,
  momentColumn,
  type Projection,
  type Row,
  readMoment,
} from '../platform/reading/projection.js';
import { type ReadingContext, type ReadObject, readConnection, readOne } from '../platform/reading/reader.js';
import type { Selection } from '../platform/reading/selection.js';
import { programProjection } from '../programs/program.queries.js';

export const grantProjection: Projection<Viewer> = {
  type: 'Grant',
  table: 'access_grant',
  visible: (row, viewer) => (seesEveryGrant(viewer.actor) ? sql`true` : isOwn(row('organization_id'), viewer)),
  fields: {
    id: idColumn('grant'),
    reference: column('reference'),
    status: column('status'),
    isUsable: {
      kind: 'value',
      sql: (row, viewer) =>
        sql`(${row('status')} = 'ACTIVE' and ${row('starts_at')} <= ${viewer.now} and ${row('ends_at')} > ${viewer.now})`,
    },
    applicationId: idColumn('application', 'application_id'),
    organizationId: idColumn('organization', 'organization_id'),
    organizationName: {
      kind: 'value',
      sql: (row) => sql`(select o.legal_name from organization o where o.id = ${row('organization_id')})`,
    },
    organization: {
      kind: 'one',
      to: () => organizationProjection,
      on: (row, organization) => sql`${organization('id')} = ${row('organization_id')}`,
    },
    program: {
      kind: 'one',
      to: () => programProjection,
      on: (row, program) => sql`${program('id')} = ${row('program_id')}`,
    },
    productCode: {
      kind: 'value',
      sql: (row) => sql`(select p.product_code from program p where p.id = ${row('program_id')})`,
    },
    conditions: column('conditions'),
    startsAt: momentColumn('starts_at'),
    endsAt: momentColumn('ends_at'),
    provisionedAt: momentColumn('provisioned_at'),
    deprovisionedAt: momentColumn('deprovisioned_at'),
    statusReason: column('status_reason'),
    availableCommands: {
      kind: 'value',
      sql: (row) => sql`json_build_object('status', ${row('status')}, 'endsAt', ${row('ends_at')},
        'suspendedBy', ${row('suspended_by')}, 'deprovisionedAt', ${row('deprovisioned_at')},
        'organizationId', ${row('organization_id')})`,
      read: (value, { actor, now }) => {
        const { organizationId, ...facts } = toGrantFacts(value);
        return availableGrantCommands(facts, standingOf(actor, organizationId), now);
      },
    },
    createdAt: momentColumn('created_at'),
    updatedAt: momentColumn('updated_at'),
    version: column('version'),
  },
};

/** Reads the JSON that the field above composes. */
function toGrantFacts(value: unknown): GrantFacts & { readonly organizationId: string } {
  const { endsAt, deprovisionedAt, ...facts } = value as {
    status: GrantStatus;
    endsAt: string;
    suspendedBy: string | null;
    deprovisionedAt: string | null;
    organizationId: string;
  };
  return { ...facts, endsAt: new Date(endsAt), deprovisionedAt: readMoment(deprovisionedAt) };
}

export interface GrantFilter {
  readonly statuses: readonly GrantStatus[] | null;
  readonly organizationId: string | null;
  readonly programId: string | null;
}

export function readGrant(
  context: ReadingContext<Viewer>,
  selection: Selection,
  id: string,
): Promise<ReadObject | null> {
  return readOne(context, grantProjection, selection, (row) => sql`${row('id')} = ${id}`);
}

export function readGrants(
  context: ReadingContext<Viewer>,
  selection: Selection,
  filter: GrantFilter,
  page: PageArguments,
): Promise<ReadObject> {
  const where = (row: Row) => {
    const conditions = [sql`true`];
    if (filter.statuses)
      conditions.push(sql`${row('status')} = any(${`{${filter.statuses.join(',')}}`}::text::text[])`);
    if (filter.organizationId) conditions.push(sql`${row('organization_id')} = ${filter.organizationId}`);
    if (filter.programId) conditions.push(sql`${row('program_id')} = ${filter.programId}`);
    return sql.join(conditions, sql` and `);
  };
  return readConnection(context, grantProjection, selection, { where, page });
}
