import { sql } from 'kysely';
import type { Projection, Read } from '../api/eyes.js';
import { isOwn, isSeenByStaff } from '../api/visibility.js';
import { standingOf } from '../lifecycle/actor.js';
import { availableGrantCommands, type GrantFacts, type GrantStatus } from '../lifecycle/grant.js';
import type { OpenSuspension } from '../lifecycle/suspension.js';
import { organizationProjection } from '../organizations/organization.queries.js';
import { encodeId } from '../platform/ids.js';
import { column, idColumn, momentColumn, oldestFirst } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import { momentInTransit } from '../platform/reading/transit.js';
import { renewalOpensDaysSql } from '../programs/grant-policy.queries.js';
import { programProjection } from '../programs/program.queries.js';
import { isOfViewersProducts } from '../provisioning/visibility.queries.js';
import { placeProjection } from '../waves/wave.queries.js';
import { historyField } from './grant-history.queries.js';
import { isHeldByScreeningSql } from './held-grants.queries.js';
import { namedUserProjection } from './named-user.queries.js';
import { recertificationProjection } from './recertification.queries.js';
import { isPermittedSql } from './release-ruling.queries.js';
import { openSuspensionsSql, suspensionProjection } from './suspension.queries.js';
import { isWaitingSql, waitingReasonsSql } from './waiting.queries.js';

export const grantProjection: Projection = {
  type: 'Grant',
  table: 'access_grant',
  visible: (row, eyes) => {
    if (eyes.seesEveryOrganization) return sql`true`;
    if (eyes.seesEveryGrant) return isOfViewersProducts(row('product_code'), eyes, 'OR_UNREGISTERED');
    return isOwn(row('organization_id'), eyes);
  },
  fields: {
    id: idColumn('grant'),
    reference: column('reference'),
    status: column('status'),
    isUsable: {
      kind: 'value',
      sql: (row, eyes) =>
        sql`(${row('status')} = 'ACTIVE' and ${row('starts_at')} <= ${eyes.now} and ${row('ends_at')} > ${eyes.now}
          and ${isPermittedSql(row, eyes.now)})`,
    },
    notUsableBecause: { kind: 'value', sql: (row, eyes) => sql`to_json(${waitingReasonsSql(row, eyes)})` },
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
    productCode: column('product_code'),
    place: {
      kind: 'one',
      to: () => placeProjection,
      on: (row, place) => sql`${place('grant_id')} = ${row('id')}`,
    },
    permittedBy: {
      kind: 'value',
      sql: (row, eyes) => sql`case when ${isSeenByStaff(row('organization_id'), eyes)} then ${row('permitted_by')} end`,
      read: (value) => (value as readonly string[] | null)?.map((id) => encodeId('directive', id)) ?? null,
    },
    conditions: column('conditions'),
    seats: column('seats'),
    seatsUsed: {
      kind: 'value',
      sql: (row) =>
        sql`(select count(*)::int from named_user u where u.grant_id = ${row('id')} and u.removed_at is null)`,
    },
    namedUsers: {
      kind: 'connection',
      to: () => namedUserProjection,
      on: (row, user, _eyes, args) => sql`${user('grant_id')} = ${row('id')}
        and ${user('removed_at')} ${args.shaped('removed') === true ? sql`is not null` : sql`is null`}`,
      order: oldestFirst,
    },
    regions: column('regions'),
    startsAt: momentColumn('starts_at'),
    endsAt: momentColumn('ends_at'),
    recertifications: {
      kind: 'list',
      to: () => recertificationProjection,
      on: (row, other) => sql`${other('grant_id')} = ${row('id')}`,
      order: oldestFirst,
    },
    history: historyField,
    renewalOpensAt: {
      kind: 'value',
      sql: (row) =>
        momentInTransit(sql`(${row('ends_at')} - ${renewalOpensDaysSql(row('program_id'))} * interval '1 day')`),
    },
    provisionedAt: momentColumn('provisioned_at'),
    deprovisionedAt: momentColumn('deprovisioned_at'),
    statusReason: column('status_reason'),
    suspensions: {
      kind: 'list',
      to: () => suspensionProjection,
      on: (row, suspension) => sql`${suspension('grant_id')} = ${row('id')}`,
      order: oldestFirst,
    },
    availableCommands: {
      kind: 'value',
      sql: (row, eyes) => sql`json_build_object('status', ${row('status')}, 'endsAt', ${row('ends_at')},
        'suspensions', ${openSuspensionsSql(row)}, 'deprovisionedAt', ${row('deprovisioned_at')},
        'isHeldByScreening', ${eyes.seesEveryOrganization ? isHeldByScreeningSql(row) : sql`false`} and ${row('status')} = 'SUSPENDED',
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
    suspensions: readonly OpenSuspension[];
    deprovisionedAt: string | null;
    isHeldByScreening: boolean;
    organizationId: string;
  };
  return {
    ...facts,
    endsAt: new Date(endsAt),
    deprovisionedAt: deprovisionedAt === null ? null : new Date(deprovisionedAt),
  };
}

export const grantById: Read = byGivenId(() => grantProjection);

/** What the queries of the same names answer. */
export const grantReads = {
  grant: {
    kind: 'one',
    of: () => grantProjection,
    where: (row, args) => sql`${row('id')} = ${args.id('id', 'grant')}`,
  },
  grants: {
    kind: 'connection',
    of: () => grantProjection,
    where: (row, args) => {
      const filter = args.within('filter');
      const conditions = [sql`true`];
      if (filter.has('statuses')) conditions.push(sql`${row('status')} = any(${filter.words('statuses')})`);
      if (filter.has('organizationId')) {
        conditions.push(sql`${row('organization_id')} = ${filter.id('organizationId', 'organization')}`);
      }
      if (filter.has('productCode'))
        conditions.push(sql`${row('product_code')} = ${filter.value('productCode', 'text')}`);
      if (filter.has('programId')) conditions.push(sql`${row('program_id')} = ${filter.id('programId', 'program')}`);
      return sql.join(conditions, sql` and `);
    },
  },
  approvedNotUsable: {
    kind: 'connection',
    of: () => grantProjection,
    where: (row, args, eyes) => {
      const waiting = isWaitingSql(row, eyes);
      return args.has('productCode')
        ? sql`${waiting} and ${row('product_code')} = ${args.value('productCode', 'text')}`
        : waiting;
    },
    order: oldestFirst,
  },
} as const satisfies Record<string, Read>;
