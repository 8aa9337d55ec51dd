import { sql } from 'kysely';
import { type Eyes, type ProjectedField, type Projection, type Read, seesAdministration } from '../api/eyes.js';
import { isNoStaff, isOwn } from '../api/visibility.js';
import { type Actor, standingOf } from '../lifecycle/actor.js';
import { isOnDuty } from '../lifecycle/duty.js';
import { column, idColumn, momentColumn, oldestFirst, type Row, type Sql } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import { type AwayPeriodJson, awayPeriodsSql, toAwayPeriods } from './staff.queries.js';

/**
 * People as others see them. Staff see everybody; a partner sees who belongs to the same organization, so that names of
 * staff and of other partners' people are not there for them. Addresses are for staff, and for the person alone.
 */
export const personProjection: Projection = {
  type: 'Person',
  table: 'auth_user',
  visible: (row, eyes) => {
    if (eyes.seesEveryOrganization) return sql`true`;
    return sql`(${isSelf(row, eyes)} or exists (select 1 from membership as shared
      where shared.user_id = ${row('id')} and ${isOwn(sql.ref('shared.organization_id'), eyes)}))`;
  },
  fields: {
    id: idColumn('person'),
    name: column('name'),
    email: {
      kind: 'value',
      sql: (row, eyes) => {
        if (eyes.seesEveryOrganization) return row('email');
        return sql`case when ${isSelf(row, eyes)} then ${row('email')} end`;
      },
    },
  },
};

/** When staff are away; for staff. */
export const awayPeriodProjection: Projection = {
  type: 'AwayPeriod',
  table: 'away_period',
  visible: (_row, eyes) => (eyes.seesEveryOrganization ? sql`true` : sql`false`),
  fields: {
    id: idColumn('away'),
    startsAt: momentColumn('starts_at'),
    endsAt: momentColumn('ends_at'),
    note: column('note'),
    setBy: personWhoseIdIs('set_by'),
  },
};

/** The operator's staff, for staff. */
export const staffProjection: Projection = {
  type: 'StaffMember',
  table: 'staff_member',
  visible: (_row, eyes) => (eyes.seesEveryOrganization ? sql`true` : sql`false`),
  fields: {
    id: idColumn('staff'),
    person: personWhoseIdIs('user_id'),
    roles: column('roles'),
    active: column('active'),
    onDuty: {
      kind: 'value',
      sql: (row) => sql`json_build_object('active', ${row('active')}, 'away', ${awayPeriodsSql(row('id'))})`,
      read: (value, { now }) => {
        // The JSON that the expression above composes.
        const { active, away } = value as { active: boolean; away: readonly AwayPeriodJson[] };
        return active && isOnDuty(toAwayPeriods(away), now);
      },
    },
    awayPeriods: {
      kind: 'list',
      to: () => awayPeriodProjection,
      on: (row, period, eyes) => sql`${period('staff_id')} = ${row('id')} and ${period('cancelled_at')} is null
        and ${period('ends_at')} > ${eyes.now}`,
      order: {
        direction: 'asc',
        keys: [
          { sql: (period) => period('starts_at'), type: 'timestamptz' },
          { sql: (period) => period('id'), type: 'uuid' },
        ],
      },
    },
    mustChangePassword: column('must_change_password'),
    createdAt: momentColumn('created_at'),
    updatedAt: momentColumn('updated_at'),
    version: column('version'),
  },
};

/** API keys, for those who manage them, for auditors, and for the machine itself. */
export const apiKeyProjection: Projection = {
  type: 'ApiKey',
  table: 'api_key',
  visible: (row, eyes) =>
    eyes.seesAdministration
      ? sql`true`
      : sql`(${row('id')} = ${eyes.keyId} or ${row('organization_id')} = any(${eyes.owned}))`,
  fields: {
    id: idColumn('apikey'),
    name: column('name'),
    hint: column('key_hint'),
    scopes: column('scopes'),
    createdBy: personWhoseIdIs('created_by'),
    createdAt: momentColumn('created_at'),
    expiresAt: momentColumn('expires_at'),
    revokedAt: momentColumn('revoked_at'),
    lastUsedAt: momentColumn('last_used_at'),
  },
};

export const personById: Read = byGivenId(() => personProjection);
export const staffMemberById: Read = byGivenId(() => staffProjection);
export const awayPeriodById: Read = byGivenId(() => awayPeriodProjection);
export const apiKeyById: Read = byGivenId(() => apiKeyProjection);

/** What the queries of the same names answer. */
export const identityReads = {
  /** Who works for the operator, and who did; null for those who may not know. */
  staff: { kind: 'list', of: () => staffProjection, where: () => sql`true`, order: oldestFirst, nullFor: isNoStaff },
} as const satisfies Record<string, Read>;

/** The keys of the organization that is asked for, or of the operator when none is. Whose may be seen, the resolver says. */
export const apiKeysOfOwner: Read = {
  kind: 'list',
  of: () => apiKeyProjection,
  where: (row, args) =>
    args.has('organizationId')
      ? sql`${row('organization_id')} = ${args.id('organizationId', 'organization')}`
      : sql`${row('organization_id')} is null`,
};

/** May this actor know of the keys of an organization, or of the operator (null)? */
export function maySeeKeys(actor: Actor, organizationId: string | null): boolean {
  const isOwner = organizationId !== null && standingOf(actor, organizationId).roles.includes('OWNER');
  return isOwner || seesAdministration(actor);
}

/** Whoever a column names. */
export function personWhoseIdIs(name: string): ProjectedField {
  return { kind: 'one', to: () => personProjection, on: (row, person) => sql`${person('id')} = ${row(name)}` };
}

/** Whoever a column names, for those viewers only for whom the condition holds. */
export function personToldTo(name: string, isTold: (row: Row, eyes: Eyes) => Sql): ProjectedField {
  return {
    kind: 'one',
    to: () => personProjection,
    on: (row, person, eyes) => sql`${person('id')} = ${row(name)} and ${isTold(row, eyes)}`,
  };
}

function isSelf(row: Row, eyes: Eyes): Sql {
  return eyes.isPerson ? sql`${row('id')} = ${eyes.personId}` : sql`false`;
}
