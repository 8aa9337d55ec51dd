import { sql } from 'kysely';
import type { Viewer } from '../api/request.js';
import { isNoStaff, isOwn } from '../api/visibility.js';
import { type Actor, seesEveryOrganization } from '../lifecycle/actor.js';
import {
  column,
  idColumn,
  momentColumn,
  newestFirst,
  type OneField,
  oldestFirst,
  type Projection,
  type Row,
  type Sql,
} from '../platform/reading/projection.js';
import { type ReadingContext, type ReadObject, readList, readOne } from '../platform/reading/reader.js';
import type { Selection } from '../platform/reading/selection.js';

/**
 * People as others see them. Staff see everybody; a partner sees who belongs to the same organization, so that names of
 * staff and of other partners' people are not there for them. Addresses are for staff, and for the person alone.
 */
export const personProjection: Projection<Viewer> = {
  type: 'Person',
  table: 'auth_user',
  visible: (row, viewer) => {
    if (seesEveryOrganization(viewer.actor)) return sql`true`;
    return sql`(${isSelf(row, viewer.actor)} or exists (select 1 from membership as shared
      where shared.user_id = ${row('id')} and ${isOwn(sql.ref('shared.organization_id'), viewer)}))`;
  },
  fields: {
    id: idColumn('person'),
    name: column('name'),
    email: {
      kind: 'value',
      sql: (row, viewer) => {
        if (seesEveryOrganization(viewer.actor)) return row('email');
        return sql`case when ${isSelf(row, viewer.actor)} then ${row('email')} end`;
      },
    },
  },
};

/** The operator's staff, for staff. */
export const staffProjection: Projection<Viewer> = {
  type: 'StaffMember',
  table: 'staff_member',
  visible: (_row, viewer) => (seesEveryOrganization(viewer.actor) ? sql`true` : sql`false`),
  fields: {
    id: idColumn('staff'),
    person: personWhoseIdIs('user_id'),
    roles: column('roles'),
    active: column('active'),
    mustChangePassword: column('must_change_password'),
    createdAt: momentColumn('created_at'),
    updatedAt: momentColumn('updated_at'),
    version: column('version'),
  },
};

/** API keys, for those who manage them, for auditors, and for the machine itself. */
export const apiKeyProjection: Projection<Viewer> = {
  type: 'ApiKey',
  table: 'api_key',
  visible: (row, { actor }) => {
    if (seesEveryKey(actor)) return sql`true`;
    if (actor.kind === 'MACHINE') return sql`${row('id')} = ${actor.keyId}`;
    const owned = ownedBy(actor);
    if (owned.length === 0) return sql`false`;
    return sql`${row('organization_id')} = any(${`{${owned.join(',')}}`}::text::uuid[])`;
  },
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

export function readPerson(context: ReadingContext<Viewer>, selection: Selection, id: string) {
  return readOne(context, personProjection, selection, (row) => sql`${row('id')} = ${id}`);
}

export function readStaffMember(context: ReadingContext<Viewer>, selection: Selection, id: string) {
  return readOne(context, staffProjection, selection, (row) => sql`${row('id')} = ${id}`);
}

export function readApiKey(context: ReadingContext<Viewer>, selection: Selection, id: string) {
  return readOne(context, apiKeyProjection, selection, (row) => sql`${row('id')} = ${id}`);
}

/** Who works for the operator, and who did; null for those who may not know. */
export async function readStaff(
  context: ReadingContext<Viewer>,
  selection: Selection,
): Promise<readonly ReadObject[] | null> {
  if (isNoStaff(context.viewer)) return null;
  return readList(context, staffProjection, selection, { where: () => sql`true`, order: oldestFirst });
}

/** The keys of an organization, or of the operator when it is null; null for those who may not know. */
export async function readApiKeys(
  context: ReadingContext<Viewer>,
  selection: Selection,
  organizationId: string | null,
): Promise<readonly ReadObject[] | null> {
  const { actor } = context.viewer;
  const isOwner = organizationId !== null && ownedBy(actor).includes(organizationId);
  if (!isOwner && !seesEveryKey(actor)) return null;
  const where = (row: Row) => sql`${row('organization_id')} is not distinct from ${organizationId}::uuid`;
  return readList(context, apiKeyProjection, selection, { where, order: newestFirst });
}

function personWhoseIdIs(name: string): OneField<Viewer> {
  return { kind: 'one', to: () => personProjection, on: (row, person) => sql`${person('id')} = ${row(name)}` };
}

function isSelf(row: Row, actor: Actor): Sql {
  return actor.kind === 'PERSON' ? sql`${row('id')} = ${actor.personId}` : sql`false`;
}

function ownedBy(actor: Actor): readonly string[] {
  if (actor.kind !== 'PERSON') return [];
  return actor.memberships.filter((held) => held.role === 'OWNER').map((held) => held.organizationId);
}

function seesEveryKey(actor: Actor): boolean {
  if (actor.kind !== 'PERSON') return seesEveryOrganization(actor);
  return actor.staffRoles.some((role) => role === 'ADMIN' || role === 'AUDITOR');
}
